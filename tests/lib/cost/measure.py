# SPDX-License-Identifier: MIT
"""What a call of the program under test costs: processor time, and memory at its peak."""
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tool import TIME_LIMIT, TOOL, Answer

CPU_LIMIT = 20  # seconds of processor time, after which nothing more is learnt

# The kernel counts a program's memory from before it was executed: its parent has to be small.
LAUNCHER = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT, CPU_LIMIT))
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], {"LC_ALL": "C"})
_, status, usage = os.wait4(pid, 0)
with open(sys.argv[1], "w") as out:
    print(os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime, usage.ru_maxrss,
          file=out)
""".replace("CPU_LIMIT", str(CPU_LIMIT))


@dataclass(frozen=True)
class Cost:
    answer: Answer
    seconds: float  # of processor time: others may be busy on this machine
    mebibytes: float


def measured(folder: Path, *arguments: str | Path) -> Cost:
    """`folder`: for what is noted down meanwhile."""
    note = folder / "cost"
    argv = [sys.executable, "-I", "-S", "-c", LAUNCHER, note, TOOL, *arguments]
    result = subprocess.run([str(a) for a in argv], stdin=subprocess.DEVNULL, capture_output=True,
                            timeout=TIME_LIMIT)
    status, seconds, kibibytes = note.read_text().split()
    out, err = (stream.decode(errors="surrogateescape")
                for stream in (result.stdout, result.stderr))
    return Cost(Answer(int(status), out, err), float(seconds), int(kibibytes) / 1024)
