# SPDX-License-Identifier: MIT
"""integrations/meson."""
import hashlib
import re
import shutil
from pathlib import Path

import pytest
from lab.runs import run
from machines import MACHINES
from need import need
from places import ROOT
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, open_project,
                      readme_commands, readme_snippet, readme_snippets)
from tool import VERSION

(ONE_LINER,) = readme_commands("meson")
FORMS = {"target": "meson setup build", "compiler": f"{ONE_LINER} -Drepair=false"}
GREETING = "hello from C, 12\n"


def outcome(project: Project) -> tuple[int, str]:
    return project.outcome("build/hello", "twelve bytes")


def build(project: Project, fails: bool = False) -> str:
    return project.run("ninja", "-C", "build", fails=fails)


@pytest.fixture(scope="module", params=FORMS)
def repaired(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project that is configured and built."""
    need("meson", "ninja", "gcc")
    project = open_project("meson", tmp_path_factory.mktemp("meson"))
    project.run("sh", "-c", FORMS[request.param])
    build(project)
    return project


def test_crashes_without(tmp_path: Path) -> None:
    need("meson", "ninja", "gcc")
    project = open_project("meson", tmp_path)
    project.run("meson", "setup", "build", "-Drepair=false")
    build(project)
    assert outcome(project) == CRASH
    assert "SIGSEGV" in project.run("meson", "test", "-C", "build", fails=True)


def test_runs(repaired: Project) -> None:
    build(repaired)
    assert outcome(repaired) == (0, GREETING)
    repaired.run("meson", "test", "-C", "build")


def test_second_build_does_nothing(repaired: Project) -> None:
    build(repaired)
    before = repaired.stamp("build/hello")
    assert "no work to do" in build(repaired)
    assert repaired.stamp("build/hello") == before


def test_relinks_and_repairs_after_a_change(repaired: Project) -> None:
    with edited(repaired, "hello.c", ("hello", "goodbye")):
        build(repaired)
        assert outcome(repaired) == (0, GREETING.replace("hello", "goodbye"))


def test_refusal_fails_every_build(repaired: Project) -> None:
    with edited(repaired, "hello.c", *NEEDS_LIBRARY):
        repaired.fails_twice("ninja", "-C", "build", says=REASON)


def test_what_is_installed_runs(repaired: Project) -> None:
    build(repaired)
    repaired.run("meson", "install", "-C", "build", "--destdir", "root")
    (installed,) = (repaired.source / "build" / "root").rglob("hello")
    assert repaired.outcome(installed, "twelve bytes") == (0, GREETING)


# ---- for another machine, and with nothing installed ----

AARCH64 = MACHINES["aarch64"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    need("meson", "ninja", "gcc")
    return open_project("meson", tmp_path)


def runs_there(project: Project) -> bool:
    outcome = run(project.source / "build" / "hello", AARCH64)
    return (outcome.status, outcome.output.startswith("hello from C, ")) == (0, True)


def cross_file(project: Project, compiler: str) -> str:
    text = readme_snippet("meson", "ini")
    given = re.search("^c = (.*)$", text, re.M)
    assert given
    text = text.replace(given[1], compiler or given[1])
    # For another machine gcc does not look for ld.lld on PATH.
    text += f"[built-in options]\nc_link_args = ['-B{project.tools}']\n"
    (project.source / "aarch64.ini").write_text(text)
    return "--cross-file=aarch64.ini"


@pytest.mark.parametrize("compiler, repair", [
    ("", "false"), ("'aarch64-linux-gnu-gcc'", "true")], ids=["compiler", "target"])
def test_for_another_machine(compiler: str, repair: str, project: Project) -> None:
    need("aarch64-linux-gnu-gcc")
    project.run("meson", "setup", "build", cross_file(project, compiler), f"-Drepair={repair}")
    build(project)
    assert runs_there(project)


def test_crashes_on_another_machine(project: Project) -> None:
    need("aarch64-linux-gnu-gcc")
    project.run("meson", "setup", "build", cross_file(project, "'aarch64-linux-gnu-gcc'"),
                "-Drepair=false")
    build(project)
    assert run(project.source / "build" / "hello", AARCH64).crashed


def add_wrap(project: Project) -> None:
    """irelfix.wrap as a release fills it in; meson finds the archive in its cache."""
    tree, cache = project.source.parent / f"irelfix-{VERSION}", project.source / "subprojects/packagecache"
    cache.mkdir(parents=True)
    for name in ("include", "src", "meson.build"):
        tree.mkdir(exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, tree / name)
    archive = cache / f"irelfix-{VERSION}.tar.gz"
    project.run("tar", "-czf", archive, "-C", tree.parent, tree.name)
    text = (INTEGRATIONS / "meson" / "irelfix.wrap").read_text()
    (cache.parent / "irelfix.wrap").write_text(
        text.replace("0" * 64, hashlib.sha256(archive.read_bytes()).hexdigest()))


@pytest.mark.parametrize("machine", ["this", "another"])
def test_wrap(machine: str, project: Project) -> None:
    project.lose_irelfix()
    add_wrap(project)
    options = [cross_file(project, "'aarch64-linux-gnu-gcc'")] if machine == "another" else []
    project.run("meson", "setup", "build", *options)
    build(project)
    assert runs_there(project) if options else outcome(project) == (0, GREETING)
    assert "no work to do" in build(project)


@pytest.mark.fast
def test_wrap_and_subproject_have_the_version() -> None:
    header = (ROOT / "include" / "irelfix.h").read_text()
    version = re.search(r'IRELFIX_VERSION "(.*)"', header)
    assert version
    assert f"version: '{version[1]}'" in (ROOT / "meson.build").read_text()
    assert (INTEGRATIONS / "meson" / "irelfix.wrap").read_text().count(f"irelfix-{version[1]}") == 3


# ---- without irelfix ----


@pytest.mark.parametrize("form, says", [
    ("target", "Program 'irelfix' not found"), ("compiler", "irelfix-cc")])
def test_configuring_fails_without_irelfix(form: str, says: str, project: Project) -> None:
    project.lose_irelfix()
    project.fails_twice("sh", "-c", FORMS[form], says=says)


@pytest.mark.parametrize("form", FORMS)
def test_building_fails_without_irelfix(form: str, project: Project) -> None:
    project.run("sh", "-c", FORMS[form])
    project.lose_irelfix()
    project.fails_twice("ninja", "-C", "build", says="irelfix", absent="build/hello")


def test_readme_shows_the_target() -> None:
    example = (INTEGRATIONS / "meson" / "example" / "meson.build").read_text()
    for block in readme_snippets("meson", "meson"):
        for line in block.splitlines():
            assert line in example
