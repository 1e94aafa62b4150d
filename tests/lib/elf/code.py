# SPDX-License-Identifier: MIT
"""
Puts the startup code of the hand-made files together. A listing of listings.py is what a new machine
needs, and the fixups that its instructions take addresses by.
"""
import re
from dataclasses import dataclass
from typing import Callable

from . import listings


@dataclass(frozen=True)
class Listing:
    """
    unit: the bytes that are written as one number; order: of the bytes of such a number; nothing:
    an instruction that does nothing.
    """
    text: str
    nothing: str
    unit: int = 1
    order: str = "little"


# By the folder of the machine below src/arch.
LISTINGS = {
    "x86_64": Listing(listings.X86_64, "90"),
    "aarch64": Listing(listings.AARCH64, "d503201f", unit=4),
    "riscv64": Listing(listings.RISCV64, "00000013", unit=4),
    "i386": Listing(listings.I386, "90"),
    "arm": Listing(listings.ARM, "e320f000", unit=4),
    "s390x": Listing(listings.S390X, "0700", order="big"),
    "ppc64le": Listing(listings.PPC64LE, "60000000", unit=4),
    "loongarch64": Listing(listings.LOONGARCH64, "03400000", unit=4),
    "ppc32": Listing(listings.PPC32, "60000000", unit=4, order="big"),
}

# What a fixup makes of an instruction, or of the words that form an address together, at `at`.
Words = list[int]
Fixup = Callable[[Words, int, int], Words]


def _field(low: int, width: int, scale: int, ahead: int = 0) -> Fixup:
    """The distance from `ahead` bytes behind the instruction's start, in units of `scale`."""
    def fixup(words: Words, at: int, target: int) -> Words:
        return [words[0] | (target - at - ahead) // scale % (1 << width) << low]
    return fixup


def _fields(scale: int, *pieces: tuple[int, int, int]) -> Fixup:
    """The same in pieces: (lowest bit of the distance, width, lowest bit in the word)."""
    def fixup(words: Words, at: int, target: int) -> Words:
        distance = (target - at) // scale
        return [words[0] | sum((distance >> bit & (1 << width) - 1) << low
                               for bit, width, low in pieces)]
    return fixup


def _halves(carry: int, where: Callable[[Words, int, int], Words], relative: bool = False) -> Fixup:
    """Two instructions with an upper and a lower part; the lower one is signed if it carries."""
    def fixup(words: Words, at: int, target: int) -> Words:
        value = target - at if relative else target
        return where(words, value + carry, value)
    return fixup


FIXUPS: dict[str, Fixup] = {
    "adr": _fields(1, (0, 2, 29), (2, 19, 5)),
    "branch26": _field(0, 26, 4),
    "branch19": _field(5, 19, 4),
    # RISC-V
    "jal": _fields(1, (1, 10, 21), (11, 1, 20), (12, 8, 12), (20, 1, 31)),
    "branch": _fields(1, (1, 4, 8), (5, 6, 25), (11, 1, 7), (12, 1, 31)),
    "pair": _halves(0x800, lambda words, upper, lower: [
        words[0] | upper & 0xfffff000, words[1] | (lower & 0xfff) << 20], relative=True),
    # Arm
    "branch24": _field(0, 24, 4, ahead=8),
    "halves": _halves(0, lambda words, upper, lower: [
        words[0] | lower >> 12 << 16 & 0xf0000 | lower & 0xfff,
        words[1] | upper >> 28 << 16 | upper >> 16 & 0xfff]),
    # Power
    "branch24p": _field(2, 24, 4),
    "branch14": _field(2, 14, 4),
    "ha_lo": _halves(0x8000, lambda words, upper, lower: [
        words[0] | upper >> 16, words[1] | lower & 0xffff]),
    # LoongArch
    "branch26l": _fields(4, (0, 16, 10), (16, 10, 0)),
    "branch16": _field(10, 16, 4),
    "pcaddi": _field(5, 20, 4),
}
# What follows the bytes of the listing: a number of 4 bytes.
APPENDED: dict[str, Callable[[int, int, int], int]] = {
    "rel32": lambda at, length, target: target - at - length - 4,
    "abs32": lambda at, length, target: target,
    "half32": lambda at, length, target: (target - at) // 2,
}
LINE = re.compile(r"(?:(\w+):)?\s*([0-9a-f]+)(?:\s+(\w+)\((\w+)\))?\s*(?:#.*)?")


def _fixed(listing: Listing, raw: bytes, at: int, fixup: str | None, target: int) -> bytes:
    if fixup in APPENDED:
        number = APPENDED[fixup](at, len(raw), target) % (1 << 32)
        return raw + number.to_bytes(4, listing.order)
    words = [int.from_bytes(raw[i:i + listing.unit], "big")
             for i in range(0, len(raw), listing.unit)]
    if fixup:
        words = FIXUPS[fixup](words, at, target)
    return b"".join(word.to_bytes(listing.unit, listing.order) for word in words)


@dataclass(frozen=True)
class _Line:
    at: int
    label: str | None
    opcode: bytes
    fixup: str | None
    target: str | None

    @property
    def size(self) -> int:
        return len(self.opcode) + (4 if self.fixup in APPENDED else 0)


def _lines(listing: Listing, at: int) -> list[_Line]:
    lines = []
    for match in filter(None, map(LINE.fullmatch, listing.text.splitlines())):
        label, opcode, fixup, target = match.groups()
        lines.append(_Line(at, label, bytes.fromhex(opcode), fixup, target))
        at += lines[-1].size
    return lines


def assemble(folder: str, at: int, symbols: dict[str, int]) -> tuple[bytes, dict[str, int]]:
    """A machine's code at an address, and the addresses of its labels."""
    listing = LISTINGS[folder]
    lines = _lines(listing, at)
    labels = {**symbols, **{line.label: line.at for line in lines if line.label}}
    code = b"".join(_fixed(listing, line.opcode, line.at, line.fixup,
                           labels[line.target] if line.target else 0) for line in lines)
    return code, labels


def nothing_for(folder: str, at: int, label: str = "", target: str = "") -> tuple[int, bytes]:
    """
    The address of the instruction at a label, or of the first one that takes an address, and as
    many instructions that do nothing as have its length.
    """
    listing = LISTINGS[folder]
    line = next(line for line in _lines(listing, at)
                if (label and line.label == label) or (target and line.target == target))
    nothing = _fixed(listing, bytes.fromhex(listing.nothing), at, None, 0)
    return line.at, nothing * (line.size // len(nothing))
