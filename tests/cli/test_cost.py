# SPDX-License-Identifier: MIT
"""Files of 100 MB that are made to be expensive; sparse, so that they are quickly made."""
import os
import resource
from pathlib import Path

import pytest
from elf.build import Entry, broken, build
from elf.fields import Elf
from elf.layout import ET_DYN, PF_R, PF_X, PT
from machines import X86_64
from tool import BROKEN, irelfix

SIZE = 100 << 20
ENTRY = X86_64.form.entry_size
LIMIT = 10  # seconds of processor time; each takes about one
CODE, ZEROS = 0x800000, 0x10000000


def near(opcode: str, at: int, target: int) -> bytes:
    """An x86-64 instruction that ends in the distance to a target."""
    head = bytes.fromhex(opcode)
    return head + (target - at - len(head) - 4).to_bytes(4, "little", signed=True)


def with_code_and_zeros(elf: Elf, code: bytes) -> Elf:
    """With two more segments: code, where e_entry leads, and 100 MB of zeros."""
    elf.data += bytes(-len(elf.data) % 4096)
    for flags, address, size in ((PF_R | PF_X, CODE, len(code)), (PF_R, ZEROS, SIZE)):
        index = elf["e_phnum"]
        elf["e_phnum"] += 1
        for field, value in (("p_type", PT["PT_LOAD"]), ("p_flags", flags), ("p_vaddr", address),
                             ("p_offset", len(elf.data)), ("p_filesz", size), ("p_memsz", size)):
            elf[f"phdr[{index}].{field}"] = value
        if address == CODE:
            elf.data += code + bytes(-len(code) % 4096)
    elf["e_entry"] = CODE
    return elf


def loops_over_zeros(count: int) -> bytes:
    """Many loops, each over another range of zeros, which could all be R_X86_64_NONE."""
    code, end = b"", ZEROS + SIZE // ENTRY * ENTRY
    for i in range(count):
        at = CODE + len(code)
        code += near("488d1d", at, ZEROS + ENTRY * i)  # lea rbx, [rip + START]
        code += near("488d2d", at + 7, end)         # lea rbp, [rip + END]
        code += bytes.fromhex("4839eb" "837b0825")  # cmp rbx, rbp; cmp dword [rbx + 8], 37
    return code + b"\xc3"


def one_of(opcode: str, at: int, targets: list[int]) -> bytes:
    """Code after which a register holds the address of any of the targets."""
    code, end = b"", at + 13 * len(targets)
    for target in targets:
        code += near(opcode, at + len(code), target)
        code += near("0f84", at + len(code), end)  # je end
    return code


def many_bounds(count: int) -> bytes:
    """A loop whose bounds are any of so many, over and over."""
    code = one_of("488d1d", CODE, [ZEROS + ENTRY * i for i in range(count)])
    ends = [ZEROS + (SIZE // ENTRY - i) * ENTRY for i in range(count)]
    code += one_of("488d2d", CODE + len(code), ends)
    return code + bytes.fromhex("4839eb" + "837b0825" * count + "c3")


def words_that_are_called(count: int) -> bytes:
    """Many calls through words that might be relocated."""
    code = b""
    for _ in range(count):
        code += near("ff15", CODE + len(code), 0)  # call [rip + the ELF header]
    return code + b"\xc3"


def seconds(path: Path, elf: Elf) -> float:
    """What a diagnosis costs in processor time: others may be busy on this machine."""
    path.write_bytes(elf.data)
    os.truncate(path, len(elf.data) + SIZE)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = irelfix(path, timeout=600)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert answer.status == BROKEN, str(answer)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.mark.promise("No input makes it crash")
def test_many_loops(tmp_path):
    elf = with_code_and_zeros(build(broken(sections=False)), loops_over_zeros(1000))
    assert seconds(tmp_path / "file", elf) < LIMIT


@pytest.mark.promise("No input makes it crash")
def test_many_bounds(tmp_path):
    elf = with_code_and_zeros(build(broken(sections=False)), many_bounds(8))
    assert seconds(tmp_path / "file", elf) < LIMIT


@pytest.mark.promise("No input makes it crash")
def test_a_table_of_a_hundred_megabytes(tmp_path):
    elf = with_code_and_zeros(build(broken(sections=False)), loops_over_zeros(1))
    elf["DT_RELA"], elf["DT_RELASZ"] = ZEROS, SIZE // ENTRY * ENTRY
    assert seconds(tmp_path / "file", elf) < LIMIT


@pytest.mark.promise("No input makes it crash")
def test_a_static_pie_with_many_calls(tmp_path):
    spec = broken(X86_64, "GI", type=ET_DYN, pie=True, sections=False)
    spec.plt_entries = [Entry(X86_64.jump_slot, 1)]
    elf = with_code_and_zeros(build(spec), words_that_are_called(2000))
    elf["DT_JMPREL"], elf["DT_PLTRELSZ"] = ZEROS, SIZE // ENTRY * ENTRY
    assert seconds(tmp_path / "file", elf) < LIMIT
