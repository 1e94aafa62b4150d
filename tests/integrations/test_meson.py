# SPDX-License-Identifier: MIT
"""integrations/meson."""
from pathlib import Path

import pytest
from need import need
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, open_project,
                      readme_commands, readme_snippet)

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
        for _ in range(2):
            assert REASON in build(repaired, fails=True)


def test_what_is_installed_runs(repaired: Project) -> None:
    build(repaired)
    repaired.run("meson", "install", "-C", "build", "--destdir", "root")
    (installed,) = (repaired.source / "build" / "root").rglob("hello")
    assert repaired.outcome(installed, "twelve bytes") == (0, GREETING)


def test_readme_shows_the_target() -> None:
    example = (INTEGRATIONS / "meson" / "example" / "meson.build").read_text()
    for line in readme_snippet("meson", "meson").splitlines():
        assert line in example
