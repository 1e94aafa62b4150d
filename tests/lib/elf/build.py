# SPDX-License-Identifier: MIT
"""
Builds a small static executable the way ld.lld lays one out. The file of a machine runs; in another
form than the machine's own it has right headers and tables, and code that means nothing.

Everything has a fixed place, so that a test can name an address:

    0x200000 R   headers, note, .dynsym, .dynstr, .rela.dyn, .rela.plt
    0x202000 RX  .text
    0x204000 RW  .dynamic, .got; behind what the file holds, up to 0x206000, memory only
"""
from dataclasses import dataclass, field

from machines import X86_64, Machine

from .code import assemble
from .fields import Elf
from .layout import (DF_1_PIE, DT, ET_DYN, ET_EXEC, NT_GNU_ABI_TAG, PF_R, PF_W, PF_X, PT, SHT,
                     STB_GLOBAL, STB_LOCAL, STB_WEAK, STT_FUNC, STT_NOTYPE, Form)

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
    machine: Machine = X86_64
    form: Form | None = None  # the machine's own
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

    def __post_init__(self) -> None:
        self.form = self.form or self.machine.form


def weak_names(count: int) -> list[Symbol]:
    return [Symbol(f"absent_{i}") for i in range(count)]


def address_of(machine: Machine, label: str) -> int:
    """Where a label is in the text of a file, other than one that depends on its entries."""
    return assemble(machine.folder, TEXT, _anywhere())[1][label]


def mixed(machine: Machine, letters: str) -> list[Entry]:
    """G, A, J: stray entries of these types; I: IRELATIVE; N: none. `GGI` is what lld writes."""
    kinds = {"G": machine.glob_dat, "A": machine.absolute, "J": machine.jump_slot,
             "R": machine.relative}
    entries, symbol = [], 0
    for letter in letters:
        if letter == "I":
            entries.append(Entry(machine.irelative, 0, address_of(machine, "resolver")))
        elif letter == "N":
            entries.append(Entry(machine.none, slot=0))
        else:
            symbol += 1
            entries.append(Entry(kinds[letter], symbol))
    return entries


def broken(machine: Machine = X86_64, letters: str = "GGAII", **more) -> Spec:
    """wide-bounds: the entries are in this order, the bounds around all of them."""
    strays = sum(letter not in "IN" for letter in letters)
    return Spec(machine, symbols=weak_names(strays), entries=mixed(machine, letters), **more)


def healthy(machine: Machine = X86_64, letters: str = "GGAII") -> Spec:
    """What LLVM 18 wrote: the same entries, the bounds around the IRELATIVE ones."""
    spec = broken(machine, letters)
    spec.start = RELA_DYN + letters.index("I") * spec.form.entry_size
    return spec


def lost(machine: Machine = X86_64) -> Spec:
    """lost-irelative: the entries are in .rela.plt, the bounds empty at the packed .rela.dyn."""
    return Spec(machine, plt_entries=mixed(machine, "II"), start=RELA_DYN, end=RELA_DYN,
                packed=True)


def lost_without_library(machine: Machine = X86_64) -> Spec:
    """The same without PT_DYNAMIC: both bounds are the image base."""
    return Spec(machine, plt_entries=mixed(machine, "II"), start=BASE, end=BASE, dynamic=False)


def biased(machine: Machine = X86_64, **more) -> Spec:
    """biased-weak: a static-PIE. It does not run: nothing applies its RELATIVE entries."""
    spec = broken(machine, "GA", type=ET_DYN, pie=True, start=RELA_DYN, end=RELA_DYN, **more)
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
        form = self.spec.form
        self.write(at, bytes(form.size(structure)))
        for name, value in values.items():
            offset, width = form.fields(structure)[name]
            self.write(at + offset, form.raw(value, width))
        return at + form.size(structure)


def offset_of(address: int) -> int:
    start = max(base for base in OFFSETS if base <= address)
    return OFFSETS[start] + address - start


