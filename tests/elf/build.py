# SPDX-License-Identifier: MIT
"""
Builds a small static executable the way ld.lld lays one out. The files of the two machines run;
those of other classes and byte orders only have headers and tables.

Everything has a fixed place, so that a test can name an address:

    0x200000 R   headers, note, .dynsym, .dynstr, .rela.dyn, .rela.plt
    0x202000 RX  .text
    0x204000 RW  .dynamic, .got; behind what the file holds, up to 0x206000, memory only
"""
from dataclasses import dataclass, field

from .code import AARCH64, X86_64, assemble
from .fields import Elf
from .layout import (DF_1_PIE, DT, ET_DYN, ET_EXEC, NT_GNU_ABI_TAG, PF_R, PF_W, PF_X, PT, SHT,
                     STB_GLOBAL, STB_LOCAL, STB_WEAK, STT_FUNC, STT_NOTYPE, fields_of,
                     relocation_info, size_of)

BASE = 0x200000
TEXT, DATA, DATA_END = BASE + 0x2000, BASE + 0x4000, BASE + 0x6000
NOTE, DYNSYM, DYNSTR = BASE + 0x300, BASE + 0x340, BASE + 0x500
RELA_DYN, RELA_PLT = BASE + 0x700, BASE + 0xc00
DYNAMIC, GOT = DATA, DATA + 0x400
MEMORY_ONLY = DATA + 0x1000  # behind the last byte of the file

# Address to file offset, as lld does: no gaps in the file, but congruent modulo the page.
OFFSETS = {BASE: 0, TEXT: 0x1000, DATA: 0x2000}
R_END, TEXT_END, DATA_FILE_END = BASE + 0x1000, TEXT + 0x1000, MEMORY_ONLY
NOT_LOADED = 0x3000


@dataclass(frozen=True)
class Machine:
    name: str
    number: int
    code: str
    none: int
    absolute: int
    glob_dat: int
    jump_slot: int
    relative: int
    irelative: int
    prefix: str  # of the names of its relocation types


X86 = Machine("x86-64", 62, X86_64, 0, 1, 6, 7, 8, 37, "R_X86_64_")
ARM64 = Machine("AArch64", 183, AARCH64, 0, 257, 1025, 1026, 1027, 1032, "R_AARCH64_")
MACHINES = (X86, ARM64)


@dataclass(frozen=True)
class Symbol:
    name: str
    binding: int = STB_WEAK
    section: int = 0
    value: int = 0
    kind: int = STT_NOTYPE


@dataclass(frozen=True)
class Entry:
    """A relocation. Its slot is the GOT word of its index, unless it says another address."""
    kind: int
    symbol: int = 0
    addend: int = 0
    slot: int | None = None


@dataclass
class Spec:
    machine: Machine = X86
    bits: int = 64
    order: str = "little"
    type: int = ET_EXEC
    symbols: list[Symbol] = field(default_factory=list)  # .dynsym behind the null symbol
    entries: list[Entry] = field(default_factory=list)   # .rela.dyn
    plt_entries: list[Entry] = field(default_factory=list)  # .rela.plt
    start: int | None = None  # the iplt bounds; the whole of .rela.dyn
    end: int | None = None
    pie: bool = False
    packed: bool = False  # .rela.dyn is in Android's packed form; here: an empty one
    interpreter: bool = False
    dynamic: bool = True
    note: bool = True
    sections: bool = True
    got_words: dict[int, int] = field(default_factory=dict)  # by address: initial values


def weak_names(count: int) -> list[Symbol]:
    return [Symbol(f"absent_{i}") for i in range(count)]


def resolver_address(machine: Machine) -> int:
    """Where the resolver is in the text of a file."""
    return assemble(machine.code, TEXT, _anywhere())[1]["resolver"]


def mixed(machine: Machine, letters: str) -> list[Entry]:
    """G, A, J: stray entries of these types; I: IRELATIVE; N: none. `GGI` is what lld writes."""
    kinds = {"G": machine.glob_dat, "A": machine.absolute, "J": machine.jump_slot,
             "R": machine.relative}
    entries, symbol = [], 0
    for letter in letters:
        if letter == "I":
            entries.append(Entry(machine.irelative, 0, resolver_address(machine)))
        elif letter == "N":
            entries.append(Entry(machine.none, slot=0))
        else:
            symbol += 1
            entries.append(Entry(kinds[letter], symbol))
    return entries


def broken(machine: Machine = X86, letters: str = "GGAII", **more) -> Spec:
    """wide-bounds: the entries are in this order, the bounds around all of them."""
    strays = sum(letter not in "IN" for letter in letters)
    return Spec(machine, symbols=weak_names(strays), entries=mixed(machine, letters), **more)


