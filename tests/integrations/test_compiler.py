# SPDX-License-Identifier: MIT
"""integrations/compiler: every way to put irelfix into one compiler command."""
from collections.abc import Callable
from pathlib import Path

import pytest
from lab.runs import Outcome, run
from machines import MACHINES
from need import need
from projects import (CRASH, NEEDS_LIBRARY, REASON, Project, edited, install, open_project,
                      readme_commands, readme_snippets)

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


# ---- for another machine ----

# Those of the README, and where a gcc for another machine finds ld.lld.
COMPILERS = ["riscv64-linux-gnu-gcc -B ../../tools", "clang-22 --target=riscv64-linux-gnu",
             "i686-linux-gnu-gcc -B ../../tools", "gcc -m32", "clang-22 -m32"]
# Without <arpa/nameser.h>: its <asm/param.h> is where no compiler with -m32 looks but clang.
DECLARED = (("<string.h>", "<string.h>\nunsigned ns_datetosecs(const char *, int *);"),
            NEEDS_LIBRARY[1])
CROSS_LINES = readme_snippets("compiler", "sh")[1].splitlines()


def on_its_machine(project: Project, line: str) -> Outcome:
    need("riscv64-linux-gnu-gcc", "i686-linux-gnu-gcc")
    return run(project.source / "hello", MACHINES["riscv64" if "riscv64" in line else "i386"])


@pytest.mark.parametrize("compiler", COMPILERS)
def test_crashes_on_another_machine(compiler: str, project: Project,
                                    shell: Callable[..., str]) -> None:
    shell(f"{compiler} $STATIC hello.c -o hello")
    assert on_its_machine(project, compiler).crashed


@pytest.mark.parametrize("line", CROSS_LINES)
def test_runs_on_another_machine(line: str, project: Project, shell: Callable[..., str]) -> None:
    shell(line)
    outcome = on_its_machine(project, line)
    assert (outcome.status, outcome.output.startswith("hello from C, ")) == (0, True)


@pytest.mark.parametrize("line", CROSS_LINES)
def test_refusal_fails_the_link_for_another_machine(line: str, project: Project,
                                                    shell: Callable[..., str]) -> None:
    with edited(project, "hello.c", *DECLARED):
        assert REASON in shell(line, fails=True)
    assert not (project.source / "hello").exists()


def test_a_gcc_for_another_machine_does_not_find_the_linker(project: Project,
                                                            shell: Callable[..., str]) -> None:
    """The README says so; should it change, -B is not needed any more."""
    assert "cannot find" in shell("riscv64-linux-gnu-gcc $STATIC hello.c -o hello", fails=True)