def slot(form: Form, index: int) -> int:
    """The address of a word of the GOT."""
    return GOT + form.word * index


def _string_table(names: list[str]) -> tuple[bytes, list[int]]:
    table, offsets = b"\0", []
    for name in names:
        offsets.append(len(table) if name else 0)
        table += name.encode("utf-8", "surrogateescape") + b"\0" if name else b""
    return table, offsets


def _relocations(file: Writer, at: int, entries: list[Entry], first_slot: int) -> int:
    """Writes a table, and where it has no room for addends these into the slots; its size."""
    start, form = at, file.spec.form
    for index, entry in enumerate(entries):
        place = slot(form, first_slot + index) if entry.slot is None else entry.slot
        addend = {"r_addend": entry.addend} if form.rela else {}
        at = file.put(at, form.entry, r_offset=place, **addend,
                      r_info=form.info(entry.symbol, entry.kind))
        if entry.addend and not form.rela:
            file.write(offset_of(place), form.raw(entry.addend))
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
    form = file.spec.form
    tags = [("DT_DEBUG", 0), ("DT_SYMTAB", DYNSYM), ("DT_SYMENT", form.size("Sym")),
            ("DT_STRTAB", DYNSTR), ("DT_STRSZ", strings_size)]
    if rela_size:
        tags += [("DT_RELA", RELA_DYN), ("DT_RELASZ", rela_size),
                 ("DT_RELAENT", form.entry_size)]
    if plt_size:
        tags += [("DT_JMPREL", RELA_PLT), ("DT_PLTRELSZ", plt_size),
                 ("DT_PLTREL", DT[form.tag("DT_RELA")])]
    if file.spec.packed:
        tags += [("DT_ANDROID_RELA", RELA_DYN), ("DT_ANDROID_RELASZ", 8)]
    if file.spec.pie:
        tags += [("DT_FLAGS_1", DF_1_PIE)]
    at = offset_of(DYNAMIC)
    for tag, value in [*tags, ("DT_NULL", 0)]:
        at = file.put(at, "Dyn", d_tag=DT[form.tag(tag)], d_val=value)
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
    at = spec.form.size("Ehdr")
    for kind, start, file_end, end, flags in rows:
        at = file.put(at, "Phdr", p_type=PT[kind], p_offset=offset_of(start), p_vaddr=start,
                      p_paddr=start, p_filesz=file_end - start, p_memsz=end - start,
                      p_flags=flags, p_align=0x1000 if kind == "PT_LOAD" else spec.form.word)
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
    symbols = {"START": start, "END": end,
               "slot": slot(spec.form, irelative[0] if irelative else 60),
               "check": slot(spec.form, strays[0] if strays else 61)}
    code, labels = assemble(spec.machine.folder, TEXT, symbols)
    file.write(offset_of(TEXT), code)
    if not irelative:
        file.write(offset_of(symbols["slot"]), spec.form.raw(labels["answer"]))
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
    bounds = [f"__{file.spec.form.prefix}_iplt_{which}" for which in ("start", "end")]
    strings, names = _string_table([name for name, *_ in text] + bounds)
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
    form, comment = file.spec.form, b"\0Linker: LLD 22.1.8\0"
    symtab = _aligned(file.write(NOT_LOADED, comment))
    strtab, end, count = _static_symbols(file, symtab, *bounds, labels)
    entries = "SHT_RELA" if form.rela else "SHT_REL"
    rows = [_Section("", "SHT_NULL", 0, 0, 0),
            _Section(".dynsym", "SHT_PROGBITS", DYNSYM, offset_of(DYNSYM), sizes["dynsym"]),
            _Section(".dynstr", "SHT_STRTAB", DYNSTR, offset_of(DYNSTR), sizes["dynstr"]),
            _Section(f".{form.prefix}.dyn", entries, RELA_DYN, offset_of(RELA_DYN), sizes["rela"],
                     entry_size=form.entry_size),
            _Section(f".{form.prefix}.plt", entries, RELA_PLT, offset_of(RELA_PLT), sizes["plt"],
                     entry_size=form.entry_size),
            _Section(".text", "SHT_PROGBITS", TEXT, offset_of(TEXT), 0x1000),
            _Section(".comment", "SHT_PROGBITS", 0, NOT_LOADED, len(comment)),
            _Section(".symtab", "SHT_SYMTAB", 0, symtab, strtab - symtab, 8, form.size("Sym")),
            _Section(".strtab", "SHT_STRTAB", 0, strtab, end - strtab)]
    strings, names = _string_table([row.name for row in rows] + [".shstrtab"])
    rows.append(_Section(".shstrtab", "SHT_STRTAB", 0, end, len(strings)))
    table = at = _aligned(file.write(end, strings))
    for row, name in zip(rows, names):
        at = file.put(at, "Shdr", sh_name=name, sh_type=SHT[row.kind], sh_addr=row.address,
                      sh_offset=row.offset, sh_size=row.size, sh_link=row.link,
                      sh_entsize=row.entry_size)
    assert count * form.size("Sym") == strtab - symtab
    return table, len(rows), len(rows) - 1


