# SPDX-License-Identifier: MIT
"""Files that are not static glibc executables: another C library, dynamic ones, objects."""
from pathlib import Path
from typing import Sequence

from machines import Machine
from places import PROGRAMS

from .base import cached_item, contents_key, kept, run_tool, version_of
from .links import KINDS
from .programs import PROGRAM_ROWS, compiled
from .toolchains import LINKERS

LINKER = LINKERS["lld-22"]
WEAK = PROGRAM_ROWS["weak"]


def linked(name: str, machine: Machine, arguments: Sequence[str | Path]) -> Path:
    argv = [machine.tool("gcc"), *LINKER.link_flags(), *map(str, arguments)]
    made_of = [*argv, LINKER.identity(), version_of(argv[0], "--version")]
    return kept(f"links/{name}-{machine.name}", made_of,
                lambda out: run_tool([*argv, "-o", out]))


def dynamic_executable(machine: Machine) -> Path:
    return linked("dynamic", machine, ["-no-pie", compiled(WEAK, machine, ())])


def dynamic_pie(machine: Machine) -> Path:
    return linked("dynamic-pie", machine, ["-pie", compiled(WEAK, machine, ())])


def shared_library(machine: Machine) -> Path:
    return linked("shared-library", machine, ["-shared", compiled(WEAK, machine, ("-fPIC",))])


def relocatable(machine: Machine) -> Path:
    return linked("relocatable", machine, ["-r", compiled(WEAK, machine, ())])


def object_file(machine: Machine) -> Path:
    return compiled(WEAK, machine, ())


def musl_object(machine: Machine, source: Path, *flags: str) -> Path:
    compiler = machine.tool("gcc")
    own_headers = run_tool([compiler, "-print-file-name=include"]).strip()
    headers = cached_item("musl") / "usr" / "include" / musl_triplet(machine)
    argv = [compiler, "-O2", "-fPIE", "-nostdinc", "-isystem", headers, "-isystem", own_headers,
            *flags, "-c", source]
    made_of = [*argv, contents_key(source, PROGRAMS / "startup.h")]
    return kept(f"objects/musl-{source.stem}-{machine.name}.o", made_of,
                lambda out: run_tool([*argv, "-o", out]))


def musl_triplet(machine: Machine) -> str:
    return machine.triplet.replace("gnu", "musl")


def musl_executable(machine: Machine, kind: str) -> Path:
    """musl with a shared library on the line: the very relocations that break glibc."""
    library = cached_item("musl") / "usr" / "lib" / musl_triplet(machine)
    stray = linked("libstray.so", machine, ["-nostdlib", "-shared", object_file(machine)])
    start = library / {"exec": "crt1.o", "static-pie": "rcrt1.o"}[kind]
    return linked(f"musl-{kind}", machine, [
        "-nostdlib", *KINDS[kind], start, library / "crti.o",
        musl_object(machine, PROGRAMS / WEAK.source),
        "-Wl,--push-state,-Bdynamic", stray, "-Wl,--pop-state",
        library / "libc.a", "-lgcc", library / "crtn.o"])
