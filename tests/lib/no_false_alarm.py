# SPDX-License-Identifier: MIT
"""
scripts/no-false-alarm [FOLDER...]

Diagnoses every ELF file below the folders: by default below those that Debian installs into, and
the static programs of Debian's packages for every machine. None may be reported in any way, and
each static one must pass through -o byte for byte. Exits 1 otherwise.

Needs scripts/toolchain static, unless folders are named.
"""
import filecmp
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from machines import MAJOR
from places import BUILD, CACHE, ROOT
from tool import HEALTHY, irelfix

INSTALLED = ("/bin", "/boot", "/lib", "/lib32", "/lib64", "/opt", "/sbin", "/usr", "/var")
FETCHED = tuple(f"static-{name}" for name in MAJOR)
MAGIC = b"\x7fELF"
NOT_STATIC = ("dynamically linked", "not an executable", "a shared library")
NO_ALARM = ("healthy", "not concerned", "not examined")  # the last: static, for another machine


def default_folders() -> list[str]:
    # Where /usr is merged, /bin and its like are links into it.
    folders = [f for f in INSTALLED if os.path.isdir(f) and not os.path.islink(f)]
    for item in FETCHED:
        if not (CACHE / item).is_dir():
            sys.exit(f"no-false-alarm: {item} was not fetched (scripts/toolchain static)")
        folders.append(str(CACHE / item))
    return folders


def regular_files(folder: str) -> Iterator[str]:
    for path, _, names in os.walk(folder):
        for name in names:
            file = os.path.join(path, name)
            if not os.path.islink(file) and os.path.isfile(file):
                yield file


def elf_files(folder: str) -> Iterator[str]:
    """Each inode once: found without irelfix, so that it cannot leave one out unnoticed."""
    seen = set()
    for file in regular_files(folder):
        try:
            with open(file, "rb", buffering=0) as opened:
                status = os.fstat(opened.fileno())
                if opened.read(len(MAGIC)) == MAGIC and status.st_ino not in seen:
                    seen.add(status.st_ino)
                    yield file
        except OSError as error:
            print(f"{file}: not read: {error.strerror}", file=sys.stderr)


def diagnoses(files: list[str]) -> list[dict]:
    names = b"\0".join(map(os.fsencode, files))
    reports = irelfix("--json", "--files0-from=-", input=names, timeout=None).objects
    assert sorted(r["file"] for r in reports) == sorted(files), "not one report for each file"
    return reports


def is_static(report: dict) -> bool:
    return not any(words in report["message"] for words in NOT_STATIC)


def passes_through(file: str) -> bool:
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        copy = Path(folder, "copy")
        answer = irelfix("-q", file, "-o", copy)
        return answer.status == HEALTHY and filecmp.cmp(file, copy, shallow=False)


def scan(folder: str) -> tuple[Counter, list[str]]:
    """How many files of each kind there are, and what is to be said against any of them."""
    reports = diagnoses(list(elf_files(folder)))
    static = [r["file"] for r in reports if is_static(r)]
    changed = [file for file in static if not passes_through(file)]
    counts = Counter(r["verdict"] for r in reports)
    counts.update(files=len(reports), static=len(static), copied=len(static) - len(changed))
    alarms = [f"{r['file']}: {r['status']}: {r['message']}" for r in reports
              if r["verdict"] not in NO_ALARM]
    return counts, alarms + [f"{file}: is not copied as it is" for file in changed]


COLUMNS = ("files", "static", "healthy", "not concerned", "not examined", "broken", "refused",
           "cannot start", "error", "copied")


def row(name: str, cells) -> str:
    return f"{name:<28}" + "".join(f"{cell:>{max(len(column) + 2, 9)}}"
                                   for column, cell in zip(COLUMNS, cells))


def main() -> int:
    total, alarms = Counter(), []
    print(row("ELF files below", COLUMNS))
    for folder in sys.argv[1:] or default_folders():
        counts, found = scan(folder)
        total += counts
        alarms += found
        print(row(os.path.relpath(folder, ROOT) if folder.startswith(str(ROOT)) else folder,
                  (counts[c] for c in COLUMNS)), flush=True)
    print(row("all", (total[c] for c in COLUMNS)))
    print(*alarms, sep="\n", end="\n" if alarms else "")
    return 1 if alarms else 0


if __name__ == "__main__":
    sys.exit(main())
