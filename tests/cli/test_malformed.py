# SPDX-License-Identifier: MIT
"""
Files that lie, a row each: which fields of a broken file are changed to what, how `-o` ends, and
what it says. Nothing is written unless it succeeds. Every row is tried on hand-made files of every
machine and, where that makes sense, on a really linked one.
"""
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Callable

import pytest
from elf.build import BASE, DATA_END, GOT, MEMORY_ONLY, TEXT, Entry, broken, build
from elf.fields import Elf
from elf.layout import DT, FORMS, Form
from lab.cases import product
from lab.links import link
from machines import ARCHS, MACHINES, Machine
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, UNVERIFIED, irelfix, names_in

Value = int | Callable[[Elf], int]


@dataclass(frozen=True)
class Row:
    name: str
    changes: dict[str, Value]
    status: int
    text: str  # numbers are those of the hand-made x86-64 file; their values count only there
    real: bool = True


def size(elf: Elf) -> int:
    return len(elf.data)


def half(elf: Elf) -> int:
    """The first address of the upper half."""
    return 1 << elf.form.bits - 1


def top(elf: Elf) -> int:
    """The last address."""
    return (1 << elf.form.bits) - 1


def top_less(minus: int) -> Value:
    return lambda elf: top(elf) - minus


def headers(elf: Elf, count: int = 5) -> int:
    return count * elf.form.size("Phdr")


def of(name: str, plus: int = 0) -> Value:
    return lambda elf: elf[name] + plus


def info(symbol: int, kind: str | int) -> Value:
    """An r_info of the machine's type of this name."""
    def value(elf: Elf) -> int:
        return elf.form.info(symbol, getattr(elf.machine, kind) if isinstance(kind, str) else kind)
    return value


READ_ONLY = "is in a segment that is not writable"
HEADER = [
    Row("magic", {"ei_mag": 0x464c457e}, BAD_FILE, "not an ELF file"),
    Row("class-0", {"ei_class": 0}, BAD_FILE, "EI_CLASS is 0, expected 1 or 2"),
    Row("class-3", {"ei_class": 3}, BAD_FILE, "EI_CLASS is 3, expected 1 or 2"),
    Row("data-0", {"ei_data": 0}, BAD_FILE, "EI_DATA is 0, expected 1 or 2"),
    Row("data-3", {"ei_data": 3}, BAD_FILE, "EI_DATA is 3, expected 1 or 2"),
    Row("data-of-the-other-order", {"ei_data": 2}, BAD_FILE, "e_version is 16777216, expected 1"),
    Row("ident-version-0", {"ei_version": 0}, BAD_FILE, "EI_VERSION is 0, expected 1"),
    Row("ident-version-2", {"ei_version": 2}, BAD_FILE, "EI_VERSION is 2, expected 1"),
    Row("version-0", {"e_version": 0}, BAD_FILE, "e_version is 0, expected 1"),
    Row("version-2", {"e_version": 2}, BAD_FILE, "e_version is 2, expected 1"),
    Row("version-max", {"e_version": 0xffffffff}, BAD_FILE, "e_version is 4294967295, expected 1"),
    Row("phoff-at-the-end", {"e_phoff": size}, BAD_FILE,
        "e_phoff 0x33a0: 5 program headers of 56 bytes end outside the file of 13216 bytes"),
    Row("phoff-one-byte-too-far", {"e_phoff": lambda e: size(e) - headers(e) + 1}, BAD_FILE,
        "e_phoff 0x3289: 5 program headers of 56 bytes end outside the file of 13216 bytes"),
    Row("phoff-half", {"e_phoff": half}, BAD_FILE, "e_phoff 0x8000000000000000: 5 program headers"),
    Row("phoff-wraps", {"e_phoff": top}, BAD_FILE,
        "e_phoff 0xffffffffffffffff: 5 program headers"),
    Row("phoff-wraps-to-the-front",
        {"e_phoff": lambda e: top(e) - headers(e) + 1 + e["e_ehsize"]}, BAD_FILE,
        "e_phoff 0xffffffffffffff28: 5 program headers"),
    Row("phnum-max", {"e_phnum": 0xffff}, BAD_FILE,
        "e_phnum is 65535, but Linux runs at most 1170"),
    Row("phnum-one-too-many", {"e_phnum": 1171}, BAD_FILE,
        "e_phnum is 1171, but Linux runs at most 1170"),
    Row("phnum-beyond-the-file", {"e_phnum": 1170}, BAD_FILE,
        "e_phoff 0x40: 1170 program headers of 56 bytes end outside the file of 13216 bytes",
        False),
    Row("phentsize-0", {"e_phentsize": 0}, BAD_FILE, "e_phentsize is 0, expected 56"),
    Row("phentsize-small", {"e_phentsize": 55}, BAD_FILE, "e_phentsize is 55, expected 56"),
    Row("phentsize-of-elf32", {"e_phentsize": 32}, BAD_FILE, "e_phentsize is 32, expected 56"),
    Row("phentsize-large", {"e_phentsize": 57}, BAD_FILE, "e_phentsize is 57, expected 56"),
]

