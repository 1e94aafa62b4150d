# SPDX-License-Identifier: MIT
"""The shapes and the failure classes, a row each, and how their executables are linked."""
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from lab.base import contents_key, kept, run_tool, version_of
from lab.links import KINDS
from lab.programs import NEEDED_LIBRARY, PROGRAM_ROWS, Program, compiled
from lab.toolchains import LINKERS, Linker
from machines import MAJOR, Machine
from need import command
from places import PROGRAMS

HERE = Path(__file__).parent


def own_program(name: str) -> Program:
    return Program(name, f"../real/shapes/{name}.c")


WEAK = PROGRAM_ROWS["weak"]
STATIC_TLS = own_program("static-tls")
MANY_IFUNCS = own_program("many-ifuncs")
UNDEFINED_TLS = own_program("undefined-tls")


@dataclass(frozen=True)
class Defect:
    name: str
    linker: Linker
    kind: str = "exec"
    ldflags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


DEFECTS = {d.name: d for d in (
    Defect("wide-bounds", LINKERS["lld-22"]),
    Defect("biased-weak", LINKERS["lld-22"], "static-pie"),
    Defect("lost-irelative", LINKERS["lld-19"], ldflags=("-Wl,--pack-dyn-relocs=android",)),
)}


def compiled_for_lto(program: Program, machine: Machine, cflags) -> Path:
    """An object of LLVM bitcode, which only the linker of the same LLVM reads."""
    clang = command("clang-22")
    argv = [clang, f"--target={machine.triplet}", "-O2", "-fPIE", *cflags, "-c",
            PROGRAMS / program.source]
    made_of = [*argv, version_of(clang, "--version"),
               contents_key(PROGRAMS / program.source, PROGRAMS / "startup.h")]
    return kept(f"objects/{program.name}-lto-{machine.name}.o", made_of,
                lambda out: run_tool([*argv, "-o", out]) and None)


def assembled(name: str, machine: Machine) -> Path:
    argv = [machine.tool("as"), HERE / f"{name}.s"]
    made_of = [*argv, version_of(str(argv[0]), "--version"), contents_key(HERE / f"{name}.s")]
    return kept(f"objects/{name}-{machine.name}.o", made_of,
                lambda out: run_tool([*argv, "-o", out]) and None)


def gnu_script(machine: Machine) -> Path:
    """What `ld --verbose` shows between two lines of "=": the script that GNU ld uses."""
    argv = [machine.tool("ld"), "-static", "-z", "separate-code", "--verbose"]
    return kept(f"objects/gnu-script-{machine.name}.ld", [*argv, version_of(argv[0], "--version")],
                lambda out: out.write_text(re.split("^=+$", run_tool(argv), flags=re.M)[1]) and None)


@dataclass(frozen=True)
class Shape:
    name: str
    ldflags: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    program: Program = WEAK
    compile: Callable[..., Path] = compiled
    also: str | None = None  # an assembler file that is linked too
    library: tuple[str, ...] = NEEDED_LIBRARY
    gnu_script: bool = False  # the layout is that of GNU ld's own linker script
    since: int = 19  # the first major version of lld that can link it
    machines: tuple[str, ...] = tuple(MAJOR)
    kinds: tuple[str, ...] = tuple(KINDS)

    def __str__(self) -> str:
        return self.name


EXEC_ONLY = ("exec",)
PIE_ONLY = ("static-pie",)

SHAPES = {s.name: s for s in (
    Shape("no-section-header", ("-Wl,-z,nosectionheader",), since=22),
    Shape("omagic", ("-Wl,-N",), kinds=EXEC_ONLY),
    Shape("no-rosegment", ("-Wl,--no-rosegment",)),
    Shape("separate-loadable-segments", ("-Wl,-z,separate-loadable-segments",)),
    Shape("no-relro", ("-Wl,-z,norelro",)),
    Shape("large-code-model", cflags=("-mcmodel=large",), machines=("x86-64",)),
    Shape("large-code-model-no-pic", cflags=("-mcmodel=large", "-fno-pie"), program=STATIC_TLS,
          kinds=EXEC_ONLY),
    Shape("shuffled-sections", ("-Wl,--shuffle-sections=*=7",),
          ("-ffunction-sections", "-fdata-sections")),
    Shape("lto-full", cflags=("-flto",), compile=compiled_for_lto, since=22),
    Shape("lto-thin", cflags=("-flto=thin",), compile=compiled_for_lto, since=22),
    Shape("high-image-base", ("-Wl,--image-base=0x7ff00000",), kinds=EXEC_ONLY),
    Shape("image-base-of-47-bits", ("-Wl,--image-base=0x7e0000000000",), machines=("aarch64",),
          kinds=EXEC_ONLY),
    Shape("static-tls", program=STATIC_TLS),
    Shape("many-symbols", also="many-symbols"),
    Shape("many-sections", also="many-sections"),
    Shape("many-ifuncs", program=MANY_IFUNCS),
)}
PLAIN = Shape("plain")
PLAIN_WITH_RELOCATIONS = Shape("plain-emit-relocs", ("-Wl,--emit-relocs",))

