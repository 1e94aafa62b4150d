# SPDX-License-Identifier: MIT
"""The rules of the house, and the documents against the program."""
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "build" / "irelfix"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def long_options() -> set[str]:
    return set(re.findall(r"(?:^|[ ,])(--[a-z][a-z0-9-]*)", run(TOOL, "--help").stdout))


def failure_classes() -> set[str]:
    text = "".join(p.read_text() for p in (ROOT / "src/defect").glob("*.c"))
    return set(re.findall(r'\.name = "([a-z-]+)"', text))


@pytest.mark.fast
def test_layers() -> None:
    result = run("scripts/check-layers")
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.fast
def test_layers_notices_a_breach(tmp_path: Path) -> None:
    for name in ("src", "scripts", "include"):
        shutil.copytree(ROOT / name, tmp_path / name)
    image = tmp_path / "src/image.h"
    image.write_text(image.read_text() + '#include "plan.h"\n#include "bounds.h"\n')
    result = subprocess.run([tmp_path / "scripts/check-layers"], capture_output=True, text=True)
    assert result.returncode == 1
    assert "src/image.h includes bounds from a higher floor" in result.stderr


@pytest.mark.fast
def test_shell_scripts() -> None:
    need("shellcheck")
    scripts = [p for p in [*(ROOT / "scripts").iterdir(), ROOT / ".ci/run"]
               if p.is_file() and b"bash" in p.read_bytes().partition(b"\n")[0]]
    assert scripts
    result = run("shellcheck", *scripts)
    assert result.returncode == 0, result.stdout


@pytest.mark.fast
def test_manual_page_lints() -> None:
    need("mandoc")
    result = run("mandoc", "-T", "lint", "-W", "warning", "docs/irelfix.1")
    assert result.stdout + result.stderr == ""


@pytest.mark.fast
@pytest.mark.parametrize("document", ["README.md", "docs/irelfix.1"])
def test_document_names_every_option_and_class(document: str) -> None:
    text = (ROOT / document).read_text()
    if document.endswith(".1"):
        need("mandoc")
        text = re.sub(".\b", "", run("mandoc", "-T", "ascii", document).stdout)
    assert failure_classes()
    missing = {word for word in failure_classes() if word not in text}
    if document.endswith(".1"):
        missing |= {option for option in long_options() if option not in text}
    assert missing == set()


@pytest.mark.fast
def test_every_source_is_on_the_map() -> None:
    """main.c and irelfix.c open with a list of the files, in the order of the data."""
    listed = (ROOT / "src/irelfix.c").read_text() + (ROOT / "src/cli/main.c").read_text()
    for source in [*ROOT.glob("src/*.c"), *ROOT.glob("src/cli/*.c")]:
        if source.name not in ("irelfix.c", "main.c"):
            assert re.search(rf"\b{source.stem}\b", listed), source.name


@pytest.mark.fast
def test_readme_transcript_is_what_the_demo_prints() -> None:
    need("ld.lld-22")
    readme = (ROOT / "README.md").read_text()
    block = re.search(r"<!-- demo -->\n```console\n(.*?)```", readme, re.S)
    assert block, "README.md has no transcript"
    result = run("scripts/demo")
    assert result.returncode == 0, result.stderr

    def without_addresses(text: str) -> str:
        return re.sub(r"0x[0-9a-f]+", "0x…", text)

    assert without_addresses(block[1]) == without_addresses(result.stdout)


def lines_for_build_systems() -> list[tuple[str, str]]:
    """From the README: the folder below integrations, and what is to be typed."""
    rows = re.findall(r"^\| \[.*?\]\(integrations/(\w+)\) \| (.*) \|$",
                      (ROOT / "README.md").read_text(), re.M)
    return [(folder, line) for folder, text in rows for line in re.findall(r"`([^`]+)`", text)]


@pytest.mark.fast
@pytest.mark.parametrize("folder, line", lines_for_build_systems())
def test_readme_has_the_lines_of_the_integrations(folder: str, line: str) -> None:
    """The tests in tests/integrations run what stands there."""
    text = " ".join((ROOT / "integrations" / folder / "README.md").read_text().split())
    assert line in text
