# SPDX-License-Identifier: MIT
"""A case is one way to link one program; link() makes its executable, once."""
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from machines import MACHINES, Machine

from .base import contents_key, kept, run_tool, version_of
from .programs import PROGRAM_ROWS, Program, objects
from .relocations import shuffle_entries
from .toolchains import LIBCS, LINKERS, Libc, Linker

EXTRA_TEXT = 140 << 20  # further than an AArch64 branch reaches


@dataclass(frozen=True)
class Option:
    name: str
    ldflags: tuple[str, ...] = ()
    cflags: tuple[str, ...] = ()
    extra_text: int = 0
    edit: Callable[[Path], None] | None = None  # what the test itself does to the linked file
    since: int = 0  # the first major version of lld that knows the flags
    programs: tuple[str, ...] = ()  # all, if empty
    in_matrix: bool = True


OPTIONS = {o.name: o for o in (
    Option("default"),
    Option("stripped", ("-Wl,-s",)),
    Option("no-relax", ("-Wl,--no-relax",)),
    Option("no-section-header", ("-Wl,-z,nosectionheader",), since=22),
    Option("icf-gc", ("-Wl,--icf=all", "-Wl,--gc-sections"),
           ("-ffunction-sections", "-fdata-sections")),
    Option("emit-relocs", ("-Wl,--emit-relocs",)),
    Option("rodynamic", ("-Wl,-z,rodynamic",)),
    Option("no-rosegment", ("-Wl,--no-rosegment",)),
    Option("image-base", ("-Wl,--image-base=0x40000000",)),
    Option("extra-text", extra_text=EXTRA_TEXT, programs=("weak",)),
    Option("shuffled", edit=shuffle_entries),
    Option("no-pic", cflags=("-fno-pie",), in_matrix=False),
    Option("rel", ("-Wl,-z,rel",), in_matrix=False),
    Option("android", ("-Wl,--pack-dyn-relocs=android",), in_matrix=False),
)}

KINDS = {"exec": ("-static", "-no-pie"), "static-pie": ("-static-pie",)}


@dataclass(frozen=True)
class Case:
    program: Program
    machine: Machine
    linker: Linker
    libc: Libc
    option: Option
    kind: str = "exec"
    stray_library: bool = True

    def __str__(self) -> str:
        words = [self.program.name, self.machine.name, self.linker.name,
                 f"glibc-{self.libc.version}", self.option.name, self.kind]
        return "-".join(words if self.stray_library else words + ["no-library"])


def is_possible(case: Case) -> bool:
    option = case.option
    machine, version = case.machine, case.libc.version
    return (version in (machine.static_pie if case.kind == "static-pie" else machine.libcs)
            and (option.edit is None or version in machine.ifuncs)
            and (not option.programs or case.program.name in option.programs)
            and (case.linker.flavour != "lld" or case.linker.major >= option.since))


def product(programs, machines, linkers, libcs, options, kinds=("exec",), **more) -> list[Case]:
    """Every possible case of the rows with these names."""
    cases = [Case(PROGRAM_ROWS[p], MACHINES[m], LINKERS[l], LIBCS[c], OPTIONS[o], k, **more)
             for p in programs for m in machines for l in linkers for c in libcs
             for o in options for k in kinds]
    return [case for case in cases if is_possible(case)]


def link(case: Case) -> Path:
    """The executable of a case, below build/lab/links."""
    argv = link_command(case)
    made_of = [*argv, case.linker.identity(), case.libc.identity(case.machine),
               contents_key(Path(__file__).with_name("relocations.py")) if case.option.edit else ""]

    def make(out: Path) -> None:
        run_tool([*argv, "-o", out])
        if case.option.edit is not None:
            case.option.edit(out)
        if case.option.extra_text:
            subprocess.run(["fallocate", "--dig-holes", out], check=False)

    return kept(f"links/{case}", made_of, make)


def link_command(case: Case) -> list[str]:
    option, program, machine = case.option, case.program, case.machine
    argv = [*machine.compiler(program.driver), *case.linker.link_flags(),
            *case.libc.link_flags(machine), *option.ldflags]
    if program.language != "Rust":
        argv += KINDS[case.kind]
        argv += machine.static_pie_flags if case.kind == "static-pie" else ()
    argv += objects(program, machine, case.kind, option.cflags)
    if option.extra_text:
        argv.append(str(extra_text_object(machine, option.extra_text)))
    argv += program.libraries
    if case.stray_library:
        argv += program.stray
    return argv


def extra_text_object(machine: Machine, size: int) -> Path:
    """An object that is nothing but text; it stands between the program and the C library."""
    assembler = machine.tool("as")
    source = f'.section .text.extra, "ax"\n.skip {size}\n.section .note.GNU-stack, ""\n'

    def make(out: Path) -> None:
        subprocess.run([assembler, "-o", out, "-"], input=source, text=True, check=True)

    return kept(f"objects/extra-text-{machine.name}.o",
                [source, version_of(assembler, "--version")], make)