# With -n, code and data share a page, which is then not executable. glibc takes the address of the
# ELF header for the load base of a static-PIE: it has to be 0 as linked, and the header has to be
# loaded. Emulators are more generous about the latter. Its startup also asserts that there is no
# DT_RPATH or DT_RUNPATH, and does not know Android's tag for RELR.
# What to do instead, and the shape.
NEVER_START = {
    Shape("static-pie-with-image-base", ("-Wl,--image-base=0x7ff00000",), kinds=PIE_ONLY):
        "link without --image-base",
    Shape("nmagic", ("-Wl,-n",), kinds=EXEC_ONLY): "link without -n",
    Shape("static-pie-omagic", ("-Wl,-N",), machines=("x86-64",), kinds=PIE_ONLY):
        "link without -N",
    Shape("static-pie-no-relax", ("-Wl,--no-relax",), machines=("x86-64",), kinds=PIE_ONLY):
        "link without --no-relax",
    Shape("static-pie-packed", ("-Wl,--pack-dyn-relocs=android",), kinds=PIE_ONLY):
        "link without --pack-dyn-relocs=android",
    Shape("static-pie-rpath", ("-Wl,-rpath,/lib", "-Wl,--disable-new-dtags"), kinds=PIE_ONLY):
        "link without -rpath",
    Shape("static-pie-runpath", ("-Wl,-rpath,/lib",), kinds=PIE_ONLY): "link without -rpath",
    Shape("static-pie-android-relr", ("-Wl,--pack-dyn-relocs=relr", "-Wl,--use-android-relr-tags"),
          kinds=PIE_ONLY): "link without --use-android-relr-tags",
}

# Its __rela_iplt_start and _end stand around .rela.iplt, which ld.lld has not: they are empty.
GNU_SCRIPT = Shape("gnu-script", gnu_script=True, since=16, kinds=EXEC_ONLY)
UNDER_A_GNU_SCRIPT = [Defect("lost-irelative", LINKERS[name]) for name in ("lld-16", "lld-22")]

# What other linkers make of a shared library on the line. mold takes every symbol from it that it
# has, so that it must be one that has none of the program's.
UNUSED = ("-Wl,--push-state,-Bdynamic", "-l:libresolv.so.2", "-Wl,--pop-state")
NEEDED = ("-Wl,--push-state,--no-as-needed,-Bdynamic", *UNUSED[1:])
BY_MOLD = [Shape("mold", library=UNUSED, since=0), Shape("mold-needed", library=NEEDED, since=0)]
MOLD = [Defect("lost-irelative", LINKERS["mold"])]
BY_GNU_LD = Shape("gnu-ld", since=0)
GNU_LD = [Defect("biased-weak", LINKERS["bfd"], "static-pie")]


@dataclass(frozen=True)
class Case:
    shape: Shape
    machine: Machine
    defect: Defect

    def __str__(self) -> str:
        linker = f"-{self.defect.linker.name}" if self.shape.gnu_script else ""
        return f"{self.shape}-{self.machine}-{self.defect}{linker}"

    def is_possible(self) -> bool:
        shape, defect = self.shape, self.defect
        return (defect.linker.major >= shape.since and self.machine.name in shape.machines
                and self.kind in shape.kinds)

    @property
    def program(self) -> Program:
        return self.shape.program

    @property
    def kind(self) -> str:
        return self.defect.kind


def cases(shapes, machines=MAJOR.values(), defects=DEFECTS.values()) -> list[Case]:
    every = [Case(s, m, d) for s in shapes for m in machines for d in defects]
    return [case for case in every if case.is_possible()]


def link(case: Case, stray_library: bool = True) -> Path:
    shape, machine, defect = case.shape, case.machine, case.defect
    argv = [machine.tool("gcc"), *defect.linker.link_flags(), *KINDS[case.kind],
            *defect.ldflags, *shape.ldflags,
            shape.compile(case.program, machine, shape.cflags)]
    if shape.also:
        argv.append(assembled(shape.also, machine))
    if shape.gnu_script:
        argv.append(f"-Wl,-T,{gnu_script(machine)}")
    if stray_library:
        argv += shape.library
    made_of = [*argv, defect.linker.identity(), version_of(str(argv[0]), "--version")]
    return kept(f"links/shape-{case}", made_of, lambda out: run_tool([*argv, "-o", out]) and None)