SEGMENTS = [
    Row("offset-half", {"PT_LOAD[0].p_offset": half}, BAD_FILE,
        "program header 0: p_offset 0x8000000000000000 + p_filesz 0x1000 ends outside the file of "
        "13216 bytes"),
    Row("offset-wraps", {"PT_LOAD[1].p_offset": top}, BAD_FILE,
        "program header 1: p_offset 0xffffffffffffffff + p_filesz 0x1000 ends outside the file"),
    Row("file-size-half", {"PT_LOAD[1].p_filesz": half, "PT_LOAD[1].p_memsz": half}, BAD_FILE,
        "program header 1: p_offset 0x1000 + p_filesz 0x8000000000000000 ends outside the file"),
    Row("file-size-one-too-large",
        {name: lambda e: size(e) - e["PT_LOAD[2].p_offset"] + 1
         for name in ("PT_LOAD[2].p_filesz", "PT_LOAD[2].p_memsz")}, BAD_FILE,
        "program header 2: p_offset 0x2000 + p_filesz 0x13a1 ends outside the file of 13216 bytes"),
    Row("file-size-above-memory-size", {"PT_LOAD[1].p_filesz": of("PT_LOAD[1].p_memsz", 1)},
        BAD_FILE, "program header 1: p_filesz 0x1001 is larger than p_memsz 0x1000"),
    Row("memory-size-0", {"PT_LOAD[0].p_memsz": 0}, BAD_FILE,
        "program header 0: p_filesz 0x1000 is larger than p_memsz 0x0"),
    Row("memory-size-wraps", {"PT_LOAD[2].p_memsz": top}, BAD_FILE,
        "program header 2: p_vaddr 0x204000 + p_memsz 0xffffffffffffffff wraps"),
    Row("address-wraps", {"PT_LOAD[2].p_vaddr": top}, BAD_FILE,
        "program header 2: p_vaddr 0xffffffffffffffff + p_memsz 0x2000 wraps"),
    Row("same-address", {"PT_LOAD[1].p_vaddr": of("PT_LOAD[0].p_vaddr")}, BAD_FILE,
        "program header 1: PT_LOAD 0x200000..0x201000 overlaps the one at 0x200000..0x201000"),
    Row("overlap-of-a-byte",
        {"PT_LOAD[1].p_vaddr": lambda e: e["PT_LOAD[0].p_vaddr"] + e["PT_LOAD[0].p_memsz"] - 1},
        BAD_FILE,
        "program header 1: PT_LOAD 0x200fff..0x201fff overlaps the one at 0x200000..0x201000"),
    Row("overlap-from-below", {"PT_LOAD[1].p_vaddr": of("PT_LOAD[0].p_vaddr", -1)}, BAD_FILE,
        "program header 1: PT_LOAD 0x1fffff..0x200fff overlaps the one at 0x200000..0x201000"),
    Row("no-code-where-the-resolvers-are", {"PT_LOAD[1].p_vaddr": 0}, UNVERIFIED,
        "entry 0: its resolver 0x202069 is not executable"),
    Row("overlap-by-memory-size", {"PT_LOAD[0].p_memsz": 0x1000000}, BAD_FILE,
        "program header 1: PT_LOAD 0x202000..0x203000 overlaps the one at 0x200000..0x1200000"),
    Row("dynamic-offset", {"PT_DYNAMIC.p_offset": half}, BAD_FILE,
        "program header 3: p_offset 0x8000000000000000 + p_filesz 0x90 ends outside the file of "
        "13216 bytes"),
    Row("dynamic-file-size", {"PT_DYNAMIC.p_filesz": half}, BAD_FILE,
        "program header 3: p_offset 0x2000 + p_filesz 0x8000000000000000 ends outside the file"),
    Row("dynamic-wraps", {"PT_DYNAMIC.p_memsz": top}, BAD_FILE,
        "program header 3: p_vaddr 0x204000 + p_memsz 0xffffffffffffffff wraps"),
    Row("no-text-segment", {"PT_LOAD[1].p_type": 0}, UNVERIFIED,
        "entry 0: its resolver 0x202069 is not executable"),
    Row("text-is-not-executable", {"PT_LOAD[1].p_flags": 4}, UNVERIFIED,
        "entry 0: its resolver 0x202069 is not executable"),
]

