# SPDX-License-Identifier: MIT
"""Independent opinions about a repaired file: its bytes, eu-elflint, readelf, strip."""
import re
import subprocess
from pathlib import Path

from elf.fields import Elf
from machines import Machine
from need import command
from tool import Edit

BLOCK = 1 << 16

# narrow leaves R_*_NONE (type 0) where the stray entries were. The psABIs allow that type
# everywhere, elfutils' tables of legal types nowhere.
ACCEPTED = re.compile(r"relocation of type 0: relocation type invalid for the file type$")


def changed_offsets(before: Path, after: Path) -> set[int]:
    """Where two files of the same size differ."""
    assert before.stat().st_size == after.stat().st_size, "the size of the file changed"
    changed = set()
    with before.open("rb") as old, after.open("rb") as new:
        for start in range(0, before.stat().st_size, BLOCK):
            a, b = old.read(BLOCK), new.read(BLOCK)
            if a != b:
                changed |= {start + i for i in range(len(a)) if a[i] != b[i]}
    return changed


def announced_offsets(edits: list[Edit]) -> set[int]:
    return {edit.offset + i for edit in edits for i in range(len(edit.new))}


def bytes_at(path: Path, offset: int, size: int) -> bytes:
    with path.open("rb") as file:
        file.seek(offset)
        return file.read(size)


def complaints(path: Path) -> set[str]:
    """What elfutils and binutils say against a file."""
    return {*elflint_complaints(path), *readelf_complaints(path)}


def new_complaints(before: Path, after: Path) -> list[str]:
    new = complaints(after) - complaints(before)
    return [complaint for complaint in sorted(new) if not ACCEPTED.search(complaint)]


def elflint_complaints(path: Path) -> list[str]:
    """An entry is named by its type, not by its index: repairing may move entries."""
    result = subprocess.run([command("eu-elflint"), "--gnu-ld", path], capture_output=True,
                            text=True)
    elf = Elf.open(path)
    return [name_by_type(elf, line) for line in (result.stdout + result.stderr).splitlines()]


def name_by_type(elf: Elf, line: str) -> str:
    match = re.match(r"(section \[ *(\d+)\] .*: relocation) (\d+)(: .*)", line)
    if match is None:
        return line
    entries = elf.entries_of(elf.sections()[int(match[2])])
    return f"{match[1]} of type {entries[int(match[3])].kind}{match[4]}"


def readelf_complaints(path: Path) -> list[str]:
    """readelf prints what it found to stdout and what is wrong with it to stderr."""
    result = subprocess.run([command("readelf"), "-a", "-W", path], stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, text=True)
    return result.stderr.replace(str(path), "FILE").splitlines()


def strippers(machine: Machine) -> dict[str, str]:
    """By name, the programs that strip files of this machine."""
    return {"gnu": machine.tool("strip"), "llvm": command("llvm-strip-22"),
            "eu": command("eu-strip")}


def stripped(stripper: str, path: Path, to: Path) -> bool:
    """eu-strip exits with 0 when it cannot, and leaves an empty file."""
    result = subprocess.run([stripper, "-o", to, path], capture_output=True)
    return result.returncode == 0 and to.exists() and to.stat().st_size > 0
