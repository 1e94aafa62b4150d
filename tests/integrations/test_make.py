# SPDX-License-Identifier: MIT
"""integrations/make."""
import shutil
from pathlib import Path

import pytest
from need import need
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, open_project,
                      readme_commands, readme_snippet)

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
    with edited(project, "hello.c", *NEEDS_LIBRARY):
        for _ in range(2):
            assert REASON in project.run(*make, fails=True)
            assert not (project.source / "hello").exists()


def test_program_of_one_source_is_repaired(project: Project) -> None:
    """GNU make's own rules would compile and link it at once."""
    shutil.copy(project.source / "hello.c", project.source / "other.c")
    project.run("make", "other")
    assert outcome(project, "other") == (0, GREETING)


def test_readme_shows_the_rule() -> None:
    rules = (INTEGRATIONS / "make" / "irelfix.mk").read_text()
    for part in readme_snippet("make", "make").split("\n\n"):
        assert part in rules