OUTSIDE = "DT_RELA {} + DT_RELASZ {} is not inside the file-backed part of one PT_LOAD"
NO_SYMBOL = "R_X86_64_GLOB_DAT against symbol 1, which is not in DT_SYMTAB"

DYNAMIC = [
    Row("rela-0", {"DT_RELA": 0}, BAD_FILE, OUTSIDE.format("0x0", "0x78")),
    Row("rela-wraps", {"DT_RELA": top}, BAD_FILE, OUTSIDE.format("0xffffffffffffffff", "0x78")),
    Row("rela-in-memory-only", {"DT_RELA": MEMORY_ONLY}, BAD_FILE,
        OUTSIDE.format("0x205000", "0x78"), False),
    Row("rela-crosses-the-end-of-its-segment",
        {"DT_RELA": lambda e: e["PT_LOAD[0].p_vaddr"] + e["PT_LOAD[0].p_memsz"]
                    - e.form.entry_size}, BAD_FILE,
        OUTSIDE.format("0x200fe8", "0x78")),
    Row("rela-is-not-there", {"DT_RELA.d_tag": 0x6fff0000}, BAD_FILE,
        OUTSIDE.format("0x0", "0x78")),
    Row("table-not-in-the-file", {"PT_LOAD[0].p_filesz": 0}, BAD_FILE,
        OUTSIDE.format("0x200700", "0x78")),
    Row("table-not-loaded", {"PT_LOAD[0].p_type": 0}, BAD_FILE, OUTSIDE.format("0x200700", "0x78")),
    Row("relasz-no-multiple", {"DT_RELASZ": of("DT_RELASZ", 1)}, BAD_FILE,
        "DT_RELASZ is 121, not a multiple of 24"),
    Row("relasz-max", {"DT_RELASZ": top}, BAD_FILE,
        "DT_RELASZ is 18446744073709551615, not a multiple of 24"),
    Row("relasz-wraps", {"DT_RELASZ": top_less(15)}, BAD_FILE,
        OUTSIDE.format("0x200700", "0xfffffffffffffff0")),
    Row("relasz-large", {"DT_RELASZ": 24 << 32}, BAD_FILE,
        OUTSIDE.format("0x200700", "0x1800000000")),
    Row("relaent-of-rel", {"DT_RELAENT": 16}, BAD_FILE, "DT_RELAENT is 16, expected 24"),
    Row("relaent-25", {"DT_RELAENT": 25}, BAD_FILE, "DT_RELAENT is 25, expected 24"),
    Row("relsz-without-rel", {"DT_DEBUG.d_tag": DT["DT_RELSZ"], "DT_DEBUG": 48}, BAD_FILE,
        OUTSIDE.format("0x0", "0x30").replace("RELA", "REL")),
    Row("symtab-0", {"DT_SYMTAB": 0}, REFUSED, NO_SYMBOL),
    Row("symtab-wraps", {"DT_SYMTAB": top}, REFUSED, NO_SYMBOL),
    Row("symtab-in-memory-only", {"DT_SYMTAB": MEMORY_ONLY}, REFUSED, NO_SYMBOL, False),
    Row("strtab-0", {"DT_STRTAB": 0}, REFUSED, NO_SYMBOL),
    Row("strtab-wraps", {"DT_STRTAB": top}, REFUSED, NO_SYMBOL),
    Row("strsz-half", {"DT_STRSZ": half}, REFUSED, NO_SYMBOL),
    Row("empty-dynamic", {"PT_DYNAMIC.p_filesz": 0}, REFUSED, NO_SYMBOL),
    Row("half-an-entry-of-dynamic", {"PT_DYNAMIC.p_filesz": 17}, REFUSED, NO_SYMBOL),
]

NOT_WEAK = "R_X86_64_GLOB_DAT against `absent_0', which is undefined and not weak"
NOT_IN_FILE = "slot at {} (absent_0) is not in the file, so it cannot be set to {}"

