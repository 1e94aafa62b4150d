# SPDX-License-Identifier: MIT
"""
Whatever options a link has, the file that the real tool writes is the one that is looked at. Which
options there are, and which of them take a value, the tools say themselves.
"""
import json
import os
import re
import string
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.base import kept, run_tool
from need import command
from tool import TOOL

NOTHING = ".globl _start, main\n_start:\nmain: ret\n"
TIME_LIMIT = 60
# What stands in an argument of its own, or behind an equals sign.
WITH_VALUE = re.compile(r"(?<![\w-])(--?[A-Za-z][\w+-]*)(?=(?:=| |  )?\[?[=<A-Z])")
OF_GCC = re.compile(r"^  (--?[A-Za-z][\w+-]*)", re.M)
# These name the output, make it no executable, or start a program; -o bject-file-name is an output
# of gcc.
NOT_ASKED = {"-o", "--output", "-r", "-i", "-Ur", "--relocatable", "-run", "--run", "-wrapper",
             "-object-file-name"}
# Of one tool they take a value, of another one not.
DIFFERENT = {"-G", "-R", "--unique", "--package-metadata"}


@dataclass(frozen=True)
class Tool:
    name: str
    helps: tuple[str, ...] = ("--help",)
    words: tuple[str, ...] = ()
    pattern: re.Pattern = WITH_VALUE

    def __str__(self) -> str:
        return self.name

    def options(self) -> list[str]:
        """Those with a value, all of one letter, and what the help writes with one dash and two."""
        text = "".join(subprocess.run([command(self.name), word], capture_output=True, text=True,
                                      check=True).stdout for word in self.helps)
        found = set(self.pattern.findall(text)) | {f"-{letter}" for letter in string.ascii_letters}
        assert len(found) > 60
        return sorted(found - NOT_ASKED - DIFFERENT)


LINKERS = [Tool("ld.bfd"), Tool("ld.gold"), Tool("ld.lld-22"), Tool("mold")]
DRIVERS = [
    Tool("gcc", ("--help=separate", "--help=joined,separate"), ("-nostdlib", "-static"), OF_GCC),
    Tool("clang-22", ("--help-hidden",), ("-nostdlib", "-static", "-fuse-ld=lld")),
]


@pytest.fixture(scope="module")
def object_file() -> Path:
    def make(out: Path) -> None:
        source = out.with_suffix(".s")
        source.write_text(NOTHING)
        run_tool(["gcc", "-c", source, "-o", out])

    return kept("objects/nothing.o", [NOTHING], make)


def linked_and_looked_at(tool: Tool, words: list[str], folder: Path) -> tuple[set[str], list[str]]:
    """Which of h and q a successful link has written, and the files in the log of irelfix."""
    before = set(folder.iterdir())
    result = subprocess.run(
        [TOOL, "--wrap", "--", command(tool.name), *tool.words, *words], cwd=folder,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=TIME_LIMIT,
        env={**os.environ, "IRELFIX_LOG": str(folder / "log")})
    written = {path for path in set(folder.iterdir()) - before if path.name != "log"}
    names = {path.name for path in written} & {"h", "q"}
    log = folder / "log"
    logged = [Path(json.loads(line)["file"]).name for line in log.read_text().splitlines()] \
        if log.exists() else []
    for path in [*written, *[log] * log.exists()]:
        path.unlink()
    return names if result.returncode == 0 else set(), logged


def misread(tool: Tool, options: list[str], made_of: Path, folder: Path) -> dict[str, object]:
    """The options by which irelfix is misled, with what was written and what it looked at."""
    wrong = {}
    for option in options:
        written, seen = linked_and_looked_at(tool, [str(made_of), "-o", "h", option, "-oq"], folder)
        if written and sorted(written) != seen:
            wrong[option] = (written, seen)
    return wrong


@pytest.mark.parametrize("tool", [*LINKERS, *DRIVERS], ids=str)
def test_a_value_that_looks_like_an_output(tool, object_file, folder):
    """-L -oq is a folder, -n -oq is an output."""
    assert misread(tool, tool.options(), object_file, folder) == {}


@pytest.mark.parametrize("tool", [*LINKERS, *DRIVERS], ids=str)
def test_such_options_are_asked(tool, object_file, folder):
    """Both kinds are there, and the tools write to where the test takes them to."""
    link = [str(object_file), "-o", "h"]
    assert linked_and_looked_at(tool, [*link, "-L", "-oq"], folder) == ({"h"}, ["h"])
    assert linked_and_looked_at(tool, [*link, "-s", "-oq"], folder) == ({"q"}, ["q"])
    assert "-L" in tool.options() and "-s" in tool.options()