def healthy(machine: Machine = X86, letters: str = "GGAII") -> Spec:
    """What LLVM 18 wrote: the same entries, the bounds around the IRELATIVE ones."""
    spec = broken(machine, letters)
    spec.start = RELA_DYN + letters.index("I") * 24
    return spec


def lost(machine: Machine = X86) -> Spec:
    """lost-irelative: the entries are in .rela.plt, the bounds empty at the packed .rela.dyn."""
    return Spec(machine, plt_entries=mixed(machine, "II"), start=RELA_DYN, end=RELA_DYN,
                packed=True)


def lost_without_library(machine: Machine = X86) -> Spec:
    """The same without PT_DYNAMIC: both bounds are the image base."""
    return Spec(machine, plt_entries=mixed(machine, "II"), start=BASE, end=BASE, dynamic=False)


def biased(machine: Machine = X86) -> Spec:
    """biased-weak: a static-PIE. It does not run: nothing applies its RELATIVE entries."""
    spec = broken(machine, "GA", type=ET_DYN, pie=True, start=RELA_DYN, end=RELA_DYN)
    spec.entries.append(Entry(machine.relative, 0, TEXT))
    return spec


def _anywhere() -> dict[str, int]:
    return {name: TEXT for name in ("START", "END", "slot", "check")}


class Writer:
    """The bytes, grown as they are written to."""

    def __init__(self, spec: Spec):
        self.spec = spec
        self.data = bytearray()

    def write(self, at: int, data: bytes) -> int:
        self.data.extend(bytes(max(0, at + len(data) - len(self.data))))
        self.data[at:at + len(data)] = data
        return at + len(data)

    def put(self, at: int, structure: str, **values: int) -> int:
        """Writes a structure; fields that are not named are 0. Returns its end."""
        fields = fields_of(structure, self.spec.bits)
        self.write(at, bytes(size_of(structure, self.spec.bits)))
        for name, value in values.items():
            offset, width = fields[name]
            raw = (value % (1 << 8 * width)).to_bytes(width, self.spec.order)
            self.write(at + offset, raw)
        return at + size_of(structure, self.spec.bits)


def offset_of(address: int) -> int:
    start = max(base for base in OFFSETS if base <= address)
    return OFFSETS[start] + address - start


def _slot(index: int) -> int:
    return GOT + 8 * index


def _string_table(names: list[str]) -> tuple[bytes, list[int]]:
    table, offsets = b"\0", []
    for name in names:
        offsets.append(len(table) if name else 0)
        table += name.encode("utf-8", "surrogateescape") + b"\0" if name else b""
    return table, offsets


def _relocations(file: Writer, at: int, entries: list[Entry], first_slot: int) -> int:
    """Writes a table; returns its size."""
    start = at
    for index, entry in enumerate(entries):
        slot = _slot(first_slot + index) if entry.slot is None else entry.slot
        at = file.put(at, "Rela", r_offset=slot, r_addend=entry.addend,
                      r_info=relocation_info(file.spec.bits, entry.symbol, entry.kind))
    return at - start


def _dynamic_symbols(file: Writer) -> int:
    """Writes .dynsym and .dynstr; returns the size of .dynstr."""
    symbols = file.spec.symbols
    strings, names = _string_table([s.name for s in symbols])
    at = file.put(offset_of(DYNSYM), "Sym")
    for symbol, name in zip(symbols, names):
        at = file.put(at, "Sym", st_name=name, st_info=symbol.binding << 4 | symbol.kind,
                      st_shndx=symbol.section, st_value=symbol.value)
    assert at <= offset_of(DYNSTR), "too many symbols"
    file.write(offset_of(DYNSTR), strings)
    return len(strings)


def _dynamic(file: Writer, rela_size: int, plt_size: int, strings_size: int) -> int:
    """Writes PT_DYNAMIC; returns its size."""
    bits = file.spec.bits
    tags = [("DT_DEBUG", 0), ("DT_SYMTAB", DYNSYM), ("DT_SYMENT", size_of("Sym", bits)),
            ("DT_STRTAB", DYNSTR), ("DT_STRSZ", strings_size)]
    if rela_size:
        tags += [("DT_RELA", RELA_DYN), ("DT_RELASZ", rela_size),
                 ("DT_RELAENT", size_of("Rela", bits))]
    if plt_size:
        tags += [("DT_JMPREL", RELA_PLT), ("DT_PLTRELSZ", plt_size), ("DT_PLTREL", DT["DT_RELA"])]
    if file.spec.packed:
        tags += [("DT_ANDROID_RELA", RELA_DYN), ("DT_ANDROID_RELASZ", 8)]
    if file.spec.pie:
        tags += [("DT_FLAGS_1", DF_1_PIE)]
    at = offset_of(DYNAMIC)
    for tag, value in [*tags, ("DT_NULL", 0)]:
        at = file.put(at, "Dyn", d_tag=DT[tag], d_val=value)
    return at - offset_of(DYNAMIC)