ENTRIES = [
    Row("symbol-index-max", {"stray.r_info": info(0xffffffff, "glob_dat")}, REFUSED,
        "R_X86_64_GLOB_DAT against symbol 4294967295, which is not in DT_SYMTAB"),
    Row("symbol-is-global", {"stray.symbol.st_info": 0x10}, REFUSED, NOT_WEAK),
    Row("symbol-is-local", {"stray.symbol.st_info": 0}, REFUSED, NOT_WEAK),
    Row("symbol-of-unknown-binding", {"stray.symbol.st_info": 0xd0}, REFUSED, NOT_WEAK),
    Row("canonical-plt", {"stray.symbol.st_value": TEXT}, REFUSED,
        "whose address in the code is that of a PLT entry (0x"),
    Row("symbol-is-defined", {"stray.symbol.st_shndx": 1, "stray.symbol.st_value": TEXT}, REFUSED,
        "R_X86_64_GLOB_DAT against `absent_0', which is defined (0x202000)"),
    Row("unknown-type", {"stray.r_info": info(1, 30583)}, REFUSED,
        "type 30583 at 0x204400 is not a type that can be resolved without a dynamic linker"),
    Row("type-max", {"stray.r_info": info(1, 0xffffffff)}, REFUSED, "type 4294967295 at 0x204400"),
    Row("resolver-0", {"irelative.r_addend": 0}, UNVERIFIED,
        "entry 0: its resolver 0x0 is not executable"),
    Row("resolver-in-data", {"irelative.r_addend": of("PT_LOAD[2].p_vaddr")}, UNVERIFIED,
        "entry 0: its resolver 0x204000 is not executable"),
    Row("resolver-wraps", {"irelative.r_addend": top}, UNVERIFIED,
        "entry 0: its resolver 0xffffffffffffffff is not executable"),
    Row("irelative-slot-0", {"irelative.r_offset": 0}, UNVERIFIED,
        "entry 0: its slot 0x0 is not writable"),
    Row("irelative-slot-in-headers", {"irelative.r_offset": BASE}, UNVERIFIED,
        "entry 0: its slot 0x200000 is not writable"),
    Row("irelative-slot-in-text", {"irelative.r_offset": of("PT_LOAD[1].p_vaddr")}, UNVERIFIED,
        "entry 0: its slot 0x202000 is not writable"),
    Row("irelative-slot-wraps", {"irelative.r_offset": top_less(3)}, UNVERIFIED,
        "entry 0: its slot 0xfffffffffffffffc is not writable"),
    Row("irelative-slot-half-outside", {"irelative.r_offset": DATA_END - 4}, UNVERIFIED,
        "entry 0: its slot 0x205ffc is not writable", False),
]

# Where a value cannot be put is found when it is to be put there: a diagnosis says "broken".
SLOTS = [
    Row("no-data-segment", {"PT_LOAD[2].p_type": 0}, REFUSED,
        "slot at 0x204400 (absent_0) is not in the file, so it cannot be set to 0x0"),
    Row("data-is-not-writable", {"PT_LOAD[2].p_flags": 4}, REFUSED, READ_ONLY, False),
    Row("slot-0", {"stray.r_offset": 0}, REFUSED, NOT_IN_FILE.format("0x0", "0x0")),
    Row("slot-outside", {"stray.r_offset": 0x90000000}, REFUSED,
        NOT_IN_FILE.format("0x90000000", "0x0")),
    Row("slot-wraps", {"stray.r_offset": top}, REFUSED,
        NOT_IN_FILE.format("0xffffffffffffffff", "0x0")),
    Row("slot-in-memory-only-with-an-addend",
        {"stray.r_offset": MEMORY_ONLY + 8, "stray.r_addend": 5}, REFUSED,
        NOT_IN_FILE.format("0x205008", "0x5"), False),
    Row("slot-half-in-the-file", {"stray.r_offset": MEMORY_ONLY - 4}, REFUSED,
        NOT_IN_FILE.format("0x204ffc", "0x0"), False),
    Row("slot-half-in-memory", {"stray.r_offset": DATA_END - 4}, REFUSED,
        NOT_IN_FILE.format("0x205ffc", "0x0"), False),
    Row("slot-is-the-elf-header", {"stray.r_offset": BASE}, REFUSED, READ_ONLY),
    Row("slot-in-text", {"stray.r_offset": of("PT_LOAD[1].p_vaddr", 0x800)}, REFUSED, READ_ONLY),
    Row("slot-in-dynamic", {"stray.r_offset": of("PT_DYNAMIC.p_vaddr", 8)}, REFUSED,
        "is in PT_DYNAMIC"),
    Row("two-values-for-one-slot", {"stray.r_offset": of("entry[1].r_offset"),
                                    "stray.r_addend": 64}, REFUSED, "overlap"),
    Row("slot-is-its-own-entry", {"stray.r_offset": of("DT_RELA", 8)}, REFUSED, READ_ONLY),
]

REPAIRED = "   repaired (narrow) into "

