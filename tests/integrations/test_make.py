# SPDX-License-Identifier: MIT
"""integrations/make."""
import shutil
from pathlib import Path

import pytest
from need import need
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, open_project,
                      install, readme_commands, readme_snippet, readme_snippets)

(ONE_LINER,) = readme_commands("make")
FORMS = {"rule": ["make"], "compiler": [*ONE_LINER.split(), "REPAIR=no"]}
GREETING = "hello from C, 12\n"


def outcome(project: Project, program: str = "hello") -> tuple[int, str]:
    return project.outcome(program, "twelve bytes")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    need("make", "gcc")
    return open_project("make", tmp_path)


@pytest.fixture(params=FORMS)
def make(project: Project, request: pytest.FixtureRequest) -> list[str]:
    """The command; the program is built."""
    command = FORMS[request.param]
    project.run(*command)
    return command


def test_crashes_without(project: Project) -> None:
    project.run("make", "REPAIR=no")
    assert outcome(project) == CRASH


def test_runs(project: Project, make: list[str]) -> None:
    assert outcome(project) == (0, GREETING)


def test_second_build_does_nothing(project: Project, make: list[str]) -> None:
    before = project.stamp("hello")
    assert "is up to date" in project.run(*make)
    assert project.stamp("hello") == before


def test_relinks_and_repairs_after_a_change(project: Project, make: list[str]) -> None:
    project.edit("hello.c", "hello", "goodbye")
    project.run(*make)
    assert outcome(project) == (0, GREETING.replace("hello", "goodbye"))


def test_refusal_fails_every_build(project: Project, make: list[str]) -> None:
    (project.source / "hello").unlink()
    with edited(project, "hello.c", *NEEDS_LIBRARY):
        project.fails_twice(*make, says=REASON, absent="hello")


def test_program_of_one_source_is_repaired(project: Project) -> None:
    """GNU make's own rules would compile and link it at once."""
    shutil.copy(project.source / "hello.c", project.source / "other.c")
    project.run("make", "other")
    assert outcome(project, "other") == (0, GREETING)


def test_rule_of_ones_own(project: Project) -> None:
    makefile = project.source / "Makefile"
    rule = readme_snippets("make", "make")[1].replace("server", "hello").replace(" main.o", "")
    makefile.write_text(makefile.read_text().replace("include ../irelfix.mk", RULE.format(rule)))
    project.run("make", "hello")
    assert outcome(project) == (0, GREETING)


RULE = """include ../irelfix.mk
CXX = gcc
LDFLAGS += $(LDLIBS)
{}"""


def test_found_where_it_is_installed(project: Project, tmp_path: Path) -> None:
    """make looks in /usr/include and /usr/local/include by itself."""
    install(tmp_path / "prefix")
    project.edit("Makefile", "include ../irelfix.mk", "include irelfix.mk")
    project.run("make", "-I", tmp_path / "prefix" / "include")
    assert outcome(project) == (0, GREETING)


@pytest.mark.parametrize("name", ["irelfix", "other", ""], ids=["usual", "named", "empty"])
def test_fails_without_irelfix(name: str, project: Project) -> None:
    project.lose_irelfix()
    project.fails_twice("make", f"IRELFIX={name}", absent="hello",
                        says=f"irelfix.mk: {name or 'irelfix'} was not found, and hello would not")


def test_fails_without_the_compiler(project: Project) -> None:
    project.lose_irelfix()
    project.fails_twice(*FORMS["compiler"], says="irelfix-cc", absent="hello")


def test_refusal_leaves_what_there_was(project: Project) -> None:
    """The program appears whole or not at all; make takes neither for up to date."""
    project.run("make")
    with edited(project, "hello.c", *NEEDS_LIBRARY):
        for _ in range(2):
            assert REASON in project.run("make", fails=True)
            assert outcome(project) == (0, GREETING)


def test_readme_shows_the_rule() -> None:
    example = (INTEGRATIONS / "make" / "example" / "Makefile").read_text()
    assert readme_snippet("make", "make").strip() == "include irelfix.mk"
    assert "include ../irelfix.mk" in example
