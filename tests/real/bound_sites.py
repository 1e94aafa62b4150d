# SPDX-License-Identifier: MIT
"""
Where linked code holds the iplt bounds, according to the relocations of the object it came from.

A linker may relax what the compiler wrote, so the value is read from the linked instruction. Where
that still loads from the GOT, or from a constant, the place that holds the bound is that word.
"""
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

from elf.fields import Elf
from elf.layout import SHT

PAGE = 1 << 12


@dataclass(frozen=True)
class Reference:
    """A relocation against a bound, at its address in the executable."""
    address: int
    type: int


@dataclass(frozen=True)
class Site:
    """The bytes that hold a bound, as (address, size), and the bound."""
    value: int
    spans: tuple[tuple[int, int], ...]


def names_of_bounds(image: Elf) -> tuple[str, str]:
    """As the machine has them: packed, a file does not tell REL from RELA."""
    prefix = image.machine.form.prefix
    return f"__{prefix}_iplt_start", f"__{prefix}_iplt_end"


def references(compiled: Path, addresses: dict[str, int], name: str) -> list[Reference]:
    """What the object has against a bound, in the order of the addresses."""
    elf = Elf.open(compiled)
    symbol, sections = elf.symbol_index(name), elf.sections()
    found = [Reference(addresses[target] + entry.slot, entry.kind)
             for section in sections if section.kind in (SHT["SHT_RELA"], SHT["SHT_REL"])
             and (target := sections[section.info].name) in addresses
             for entry in elf.entries_of(section) if entry.symbol == symbol]
    return sorted(found, key=lambda reference: reference.address)


def sites(image: Elf, found: Iterable[Reference]) -> list[Site]:
    """Each site once: several references may load the same GOT word."""
    return list(dict.fromkeys(READERS[image.machine.name](image, found)))


def sections_with_bounds(image: Elf, compiled: Path,
                         addresses: dict[str, int]) -> list[tuple[int, int]]:
    """
    The code of the startup object and the tables through which it reaches addresses, as (address,
    size). A linker that relaxes makes a section smaller, so the last bytes may be another's.
    """
    sections = Elf.open(compiled).sections()
    return [*((addresses[s.name], s.size) for s in sections if s.name in addresses
              and s.name.startswith((".text", ".toc", ".got2"))),
            *((s.address, s.size) for s in image.sections() if s.name in (".got", ".got.plt"))]


def word_site(image: Elf, address: int) -> Site:
    return Site(image.word(address), ((address, image.form.word),))


# x86-64: the relocated field is the end of the instruction, and holds the bound after relaxation.

RIP_RELATIVE_LEA = 0x8d
IMMEDIATE = {0x81, 0xc7, 0xf7}  # what cmp, mov and test with a GOT word are relaxed to


def x86_64_sites(image: Elf, found: Iterable[Reference]) -> list[Site]:
    return [X86_64_READERS[reference.type](image, reference.address) for reference in found]


def x86_64_got_load(image: Elf, field: int) -> Site:
    opcode = image.word(field - 2, 1)
    if opcode in IMMEDIATE:
        return x86_64_immediate_32(image, field)
    target = field + 4 + image.word(field, 4, signed=True)
    return Site(target, ((field, 4),)) if opcode == RIP_RELATIVE_LEA else word_site(image, target)


def x86_64_immediate_32(image: Elf, field: int) -> Site:
    return Site(image.word(field, 4), ((field, 4),))


def x86_64_got_offset(image: Elf, field: int) -> Site:
    base = image.symbol("_GLOBAL_OFFSET_TABLE_")
    return word_site(image, base + image.word(field, signed=True))


X86_64_READERS: dict[int, Callable[[Elf, int], Site]] = {
    1: word_site,  # R_X86_64_64
    9: x86_64_got_load,  # R_X86_64_GOTPCREL
    10: x86_64_immediate_32,  # R_X86_64_32
    11: x86_64_immediate_32,  # R_X86_64_32S
    27: x86_64_got_offset,  # R_X86_64_GOT64
    41: x86_64_got_load,  # R_X86_64_GOTPCRELX
    42: x86_64_got_load,  # R_X86_64_REX_GOTPCRELX
}


# AArch64: an address takes one, two or four instructions, each with a relocation of its own.

ADR_GOT_PAGE = 311
LD64_GOT_LO12_NC = 312
MOVW_UABS = {263: 0, 264: 0, 265: 16, 266: 16, 267: 32, 268: 32, 269: 48}  # type: bits to the right


def aarch64_sites(image: Elf, found: Iterable[Reference]) -> list[Site]:
    result, page_at, moves = [], None, []
    for reference in found:
        if reference.type == ADR_GOT_PAGE:
            page_at = reference.address
        elif reference.type == LD64_GOT_LO12_NC:
            result.append(aarch64_pair(image, page_at, reference.address))
        elif reference.type in MOVW_UABS:
            moves.append(reference)
        else:
            result.append(AARCH64_READERS[reference.type](image, reference.address))
    return result + aarch64_move_wides(image, moves)


def aarch64_pair(image: Elf, page_at: int, low_at: int) -> Site:
    """adrp and ldr; relaxed to adrp and add, or to nop and adr."""
    low = image.word(low_at, 4)
    if low & 0x9f000000 == 0x10000000:  # adr
        return Site(low_at + adr_offset(low), ((low_at, 4),))
    page = page_at // PAGE * PAGE + adr_offset(image.word(page_at, 4)) * PAGE
    if low & 0xffc00000 == 0x91000000:  # add immediate
        return Site(page + (low >> 10 & 0xfff), ((page_at, 4), (low_at, 4)))
    return word_site(image, page + load_offset(low))


def adr_offset(instruction: int) -> int:
    high, low = instruction >> 5 & 0x7ffff, instruction >> 29 & 3
    return sign_extended(high << 2 | low, 21)


def load_offset(instruction: int) -> int:
    assert instruction & 0xffc00000 == 0xf9400000, f"{instruction:#x} is not ldr x, [x, #n]"
    return (instruction >> 10 & 0xfff) * 8


def sign_extended(value: int, bits: int) -> int:
    return value - (1 << bits) if value >> (bits - 1) else value


def aarch64_got_offset(image: Elf, at: int) -> Site:
    """ldr from the page in which the GOT begins."""
    got = image.section(".got").address
    return word_site(image, got // PAGE * PAGE + load_offset(image.word(at, 4)))


def aarch64_literal(image: Elf, at: int) -> Site:
    return word_site(image, at + sign_extended(image.word(at, 4) >> 5 & 0x7ffff, 19) * 4)


def aarch64_move_wides(image: Elf, moves: list[Reference]) -> list[Site]:
    """One movz and three movk make an address."""
    assert len(moves) % 4 == 0, f"{len(moves)} moves"
    result = []
    for first in range(0, len(moves), 4):
        four = moves[first:first + 4]
        value = sum((image.word(move.address, 4) >> 5 & 0xffff) << MOVW_UABS[move.type]
                    for move in four)
        result.append(Site(value, tuple((move.address, 4) for move in four)))
    return result


AARCH64_READERS: dict[int, Callable[[Elf, int], Site]] = {
    257: word_site,  # R_AARCH64_ABS64
    309: aarch64_literal,  # R_AARCH64_GOT_LD_PREL19
    313: aarch64_got_offset,  # R_AARCH64_LD64_GOTPAGE_LO15
}


READERS: dict[str, Callable[[Elf, Iterable[Reference]], list[Site]]] = {
    "x86-64": x86_64_sites,
    "aarch64": aarch64_sites,
}