# What no loader reads must not matter, and neither must what is merely unusual.
VALID = [
    *(Row(f"{name}-{value.__name__ if callable(value) else hex(value)}", {name: value}, HEALTHY,
          REPAIRED)
      for name, values in {
          "e_shoff": (top, half, 1, 0), "e_shnum": (0xffff, 0, 1), "e_shentsize": (0, 63, 65),
          "e_shstrndx": (0xffff, 200, 0), "e_flags": (0xffffffff,), "e_ehsize": (0, 0xffff),
          "ei_osabi": (3, 255), "ei_abiversion": (9,), "ei_pad": (0x1234,),
          "PT_LOAD[0].p_align": (0, top), "PT_LOAD[1].p_paddr": (top,),
          "PT_DYNAMIC.p_vaddr": (0,), "PT_DYNAMIC.p_align": (3,),
          "PT_NOTE.p_offset": (top,), "PT_NOTE.p_filesz": (half, 0, 11), "PT_NOTE.p_type": (0,),
          "note.n_namesz": (0xffffffff, 0), "note.n_descsz": (0xffffffff,), "note.n_type": (2,),
          "section[.symtab].sh_offset": (top,), "section[.symtab].sh_size": (top, 0),
          "section[.symtab].sh_link": (0xffffffff,), "section[.symtab].sh_entsize": (0, 16),
          "section[.strtab].sh_offset": (top,), "section[.strtab].sh_size": (0,),
          "section[.rela.dyn].sh_size": (top,), "section[.rela.dyn].sh_addr": (top,),
          "section[.rela.dyn].sh_link": (0xffff,), "section[.comment].sh_size": (top,),
          "section[.comment].sh_name": (0xffffffff,),
          "symtab[__rela_iplt_start].st_name": (0xffffffff,),
          "symtab[__rela_iplt_start].st_value": (0x1234,),
          "DT_RELAENT": (0,), "DT_DEBUG": (top,), "stray.symbol.st_name": (0xffffffff,),
          "stray.symbol.st_size": (top,),
          "DT_STRSZ": (0, 1),
      }.items() for value in values),
    Row("slot-not-aligned", {"stray.r_offset": of("stray.r_offset", 4), "entry[1].r_offset":
                             of("entry[1].r_offset", 64)}, HEALTHY, REPAIRED, False),
    Row("slot-in-memory-only", {"stray.r_offset": MEMORY_ONLY + 8}, HEALTHY, REPAIRED, False),
    Row("two-entries-for-one-slot", {"stray.r_offset": of("entry[1].r_offset")}, HEALTHY, REPAIRED,
        False),
    Row("no-symbol", {"stray.r_info": info(0, "glob_dat")}, HEALTHY, REPAIRED),
    Row("relative", {"stray.r_info": info(0, "relative")}, HEALTHY, REPAIRED),
    Row("irelative-with-a-symbol", {"irelative.r_info": info(1, "irelative")}, HEALTHY, REPAIRED),
    Row("rel-without-size", {"DT_DEBUG.d_tag": DT["DT_REL"], "DT_DEBUG": top}, HEALTHY, REPAIRED),
    Row("symbols-end-with-the-file", {"section[.strtab].sh_offset": lambda e: size(e) - 1,
                                      "section[.strtab].sh_size": 1}, HEALTHY, REPAIRED),
    Row("entry-0", {"e_entry": 0}, HEALTHY, REPAIRED),
    Row("entry-max", {"e_entry": top}, HEALTHY, REPAIRED),
    Row("entry-in-data", {"e_entry": GOT}, HEALTHY, REPAIRED),
    Row("loads-in-another-order",
        {f"PT_LOAD[{i}].{field}": of(f"PT_LOAD[{1 - i}].{field}") for i in (0, 1) for field in
         ("p_flags", "p_offset", "p_vaddr", "p_filesz", "p_memsz")}, HEALTHY, REPAIRED),
    Row("relasz-shorter", {"DT_RELASZ": lambda e: e["DT_RELASZ"] - e.form.entry_size}, HEALTHY,
        REPAIRED),
]

ROWS = HEADER + SEGMENTS + DYNAMIC + ENTRIES + SLOTS + VALID
NUMBER = r"(?:0x[0-9a-f]+|[0-9]+)"


@lru_cache(maxsize=None)
def hand_made(machine: str) -> bytes:
    return bytes(build(broken(MACHINES[machine])).data)


@lru_cache(maxsize=None)
def linked(machine: str) -> bytes:
    """A file that ld.lld made."""
    (case,) = product(("weak",), (machine,), ("lld-22",), ("2.36",), ("default",))
    return link(case).read_bytes()


