# SPDX-License-Identifier: MIT
"""What a public host would run and ask: the files below .github."""
import re
from pathlib import Path

import pytest
import yaml
from places import ROOT
from tool import irelfix

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TEMPLATES = sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml"))
INPUTS = {"textarea", "input", "dropdown", "markdown"}


def steps(path: Path) -> list[dict]:
    [job] = yaml.safe_load(path.read_text())["jobs"].values()
    return job["steps"]


@pytest.mark.fast
@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_calls_scripts_that_are_there(path: Path) -> None:
    """And nothing of its own that the scripts do not do."""
    commands = " && ".join(step["run"] for step in steps(path) if "run" in step)
    scripts = re.findall(r"(?:^|[ (])((?:scripts|\.ci)/\w+)", commands)
    assert scripts and [name for name in scripts if not (ROOT / name).is_file()] == []
    words = {part.split()[0] for part in re.split(r"&&", commands)}
    assert {word for word in words if not (ROOT / word).is_file()} <= {"apt-get", "git", "test"}


@pytest.mark.fast
def test_a_release_is_made_as_the_page_says() -> None:
    page = " ".join((ROOT / "RELEASING.md").read_text().split())
    assert "scripts/setup release && scripts/toolchain release" in page
    commands = [step["run"] for step in steps(ROOT / ".github/workflows/release.yml") if "run" in step]
    assert any(command.startswith("scripts/setup release && scripts/toolchain release")
               for command in commands)
    for name in re.findall(r"`(scripts/[\w-]+)", page):
        assert (ROOT / name).is_file(), name


@pytest.mark.fast
@pytest.mark.parametrize("path", [p for p in TEMPLATES if p.stem != "config"], ids=lambda path: path.name)
def test_a_template_asks_for_what_irelfix_prints(path: Path) -> None:
    form = yaml.safe_load(path.read_text())
    assert {"name", "description", "body"} <= set(form)
    assert {part["type"] for part in form["body"]} <= INPUTS
    assert all(part["attributes"]["label"] for part in form["body"])
    options = set(re.findall(r"--[a-z]+", " ".join(re.findall(r"`irelfix ([^`]*)`", path.read_text()))))
    assert options and all(option in irelfix("--help").out for option in options)