def _program_headers(file: Writer, dynamic_size: int, note_size: int) -> int:
    """Writes them; returns their number."""
    spec = file.spec
    rows = [("PT_LOAD", BASE, R_END, R_END, PF_R),
            ("PT_LOAD", TEXT, TEXT_END, TEXT_END, PF_R | PF_X),
            ("PT_LOAD", DATA, DATA_FILE_END, DATA_END, PF_R | PF_W)]
    if spec.interpreter:
        rows.append(("PT_INTERP", DYNSTR, DYNSTR + 1, DYNSTR + 1, PF_R))
    if spec.dynamic:
        end = DYNAMIC + dynamic_size
        rows.append(("PT_DYNAMIC", DYNAMIC, end, end, PF_R | PF_W))
    if spec.note:
        rows.append(("PT_NOTE", NOTE, NOTE + note_size, NOTE + note_size, PF_R))
    at = size_of("Ehdr", spec.bits)
    for kind, start, file_end, end, flags in rows:
        at = file.put(at, "Phdr", p_type=PT[kind], p_offset=offset_of(start), p_vaddr=start,
                      p_paddr=start, p_filesz=file_end - start, p_memsz=end - start,
                      p_flags=flags, p_align=0x1000 if kind == "PT_LOAD" else 8)
    assert at <= offset_of(NOTE)
    return len(rows)


def _note(file: Writer) -> int:
    """Writes glibc's ABI note; returns its size."""
    start = offset_of(NOTE)
    at = file.put(start, "Nhdr", n_namesz=4, n_descsz=16, n_type=NT_GNU_ABI_TAG)
    at = file.write(at, b"GNU\0")
    return file.write(at, bytes(16)) - start


def _text(file: Writer, start: int, end: int) -> dict[str, int]:
    """Writes the code; returns where its labels are."""
    spec = file.spec
    table = spec.entries or spec.plt_entries
    irelative = [i for i, entry in enumerate(table) if entry.kind == spec.machine.irelative]
    strays = [i for i, entry in enumerate(table) if entry.kind == spec.machine.glob_dat]
    symbols = {"START": start, "END": end, "slot": _slot(irelative[0] if irelative else 60),
               "check": _slot(strays[0] if strays else 61)}
    code, labels = assemble(spec.machine.code, TEXT, symbols)
    file.write(offset_of(TEXT), code)
    if not irelative:
        file.write(offset_of(symbols["slot"]), labels["answer"].to_bytes(8, "little"))
    return labels


@dataclass(frozen=True)
class _Section:
    name: str
    kind: str
    address: int
    offset: int
    size: int
    link: int = 0
    entry_size: int = 0


def _static_symbols(file: Writer, at: int, start: int, end: int,
                    labels: dict[str, int]) -> tuple[int, int, int]:
    """Writes .symtab and .strtab at an offset; returns the offsets of .strtab and its end."""
    text = [("_start", labels["_start"], labels["startup"]),
            ("__libc_start_main", labels["startup"], labels["resolver"])]
    strings, names = _string_table([name for name, *_ in text]
                                   + ["__rela_iplt_start", "__rela_iplt_end"])
    at = file.put(at, "Sym")
    for name, (_, first, last) in zip(names, text):
        at = file.put(at, "Sym", st_name=name, st_info=STB_GLOBAL << 4 | STT_FUNC, st_shndx=5,
                      st_value=first, st_size=last - first)
    for name, value in zip(names[len(text):], (start, end)):
        at = file.put(at, "Sym", st_name=name, st_info=STB_LOCAL << 4, st_shndx=3,
                      st_value=value)
    return at, file.write(at, strings), len(text) + 3


