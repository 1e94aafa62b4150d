# SPDX-License-Identifier: MIT
"""integrations/autotools: automake with libtool."""
from pathlib import Path

import pytest
from need import need
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, open_project,
                      readme_commands, readme_snippet)

# What is told to make in a tree that was configured with CC=irelfix-cc.
WITHOUT = ["CC=gcc", "CCLD=gcc"]
FORMS = {"hook": ["CC=gcc"], "compiler": ["CCLD=irelfix-cc"]}
GREETING = "hello from C, 12\n"


def outcome(project: Project) -> tuple[int, str]:
    return project.outcome("hello", "twelve bytes")


@pytest.fixture(scope="module")
def configured(tmp_path_factory: pytest.TempPathFactory) -> Project:
    need("autoreconf", "libtoolize", "make", "gcc")
    project = open_project("autotools", tmp_path_factory.mktemp("autotools"))
    project.run("autoreconf", "-i")
    (command,) = readme_commands("autotools")
    project.run(*command.split(), "--disable-dependency-tracking")
    return project


@pytest.fixture(scope="module", params=FORMS)
def make(configured: Project, request: pytest.FixtureRequest) -> list[str]:
    """The command. Nothing is left of what another one has built."""
    command = ["make", *FORMS[request.param]]
    configured.run(*command, "clean")
    return command


def test_crashes_without(configured: Project) -> None:
    configured.run("make", *WITHOUT, "clean", "all")
    assert outcome(configured) == CRASH


def test_runs(configured: Project, make: list[str]) -> None:
    configured.run(*make)
    assert outcome(configured) == (0, GREETING)


def test_second_build_does_nothing(configured: Project, make: list[str]) -> None:
    configured.run(*make)
    before = configured.stamp("hello")
    assert "mode=link" not in configured.run(*make)
    assert configured.stamp("hello") == before


def test_relinks_and_repairs_after_a_change(configured: Project, make: list[str]) -> None:
    with edited(configured, "hello.c", ("hello", "goodbye")):
        assert "mode=link" in configured.run(*make)
        assert outcome(configured) == (0, GREETING.replace("hello", "goodbye"))


def test_refusal_fails_every_build(configured: Project, make: list[str]) -> None:
    with edited(configured, "hello.c", *NEEDS_LIBRARY):
        configured.fails_twice(*make, says=REASON, absent="hello")


def test_what_is_installed_runs(configured: Project, make: list[str]) -> None:
    root = configured.source / "root"
    configured.run(*make, f"DESTDIR={root}", "install")
    assert configured.outcome(root / "usr/local/bin/hello", "twelve bytes") == (0, GREETING)


# ---- without irelfix ----


@pytest.fixture
def lost(tmp_path: Path) -> Project:
    """Configured where there was irelfix."""
    need("autoreconf", "libtoolize", "make", "gcc")
    project = open_project("autotools", tmp_path)
    project.run("autoreconf", "-i")
    project.run("./configure", "--disable-dependency-tracking")
    project.lose_irelfix()
    return project


def test_configure_fails_without_irelfix(lost: Project) -> None:
    lost.fails_twice("./configure", says="error: irelfix was not found, and the programs would not")
    lost.fails_twice("./configure", "CC=irelfix-cc", says="irelfix-cc")


@pytest.mark.parametrize("more", [[], ["IRELFIX="]], ids=["lost", "empty"])
def test_make_fails_without_irelfix(more: list[str], lost: Project) -> None:
    says = "unrecognized option '--wrap'" if more else f"{lost.tools}/irelfix"
    lost.fails_twice("make", *more, says=says, absent="hello")


def test_readme_shows_the_hook() -> None:
    example = INTEGRATIONS / "autotools" / "example"
    assert readme_snippet("autotools", "make") in (example / "Makefile.am").read_text()
    assert readme_snippet("autotools", "m4") in (example / "configure.ac").read_text()
