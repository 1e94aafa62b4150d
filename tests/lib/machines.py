# SPDX-License-Identifier: MIT
"""
The machines, a row each. src/arch/machines.def has the same ones: tests/build/test_machines.py compares
what stands in both. A new row also needs its startup code in elf/listings.py and the shape of its
instructions in tests/real/bound_sites.py; levels of it are rows in variants/levels.py.
"""
import platform
from dataclasses import dataclass

from elf.layout import Form
from need import command

ALL_LIBCS = ("2.31", "2.36", "2.41", "2.43")
# What psABIs call the type of an absolute word, but for _64, and which abbreviate JUMP_SLOT.
ABSOLUTE_NAMES = {"R_AARCH64_": "ABS64", "R_386_": "32", "R_ARM_": "ABS32", "R_PPC64_": "ADDR64",
                  "R_PPC_": "ADDR32"}
JMP_SLOTS = ("R_386_", "R_390_", "R_PPC64_", "R_PPC_")


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
    emulated: tuple[str, ...]  # models of its emulator; resolvers look at the processor

    # Where it differs from AArch64's ways.
    source: str = ""  # its folder below src/arch
    flags: int = 0  # e_flags
    qemu: str = ""  # its name in the emulator's
    old_qemu: bool = True  # Debian 12's runs hand-made files, with pages of 4 KiB
    hosts: tuple[str, ...] = ()  # other processors that run its programs
    libcs: tuple[str, ...] = ALL_LIBCS
    static_pie: tuple[str, ...] = ALL_LIBCS  # libcs with rcrt1.o that start
    static_pie_flags: tuple[str, ...] = ()  # what gcc's -static-pie does not tell the linker
    ifuncs: tuple[str, ...] = ALL_LIBCS  # libcs that have some
    has_gcc: bool = True  # Debian 12's

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> str:
        """Below src/arch."""
        return self.source or self.name.replace("-", "_")

    @property
    def weak_type(self) -> str:
        """What lld writes for weak undefined symbols, by its name."""
        return (self.absolute_type if self.glob_dat == self.absolute
                else f"{self.prefix}GLOB_DAT")

    @property
    def absolute_type(self) -> str:
        return self.prefix + ABSOLUTE_NAMES.get(self.prefix, "64")

    @property
    def jump_slot_type(self) -> str:
        return self.prefix + ("JMP_SLOT" if self.prefix in JMP_SLOTS else "JUMP_SLOT")

    @property
    def processor(self) -> str:
        return self.triplet.split("-")[0]

    @property
    def is_native(self) -> bool:
        return platform.machine() == self.processor

    @property
    def runs_here(self) -> bool:
        return self.is_native or platform.machine() in self.hosts

    @property
    def models(self) -> tuple[str, ...]:
        """Those on which a proof starts a program here."""
        return ("native", *self.emulated) if self.runs_here else self.emulated

    @property
    def libc_package(self) -> str:
        return "libc6-dev" if self.is_native else self.cross_libc

    @property
    def emulator(self) -> str:
        return f"qemu-{self.qemu or self.processor}"

    @property
    def emulator_variable(self) -> str:
        """The one by which irelfix is told which emulator to take."""
        return f"IRELFIX_QEMU_{self.title.upper().replace('-', '_')}"

    def tool(self, name: str) -> str:
        """A tool of the GNU toolchain for this machine."""
        return command(f"{self.triplet}-{name}")

    def compiler(self, driver: str = "gcc") -> list[str]:
        """The driver of gcc; that of clang where there is none."""
        if self.has_gcc:
            return [self.tool(driver)]
        return [command("clang-22"), f"--target={self.triplet}"]


LATER = ("2.36", "2.41", "2.43")  # those that are fetched for the other machines
NEWEST = ("2.41", "2.43")
ARM = dict(title="Arm", number=40, form=Form(32, "little", rela=False), prefix="R_ARM_",
           none=0, absolute=2, glob_dat=21, jump_slot=22, relative=23, irelative=160,
           source="arm", flags=0x5000000, qemu="arm", gcc_folder="gcc-cross", libcs=LATER,
           static_pie=(),
           emulated=("cortex-a8", "cortex-a9", "cortex-a7", "cortex-a15", "max"))
