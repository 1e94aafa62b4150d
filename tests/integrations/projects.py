# SPDX-License-Identifier: MIT
"""The example projects of integrations/, built by their own build systems."""
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from making import make, own_environment
from need import Missing, command
from places import ROOT
from tool import TOOL

INTEGRATIONS = ROOT / "integrations"
LINKER = "ld.lld-22"
TIME_LIMIT = 240

# File times move on in ticks of up to ten milliseconds (Linux, CONFIG_HZ): what is changed within
# the tick of a build looks no newer than what was built.
TICK_SECONDS = 0.02

# The outcome of a program that dies before main.
CRASH = (-signal.SIGSEGV, "")

# A call that only the shared library on the link line can answer: the program needs it.
NEEDS_LIBRARY = (("<string.h>", "<arpa/nameser.h>"),
                 ("strlen(argv[argc - 1])", "(size_t)ns_datetosecs(argv[0], &argc)"))
REASON = "`ns_datetosecs'"

NAMES = ("irelfix", "irelfix-cc", "irelfix-c++")

Argument = str | Path


def install(prefix: Path, *settings: str) -> None:
    """What make install does, of the program under test."""
    done = make(TOOL.resolve().parent, "-o", "all", *settings, "install", PREFIX=str(prefix))
    assert done.returncode == 0, done.stderr


def readme(system: str) -> str:
    return (INTEGRATIONS / system / "README.md").read_text()


def readme_snippets(system: str, language: str) -> list[str]:
    """The blocks of a language in the README of an integration."""
    blocks = re.findall(rf"```{language}\n(.*?)```", readme(system), re.S)
    assert blocks, f"no {language} in the README of {system}"
    return blocks


def readme_snippet(system: str, language: str) -> str:
    return readme_snippets(system, language)[0]


def readme_commands(system: str) -> list[str]:
    return readme_snippet(system, "sh").splitlines()


@dataclass
class Project:
    """A private copy of an example. Its PATH starts with irelfix and an ld.lld with the defect."""
    source: Path
    environment: dict[str, str]
    tools: Path

    def run(self, *command: Argument, fails: bool = False, **variables: str) -> str:
        """Runs a command in the folder of the project, and returns its output."""
        done = subprocess.run(
            [str(word) for word in command], cwd=self.source, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT,
            env={**self.environment, **variables})
        assert (done.returncode != 0) == fails, f"{command}\n{done.stdout}"
        return done.stdout

    def outcome(self, program: Argument, *arguments: str) -> tuple[int, str]:
        """The exit status of a program that was built, negative for a signal, and its output."""
        done = subprocess.run([self.source / program, *arguments], text=True, timeout=TIME_LIMIT,
                              stdin=subprocess.DEVNULL, capture_output=True)
        return done.returncode, done.stdout

    def edit(self, name: Argument, old: str, new: str) -> None:
        file = self.source / name
        text = file.read_text()
        assert old in text, f"{old} is not in {file}"
        time.sleep(TICK_SECONDS)
        file.write_text(text.replace(old, new))

    def fails_twice(self, *command: Argument, says: str, absent: Argument | None = None,
                    **variables: str) -> None:
        """Nothing that a failed build leaves behind passes for built; that it made is not there."""
        for _ in range(2):
            said = self.run(*command, fails=True, **variables)
            assert says in said, said
            assert absent is None or not (self.source / absent).exists(), said

    def lose_irelfix(self) -> None:
        """From here on this is a machine without irelfix."""
        for name in NAMES:
            (self.tools / name).unlink()
            if (other := shutil.which(name, path=self.environment["PATH"])) is not None:
                raise Missing(f"a machine without irelfix, here is {other}")

    def renew_irelfix(self) -> None:
        time.sleep(TICK_SECONDS)
        (self.tools / "irelfix").touch()

    def stamp(self, name: Argument) -> tuple[int, int]:
        """Differs whenever the file was written again."""
        status = (self.source / name).stat()
        return status.st_ino, status.st_mtime_ns


def open_project(system: str, folder: Path) -> Project:
    """Copies integrations/SYSTEM into the folder."""
    tools = folder / "tools"
    tools.mkdir()
    shutil.copy(TOOL, tools / "irelfix")
    for name in NAMES[1:]:
        (tools / name).symlink_to("irelfix")
    (tools / "ld.lld").symlink_to(command(LINKER))
    environment = own_environment()
    environment["PATH"] = f"{tools}:{environment['PATH']}"
    environment["HOME"] = str(folder / "home")
    shutil.copytree(INTEGRATIONS / system, folder / system)
    return Project(folder / system / "example", environment, tools)


@contextmanager
def edited(project: Project, name: str, *edits: tuple[str, str]) -> Iterator[None]:
    """The source as it is after the edits, for as long as the block lasts."""
    for old, new in edits:
        project.edit(name, old, new)
    try:
        yield
    finally:
        for old, new in reversed(edits):
            project.edit(name, new, old)