def _aligned(at: int) -> int:
    return at + -at % 8


def build(spec: Spec) -> Elf:
    """The file."""
    file = Writer(spec)
    file.write(NOT_LOADED - 1, b"\0")
    first_slot = len(spec.entries)
    sizes = {"rela": _relocations(file, offset_of(RELA_DYN), spec.entries, 0),
             "plt": _relocations(file, offset_of(RELA_PLT), spec.plt_entries,
                                 first_slot),
             "dynstr": _dynamic_symbols(file),
             "dynsym": (len(spec.symbols) + 1) * spec.form.size("Sym")}
    dynamic_size = _dynamic(file, sizes["rela"], sizes["plt"], sizes["dynstr"])
    header_count = _program_headers(file, dynamic_size, _note(file))
    bounds = (RELA_DYN if spec.start is None else spec.start,
              RELA_DYN + sizes["rela"] if spec.end is None else spec.end)
    labels = _text(file, *bounds)
    for address, value in spec.got_words.items():
        file.write(offset_of(address), spec.form.raw(value))
    table = _section_headers(file, sizes, bounds, labels) if spec.sections else (0, 0, 0)
    _elf_header(file, labels["_start"], header_count, table)
    elf = Elf(bytes(file.data))
    return _linked_at_zero(elf) if spec.pie else elf


def _linked_at_zero(elf: Elf) -> Elf:
    """The same file, with every address in its headers and tables lower by BASE."""
    names = ["e_entry", "DT_SYMTAB", "DT_STRTAB", "DT_RELA"]
    names += [f"phdr[{i}].{name}" for i in range(elf["e_phnum"]) for name in ("p_vaddr", "p_paddr")]
    names += [f"shdr[{i}].sh_addr" for i in range(elf["e_shnum"])]
    names += [f"entry[{i}].{name}" for i, _ in enumerate(elf.entries())
              for name in ("r_offset", "r_addend")]
    places = [elf.place(name) for name in names]
    for at, width in places:
        value = elf.number(at, width)
        if value >= BASE:
            elf.data[at:at + width] = elf.form.raw(value - BASE, width)
    return elf


def _elf_header(file: Writer, entry: int, header_count: int, table: tuple[int, int, int]) -> None:
    spec, form = file.spec, file.spec.form
    file.put(0, "Ehdr", e_type=spec.type, e_machine=spec.machine.number, e_version=1,
             e_entry=entry, e_phoff=form.size("Ehdr"), e_flags=spec.machine.flags,
             e_ehsize=form.size("Ehdr"),
             e_phentsize=form.size("Phdr"), e_phnum=header_count, e_shoff=table[0],
             e_shentsize=form.size("Shdr"), e_shnum=table[1], e_shstrndx=table[2])
    file.write(0, b"\177ELF" + bytes([{32: 1, 64: 2}[form.bits],
                                      {"little": 1, "big": 2}[form.order], 1]))
