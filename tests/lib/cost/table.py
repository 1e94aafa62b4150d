# SPDX-License-Identifier: MIT
"""Every attack in every call, against what is promised; the table behind docs/SECURITY.md."""
import sys
import tempfile
from pathlib import Path

from cost.attacks import ATTACKS, Make, on_disk
from cost.measure import Cost, measured

CALLS = ((), ("-n", "--json"), ("--prove=native",), ("-o",))
SECONDS, MEBIBYTES = 2, 64
SMALL = 5 << 20  # bytes on disk


def costs(make: Make, folder: Path) -> dict[str, Cost]:
    """By call. What -o writes is sparse, too."""
    path, out = make().write(folder / "file"), folder / "out"
    assert on_disk(path) <= SMALL
    costs = {}
    for call in CALLS:
        arguments = (path, "-o", out) if call == ("-o",) else (*call, path)
        costs[" ".join(call)] = measured(folder, *arguments)
        out.unlink(missing_ok=True)
    return costs


def print_table(names: list[str]) -> int:
    worst = 0
    print("| attack | on disk, KiB | seconds | MiB | exit |\n|---|--:|--:|--:|--:|")
    for make in ATTACKS:
        if names and make.__name__ not in names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            found = costs(make, Path(folder))
            disk = on_disk(Path(folder) / "file")
        seconds = max(cost.seconds for cost in found.values())
        memory = max(cost.mebibytes for cost in found.values())
        worst |= seconds >= SECONDS or memory >= MEBIBYTES
        print(f"| {make.__name__.replace('_', ' ')} | {disk >> 10} | {seconds:.2f} | {memory:.0f} "
              f"| {' '.join(str(cost.answer.status) for cost in found.values())} |", flush=True)
    print(f"\n{len(ATTACKS)} files, {len(CALLS)} calls each; promised: less than {SECONDS} s of "
          f"processor time and {MEBIBYTES} MiB")
    return int(worst)


if __name__ == "__main__":
    sys.exit(print_table(sys.argv[1:]))
