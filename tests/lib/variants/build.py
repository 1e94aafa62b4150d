# SPDX-License-Identifier: MIT
"""Compiles and links the program of a level; knows which instructions it consists of."""
from fnmatch import fnmatchcase
from pathlib import Path

from elf.fields import Elf
from elf.layout import STT_FUNC
from lab.base import contents_key, kept, run_tool, version_of
from lab.links import KINDS
from lab.programs import STRAY_LIBRARY
from need import command
from places import TESTS

from .levels import Level

PROGRAMS = TESTS / "variants" / "programs"
STARTUP = TESTS / "programs" / "startup.h"
# Of the disassembler; that of x86-64 always knows everything.
ALL_FEATURES = {"x86-64": "", "aarch64": "+all"}


def compiler(level: Level) -> list[str]:
    return [command("clang-22"), f"--target={level.machine.triplet}"]


def compiled(level: Level, source: str) -> Path:
    """-mno-outline-atomics: atomics of the level itself, not a choice at run time."""
    path = PROGRAMS / source
    argv = [*compiler(level), f"-march={level.name}{level.option}", "-O2", "-fPIE", "-Wall",
            "-Wextra", "-Werror", *level.cflags, "-c", str(path)]
    if level.machine.name == "aarch64":
        argv.append("-mno-outline-atomics")
    made_of = [*argv, version_of(argv[0], "--version"),
               contents_key(path, STARTUP, *sorted(PROGRAMS.glob("*.h")))]
    return kept(f"variants/{level.name}-{path.stem}.o", made_of,
                lambda out: run_tool([*argv, "-o", out]) and None)


def link(level: Level, kind: str, linker: Path, *libraries: str) -> Path:
    objects = [compiled(level, "main.c"), compiled(level, f"{level.name}.c")]
    argv = [*compiler(level), f"--ld-path={linker}", *KINDS[kind], *map(str, objects), *libraries]
    made_of = [*argv, version_of(str(linker), "--version"),
               version_of("dpkg-query", "-W", level.machine.libc_package)]
    return kept(f"variants/{level.name}-{kind}-{linker.name}", made_of,
                lambda out: run_tool([*argv, "-o", out]) and None)


def broken_program(level: Level, kind: str) -> Path:
    return link(level, kind, Path(command("ld.lld-22")), *STRAY_LIBRARY)


def reference_program(level: Level, kind: str) -> Path:
    """The same objects; GNU ld does not take a shared library on a static link line."""
    return link(level, kind, Path(level.machine.tool("ld.bfd")))


def own_functions(level: Level) -> list[str]:
    """What the compiler left of the level's source; the names are no library's."""
    symbols = Elf.open(compiled(level, f"{level.name}.c")).symbols()
    names = [name for name, fields in symbols if fields["st_info"] & 15 == STT_FUNC]
    assert all(name.startswith("level") for name in names), names
    return names


def own_instructions(program: Path, level: Level, features: str) -> list[str]:
    """The disassembly of the level's functions in the linked program."""
    listing = run_tool([command("llvm-objdump-22"), f"--mattr={features}", "--no-show-raw-insn",
                        "--no-leading-addr", "--x86-asm-syntax=intel",
                        f"--disassemble-symbols={','.join(own_functions(level))}", program])
    lines = [line.replace(",", " ") for line in listing.splitlines() if line.startswith(" ")]
    return [" ".join(line.split()) for line in lines]


def found_instructions(program: Path, level: Level, features: str | None = None) -> list[str]:
    """Those of the level's instructions that a disassembler with these features finds."""
    code = own_instructions(program, level, ALL_FEATURES[level.machine.name]
                            if features is None else features)
    return [wanted for wanted in level.instructions
            if any(fnmatchcase(line + " ", wanted + " *") for line in code)]
