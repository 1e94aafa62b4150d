# SPDX-License-Identifier: MIT
"""Running a linked program natively and under emulators."""
import resource
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machines import Machine
from need import Missing, command
from places import CACHE

TIME_LIMIT = 300
CPU_LIMIT = 20  # seconds; what was not relocated may loop for ever
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


def bounded(argv: list[str], cpu_limit: int) -> subprocess.CompletedProcess:
    """Runs without input; however busy the machine is, what loops is ended."""
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (cpu_limit, cpu_limit))
        try:
            out, errors = process.communicate(timeout=TIME_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return subprocess.CompletedProcess(argv, process.returncode, out, errors)


def execute(how: str, *argv: str | Path, cpu_limit: int = CPU_LIMIT) -> Outcome:
    """Runs a program without input, perhaps below an emulator, of which `how` is the name."""
    for _ in range(3):
        result = bounded([str(a) for a in argv], cpu_limit)
        # With several threads qemu itself may crash; of the program it would not say this.
        if b"QEMU internal SIG" not in result.stderr:
            break
    return Outcome(how, result.returncode, result.stdout.decode(errors="replace"))


def run(path: Path, machine: Machine, way: str | None = None,
        cpu_limit: int = CPU_LIMIT) -> Outcome:
    """Runs the program in one way; the quickest, if none is named."""
    ways = ways_to_run(machine)
    way = way or next(iter(ways))
    return execute(way, *ways[way], path, cpu_limit=cpu_limit)


def run_every_way(path: Path, machine: Machine) -> list[Outcome]:
    return [run(path, machine, way) for way in ways_to_run(machine)]