LINKED = "linked"
# One of each class, byte order and form of entries.
BASES = ("x86-64", "aarch64", "i386", "s390x", "ppc32", LINKED)
# What is no fault in the other class, or another one; and what a machine of REL entries answers in
# another way: it has its addends in the slots, and nothing can be padded.
ONLY_64 = {"phnum-one-too-many", "phentsize-of-elf32", "relasz-large", "unknown-type", "type-max",
           "irelative-slot-half-outside", "slot-half-in-the-file", "slot-half-in-memory"}
ONLY_RELA = {"relsz-without-rel", "two-values-for-one-slot", "no-text-segment",
             "slot-in-memory-only-with-an-addend", "text-is-not-executable"}
ONLY_LITTLE = {"data-of-the-other-order"}


def applies(row: Row, base: str) -> bool:
    if base == LINKED:
        return row.real
    form = MACHINES[base].form
    return not (row.name in ONLY_64 and form.bits != 64 or row.name in ONLY_RELA and not form.rela
                or row.name in ONLY_LITTLE and form.order != "little")


def file_of(base: str) -> bytes:
    return linked("x86-64") if base == LINKED else hand_made(base)


def expected_text(row: Row, base: str) -> str:
    """As a pattern. The hand-made x86-64 file has the very numbers and names, others others."""
    if base == "x86-64":
        return re.escape(row.text)
    text = row.text
    if base != LINKED and not MACHINES[base].form.rela:
        text = text.replace("DT_RELA", "DT_REL")
    parts = re.split(rf"(R_X86_64_\w+|absent_0|{NUMBER})", text)
    others = {"R_": r"R_[A-Z0-9_]+", "ab": r"\w+"}
    return "".join(others.get(part[:2], NUMBER) if i % 2 else re.escape(part)
                   for i, part in enumerate(parts))


def poke(elf: Elf, changes: dict[str, Value]) -> None:
    values = {re.sub(r"(?<=[._])rela(?=[._])", elf.form.prefix, name): value(elf) if callable(value) else value
              for name, value in changes.items()}
    places = {name: elf.place(name) for name in values}  # before anything moves
    for name, (at, width) in places.items():
        elf.data[at:at + width] = elf.form.raw(values[name], width)


def poked(base: str, changes: dict[str, Value]) -> Elf:
    elf = Elf(file_of(base))
    poke(elf, changes)
    return elf


# By how the repair ends; that of SLOTS is BROKEN.
DIAGNOSED = {HEALTHY: BROKEN, BAD_FILE: BAD_FILE, REFUSED: REFUSED, UNVERIFIED: BROKEN}


@pytest.mark.promise("No input makes it crash")
@pytest.mark.parametrize("row, base", [
    pytest.param(row, base, id=f"{row.name}-{base}",
                 marks=pytest.mark.fast if base == "x86-64" else ())
    for row in ROWS for base in BASES if applies(row, base)])
def test_row(row, base, make, tmp_path):
    path, out = make("in", poked(base, row.changes)), tmp_path / "out"
    diagnosis, answer = irelfix(path), irelfix(path, "-o", out)
    assert answer.status == row.status, str(answer)
    assert diagnosis.status == (BROKEN if row in SLOTS else DIAGNOSED[row.status]), str(diagnosis)
    assert re.search(expected_text(row, base), answer.out + answer.err), str(answer)
    if row.status == HEALTHY:
        assert out.stat().st_size == path.stat().st_size
        assert irelfix(out).status == HEALTHY
    else:
        assert names_in(tmp_path) == {"in"}
        assert answer.err.startswith(f"irelfix: {path}: ") and answer.out == ""


def test_the_rows_are_many_and_different():
    names = [row.name for row in ROWS]
    assert len(set(names)) == len(names)
    assert len(HEADER + SEGMENTS + DYNAMIC + ENTRIES + SLOTS) >= 60 and len(VALID) >= 12


# Where a hand-made file is cut, in bytes or behind a part of it, and what is found missing first.
CUTS = {
    0: "not an ELF file", 3: "not an ELF file",
    4: "e_ident needs 16 bytes but the file has {length}",
    15: "e_ident needs 16 bytes but the file has {length}",
    16: "the ELF header needs {header} bytes but the file has {length}",
    "header - 1": "the ELF header needs {header} bytes but the file has {length}",
    "header": "e_phoff {header:#x}: 5 program headers of {row} bytes end outside the file of "
              "{length} bytes",
    "table - 1": "e_phoff {header:#x}: 5 program headers of {row} bytes end outside the file of "
                 "{length} bytes",
    "table": "program header 0: p_offset 0x0 + p_filesz 0x1000 ends outside the file of {length} "
             "bytes",
    0x310: "program header 0: ", 0x360: "program header 0: ", 0x510: "program header 0: ",
    0x708: "program header 0: ", 0xfff: "program header 0: ", 0x1000: "program header 1: ",
    0x1fff: "program header 1: ", 0x2010: "program header 2: ", 0x2fff: "program header 2: ",
}


