# SPDX-License-Identifier: MIT
"""integrations/go: a program with cgo, linked by an external linker."""
from collections.abc import Callable
from pathlib import Path

import pytest
from need import need
from projects import CRASH, REASON, Project, edited, open_project, readme_commands

(ONE_LINER,) = readme_commands("go")
EXTLD = "-extld=irelfix-cc"
STATIC = "-static -fuse-ld=lld -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"
GREETING = "hello from Go, 12\n"
NEEDS_LIBRARY = (("<string.h>", "<arpa/nameser.h>"),
                 ("C.strlen(text)", "C.ns_datetosecs(text, nil)"))

Build = Callable[..., str]


def test_readme_names_the_linker() -> None:
    assert EXTLD in ONE_LINER


def build(project: Project, option: str = "", fails: bool = False) -> str:
    """Says with -x what go does."""
    line = ONE_LINER.replace(EXTLD, option).replace("-static", STATIC)
    return project.run("sh", "-c", f"{line} -x -o hello", fails=fails,
                       GOFLAGS="-buildvcs=false", GOPROXY="off")


def with_extld(project: Project, fails: bool = False) -> str:
    return build(project, EXTLD, fails)


def with_second_command(project: Project, fails: bool = False) -> str:
    return build(project) + project.run("irelfix", "-q", "-i", "hello", fails=fails)


def outcome(project: Project) -> tuple[int, str]:
    return project.outcome("hello", "twelve bytes")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    need("go", "gcc")
    return open_project("go", tmp_path_factory.mktemp("go"))


@pytest.fixture(scope="module", params=[with_extld, with_second_command])
def form(request: pytest.FixtureRequest) -> Build:
    """How to build. Each test builds first, which is quick when nothing has changed."""
    return request.param


def test_crashes_without(project: Project) -> None:
    build(project)
    assert outcome(project) == CRASH


def test_runs(project: Project, form: Build) -> None:
    form(project)
    assert outcome(project) == (0, GREETING)


def test_second_build_does_nothing(project: Project, form: Build) -> None:
    form(project)
    before = (project.source / "hello").read_bytes()
    assert "/link -o" not in form(project)
    assert (project.source / "hello").read_bytes() == before


def test_relinks_and_repairs_after_a_change(project: Project, form: Build) -> None:
    with edited(project, "hello.go", ("hello from", "goodbye from")):
        assert "/link -o" in form(project)
        assert outcome(project) == (0, GREETING.replace("hello", "goodbye"))


def test_refusal_fails_every_build(project: Project) -> None:
    with edited(project, "hello.go", *NEEDS_LIBRARY):
        for _ in range(2):
            assert REASON in with_extld(project, fails=True)


def test_fails_without_irelfix(tmp_path: Path) -> None:
    need("go", "gcc")
    project = open_project("go", tmp_path)
    project.lose_irelfix()
    for _ in range(2):
        assert '"irelfix-cc": executable file not found' in with_extld(project, fails=True)
        assert not (project.source / "hello").exists()
