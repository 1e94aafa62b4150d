# SPDX-License-Identifier: MIT
"""Calls the program under test, which `IRELFIX` names."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
from dataclasses import dataclass
from pathlib import Path

from places import BUILD, ROOT
from schema import parsed

TOOL = Path(os.environ.get("IRELFIX") or BUILD / "irelfix").absolute()
VERSION = re.search(r'#define IRELFIX_VERSION "(.*)"', (ROOT / "include/irelfix.h").read_text())[1]
HEALTHY, BROKEN, USAGE, BAD_FILE, REFUSED, UNVERIFIED = range(6)
TIME_LIMIT = 300  # for what hangs; a slow machine has time

Argument = str | bytes | Path


@dataclass(frozen=True)
class Edit:
    offset: int
    old: bytes
    new: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def objects(self) -> list[dict]:
        """What --json printed: an object per line, which keeps to the schema."""
        return [parsed(line) for line in self.out.split("\n")[:-1]]

    @property
    def object(self) -> dict:
        (only,) = self.objects
        return only

    @property
    def edits(self) -> list[Edit]:
        return [Edit(e["offset"], bytes.fromhex(e["old"]), bytes.fromhex(e["new"]))
                for e in self.object["edits"]]

    def __str__(self) -> str:
        return f"exit {self.status}\nstdout: {self.out}\nstderr: {self.err}"


def irelfix(*arguments: Argument, tool: Argument = TOOL, **more) -> Answer:
    """`more` goes to subprocess.run: cwd, user, umask, stdout, ..."""
    settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                "stderr": subprocess.PIPE, "timeout": TIME_LIMIT, **more}
    if "input" in settings:
        del settings["stdin"]
    result = subprocess.run([os.fsencode(a) for a in (tool, *arguments)], **settings)
    out, err = ((stream or b"").decode(errors="surrogateescape")
                for stream in (result.stdout, result.stderr))
    return Answer(result.returncode, out, err)


def shown_on(terminal: int) -> str:
    """Whatever a terminal, of which nobody has the other end any more, was sent. Closes it."""
    shown = b""
    try:
        while part := os.read(terminal, 65536):  # there may be more than has arrived so far
            shown += part
    except OSError:
        pass  # nothing is left
    finally:
        os.close(terminal)
    return shown.decode()


def on_a_terminal(stream: str, *arguments: Argument, columns: int = 0,
                  **more) -> tuple[Answer, str]:
    """A call one of whose streams, stdout or stderr, is a terminal; and what that has shown."""
    ours, theirs = pty.openpty()
    if columns:
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    answer = irelfix(*arguments, **{stream: theirs}, **more)
    os.close(theirs)
    return answer, shown_on(ours)


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def summary(**counts: int) -> str:
    """The last line about several files; what is not named is 0."""
    names = ("healthy", "repaired", "broken", "refused", "cannot start", "not examined",
             "not concerned", "errors")
    numbers = {name: counts.pop(name.replace(" ", "_"), 0) for name in names}
    assert not counts, counts
    total = sum(numbers.values())
    words = ", ".join(f"{number} {name}" for name, number in numbers.items())
    text = f"{total} file{'' if total == 1 else 's'}: {words}"
    return text.removesuffix("s") if numbers["errors"] == 1 else text
