# SPDX-License-Identifier: MIT
"""
An ELF file as bytes whose fields can be read and changed by name:

    e_phnum, ei_class            the ELF header
    PT_LOAD[1].p_vaddr           program headers, counted from 0 among those of their type
    phdr[3].p_type               program headers, whatever they are
    DT_SYMTAB, DT_SYMTAB.d_tag   PT_DYNAMIC: the value of an entry, or another field of it
    DT_RELA, DT_RELASZ, ...      the table of relocations, also where its tags are those of REL
    entry[4].r_addend            its entries; without addends in them, what their slots hold
    stray.r_info                 its first entry that is not IRELATIVE
    irelative.r_offset           its first entry that is
    dynsym[2].st_info            the table that DT_SYMTAB names
    stray.symbol.st_info         the symbol of that entry
    section[.symtab].sh_link     section headers by name
    shdr[0].sh_size              section headers
    symtab[__rela_iplt_end].st_value
    note.n_type                  the first note
"""
import mmap
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Iterator

from machines import BY_NUMBER, Machine

from .layout import DT, NT_GNU_ABI_TAG, PT, SHF_ALLOC, SHT, Form


@dataclass(frozen=True)
class Entry:
    """A relocation, where it stands in the file, and at which address."""
    at: int
    address: int
    slot: int
    symbol: int
    kind: int
    addend: int


@dataclass(frozen=True)
class Section:
    name: str
    kind: int
    flags: int
    address: int
    offset: int
    size: int
    link: int
    info: int

    @property
    def range(self) -> range:
        """Its bytes in the file."""
        return range(self.offset, self.offset + self.size)


