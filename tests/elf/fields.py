# SPDX-License-Identifier: MIT
"""
An ELF file as bytes whose fields can be read and changed by name:

    e_phnum, ei_class            the ELF header
    PT_LOAD[1].p_vaddr           program headers, counted from 0 among those of their type
    phdr[3].p_type               program headers, whatever they are
    DT_RELASZ, DT_RELASZ.d_tag   PT_DYNAMIC: the value of an entry, or another field of it
    rela[4].r_addend             the table that DT_RELA names
    stray.r_info                 its first entry that is not IRELATIVE
    irelative.r_offset           its first entry that is
    dynsym[2].st_info            the table that DT_SYMTAB names
    stray.symbol.st_info         the symbol of that entry
    section[.symtab].sh_link     section headers by name
    shdr[0].sh_size              section headers
    symtab[__rela_iplt_end].st_value
    note.n_type                  the first note
"""
import re
from typing import Iterator

from .layout import DT, NT_GNU_ABI_TAG, PT, fields_of, size_of

IRELATIVE = {62: 37, 183: 1032}  # by e_machine


class Elf:
    """Class and byte order are those that the file was made with, whatever it says later."""

    def __init__(self, data: bytes):
        self.data = bytearray(data)
        self.bits = {1: 32, 2: 64}[data[4]]
        self.order = {1: "little", 2: "big"}[data[5]]

    def __getitem__(self, name: str) -> int:
        at, width = self.place(name)
        return int.from_bytes(self.data[at:at + width], self.order)

    def __setitem__(self, name: str, value: int) -> None:
        at, width = self.place(name)
        self.data[at:at + width] = (value % (1 << 8 * width)).to_bytes(width, self.order)

    def place(self, name: str) -> tuple[int, int]:
        """Offset and width of a field."""
        structure, base, field = self._find(name)
        offset, width = fields_of(structure, self.bits)[field]
        return base + offset, width

    def offset_of(self, address: int) -> int:
        """Where the byte at a virtual address stands in the file."""
        for base in self.program_headers("PT_LOAD"):
            start, size = self.read("Phdr", base, "p_vaddr"), self.read("Phdr", base, "p_filesz")
            if start <= address < start + size:
                return self.read("Phdr", base, "p_offset") + address - start
        raise KeyError(f"{address:#x} is not in the file")

    def read(self, structure: str, base: int, field: str) -> int:
        offset, width = fields_of(structure, self.bits)[field]
        return int.from_bytes(self.data[base + offset:base + offset + width], self.order)

    def program_headers(self, kind: str | None = None) -> list[int]:
        """The file offsets of the program headers of a type, or of all."""
        size = size_of("Phdr", self.bits)
        bases = [self["e_phoff"] + i * size for i in range(self["e_phnum"])]
        return [b for b in bases if kind is None or self.read("Phdr", b, "p_type") == PT[kind]]

    def entries(self) -> Iterator[int]:
        """The file offsets of the entries of the table that DT_RELA names."""
        start = self.offset_of(self["DT_RELA"])
        return iter(range(start, start + self["DT_RELASZ"], size_of("Rela", self.bits)))

    def is_irelative(self, entry: int) -> bool:
        mask = 0xffffffff if self.bits == 64 else 0xff
        return self.read("Rela", entry, "r_info") & mask == IRELATIVE[self["e_machine"]]

    def string(self, at: int) -> str:
        return self.data[at:self.data.index(0, at)].decode()

    def _find(self, name: str) -> tuple[str, int, str]:
        """The structure that a field is in, where that stands, and the field's own name."""
        if name.startswith("e"):
            return "Ehdr", 0, name
        owner, _, field = name.rpartition(".")
        if name.startswith("DT_"):
            owner, _, field = name.partition(".")
            return "Dyn", self._dynamic(DT[owner]), field or "d_val"
        if owner.endswith(".symbol"):
            return "Sym", self._symbol_of(owner.removesuffix(".symbol")), field
        return *self._owner(owner), field

    def _owner(self, owner: str) -> tuple[str, int]:
        match = re.fullmatch(r"(\w+)(?:\[(.+)\])?", owner)
        assert match is not None, owner
        kind, index = match[1], match[2] or "0"
        if kind in PT or kind == "phdr":
            return "Phdr", self.program_headers(kind if kind in PT else None)[int(index)]
        if kind == "shdr":
            return "Shdr", self["e_shoff"] + int(index) * size_of("Shdr", self.bits)
        if kind == "section":
            return "Shdr", self._section(index)
        if kind == "symtab":
            return "Sym", self._static_symbol(index)
        if kind == "dynsym":
            return "Sym", self._dynamic_symbol(int(index))
        if kind == "note":
            return "Nhdr", self._abi_note()
        return "Rela", self._entry(kind, int(index))

    def _dynamic(self, tag: int) -> int:
        (table,) = self.program_headers("PT_DYNAMIC")
        start = self.read("Phdr", table, "p_offset")
        size = size_of("Dyn", self.bits)
        for base in range(start, start + self.read("Phdr", table, "p_filesz"), size):
            if self.read("Dyn", base, "d_tag") == tag:
                return base
        raise KeyError(f"no dynamic tag {tag:#x}")

    def _entry(self, kind: str, index: int) -> int:
        wanted = {"rela": lambda e: True, "irelative": self.is_irelative,
                  "stray": lambda e: not self.is_irelative(e)}[kind]
        return [entry for entry in self.entries() if wanted(entry)][index]

    def _symbol_of(self, entry: str) -> int:
        info = self[f"{entry}.r_info"]
        return self._dynamic_symbol(info >> (32 if self.bits == 64 else 8))

    def _dynamic_symbol(self, index: int) -> int:
        return self.offset_of(self["DT_SYMTAB"]) + index * size_of("Sym", self.bits)

    def _section(self, name: str) -> int:
        size = size_of("Shdr", self.bits)
        bases = [self["e_shoff"] + i * size for i in range(self["e_shnum"])]
        if not bases:
            raise KeyError("no section headers")
        names = self.read("Shdr", bases[self["e_shstrndx"]], "sh_offset")
        for base in bases:
            if self.string(names + self.read("Shdr", base, "sh_name")) == name:
                return base
        raise KeyError(f"no section {name}")

    def _static_symbol(self, name: str) -> int:
        table, strings = self._section(".symtab"), self._section(".strtab")
        start = self.read("Shdr", table, "sh_offset")
        names = self.read("Shdr", strings, "sh_offset")
        size = size_of("Sym", self.bits)
        for base in range(start, start + self.read("Shdr", table, "sh_size"), size):
            if self.string(names + self.read("Sym", base, "st_name")) == name:
                return base
        raise KeyError(f"no symbol {name}")

    def _abi_note(self) -> int:
        for segment in self.program_headers("PT_NOTE"):
            at = self.read("Phdr", segment, "p_offset")
            if self.read("Nhdr", at, "n_type") == NT_GNU_ABI_TAG:
                return at
        raise KeyError("no NT_GNU_ABI_TAG")