@pytest.mark.fast
@pytest.mark.parametrize("where", CUTS)
def test_cut(where, machine, make, tmp_path):
    elf = Elf(hand_made(machine.name))
    header, row = elf.form.size("Ehdr"), elf.form.size("Phdr")
    ends = {"header": header, "table": header + headers(elf)}
    part, _, less = str(where).partition(" - ")
    length = (ends[part] if part in ends else where) - int(less or 0)
    path = make("in", elf.data[:length])
    answer = irelfix(path, "-o", tmp_path / "out")
    assert answer.status == BAD_FILE, str(answer)
    text = CUTS[where].format(length=length, header=header, row=row)
    assert answer.err.startswith(f"irelfix: {path}: {text}")
    assert names_in(tmp_path) == {"in"}


@pytest.mark.fast
@pytest.mark.parametrize("length", [0x3000, 0x3010, 0x3100, 0x3200])
def test_cut_behind_what_is_loaded(length, machine, make, tmp_path):
    path = make("in", hand_made(machine.name)[:length])
    assert irelfix(path, "-o", tmp_path / "out").status == HEALTHY


@pytest.mark.fast
def test_more_behind_the_end(machine, make, tmp_path):
    path = make("in", hand_made(machine.name) + b"\x5a" * 100000)
    assert irelfix(path, "-o", tmp_path / "out").status == HEALTHY
    assert (tmp_path / "out").read_bytes().endswith(b"\x5a" * 100000)


# Unusual layouts that take more than another number in a field.
def headers_at_the_end(elf: Elf) -> None:
    start = elf["e_phoff"]
    table = elf.data[start:start + headers(elf)]
    elf["e_phoff"] = len(elf.data) + 3
    elf.data += b"\0" * 3 + table


def dynamic_without_a_last_entry(elf: Elf) -> None:
    elf["PT_DYNAMIC.p_filesz"] -= elf.form.size("Dyn")


def numbers_in_section_0(elf: Elf) -> None:
    """gABI: with many sections, e_shnum and e_shstrndx are not large enough."""
    count, names = elf["e_shnum"], elf["e_shstrndx"]
    elf["shdr[0].sh_size"], elf["shdr[0].sh_link"] = count, names
    elf["e_shnum"], elf["e_shstrndx"] = 0, 0xffff


def segment_without_memory(elf: Elf) -> None:
    elf["PT_NOTE.p_type"] = 1
    elf["phdr[4].p_vaddr"] = DATA_END
    elf["phdr[4].p_filesz"] = elf["phdr[4].p_memsz"] = 0


def segments_side_by_side(elf: Elf) -> None:
    elf["PT_LOAD[0].p_memsz"] = TEXT - BASE


def zeroed_relative_entries(elf: Elf) -> None:
    elf["stray.r_info"] = elf["stray.r_offset"] = 0


@pytest.mark.fast
@pytest.mark.parametrize("change", [dynamic_without_a_last_entry, numbers_in_section_0,
                                    segment_without_memory, segments_side_by_side,
                                    zeroed_relative_entries],
                         ids=lambda change: change.__name__)
def test_unusual_layout(change, machine, make, tmp_path):
    elf = Elf(hand_made(machine.name))
    change(elf)
    answer = irelfix(make("in", elf), "-o", tmp_path / "out")
    assert answer.status == HEALTHY, str(answer)
    assert REPAIRED in answer.out


@pytest.mark.fast
def test_headers_in_no_page(machine, make, tmp_path):
    """Linux maps no page of the file that has them: startup does not find PT_TLS."""
    elf = Elf(hand_made(machine.name))
    headers_at_the_end(elf)
    answer = irelfix(make("in", elf), "-o", tmp_path / "out")
    assert answer.status == REFUSED
    assert "refused: program headers that are in no page of a PT_LOAD" in answer.err


# What the numbers of some machines mean in another class or byte order.
FOREIGN = {(62, 32, "little"): "x32", (183, 64, "big"): "aarch64_be",
           (183, 32, "little"): "AArch64 ILP32", (183, 32, "big"): "AArch64 ILP32",
           (243, 32, "little"): "riscv32", (40, 32, "big"): "armeb", (21, 64, "big"): "ppc64",
           (22, 32, "big"): "s390", (20, 32, "little"): "powerpcle",
           (258, 32, "little"): "loongarch32"}
OTHER_FORMS = [(machine, form) for machine in ARCHS.values() for form in FORMS
               if form.rela and (form.bits, form.order) != (machine.form.bits, machine.form.order)]