class Elf:
    """The form is that which the file was made with, whatever its header says later."""

    def __init__(self, data: bytes | mmap.mmap):
        self.data = data if isinstance(data, mmap.mmap) else bytearray(data)
        self.form = Form({1: 32, 2: 64}[data[4]], {1: "little", 2: "big"}[data[5]])
        if self._has("DT_REL") and not self._has("DT_RELA"):
            self.form = replace(self.form, rela=False)

    @classmethod
    def open(cls, path: Path, writable: bool = False) -> "Elf":
        """A file on disk, of which only what is looked at is read; changes are made in it."""
        with path.open("r+b" if writable else "rb") as file:
            access = mmap.ACCESS_WRITE if writable else mmap.ACCESS_READ
            return cls(mmap.mmap(file.fileno(), 0, access=access))

    @property
    def machine(self) -> Machine:
        return BY_NUMBER[self["e_machine"]]

    # ---- fields by name

    def __getitem__(self, name: str) -> int:
        at, width = self.place(name)
        return self.number(at, width)

    def __setitem__(self, name: str, value: int) -> None:
        at, width = self.place(name)
        self.data[at:at + width] = self.form.raw(value, width)

    def place(self, name: str) -> tuple[int, int]:
        """Offset and width of a field."""
        structure, base, field = self._find(name)
        if structure == "Rel" and field == "r_addend":
            return self.offset_of(self.read("Rel", base, "r_offset")), self.form.word
        offset, width = self.form.fields(structure)[field]
        return base + offset, width

    def read(self, structure: str, base: int, field: str) -> int:
        offset, width = self.form.fields(structure)[field]
        return self.number(base + offset, width)

    def number(self, at: int, width: int, signed: bool = False) -> int:
        """The number at a file offset."""
        return self.form.number(self.data[at:at + width], signed)

    def word(self, address: int, width: int | None = None, signed: bool = False) -> int:
        """The number at a virtual address; as wide as an address, if nothing is said."""
        return self.number(self.offset_of(address), width or self.form.word, signed)

    def string(self, at: int) -> str:
        return bytes(self.data[at:self.data.find(b"\0", at)]).decode()

    # ---- segments

    def offset_of(self, address: int) -> int:
        """Where the byte at a virtual address stands in the file."""
        for base in self.program_headers("PT_LOAD"):
            start, size = self.read("Phdr", base, "p_vaddr"), self.read("Phdr", base, "p_filesz")
            if start <= address < start + size:
                return self.read("Phdr", base, "p_offset") + address - start
        raise KeyError(f"{address:#x} is not in the file")

    def program_headers(self, kind: str | None = None) -> list[int]:
        """The file offsets of the program headers of a type, or of all."""
        size = self.form.size("Phdr")
        bases = [self["e_phoff"] + i * size for i in range(self["e_phnum"])]
        return [b for b in bases if kind is None or self.read("Phdr", b, "p_type") == PT[kind]]

    # ---- relocations

    def entries(self) -> list[Entry]:
        """The table that DT_RELA or DT_REL names; none, if there is no such table."""
        if not self._has(self.form.tag("DT_RELA")):
            return []
        return self._entries_at(self["DT_RELA"], self.offset_of(self["DT_RELA"]),
                                self["DT_RELASZ"], self.form)

    def loaded_entries(self) -> list[Entry]:
        """Those of all sections that are loaded, wherever PT_DYNAMIC says they are."""
        return [entry for section in self.sections()
                if section.flags & SHF_ALLOC and section.kind in (SHT["SHT_RELA"], SHT["SHT_REL"])
                for entry in self.entries_of(section)]

    def entries_of(self, section: Section) -> list[Entry]:
        form = replace(self.form, rela=section.kind == SHT["SHT_RELA"])
        return self._entries_at(section.address, section.offset, section.size, form)

    def is_irelative(self, entry: Entry) -> bool:
        return entry.kind == self.machine.irelative

    def _entries_at(self, address: int, at: int, size: int, form: Form) -> list[Entry]:
        rows = form.rows(form.entry, self.data[at:at + size])
        return [Entry(at + i, address + i, slot, *form.split_info(info),
                      self._addend(slot, *addend))
                for i, (slot, info, *addend) in zip(range(0, size, form.entry_size), rows)]

    def _addend(self, slot: int, *addend: int) -> int:
        """Its own, or what the slot holds; 0, where that is not in the file."""
        if addend:
            return addend[0]
        try:
            return self.word(slot)
        except KeyError:
            return 0

    # ---- sections and symbols

    def sections(self) -> list[Section]:
        start, count = self["e_shoff"], self["e_shnum"]
        if not start or not count:
            return []
        table = self.data[start:start + count * self.form.size("Shdr")]
        rows = [row[:8] for row in self.form.rows("Shdr", table)]
        names = rows[self["e_shstrndx"]][4]
        return [Section(self.string(names + name), *rest) for name, *rest in rows]

    def section(self, name: str) -> Section:
        for section in self.sections():
            if section.name == name:
                return section
        raise KeyError(f"no section {name}")

    def symbols(self, table: str = ".symtab") -> Iterator[tuple[str, dict[str, int]]]:
        """Name and fields of every symbol."""
        section, names = self.section(table), self._names_of(table)
        for row in self.form.rows("Sym", self._bytes(section)):
            fields = dict(zip(self.form.fields("Sym"), row))
            yield self.string(names.offset + fields["st_name"]), fields

    def symbol_index(self, name: str) -> int:
        """Of a symbol in .symtab. Names are not read one by one: there are thousands."""
        names, wanted = self._bytes(self._names_of(".symtab")), name.encode() + b"\0"
        places = {match.start() for match in re.finditer(re.escape(wanted), names)}
        for index, row in enumerate(self.form.rows("Sym", self._bytes(self.section(".symtab")))):
            if row[0] in places:
                return index
        raise KeyError(f"no symbol {name}")

    def symbol(self, name: str) -> int:
        """The value of a symbol in .symtab."""
        return self[f"symtab[{name}].st_value"]

    def _names_of(self, table: str) -> Section:
        return self.sections()[self.section(table).link]

    def _bytes(self, section: Section) -> bytes:
        return bytes(self.data[section.offset:section.offset + section.size])

    # ---- where a named field is

    def _find(self, name: str) -> tuple[str, int, str]:
        """The structure that a field is in, where that stands, and the field's own name."""
        owner, _, field = name.rpartition(".")
        if not owner and name.startswith("e"):
            return "Ehdr", 0, name
        if name.startswith("DT_"):
            owner, _, field = name.partition(".")
            return "Dyn", self._dynamic(self.form.tag(owner)), field or "d_val"
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
            return "Shdr", self["e_shoff"] + int(index) * self.form.size("Shdr")
        if kind == "section":
            return "Shdr", self._section_header(index)
        if kind == "symtab":
            at = self.symbol_index(index) * self.form.size("Sym")
            return "Sym", self.section(".symtab").offset + at
        if kind == "dynsym":
            return "Sym", self._dynamic_symbol(int(index))
        if kind == "note":
            return "Nhdr", self._abi_note()
        return self.form.entry, self._entry(kind, int(index)).at

    def _has(self, tag: str) -> bool:
        try:
            return bool(self._dynamic(tag))
        except KeyError:
            return False

    def _dynamic(self, tag: str) -> int:
        size = self.form.size("Dyn")
        for table in self.program_headers("PT_DYNAMIC"):
            start = self.read("Phdr", table, "p_offset")
            for base in range(start, start + self.read("Phdr", table, "p_filesz"), size):
                if self.read("Dyn", base, "d_tag") == DT[tag]:
                    return base
        raise KeyError(f"no {tag}")

    def _entry(self, kind: str, index: int) -> Entry:
        wanted = {"entry": lambda e: True, "irelative": self.is_irelative,
                  "stray": lambda e: not self.is_irelative(e)}[kind]
        return [entry for entry in self.entries() if wanted(entry)][index]

    def _symbol_of(self, entry: str) -> int:
        symbol, _ = self.form.split_info(self[f"{entry}.r_info"])
        return self._dynamic_symbol(symbol)

    def _dynamic_symbol(self, index: int) -> int:
        return self.offset_of(self["DT_SYMTAB"]) + index * self.form.size("Sym")

    def _section_header(self, name: str) -> int:
        names = [section.name for section in self.sections()]
        if name not in names:
            raise KeyError(f"no section {name}")
        return self["e_shoff"] + names.index(name) * self.form.size("Shdr")

    def _abi_note(self) -> int:
        for segment in self.program_headers("PT_NOTE"):
            at = self.read("Phdr", segment, "p_offset")
            if self.read("Nhdr", at, "n_type") == NT_GNU_ABI_TAG:
                return at
        raise KeyError("no NT_GNU_ABI_TAG")
