# SPDX-License-Identifier: MIT
"""
The startup code of the hand-made files, an imitation of glibc's: _start calls a function that
applies the IRELATIVE entries between START and END, stops the program at any other, and calls
through the first slot. `check` holds the address of a slot that must have stayed 0.


A machine's listing is what a new machine needs here. Addends, types and the size of an entry are a
part of its instructions.
"""
import re
from dataclasses import dataclass
from typing import Callable

# LABEL: or HEX BYTES, then perhaps FIXUP(LABEL). The machine code stands beside what it says.
X86_64 = """
_start:   31ed                        # xor  ebp, ebp
          e8 rel32(startup)           # call startup
          89c7                        # mov  edi, eax
          b83c000000                  # mov  eax, SYS_exit
          0f05                        # syscall
          0f0b                        # ud2
startup:  53                          # push rbx
          55                          # push rbp
          50                          # push rax
          488d1d rel32(START)         # lea  rbx, [rip + START]
          488d2d rel32(END)           # lea  rbp, [rip + END]
          4839eb                      # cmp  rbx, rbp
          0f83 rel32(done)            # jae  done
loop:     837b0825                    # cmp  dword [rbx + 8], R_X86_64_IRELATIVE
          0f85 rel32(fatal)           # jne  fatal
          ff5310                      # call [rbx + 16]
          488b0b                      # mov  rcx, [rbx]
          488901                      # mov  [rcx], rax
          4883c318                    # add  rbx, 24
          4839eb                      # cmp  rbx, rbp
          0f82 rel32(loop)            # jb   loop
done:     488d05 rel32(check)         # lea  rax, [rip + check]
          48833800                    # cmp  qword [rax], 0
          0f85 rel32(fatal)           # jne  fatal
          ff15 rel32(slot)            # call [rip + slot]
          59                          # pop  rcx
          5d                          # pop  rbp
          5b                          # pop  rbx
          c3                          # ret
fatal:    0f0b                        # ud2
resolver: 488d05 rel32(answer)        # lea  rax, [rip + answer]
          c3                          # ret
answer:   31c0                        # xor  eax, eax
          c3                          # ret
"""

AARCH64 = """
_start:   94000000 branch26(startup)  # bl   startup
          d2800ba8                    # mov  x8, SYS_exit
          d4000001                    # svc  0
          00000000                    # udf
startup:  a9be4ff4                    # stp  x20, x19, [sp, -32]!
          f9000bfe                    # str  x30, [sp, 16]
          10000013 adr(START)         # adr  x19, START
          10000014 adr(END)           # adr  x20, END
          eb14027f                    # cmp  x19, x20
          54000002 branch19(done)     # b.hs done
loop:     b9400a68                    # ldr  w8, [x19, 8]
          7110211f                    # cmp  w8, R_AARCH64_IRELATIVE
          54000001 branch19(fatal)    # b.ne fatal
          f9400a68                    # ldr  x8, [x19, 16]
          d63f0100                    # blr  x8
          f9400268                    # ldr  x8, [x19]
          f9000100                    # str  x0, [x8]
          91006273                    # add  x19, x19, 24
          eb14027f                    # cmp  x19, x20
          54000003 branch19(loop)     # b.lo loop
done:     10000008 adr(check)         # adr  x8, check
          f9400108                    # ldr  x8, [x8]
          b5000008 branch19(fatal)    # cbnz x8, fatal
          10000008 adr(slot)          # adr  x8, slot
          f9400108                    # ldr  x8, [x8]
          d63f0100                    # blr  x8
          f9400bfe                    # ldr  x30, [sp, 16]
          a8c24ff4                    # ldp  x20, x19, [sp], 32
          d65f03c0                    # ret
fatal:    00000000                    # udf
resolver: 10000000 adr(answer)        # adr  x0, answer
          d65f03c0                    # ret
answer:   d2800000                    # mov  x0, 0
          d65f03c0                    # ret
"""


@dataclass(frozen=True)
class Listing:
    """unit: the bytes that are written as one number; order: of the bytes of such a number."""
    text: str
    unit: int = 1
    order: str = "little"


LISTINGS = {"x86-64": Listing(X86_64), "aarch64": Listing(AARCH64, unit=4)}


# What a fixup makes of the opcode of an instruction that stands at `at`.
Fixup = Callable[[bytes, int, int], bytes]


def _rel32(opcode: bytes, at: int, target: int) -> bytes:
    return opcode + (target - at - len(opcode) - 4).to_bytes(4, "little", signed=True)


def _in_word(low: int, width: int, scale: int) -> Fixup:
    def fixup(opcode: bytes, at: int, target: int) -> bytes:
        field = ((target - at) // scale) % (1 << width)
        return (int.from_bytes(opcode, "little") | field << low).to_bytes(4, "little")
    return fixup


def _adr(opcode: bytes, at: int, target: int) -> bytes:
    distance = (target - at) % (1 << 21)
    word = int.from_bytes(opcode, "little") | (distance & 3) << 29 | distance >> 2 << 5
    return word.to_bytes(4, "little")


FIXUPS: dict[str, Fixup] = {"rel32": _rel32, "adr": _adr, "branch26": _in_word(0, 26, 4),
                            "branch19": _in_word(5, 19, 4)}
LINE = re.compile(r"(?:(\w+):)?\s*([0-9a-f]+)(?:\s+(\w+)\((\w+)\))?\s*(?:#.*)?")


def assemble(machine: str, at: int, symbols: dict[str, int]) -> tuple[bytes, dict[str, int]]:
    """A machine's code at an address, and the addresses of its labels."""
    listing = LISTINGS[machine]
    lines = [match for line in listing.text.splitlines() if (match := LINE.fullmatch(line))]
    turned = listing.unit > 1 and listing.order == "little"
    labels, address = dict(symbols), at
    for label, opcode, fixup, _ in (line.groups() for line in lines):
        if label:
            labels[label] = address
        address += len(opcode) // 2 + (4 if fixup == "rel32" else 0)
    code = b""
    for _, opcode, fixup, target in (line.groups() for line in lines):
        raw = bytes.fromhex(opcode)[::-1 if turned else 1]
        code += FIXUPS[fixup](raw, at + len(code), labels[target]) if fixup else raw
    return code, labels