def not_supported(machine: Machine, form: Form) -> str:
    numbers = f"e_machine {machine.number}, ELF{form.bits}, {form.order}-endian"
    name = FOREIGN.get((machine.number, form.bits, form.order))
    return f"{name} is not supported ({numbers})" if name else f"{numbers} is not supported"


PLT = [
    Row("jmprel-outside", {"DT_JMPREL": top}, BAD_FILE,
        "DT_JMPREL 0xffffffffffffffff + DT_PLTRELSZ 0x18 is not inside the file-backed part of "
        "one PT_LOAD"),
    Row("pltrelsz-no-multiple", {"DT_PLTRELSZ": 25}, BAD_FILE,
        "DT_PLTRELSZ is 25, not a multiple of 24"),
    Row("pltrelsz-of-the-other-form", {"DT_PLTREL": lambda elf: DT["DT_REL" if elf.form.rela
                                                                 else "DT_RELA"]}, BAD_FILE,
        "DT_PLTRELSZ is 24, not a multiple of 16"),
    Row("pltrel-0", {"DT_PLTREL": 0}, BAD_FILE, "DT_PLTREL is 0, expected 7 or 17"),
    Row("pltrel-max", {"DT_PLTREL": top}, BAD_FILE,
        "DT_PLTREL is 18446744073709551615, expected 7 or 17"),
]


@pytest.mark.fast
@pytest.mark.parametrize("row", PLT, ids=lambda row: row.name)
def test_tables_of_the_plt(row, machine, make, tmp_path):
    spec = broken(machine)
    spec.plt_entries = [Entry(machine.jump_slot, 1)]
    elf = build(spec)
    poke(elf, row.changes)
    path = make("in", elf)
    answer = irelfix(path, "-o", tmp_path / "out")
    assert answer.status == row.status, str(answer)
    message = answer.err.removeprefix(f"irelfix: {path}: ").rstrip("\n")
    assert re.fullmatch(expected_text(row, machine.name), message), str(answer)
    assert names_in(tmp_path) == {"in"}


@pytest.mark.fast
@pytest.mark.parametrize("machine, form", OTHER_FORMS, ids=str)
@pytest.mark.parametrize("changes, status, text", [
    ({}, HEALTHY, "not examined: {unsupported}"),
    ({"e_version": 0}, BAD_FILE, "e_version is 0, expected 1"),
    ({"e_phoff": 0x7fffffff}, BAD_FILE, "e_phoff 0x7fffffff: 5 program headers of {phdr} bytes"),
    ({"e_phentsize": 1}, BAD_FILE, "e_phentsize is 1, expected {phdr}"),
    ({"PT_LOAD[1].p_filesz": 0x7fffffff, "PT_LOAD[1].p_memsz": 0x7fffffff}, BAD_FILE,
     "program header 1: p_offset 0x1000 + p_filesz 0x7fffffff ends outside"),
    ({"PT_LOAD[1].p_vaddr": 0x200000}, BAD_FILE, "program header 1: PT_LOAD 0x200000..0x2"),
])
def test_other_widths_and_byte_orders(form, changes, status, text, machine, make):
    """Read as they are meant, from the header on; no machine of theirs is examined."""
    elf = build(broken(machine, form=form))
    poke(elf, changes)
    answer = irelfix(make("in", elf))
    assert answer.status == status, str(answer)
    text = text.format(phdr=form.size("Phdr"), unsupported=not_supported(machine, form))
    assert text in answer.out + answer.err


@pytest.mark.fast
@pytest.mark.parametrize("changes, text", [
    ({"e_type": 1}, "not concerned: not an executable"),
    ({"e_type": 4}, "not concerned: not an executable"),
    ({"e_type": 0}, "not concerned: not an executable"),
    ({"e_type": 0xfe00}, "not concerned: not an executable"),
    ({"e_type": 3}, "not concerned: a shared library"),
    ({"e_machine": 0xffff}, "not examined: e_machine 65535, ELF{bits}, {order}-endian is not "
                            "supported"),
    ({"e_machine": 8}, "not examined: MIPS is not supported (e_machine 8, ELF{bits}, "
                       "{order}-endian)"),
    ({"e_phnum": 0}, "not concerned: not glibc's startup code"),
])
def test_what_is_not_ours_is_left_alone(changes, text, machine, make):
    elf = Elf(hand_made(machine.name))
    for name, value in changes.items():
        elf[name] = value
    answer = irelfix(make("in", elf))
    assert (answer.status, answer.err) == (HEALTHY, "")
    text = text.format(bits=elf.form.bits, order=elf.form.order)
    assert f": {text}" in answer.out
