# SPDX-License-Identifier: MIT
"""integrations/languages: the commands of its README, as they stand there."""
from pathlib import Path

import pytest
from need import need
from projects import CRASH, Project, open_project, readme_commands

STATIC = "-static -fuse-ld=lld -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"
# The compiler, what names the linker in its command, the output of the program.
LANGUAGES = {
    "nim": ("--gcc.linkerexe=irelfix-cc", "hello from Nim, 12\n"),
    "ocamlopt": ("-cc irelfix-cc", "hello from OCaml, 12\n"),
    "ghc": ("-pgml irelfix-cc", "hello from Haskell, 12\n"),
}


def commands() -> dict[str, str]:
    """The command for each compiler."""
    return {line.split()[0]: line for line in readme_commands("languages")}


def build(project: Project, command: str) -> tuple[int, str]:
    project.run("bash", "-c", command, STATIC=STATIC)
    return project.outcome("hello", "twelve bytes")


def test_readme_has_a_command_for_each() -> None:
    assert commands().keys() == LANGUAGES.keys()


@pytest.mark.parametrize("compiler", LANGUAGES)
def test_crashes_without_and_runs_with(compiler: str, tmp_path: Path) -> None:
    need(compiler, "gcc")
    project = open_project("languages", tmp_path)
    option, greeting = LANGUAGES[compiler]
    command = commands()[compiler]
    assert option in command
    assert build(project, command.replace(option, "")) == CRASH
    (project.source / "hello").unlink()
    assert build(project, command) == (0, greeting)


@pytest.mark.parametrize("compiler", LANGUAGES)
def test_fails_without_irelfix(compiler: str, tmp_path: Path) -> None:
    need(compiler, "gcc")
    project = open_project("languages", tmp_path)
    project.lose_irelfix()
    project.fails_twice("bash", "-c", commands()[compiler], says="irelfix-cc", absent="hello",
                        STATIC=STATIC)