def _section_headers(file: Writer, sizes: dict[str, int], bounds: tuple[int, int],
                     labels: dict[str, int]) -> tuple[int, int, int]:
    """Writes what is not loaded; returns e_shoff, e_shnum and e_shstrndx."""
    bits, comment = file.spec.bits, b"\0Linker: LLD 22.1.8\0"
    symtab = (file.write(NOT_LOADED, comment) + 7) & ~7
    strtab, end, count = _static_symbols(file, symtab, *bounds, labels)
    rows = [_Section("", "SHT_NULL", 0, 0, 0),
            _Section(".dynsym", "SHT_PROGBITS", DYNSYM, offset_of(DYNSYM), sizes["dynsym"]),
            _Section(".dynstr", "SHT_STRTAB", DYNSTR, offset_of(DYNSTR), sizes["dynstr"]),
            _Section(".rela.dyn", "SHT_RELA", RELA_DYN, offset_of(RELA_DYN), sizes["rela"]),
            _Section(".rela.plt", "SHT_RELA", RELA_PLT, offset_of(RELA_PLT), sizes["plt"]),
            _Section(".text", "SHT_PROGBITS", TEXT, offset_of(TEXT), 0x1000),
            _Section(".comment", "SHT_PROGBITS", 0, NOT_LOADED, len(comment)),
            _Section(".symtab", "SHT_SYMTAB", 0, symtab, strtab - symtab, 8,
                     size_of("Sym", bits)),
            _Section(".strtab", "SHT_STRTAB", 0, strtab, end - strtab)]
    strings, names = _string_table([row.name for row in rows] + [".shstrtab"])
    rows.append(_Section(".shstrtab", "SHT_STRTAB", 0, end, len(strings)))
    table = at = (file.write(end, strings) + 7) & ~7
    for row, name in zip(rows, names):
        at = file.put(at, "Shdr", sh_name=name, sh_type=SHT[row.kind], sh_addr=row.address,
                      sh_offset=row.offset, sh_size=row.size, sh_link=row.link,
                      sh_entsize=row.entry_size)
    assert count * size_of("Sym", bits) == strtab - symtab
    return table, len(rows), len(rows) - 1


def build(spec: Spec) -> Elf:
    """The file."""
    file = Writer(spec)
    file.write(NOT_LOADED - 1, b"\0")
    first_slot = len(spec.entries)
    sizes = {"rela": _relocations(file, offset_of(RELA_DYN), spec.entries, 0),
             "plt": _relocations(file, offset_of(RELA_PLT), spec.plt_entries,
                                 first_slot),
             "dynstr": _dynamic_symbols(file),
             "dynsym": (len(spec.symbols) + 1) * size_of("Sym", spec.bits)}
    dynamic_size = _dynamic(file, sizes["rela"], sizes["plt"], sizes["dynstr"])
    header_count = _program_headers(file, dynamic_size, _note(file))
    bounds = (RELA_DYN if spec.start is None else spec.start,
              RELA_DYN + sizes["rela"] if spec.end is None else spec.end)
    labels = _text(file, *bounds)
    for address, value in spec.got_words.items():
        file.write(offset_of(address), value.to_bytes(spec.bits // 8, spec.order))
    table = _section_headers(file, sizes, bounds, labels) if spec.sections else (0, 0, 0)
    _elf_header(file, labels["_start"], header_count, table)
    elf = Elf(bytes(file.data))
    return _linked_at_zero(elf) if spec.pie else elf


def _linked_at_zero(elf: Elf) -> Elf:
    """The same file, with every address in its headers and tables lower by BASE."""
    names = ["e_entry", "DT_SYMTAB", "DT_STRTAB", "DT_RELA"]
    names += [f"phdr[{i}].{name}" for i in range(elf["e_phnum"]) for name in ("p_vaddr", "p_paddr")]
    names += [f"shdr[{i}].sh_addr" for i in range(elf["e_shnum"])]
    names += [f"rela[{i}].{name}" for i, _ in enumerate(elf.entries())
              for name in ("r_offset", "r_addend")]
    places = [elf.place(name) for name in names]
    for at, width in places:
        value = int.from_bytes(elf.data[at:at + width], elf.order)
        if value >= BASE:
            elf.data[at:at + width] = (value - BASE).to_bytes(width, elf.order)
    return elf


def _elf_header(file: Writer, entry: int, header_count: int, table: tuple[int, int, int]) -> None:
    spec = file.spec
    file.put(0, "Ehdr", e_type=spec.type, e_machine=spec.machine.number, e_version=1,
             e_entry=entry, e_phoff=size_of("Ehdr", spec.bits),
             e_ehsize=size_of("Ehdr", spec.bits), e_phentsize=size_of("Phdr", spec.bits),
             e_phnum=header_count, e_shoff=table[0], e_shentsize=size_of("Shdr", spec.bits),
             e_shnum=table[1], e_shstrndx=table[2])
    file.write(0, b"\177ELF" + bytes([{32: 1, 64: 2}[spec.bits],
                                      {"little": 1, "big": 2}[spec.order], 1]))
