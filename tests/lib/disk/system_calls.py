# SPDX-License-Identifier: MIT
"""What system calls the program under test makes, and calls in which one of them fails."""
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from need import Missing, command
from tool import TIME_LIMIT, TOOL, Answer

KILLED = -9
# PID NAME(ARGUMENTS) = RESULT; an injected signal leaves no result
CALL = re.compile(r"(?:\d+ +)?(\w+)\((.*)")


@dataclass(frozen=True)
class Call:
    name: str
    nth: int  # among the calls of this name, from 1
    text: str  # its arguments and result


@dataclass(frozen=True)
class Traced:
    answer: Answer
    calls: list[Call]
    injected: bool

    def named(self, *names: str) -> list[Call]:
        return [call for call in self.calls if call.name in names]


@lru_cache(maxsize=None)
def strace() -> str:
    path = command("strace")
    trial = subprocess.run([path, "-o", os.devnull, "true"], capture_output=True, text=True)
    if trial.returncode != 0:
        raise Missing(f"strace does not work here: {trial.stderr.strip()}")
    return path


def parse(lines: list[str]) -> list[Call]:
    counts: dict[str, int] = {}
    calls = []
    for line in lines:
        if match := CALL.match(line):
            name, text = match.groups()
            counts[name] = counts.get(name, 0) + 1
            calls.append(Call(name, counts[name], text))
    return calls


def traced(*arguments: str | Path, options: tuple[str, ...] = (), **more) -> Traced:
    """`more` goes to subprocess.run."""
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        argv = [strace(), "-qq", "-a0", "-s256", "-o", log, *options, TOOL, *arguments]
        result = subprocess.run([str(a) for a in argv], stdin=subprocess.DEVNULL, text=True,
                                capture_output=True, timeout=TIME_LIMIT, **more)
        text = log.read_text(errors="replace")
    return Traced(Answer(result.returncode, result.stdout, result.stderr),
                  parse(text.splitlines()),
                  "(INJECTED)" in text or "+++ killed by SIGKILL +++" in text)


def with_fault(call: Call, fault: str, *arguments: str | Path, **more) -> Traced:
    """Fault: the name of an errno, or KILL, which comes before the call does anything."""
    how = "signal=KILL" if fault == "KILL" else f"error={fault}"
    options = ("-e", f"trace={call.name}", "-e", f"inject={call.name}:{how}:when={call.nth}")
    return traced(*arguments, options=options, **more)


def shim(name: str, folder: Path) -> Path:
    """The library of NAME.c, for LD_PRELOAD, compiled into `folder`."""
    out = folder / f"{name}.so"
    subprocess.run([command("gcc"), "-shared", "-fPIC", "-O2", "-o", out,
                    Path(__file__).with_name(f"{name}.c"), "-ldl"], check=True)
    return out


def shimmed(library: Path, *arguments: str | Path, cwd: Path, **environment: str) -> Answer:
    """A call with that library, which `environment` tells what to do."""
    result = subprocess.run([str(a) for a in (TOOL, *arguments)], stdin=subprocess.DEVNULL,
                            text=True, capture_output=True, timeout=TIME_LIMIT, cwd=cwd,
                            env={**os.environ, "LD_PRELOAD": str(library), **environment})
    return Answer(result.returncode, result.stdout, result.stderr)
