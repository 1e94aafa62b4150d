# SPDX-License-Identifier: MIT
"""integrations/compiler: every way to put irelfix into one compiler command."""
from collections.abc import Callable
from pathlib import Path

import pytest
from need import need
from projects import (CRASH, NEEDS_LIBRARY, REASON, Project, edited, install, open_project,
                      readme_commands)

STATIC = "-O2 -static -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"
WITH_LLD = f"{STATIC} -fuse-ld=lld"
GREETING = "hello from C, 12\n"

ONE_LINERS = readme_commands("compiler")
# What else the README says.
OTHERS = [
    'dir=$(irelfix --print-dir) && IRELFIX_LD=ld.lld gcc -B "$dir" $LIBRARY hello.c -o hello',
    'dir=$(irelfix --print-dir) && clang-14 --ld-path="$dir/ld.lld" $STATIC hello.c -o hello',
    "irelfix-c++ -x c++ $STATIC hello.c -o hello",
    "IRELFIX_CXX=clang++-22 irelfix-c++ -x c++ $STATIC hello.c -o hello",
]
# Repairing afterwards cannot prevent the file.
REFUSING = [line for line in ONE_LINERS if "&& irelfix" not in line]


def outcome(project: Project) -> tuple[int, str]:
    return project.outcome("hello", "twelve bytes")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = tmp_path_factory.mktemp("prefix")
    install(prefix)
    return prefix


@pytest.fixture
def project(tmp_path: Path) -> Project:
    need("gcc", "clang-22", "clang-14")
    return open_project("compiler", tmp_path)


@pytest.fixture
def shell(project: Project, prefix: Path) -> Callable[..., str]:
    """Runs a line where irelfix is installed, and not elsewhere."""
    project.lose_irelfix()

    def run(line: str, fails: bool = False) -> str:
        path = f"{prefix}/bin:{project.environment['PATH']}"
        return project.run("sh", "-c", line, fails=fails, STATIC=WITH_LLD, LIBRARY=STATIC, PATH=path)
    return run


@pytest.mark.parametrize("compiler", ["gcc", "clang-22", "g++ -x c++"])
def test_crashes_without(compiler: str, project: Project, shell: Callable[..., str]) -> None:
    shell(f"{compiler} $STATIC hello.c -o hello")
    assert outcome(project) == CRASH


@pytest.mark.parametrize("line", ONE_LINERS + OTHERS)
def test_runs(line: str, project: Project, shell: Callable[..., str]) -> None:
    shell(line)
    assert outcome(project) == (0, GREETING)


@pytest.mark.parametrize("line", REFUSING)
def test_refusal_fails_the_link(line: str, project: Project, shell: Callable[..., str]) -> None:
    with edited(project, "hello.c", *NEEDS_LIBRARY):
        assert REASON in shell(line, fails=True)
    assert not (project.source / "hello").exists()


@pytest.mark.parametrize("line", REFUSING)
def test_fails_without_irelfix(line: str, project: Project) -> None:
    project.lose_irelfix()
    project.fails_twice("sh", "-c", line, says="irelfix", absent="hello", STATIC=WITH_LLD)
