# SPDX-License-Identifier: MIT
"""
Files that are made to be expensive. Each has little on disk: what is large in it is a hole, or is
looked at again and again.
"""
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

from elf.build import BASE, GOT, NOTE, RELA_DYN, TEXT, TEXT_END, Entry, broken, build
from elf.fields import Elf
from elf.layout import ET_DYN, PF_R, PF_W, PF_X, PT, SHT, STB_WEAK
from machines import AARCH64, MACHINES, X86_64, Machine

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
PAGE = 4096
PHDRS_MAX = 65536 // 56  # more than that Linux does not run
# Where what is added is loaded; every file's own addresses are below.
CODE, HOLE, MORE = 0x800000, 0x10000000, 0x4000000000


@dataclass
class Hostile:
    """A file that grows: pieces at offsets, of which only these are on disk."""
    elf: Elf
    pieces: dict[int, bytes] = field(default_factory=dict)
    size: int = 0
    segments: list[dict[str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.size = self.size or len(self.elf.data)

    def take(self, size: int) -> int:
        """The offset of so many new bytes, which are a hole."""
        at = self.size + -self.size % PAGE
        self.size = at + size
        return at

    def put(self, data: bytes) -> int:
        at = self.take(len(data))
        self.pieces[at] = data
        return at

    def load(self, flags: int, address: int, offset: int, size: int, kind: str = "PT_LOAD") -> int:
        self.segments.append({"p_type": PT[kind], "p_flags": flags, "p_vaddr": address,
                              "p_offset": offset, "p_filesz": size, "p_memsz": size})
        return address

    def data(self, address: int, data: bytes, flags: int = PF_R) -> int:
        return self.load(flags, address, self.put(data), len(data))

    def hole(self, address: int, size: int, flags: int = PF_R) -> int:
        return self.load(flags, address, self.take(size), size)

    def code(self, code: bytes, address: int = CODE) -> int:
        """Code that e_entry leads to."""
        self.elf["e_entry"] = self.data(address, code, PF_R | PF_X)
        return address

    def _headers(self) -> bytes:
        form, old = self.elf.form, self.elf.program_headers()
        size = form.size("Phdr")
        rows = [bytes(self.elf.data[at:at + size]) for at in old]
        for values in self.segments:
            row = bytearray(size)
            for name, value in values.items():
                offset, width = form.fields("Phdr")[name]
                row[offset:offset + width] = form.raw(value, width)
            rows.append(bytes(row))
        return b"".join(rows)

    def write(self, path: Path) -> Path:
        table = self._headers()
        offset = self.elf.form.size("Ehdr")
        if offset + len(table) <= NOTE - BASE:
            self.elf.data[offset:offset + len(table)] = table
        else:
            offset = self.put(table)
        self.elf["e_phoff"], self.elf["e_phnum"] = offset, len(table) // self.elf.form.size("Phdr")
        with path.open("wb") as file:
            file.write(self.elf.data)
            for at, data in self.pieces.items():
                file.seek(at)
                file.write(data)
        os.truncate(path, self.size)
        path.chmod(0o755)
        return path


def on_disk(path: Path) -> int:
    return path.stat().st_blocks * 512


# ---- x86-64 code


def near(opcode: str, at: int, target: int) -> bytes:
    """An instruction that ends in the distance to a target."""
    head = bytes.fromhex(opcode)
    return head + (target - at - len(head) - 4).to_bytes(4, "little", signed=True)


LEA_RBX, LEA_RBP, CALL, CALL_WORD, JMP, JE = "488d1d", "488d2d", "e8", "ff15", "e9", "0f84"
COMPARE = bytes.fromhex("4839eb")      # cmp rbx, rbp
TYPE_TEST = bytes.fromhex("837b0825")  # cmp dword [rbx + 8], R_X86_64_IRELATIVE
RET = b"\xc3"


class Code:
    def __init__(self, address: int = CODE):
        self.start = address
        self.bytes = bytearray()

    @property
    def here(self) -> int:
        return self.start + len(self.bytes)

    def __iadd__(self, raw: bytes) -> "Code":
        self.bytes += raw
        return self

    def to(self, opcode: str, target: int) -> "Code":
        self.bytes += near(opcode, self.here, target)
        return self

    def one_of(self, opcode: str, targets: list[int]) -> "Code":
        """A register then holds the address of any of the targets."""
        end = self.here + 13 * len(targets)
        for target in targets:
            self.to(opcode, target).to(JE, end)
        return self


def hidden(machine: Machine = X86_64) -> Hostile:
    """Nothing is found from e_entry on, so that all code is searched."""
    file = Hostile(build(broken(machine, sections=False)))
    text = file.elf.offset_of(TEXT)
    file.elf.data[text:text + TEXT_END - TEXT] = bytes(TEXT_END - TEXT)
    file.code(RET if machine is X86_64 else bytes.fromhex("c0035fd6"))
    return file


def static() -> Hostile:
    return Hostile(build(broken(sections=False)))


# ---- segments


def many_segments_of(code: bytes) -> Hostile:
    """As many segments as there may be over one range of code."""
    file = hidden()
    offset = file.put(code)
    for i in range(PHDRS_MAX - 7):
        file.load(PF_R | PF_X, MORE + i * len(code), offset, len(code))
    return file


def segments_of_nops() -> Hostile:
    return many_segments_of(b"\x90" * (256 * KIB))


def segments_of_comparisons() -> Hostile:
    return many_segments_of(bytes.fromhex("83f825") * (256 * KIB // 3))  # cmp eax, 37


def segments_of_calls() -> Hostile:
    """The first segment has the comparison that each call might belong to."""
    code = bytes.fromhex("83f825") + b"".join(near(CALL, i * 5, 0) for i in range(50_000))
    return many_segments_of(code)


def code_in_a_hole() -> Hostile:
    file = hidden()
    file.hole(MORE, 4 * GIB, PF_R | PF_X)
    return file


def code_in_a_hole_aarch64() -> Hostile:
    file = hidden(AARCH64)
    file.hole(MORE, 4 * GIB, PF_R | PF_X)
    return file


def notes() -> Hostile:
    file = static()
    file.elf["PT_NOTE[0].p_type"] = 0
    offset = file.put(bytes.fromhex("000000000000000002000000") * 5461)
    for _ in range(PHDRS_MAX - 6):
        file.load(PF_R, MORE, offset, 65532, "PT_NOTE")
    return file


def dynamic() -> Hostile:
    """A PT_DYNAMIC of a MiB before the one that is real."""
    file = static()
    tags = (0x70000000).to_bytes(8, "little") + bytes(8)
    old = file.elf.program_headers("PT_DYNAMIC")[0]
    start, size = (file.elf.read("Phdr", old, name) for name in ("p_offset", "p_filesz"))
    data = tags * (MIB // 16) + bytes(file.elf.data[start:start + size])
    file.elf["PT_DYNAMIC[0].p_offset"] = file.put(data)
    file.elf["PT_DYNAMIC[0].p_filesz"] = len(data)
    return file


# ---- tables


def loops_over(ranges: list[tuple[int, int]], between: bytes = b"") -> bytes:
    """A loop over each range, with the test of an entry's type."""
    code = Code()
    for start, end in ranges:
        code.to(LEA_RBX, start).to(LEA_RBP, end)
        code += COMPARE + TYPE_TEST + between
    code += RET
    return bytes(code.bytes)


def whole_entries(size: int) -> int:
    return size // 24 * 24


def table_in_a_hole() -> Hostile:
    """Inside the bounds are 78 million entries R_X86_64_NONE."""
    file, size = static(), whole_entries(7 * GIB // 4)
    file.hole(HOLE, size)
    file.elf["DT_RELA"], file.elf["DT_RELASZ"] = HOLE, size
    file.code(loops_over([(HOLE, HOLE + size)]))
    return file


def many_tables_in_a_hole() -> Hostile:
    file, size = static(), whole_entries(100 * MIB)
    file.hole(HOLE, size)
    file.code(loops_over([(HOLE + 24 * i, HOLE + size) for i in range(1000)]))
    return file


def many_bounds() -> Hostile:
    """Both bounds are any of eight, over and over."""
    file, size = static(), whole_entries(100 * MIB)
    file.hole(HOLE, size)
    code = Code()
    code.one_of(LEA_RBX, [HOLE + 24 * i for i in range(8)])
    code.one_of(LEA_RBP, [HOLE + size - 24 * i for i in range(8)])
    code += COMPARE + TYPE_TEST * 8 + RET
    file.code(bytes(code.bytes))
    return file


def static_pie() -> Hostile:
    spec = broken(X86_64, "GI", type=ET_DYN, pie=True, sections=False)
    spec.plt_entries = [Entry(X86_64.jump_slot, 1)]
    return Hostile(build(spec))


def words_that_are_called() -> Hostile:
    """Many calls through words that might be relocated, by a table of 1.75 GiB."""
    file, size = static_pie(), whole_entries(7 * GIB // 4)
    file.hole(HOLE, size)
    file.elf["DT_JMPREL"], file.elf["DT_PLTRELSZ"] = HOLE, size
    code = Code()
    for _ in range(2000):
        code.to(CALL_WORD, 0)  # the ELF header
    code += RET
    file.code(bytes(code.bytes))
    return file


def entry(slot: int, kind: int, symbol: int = 0, addend: int = 0) -> bytes:
    form = X86_64.form
    return form.raw(slot) + form.raw(form.info(symbol, kind)) + form.raw(addend)


def strays(count: int, spread: int = 8) -> Hostile:
    """So many entries, each with a slot of its own; and one that is IRELATIVE."""
    file = static()
    table = b"".join(entry(MORE + spread * i, X86_64.glob_dat, 1) for i in range(count))
    table += entry(GOT, X86_64.irelative, 0, TEXT)
    file.data(HOLE, table)
    file.hole(MORE, spread * count + 8, PF_R | PF_W)
    file.elf["DT_RELA"], file.elf["DT_RELASZ"] = HOLE, len(table)
    file.code(loops_over([(HOLE, HOLE + len(table))]))
    return file


def nones(count: int) -> Hostile:
    """So many entries R_X86_64_NONE, which are a hole, and one that is IRELATIVE."""
    file, last = static(), entry(GOT, X86_64.irelative, 0, TEXT)
    file.hole(HOLE, 24 * count + len(last))
    file.pieces[file.size - len(last)] = last
    file.elf["DT_RELA"], file.elf["DT_RELASZ"] = HOLE, 24 * count + len(last)
    file.code(loops_over([(HOLE, HOLE + 24 * count + len(last))]))
    return file


def ten_millions_of_entries() -> Hostile:
    return nones(10 ** 7)


def slots_a_page_apart() -> Hostile:
    """Each edit makes a page of its own."""
    return strays(30_000, PAGE)


def as_many_pages_as_are_edited() -> Hostile:
    return strays(8000, PAGE)


def long_names() -> Hostile:
    """Each entry is against a symbol of its own, whose name is the rest of one long string."""
    count, file = 30_000, static()
    names = b"".join(b"%08x" % i * 511 + b"\0" for i in range(count // 4089 + 1))
    starts = [at for at in range(len(names)) if names[at]][:count]
    form = X86_64.form
    symbols = bytes(24) + b"".join(
        form.raw(at, 4) + bytes([STB_WEAK << 4, 0, 0, 0]) + bytes(16) for at in starts)
    table = b"".join(entry(MORE + 8 * i, X86_64.glob_dat, i + 1) for i in range(count))
    table += entry(GOT, X86_64.irelative, 0, TEXT)
    file.elf["DT_SYMTAB"] = file.data(HOLE, symbols)
    file.elf["DT_STRTAB"] = file.data(HOLE + 16 * MIB, names)
    file.elf["DT_STRSZ"] = len(names)
    file.elf["DT_RELA"] = file.data(HOLE + 32 * MIB, table)
    file.elf["DT_RELASZ"] = len(table)
    file.hole(MORE, 8 * count + 8, PF_R | PF_W)
    start = HOLE + 32 * MIB
    file.code(loops_over([(start, start + len(table))]))
    return file


def one_name(length: int) -> Hostile:
    """Thousands of entries are against one symbol, whose name is full of controls."""
    count, file = 8000, static()
    form, name = X86_64.form, b"\0" + b"\x01" * length + b"\0"
    symbols = bytes(24) + form.raw(1, 4) + bytes([STB_WEAK << 4, 0, 0, 0]) + bytes(16)
    table = b"".join(entry(MORE + 8 * i, X86_64.glob_dat, 1) for i in range(count))
    table += entry(GOT, X86_64.irelative, 0, TEXT)
    file.elf["DT_SYMTAB"] = file.data(HOLE, symbols)
    file.elf["DT_STRTAB"] = file.data(HOLE + MIB, name)
    file.elf["DT_STRSZ"] = len(name)
    file.elf["DT_RELA"] = file.data(HOLE + 2 * MIB, table)
    file.elf["DT_RELASZ"] = len(table)
    file.data(MORE, b"\1" * (8 * count + 8), PF_R | PF_W)
    file.code(loops_over([(HOLE + 2 * MIB, HOLE + 2 * MIB + len(table))]))
    return file


def one_long_name() -> Hostile:
    return one_name(4000)


def as_much_of_names_as_is_kept() -> Hostile:
    return one_name(64)


# ---- sections and symbols


def section(**values: int) -> bytes:
    form = X86_64.form
    row = bytearray(form.size("Shdr"))
    for name, value in values.items():
        offset, width = form.fields("Shdr")[name]
        row[offset:offset + width] = form.raw(value, width)
    return bytes(row)


def with_sections(file: Hostile, rows: list[bytes], count: int, names: int = 0) -> Hostile:
    """count: how many there are said to be; those behind the rows are a hole."""
    first = section(sh_size=count, sh_link=names)
    offset = file.put(b"".join([first, *rows]))
    file.size = offset + 64 * count
    file.elf["e_shoff"], file.elf["e_shentsize"], file.elf["e_shnum"] = offset, 64, 0
    file.elf["e_shstrndx"] = 0xffff
    return file


def four_milliards_of_sections() -> Hostile:
    return with_sections(static(), [], 1 << 32)


def symbols_times_sections() -> Hostile:
    """Many symbols of the name of a bound, each in another section than its table."""
    file = static()
    name = b"\0__rela_iplt_start\0"
    form = X86_64.form
    symbols = b"".join(form.raw(1, 4) + bytes([0, 0]) + form.raw(60_000, 2) + form.raw(RELA_DYN)
                       + bytes(8) for _ in range(40_000))
    rows = [section(sh_type=SHT["SHT_SYMTAB"], sh_offset=file.put(symbols), sh_size=len(symbols),
                    sh_link=2, sh_entsize=24),
            section(sh_type=SHT["SHT_STRTAB"], sh_offset=file.put(name), sh_size=len(name))]
    return with_sections(file, rows, 65_000, 2)


def symbols_in_a_hole() -> Hostile:
    file, size = static(), 4 * GIB
    rows = [section(sh_type=SHT["SHT_SYMTAB"], sh_offset=file.take(size), sh_size=size,
                    sh_link=2, sh_entsize=24),
            section(sh_type=SHT["SHT_STRTAB"], sh_offset=0, sh_size=0)]
    return with_sections(file, rows, 3, 2)


def names_a_page_apart() -> Hostile:
    """Each symbol's name is in a page of its own, of a hole."""
    file, count = static(), 40_000
    form = X86_64.form
    symbols = b"".join(form.raw(i * PAGE * 4, 4) + bytes(20) for i in range(count))
    rows = [section(sh_type=SHT["SHT_SYMTAB"], sh_offset=file.put(symbols), sh_size=len(symbols),
                    sh_link=2, sh_entsize=24),
            section(sh_type=SHT["SHT_STRTAB"], sh_offset=file.take(count * PAGE * 4),
                    sh_size=count * PAGE * 4)]
    return with_sections(file, rows, 3, 2)


def comment_in_a_hole() -> Hostile:
    file, name = static(), b"\0.comment\0"
    rows = [section(sh_type=SHT["SHT_PROGBITS"], sh_name=1, sh_offset=file.take(4 * GIB),
                    sh_size=4 * GIB),
            section(sh_type=SHT["SHT_STRTAB"], sh_offset=file.put(name), sh_size=len(name))]
    return with_sections(file, rows, 3, 2)


# ---- the startup code


def fan_in() -> Hostile:
    """Two thousand ways lead to where as many comparisons ask for the pointer."""
    code, count = Code(), 2000
    end = code.here + 7 + 6 * count
    code.to(LEA_RBX, RELA_DYN)
    for _ in range(count):
        code.to(JE, end)
    code += TYPE_TEST * count + RET
    file = static()
    file.code(bytes(code.bytes))
    return file


def fan_in_of_slots() -> Hostile:
    """The same of stack slots, for which every instruction is looked at."""
    code, count = Code(), 2000
    load = bytes.fromhex("488b5c2408")  # mov rbx, [rsp + 8]
    end = code.here + 6 * count
    for _ in range(count):
        code.to(JE, end)
    code += (load + TYPE_TEST) * count + RET
    file = static()
    file.code(bytes(code.bytes))
    return file


def nested_loads() -> Hostile:
    """What is loaded through what was loaded, and each may be any of many."""
    code, count = Code(), 200
    words = [HOLE + 8 * i for i in range(24)]
    code.one_of("488b1d", words)                # mov rbx, [rip + WORD]
    for _ in range(count):
        end = code.here + 30 * 24
        for i in range(24):
            code += bytes.fromhex("488b9b") + (8 * i).to_bytes(4, "little")  # mov rbx, [rbx + 8 i]
            code += b"\x90" * 17
            code.to(JE, end)
    code += TYPE_TEST * 500 + RET
    file = static()
    file.data(HOLE, b"".join((HOLE + 8 * (i % 24)).to_bytes(8, "little") for i in range(256)))
    file.code(bytes(code.bytes))
    return file


def sums() -> Hostile:
    """Sums of registers, each of which has many values, of sums."""
    code = Code()
    code.one_of("488d05", [HOLE + 24 * i for i in range(24)])   # lea rax, [rip + HOLE]
    code.one_of("488d0d", [HOLE + 24 * i for i in range(24)])   # lea rcx, [rip + HOLE]
    for _ in range(4):
        code += bytes.fromhex("4801c8" "4801c1")                # add rax, rcx; add rcx, rax
    code += bytes.fromhex("83780825") * 60_000 + RET            # cmp dword [rax + 8], 37
    file = static()
    file.hole(HOLE, MIB)
    file.code(bytes(code.bytes))
    return file


def pairs_and_guards() -> Hostile:
    """Every pair of bounds is plausible, and thousands of comparisons may be the guard of each."""
    code = Code()
    size = whole_entries(64 * KIB)
    code.one_of(LEA_RBX, [HOLE + 24 * i for i in range(23)])
    code.one_of(LEA_RBP, [HOLE + size - 24 * i for i in range(23)])
    code += COMPARE * 4000 + TYPE_TEST * 60 + RET
    file = static()
    file.hole(HOLE, size)
    file.elf["DT_RELA"], file.elf["DT_RELASZ"] = HOLE, size
    file.code(bytes(code.bytes))
    return file


def many_functions_and_tables() -> Hostile:
    """The bounds are looked for in thousands of functions, with tables of which the tails are long."""
    file, count = static(), 2000
    table = entry(GOT, X86_64.irelative, 0, TEXT) * 40_000
    file.data(HOLE, table)
    file.elf["DT_RELA"], file.elf["DT_RELASZ"] = HOLE, len(table)
    code = Code()
    for i in range(count):
        code.to(CALL, CODE + 5 * count + 1 + i)
    code += RET + RET * count
    file.code(bytes(code.bytes))
    return file


def colliding(count: int, within: int) -> list[int]:
    """Offsets below `within` whose addresses fall into few places of the table of instructions."""
    mask = (1 << 17) - 1
    places = sorted(range(0, within, 6),
                    key=lambda i: ((CODE + i) * 0x9e3779b97f4a7c15 % (1 << 64) >> 20) & mask)
    return places[:count]


def colliding_instructions() -> Hostile:
    """Jumps from one address to the next, which the table of instructions keeps side by side."""
    places = colliding(60_000, 4 * MIB)
    code = bytearray(b"\xcc" * (4 * MIB + 8))
    for at, target in zip(places, places[1:] + places[:1]):
        code[at:at + 5] = near(JMP, at, target)
    file = static()
    file.data(CODE, bytes(code), PF_R | PF_X)
    file.elf["e_entry"] = CODE + places[0]
    return file


def jumps_into_a_hole() -> Hostile:
    """Each branch leads to a page of its own of a hole."""
    code, count = Code(), 25_000
    for i in range(count):
        code.to(JE, HOLE + i * 16 * PAGE)
    code += RET
    file = static()
    file.code(bytes(code.bytes))
    file.hole(HOLE, count * 16 * PAGE + PAGE, PF_R | PF_X)
    return file


def large_functions() -> Hostile:
    """Thousands of functions, each as large as one may be: they are one sled."""
    code, count = Code(), 2000
    sled = CODE + 5 * count + 1
    for i in range(count):
        code.to(CALL, sled + i)
    code += RET + bytes.fromhex("4839eb") * 70_000 + RET
    file = static()
    file.code(bytes(code.bytes))
    return file


def questions() -> Hostile:
    """Every instruction may follow two others, and what is asked for has a bias of six."""
    code = Code()
    code.to(LEA_RBX, RELA_DYN)
    top = code.here
    code += bytes.fromhex("0f8400000000") * 60_000              # je +0
    code += bytes.fromhex("4883c304") + TYPE_TEST               # add rbx, 4
    code.to(JE, top)
    code += TYPE_TEST * 60 + RET
    file = static()
    file.code(bytes(code.bytes))
    return file


def large_loops() -> Hostile:
    """All code is searched, and many large functions have the same loop."""
    file, code = hidden(), Code(HOLE)
    for _ in range(16):
        code.to(CALL, code.here + 5 + 1)
        code += RET + b"\x90" * 60_000
        code.to(LEA_RBX, RELA_DYN).to(LEA_RBP, RELA_DYN + 120)
        code += COMPARE + TYPE_TEST + RET
    file.data(HOLE, bytes(code.bytes), PF_R | PF_X)
    return file


def colliding_functions() -> Hostile:
    """Functions that the table of functions keeps side by side."""
    file, within = hidden(), 4 * MIB
    mask = (1 << 15) - 1
    places = sorted(range(0, within, 16),
                    key=lambda i: ((HOLE + i) * 0x9e3779b97f4a7c15 % (1 << 64) >> 20) & mask)
    code = bytearray(b"\xcc" * within)
    places = sorted(places[:16_000])
    for at, target in zip(places, places[1:]):
        code[at:at + 8] = bytes.fromhex("83f825") + near(CALL, HOLE + at + 3, HOLE + target)
    file.data(HOLE, bytes(code), PF_R | PF_X)
    return file


def parts_of_addresses() -> Hostile:
    """AArch64: one ADRP, upon which every other instruction builds."""
    words = [0x90000013]                       # adrp x19, page
    words += [0x91000273]                      # add x19, x19, 0
    words += [0xeb14027f, 0xb9400a68, 0x7110211f]  # cmp x19, x20; ldr w8, [x19, 8]; cmp w8, 1032
    words += [0x91000260] * 60_000             # add x0, x19, 0
    words += [0xd65f03c0]
    file = Hostile(build(broken(AARCH64, sections=False)))
    file.code(b"".join(word.to_bytes(4, "little") for word in words))
    return file


def conditional_code() -> Hostile:
    """Arm: in zeros each instruction may set r0 from r0 (andeq r0, r0, r0), and then it is called."""
    words = [0] * 120 + [0xe12fff30] * 4 + [0xe12fff1e]  # blx r0; bx lr
    file = Hostile(build(broken(MACHINES["armhf"], sections=False)))
    file.code(b"".join(word.to_bytes(4, "little") for word in words))
    return file


def stubs_of_main() -> Hostile:
    """static-PIE: what is passed as main is a stub before a stub, each a huge function."""
    code = Code()
    code.to("488d3d", CODE + 12).to(CALL, CODE + 12)  # lea rdi, [rip + stub]; call
    sled = bytes.fromhex("4839eb") * 60_000
    for _ in range(4):
        code.to(JMP, code.here + 5 + len(sled) + 6)
        code += sled
        code.to(JE, CODE)
    code += RET
    file = Hostile(build(broken(X86_64, "GI", type=ET_DYN, pie=True, sections=False)))
    file.code(bytes(code.bytes))
    return file


Make = Callable[[], Hostile]

ATTACKS: tuple[Make, ...] = (
    segments_of_nops, segments_of_comparisons, segments_of_calls, code_in_a_hole,
    code_in_a_hole_aarch64, notes, dynamic, table_in_a_hole, many_tables_in_a_hole, many_bounds,
    words_that_are_called, ten_millions_of_entries, slots_a_page_apart, as_many_pages_as_are_edited,
    long_names, four_milliards_of_sections,
    symbols_times_sections, symbols_in_a_hole, names_a_page_apart, comment_in_a_hole, fan_in,
    fan_in_of_slots, nested_loads, sums, pairs_and_guards, many_functions_and_tables,
    questions, large_loops, colliding_instructions, colliding_functions, one_long_name,
    as_much_of_names_as_is_kept, jumps_into_a_hole, large_functions, parts_of_addresses,
    conditional_code, stubs_of_main)
