# SPDX-License-Identifier: MIT
"""
Where linked code holds the iplt bounds, according to the relocations of the object it came from.

A linker may relax what the compiler wrote, so the value is read from the linked instruction. Where
that still loads from the GOT, or from a constant, the place that holds the bound is that word.
"""
import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable

from elftools.elf.elffile import ELFFile

START, END = "__rela_iplt_start", "__rela_iplt_end"
PAGE = 1 << 12
RELA = struct.Struct("<QQq")  # Elf64_Rela: offset, info, addend
SYMBOL = struct.Struct("<IBBHQQ")  # Elf64_Sym: name, info, other, section, value, size
ALLOCATED = 2  # SHF_ALLOC


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


@dataclass(frozen=True)
class Entry:
    """A relocation of the executable: where it stands, and the slot it is for."""
    address: int
    type: int
    slot: int


class Image:
    """A linked file by virtual address."""

    def __init__(self, path: Path):
        self.data = path.read_bytes()
        self.elf = ELFFile(io.BytesIO(self.data))
        self.segments = [segment.header for segment in self.elf.iter_segments("PT_LOAD")]

    def offset(self, address: int) -> int:
        for segment in self.segments:
            if 0 <= address - segment.p_vaddr < segment.p_filesz:
                return address - segment.p_vaddr + segment.p_offset
        raise AssertionError(f"{address:#x} is not in the file")

    def word(self, address: int, size: int = 8, signed: bool = False) -> int:
        at = self.offset(address)
        return int.from_bytes(self.data[at:at + size], "little", signed=signed)

    def symbol(self, name: str) -> int:
        _, value = named_symbol(self.elf, name)
        return value

    def section(self, name: str) -> range:
        """File offsets of a section; none if there is no such section."""
        found = self.elf.get_section_by_name(name)
        if found is None:
            return range(0)
        return range(found["sh_offset"], found["sh_offset"] + found["sh_size"])

    def entries(self) -> list[Entry]:
        """Every dynamic relocation that is not packed."""
        return [Entry(section["sh_addr"] + RELA.size * i, info & 0xffffffff, slot)
                for section in self.elf.iter_sections("SHT_RELA")
                if section["sh_flags"] & ALLOCATED
                for i, (slot, info, _) in enumerate(RELA.iter_unpack(section.data()))]


def named_symbol(elf: ELFFile, name: str) -> tuple[int, int]:
    """Index and value of the symbol in .symtab; pyelftools would parse the whole table."""
    symbols = elf.get_section_by_name(".symtab")
    names = elf.get_section(symbols["sh_link"]).data()
    at = names.index(b"\0" + name.encode() + b"\0") + 1
    table = enumerate(SYMBOL.iter_unpack(symbols.data()))
    (found,) = [(index, symbol[4]) for index, symbol in table if symbol[0] == at]
    return found


def references(compiled: Path, addresses: dict[str, int], name: str) -> list[Reference]:
    """What the object has against a bound, in the order of the addresses."""
    with compiled.open("rb") as file:
        elf = ELFFile(file)
        symbol, _ = named_symbol(elf, name)
        found = [Reference(addresses[target] + offset, info & 0xffffffff)
                 for section in elf.iter_sections("SHT_RELA")
                 if (target := elf.get_section(section["sh_info"]).name) in addresses
                 for offset, info, _ in RELA.iter_unpack(section.data()) if info >> 32 == symbol]
    return sorted(found, key=lambda reference: reference.address)


def sites(image: Image, found: Iterable[Reference]) -> list[Site]:
    """Each site once: several references may load the same GOT word."""
    read = {"EM_X86_64": x86_64_sites, "EM_AARCH64": aarch64_sites}[image.elf["e_machine"]]
    return list(dict.fromkeys(read(image, found)))


def word_site(image: Image, address: int) -> Site:
    return Site(image.word(address), ((address, 8),))


# x86-64: the relocated field is the end of the instruction, and holds the bound after relaxation.

RIP_RELATIVE_LEA = 0x8d
IMMEDIATE = {0x81, 0xc7, 0xf7}  # what cmp, mov and test with a GOT word are relaxed to


def x86_64_sites(image: Image, found: Iterable[Reference]) -> list[Site]:
    return [X86_64_READERS[reference.type](image, reference.address) for reference in found]


def x86_64_got_load(image: Image, field: int) -> Site:
    opcode = image.word(field - 2, 1)
    if opcode in IMMEDIATE:
        return x86_64_immediate_32(image, field)
    target = field + 4 + image.word(field, 4, signed=True)
    return Site(target, ((field, 4),)) if opcode == RIP_RELATIVE_LEA else word_site(image, target)


def x86_64_immediate_32(image: Image, field: int) -> Site:
    return Site(image.word(field, 4), ((field, 4),))


def x86_64_got_offset(image: Image, field: int) -> Site:
    base = image.symbol("_GLOBAL_OFFSET_TABLE_")
    return word_site(image, base + image.word(field, signed=True))


X86_64_READERS: dict[int, Callable[[Image, int], Site]] = {
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


def aarch64_sites(image: Image, found: Iterable[Reference]) -> list[Site]:
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


def aarch64_pair(image: Image, page_at: int, low_at: int) -> Site:
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


def aarch64_got_offset(image: Image, at: int) -> Site:
    """ldr from the page in which the GOT begins."""
    got = image.elf.get_section_by_name(".got")["sh_addr"]
    return word_site(image, got // PAGE * PAGE + load_offset(image.word(at, 4)))


def aarch64_literal(image: Image, at: int) -> Site:
    return word_site(image, at + sign_extended(image.word(at, 4) >> 5 & 0x7ffff, 19) * 4)


def aarch64_move_wides(image: Image, moves: list[Reference]) -> list[Site]:
    """One movz and three movk make an address."""
    assert len(moves) % 4 == 0, f"{len(moves)} moves"
    result = []
    for first in range(0, len(moves), 4):
        four = moves[first:first + 4]
        value = sum((image.word(move.address, 4) >> 5 & 0xffff) << MOVW_UABS[move.type]
                    for move in four)
        result.append(Site(value, tuple((move.address, 4) for move in four)))
    return result


AARCH64_READERS: dict[int, Callable[[Image, int], Site]] = {
    257: word_site,  # R_AARCH64_ABS64
    309: aarch64_literal,  # R_AARCH64_GOT_LD_PREL19
    313: aarch64_got_offset,  # R_AARCH64_LD64_GOTPAGE_LO15
}