MACHINES = {m.name: m for m in (
    Machine("x86-64", "x86-64", 62, Form(64, "little"), "R_X86_64_",
            none=0, absolute=1, glob_dat=6, jump_slot=7, relative=8, irelative=37,
            triplet="x86_64-linux-gnu", gcc_folder="gcc", cross_libc="libc6-dev-amd64-cross",
            emulated=("qemu64", "Nehalem", "Haswell", "EPYC", "max")),
    Machine("aarch64", "AArch64", 183, Form(64, "little"), "R_AARCH64_",
            none=0, absolute=257, glob_dat=1025, jump_slot=1026, relative=1027, irelative=1032,
            triplet="aarch64-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-arm64-cross",
            emulated=("cortex-a53", "cortex-a72", "cortex-a76", "neoverse-n1",
                    "neoverse-v1", "cortex-a710", "a64fx", "max")),
    Machine("riscv64", "riscv64", 243, Form(64, "little"), "R_RISCV_",
            none=0, absolute=2, glob_dat=2, jump_slot=5, relative=3, irelative=58, flags=5,
            triplet="riscv64-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-riscv64-cross", libcs=LATER, static_pie=NEWEST, ifuncs=NEWEST,
            static_pie_flags=("-Wl,-static,--no-dynamic-linker,-z,text",),
            emulated=("rv64", "sifive-u54", "thead-c906", "rva22u64", "rva23u64",
                    "veyron-v1", "max")),
    # In its 2.36 _start reads main from a word that is not relocated yet.
    Machine("i386", "i386", 3, Form(32, "little", rela=False), "R_386_",
            none=0, absolute=1, glob_dat=6, jump_slot=7, relative=8, irelative=42,
            triplet="i686-linux-gnu", gcc_folder="gcc-cross", cross_libc="libc6-dev-i386-cross",
            qemu="i386", hosts=("x86_64",), libcs=LATER, static_pie=NEWEST,
            emulated=("pentium3", "athlon", "core2duo", "Nehalem", "Haswell", "EPYC",
                    "max")),
    Machine("armhf", triplet="arm-linux-gnueabihf", cross_libc="libc6-dev-armhf-cross", **ARM),
    Machine("armel", triplet="arm-linux-gnueabi", cross_libc="libc6-dev-armel-cross", ifuncs=(),
            **ARM),
    Machine("s390x", "s390x", 22, Form(64, "big"), "R_390_",
            none=0, absolute=22, glob_dat=10, jump_slot=11, relative=12, irelative=61,
            triplet="s390x-linux-gnu", gcc_folder="gcc-cross", cross_libc="libc6-dev-s390x-cross",
            libcs=LATER, static_pie=NEWEST, emulated=("z900", "qemu", "max")),
    Machine("ppc64le", "ppc64le", 21, Form(64, "little"), "R_PPC64_",
            none=0, absolute=38, glob_dat=20, jump_slot=21, relative=22, irelative=248, flags=2,
            triplet="powerpc64le-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-ppc64el-cross", qemu="ppc64le", libcs=LATER, static_pie=(),
            emulated=("power8", "power9", "power10", "power11")),
    Machine("loongarch64", "loongarch64", 258, Form(64, "little"), "R_LARCH_",
            none=0, absolute=2, glob_dat=2, jump_slot=5, relative=3, irelative=12, flags=0x43,
            old_qemu=False, triplet="loongarch64-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-loong64-cross", libcs=NEWEST, static_pie=NEWEST, has_gcc=False,
            emulated=("la464", "max")),
    Machine("ppc32", "powerpc", 20, Form(32, "big"), "R_PPC_",
            none=0, absolute=1, glob_dat=20, jump_slot=21, relative=22, irelative=248,
            triplet="powerpc-linux-gnu", gcc_folder="gcc-cross",
            cross_libc="libc6-dev-powerpc-cross", qemu="ppc", libcs=LATER, static_pie=(),
            ifuncs=(), emulated=("603", "750", "g4", "7447a")),
)}
X86_64, AARCH64 = MACHINES["x86-64"], MACHINES["aarch64"]
# Those that every compiler, language and build system here has programs for, and the others.
MAJOR = {m.name: m for m in (X86_64, AARCH64)}
OTHERS = {m.name: m for m in MACHINES.values() if m.name not in MAJOR}
# One for each row of machines.def, where Arm's two ABIs are one.
ARCHS = {m.name: m for m in MACHINES.values() if m.name != "armel"}
BY_NUMBER = {m.number: m for m in MACHINES.values()}
