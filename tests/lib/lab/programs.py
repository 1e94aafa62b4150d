# SPDX-License-Identifier: MIT
"""The programs of tests/programs, a row each, and how they become objects."""
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Sequence

from machines import Machine
from places import PROGRAMS

from .base import cached_item, contents_key, kept, run_tool, version_of

# What puts a shared library on the line of a static link, as an unlucky -l does. --as-needed is
# what Debian's gcc begins with: the library is then seen and dropped again.
STRAY_LIBRARY = ("-Wl,--push-state,-Bdynamic", "-l:libm.so.6", "-Wl,--pop-state")
NEEDED_LIBRARY = ("-Wl,--push-state,--no-as-needed,-Bdynamic", "-l:libm.so.6", "-Wl,--pop-state")


@dataclass(frozen=True)
class Program:
    name: str
    source: str
    libraries: tuple[str, ...] = ()
    stray: tuple[str, ...] = STRAY_LIBRARY

    @property
    def language(self) -> str:
        return {".c": "C", ".cc": "C++", ".rs": "Rust"}[Path(self.source).suffix]

    @property
    def driver(self) -> str:
        return "g++" if self.language == "C++" else "gcc"

    def expected_output(self) -> str:
        return (PROGRAMS / self.source).with_suffix(".out").read_text()


PROGRAM_ROWS = {p.name: p for p in (
    Program("weak", "weak.c", stray=NEEDED_LIBRARY),
    # sin and pow must come from libm.a, so that it stands in front.
    Program("ifunc", "ifunc.c", libraries=("-lm",)),
    # Before glibc 2.34 only a whole libpthread.a has all that std::thread needs.
    Program("threads", "threads.cc",
            libraries=("-Wl,--whole-archive", "-lpthread", "-Wl,--no-whole-archive")),
    Program("rust", "hello.rs", stray=("-lm",)),
    # Without libm.a in front of it the shared library is what defines sin.
    Program("bound", "bound.c"),
)}


def objects(program: Program, machine: Machine, kind: str, cflags: Sequence[str]) -> list[str]:
    """What to hand to the compiler driver to link the program, without libraries."""
    if program.language == "Rust":
        return recorded_rust_link(program, machine, kind)
    return [str(compiled(program, machine, cflags))]


def compiled(program: Program, machine: Machine, cflags: Sequence[str]) -> Path:
    compiler = machine.compiler(program.driver)
    source = PROGRAMS / program.source
    argv = [*compiler, "-O2", "-fPIE", "-Wall", "-Wextra", "-Werror", *headers(machine), *cflags,
            "-c", source]
    made_of = [*argv, version_of(*compiler, "--version"),
               contents_key(source, PROGRAMS / "startup.h")]
    return kept(f"objects/{program.name}-{machine.name}.o", made_of,
                lambda out: run_tool([*argv, "-o", out]))


def headers(machine: Machine) -> list[str]:
    """Of a C library that is not installed."""
    if machine.has_gcc:
        return []
    top = cached_item(f"glibc-{machine.libcs[0]}-{machine.name}")
    return ["-isystem", str(top / "usr" / machine.triplet / "include")]


RELOCATION_MODELS = {"exec": "static", "static-pie": "pie"}


def recorded_rust_link(program: Program, machine: Machine, kind: str) -> list[str]:
    """
    rustc compiles and would then call the linker's driver: its arguments are kept and the
    objects with them, so that every linker, C library and option links the very same objects.
    """
    top = cached_item("rust") / "usr"
    argv = [top / "bin" / "rustc", "--sysroot", top, "-O", "-Ccodegen-units=1",
            "--target", machine.triplet.replace("-linux", "-unknown-linux"),
            "-Ctarget-feature=+crt-static", f"-Crelocation-model={RELOCATION_MODELS[kind]}",
            "-Csave-temps", "-Clinker=true", "--print=link-args", PROGRAMS / program.source]

    def record(folder: Path) -> None:
        folder.mkdir()
        printed = run_tool([*argv, "-o", "program"], cwd=folder, TMPDIR=str(folder),
                           LD_LIBRARY_PATH=str(top / "lib" / "x86_64-linux-gnu"))
        for intermediate in folder.glob("*.bc"):
            intermediate.unlink()
        (folder / "arguments").write_text(printed.replace(str(folder), "@FOLDER@"))

    made_of = [*argv, contents_key(PROGRAMS / program.source),
               (top.parent / ".packages").read_text()]
    folder = kept(f"objects/{program.name}-{machine.name}-{kind}", made_of, record)
    return link_arguments((folder / "arguments").read_text(), folder)


def link_arguments(printed: str, folder: Path) -> list[str]:
    """The driver's arguments out of the command line that rustc prints, as absolute paths."""
    words = shlex.split(printed.replace("@FOLDER@", str(folder)))
    arguments = words[words.index("true") + 1:]
    at = arguments.index("-o")
    del arguments[at:at + 2]
    return [os.path.join(folder, a) if a.endswith(".o") else a for a in arguments]
