# SPDX-License-Identifier: MIT
"""
The machines, a row each. src/arch/machines.def has the same rows, which tests/build/test_house.py
checks. A new row also needs its startup code in elf/code.py and the shape of its instructions in
tests/real/bound_sites.py; levels of it are rows in variants/levels.py.
"""
import platform
from dataclasses import dataclass

from elf.layout import Form
from need import command


@dataclass(frozen=True)
class Machine:
    name: str  # of what is built and fetched for it
    title: str  # as irelfix writes it
    number: int  # e_machine
    form: Form

    # Relocation types of its psABI; an absolute one where there is no GLOB_DAT.
    prefix: str
    none: int
    absolute: int
    glob_dat: int
    jump_slot: int
    relative: int
    irelative: int

    triplet: str
    gcc_folder: str  # below usr/lib of a fetched C library; holds crtbegin*.o and libgcc
    cross_libc: str  # Debian's C library for it on other machines
    models: tuple[str, ...]  # of its emulator; resolvers look at the processor

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """Below src/arch."""
        return self.name.replace("-", "_")

    @property
    def processor(self) -> str:
        return self.triplet.split("-")[0]

    @property
    def is_native(self) -> bool:
        return platform.machine() == self.processor

    @property
    def libc_package(self) -> str:
        return "libc6-dev" if self.is_native else self.cross_libc

    @property
    def emulator(self) -> str:
        return f"qemu-{self.processor}"

    @property
    def emulator_variable(self) -> str:
        """The one by which irelfix is told which emulator to take."""
        return f"IRELFIX_{self.emulator.upper().replace('-', '_')}"

    def tool(self, name: str) -> str:
        """A tool of the GNU toolchain for this machine."""
        return command(f"{self.triplet}-{name}")


MACHINES = {m.name: m for m in (
    Machine("x86-64", "x86-64", 62, Form(64, "little"), "R_X86_64_",
            none=0, absolute=1, glob_dat=6, jump_slot=7, relative=8, irelative=37,
            triplet="x86_64-linux-gnu", gcc_folder="gcc", cross_libc="libc6-dev-amd64-cross",
            models=("native", "qemu64", "Nehalem", "Haswell", "EPYC", "max")),
    Machine("aarch64", "AArch64", 183, Form(64, "little"), "R_AARCH64_",
            none=0, absolute=257, glob_dat=1025, jump_slot=1026, relative=1027, irelative=1032,
            triplet="aarch64-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-arm64-cross",
            models=("cortex-a53", "cortex-a72", "cortex-a76", "neoverse-n1", "neoverse-v1",
                    "cortex-a710", "a64fx", "max")),
)}
BY_NUMBER = {m.number: m for m in MACHINES.values()}
X86_64, AARCH64 = MACHINES["x86-64"], MACHINES["aarch64"]
