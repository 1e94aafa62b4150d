# SPDX-License-Identifier: MIT
"""Which rustc, cargo, crates and mimalloc make the program for a machine."""
import os
import shlex
import shutil
from functools import lru_cache
from pathlib import Path

from lab.base import cached_item, kept, run_tool, version_of
from lab.toolchains import LINKERS, RUST_TARGET, takes_own_linker
from machines import Machine
from need import Missing, command
from places import ROOT

CRATES = Path("/usr/share/cargo/registry")  # where Debian's librust-*-dev packages put them
ALLOCATOR_FLAGS = ("-O3", "-fPIC", "-DNDEBUG", "-Iinclude", "-c", "src/static.c")


def cargo() -> str:
    return str(cached_item("cargo") / "usr/bin/cargo")


def crates() -> Path:
    if not any(CRATES.glob("tokio-*")):
        raise Missing("librust-tokio-dev is not installed (make setup)")
    return CRATES


def target(machine: Machine) -> str:
    return machine.triplet.replace("-linux", "-unknown-linux")


def installed_rustc(machine: Machine) -> str | None:
    """One that links with a linker of its own, which only that for x86-64 does."""
    path = shutil.which("rustc") if target(machine) == RUST_TARGET else None
    return path if path and takes_own_linker(path) else None


def rustc(machine: Machine) -> str:
    return installed_rustc(machine) or str(fetched_rustc())


def fetched_rustc() -> Path:
    """The compiler of scripts/toolchain finds its libraries only when it is told where they are."""
    top = cached_item("rust") / "usr"
    text = (f'#!/bin/sh\ntop={shlex.quote(str(top))}\n'
            'LD_LIBRARY_PATH=$top/lib/x86_64-linux-gnu exec "$top/bin/rustc" --sysroot "$top" "$@"\n')

    def make(out: Path) -> None:
        out.write_text(text)
        out.chmod(0o755)

    return kept("seed/rustc", [text, (top.parent / ".packages").read_text()], make)


def linker_flags(machine: Machine) -> list[str]:
    """None for rustc's own linker, which is what it takes when nothing is said."""
    if installed_rustc(machine):
        return []
    return [f"-Clinker={machine.tool('gcc')}",
            *(f"-Clink-arg={flag}" for flag in LINKERS["lld-22"].link_flags())]


def linker_identity(machine: Machine) -> str:
    return "rustc's" if installed_rustc(machine) else LINKERS["lld-22"].identity()


@lru_cache(maxsize=None)
def known_features(machine: Machine) -> str:
    return run_tool([rustc(machine), "--print=target-features", f"--target={target(machine)}"])


def compiler_identity(machine: Machine) -> str:
    return version_of(rustc(machine), "-vV") + version_of(cargo(), "-V")


def allocator(machine: Machine) -> Path:
    """A folder with libmimalloc.a: Debian has only the shared library."""
    source = cached_item("mimalloc")
    compiler = machine.tool("gcc")

    def make(out: Path) -> None:
        out.mkdir()
        run_tool([compiler, *ALLOCATOR_FLAGS, "-o", out / "static.o"], cwd=source)
        run_tool([command("ar"), "rcs", out / "libmimalloc.a", out / "static.o"])

    made_of = [*ALLOCATOR_FLAGS, version_of(compiler, "--version"),
               (source / ".packages").read_text()]
    return kept(f"seed/mimalloc-{machine.name}", made_of, make)


def environment(machine: Machine) -> dict[str, str]:
    """The same for every crate; what is said only to the program's own rustc is no part of it."""
    return {"RUSTC": rustc(machine),
            # Bitcode beside the code: the crates serve with and without link-time optimisation.
            "RUSTFLAGS": "-Ctarget-feature=+crt-static -Cembed-bitcode=yes",
            "CARGO_INCREMENTAL": "0", "CARGO_HOME": str(ROOT / "build" / "cargo")}


def registry_options() -> list[str]:
    return ["--offline", "--config", 'source.crates-io.replace-with="debian"',
            "--config", f'source.debian.directory="{crates()}"']


def crate_versions() -> str:
    return " ".join(sorted(os.listdir(crates())))
