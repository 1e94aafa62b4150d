# SPDX-License-Identifier: MIT
"""Running a linked program natively and under emulators."""
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machines import Machine
from need import Missing, command
from places import CACHE

TIME_LIMIT = 300
CRASHES = {signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGABRT}


@dataclass(frozen=True)
class Outcome:
    how: str
    status: int
    output: str

    @property
    def crashed(self) -> bool:
        """A program killed by a signal; an emulator dies of the same signal."""
        return self.status < 0 and signal.Signals(-self.status) in CRASHES

    def __str__(self) -> str:
        return f"{self.how}: status {self.status}, output {self.output!r}"


def emulator(machine: Machine) -> str:
    """The newest qemu there is: the fetched one, otherwise the installed one."""
    fetched = CACHE / "qemu" / "usr" / "bin" / machine.emulator
    if fetched.exists():
        return str(fetched)
    if not machine.old_qemu:
        raise Missing(f"a newer {machine.emulator} is not fetched (make setup)")
    return command(machine.emulator)


def ways_to_run(machine: Machine) -> dict[str, list[str]]:
    """By name, what to put in front of a program."""
    ways = {machine.emulator: [emulator(machine)]}
    return {"native": [], **ways} if machine.runs_here else ways


def execute(how: str, *argv: str | Path) -> Outcome:
    """Runs a program without input, perhaps below an emulator, of which `how` is the name."""
    for _ in range(3):
        result = subprocess.run([str(a) for a in argv], capture_output=True, timeout=TIME_LIMIT,
                                stdin=subprocess.DEVNULL)
        # With several threads qemu itself may crash; of the program it would not say this.
        if b"QEMU internal SIG" not in result.stderr:
            break
    return Outcome(how, result.returncode, result.stdout.decode(errors="replace"))


def run(path: Path, machine: Machine, way: str | None = None) -> Outcome:
    """Runs the program in one way; the quickest, if none is named."""
    ways = ways_to_run(machine)
    way = way or next(iter(ways))
    return execute(way, *ways[way], path)


def run_every_way(path: Path, machine: Machine) -> list[Outcome]:
    return [run(path, machine, way) for way in ways_to_run(machine)]
