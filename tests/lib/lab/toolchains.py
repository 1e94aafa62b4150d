# SPDX-License-Identifier: MIT
"""The C libraries and linkers, a row each."""
import os
import subprocess
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from machines import Machine
from need import Missing, command

from .base import cached_item, run_tool, version_of


@dataclass(frozen=True)
class Libc:
    """glibc; the one that is installed has no item."""
    version: str
    item: str | None = None
    gcc: str | None = None  # the version of the compiler libraries that belong to it

    def folder(self, machine: Machine) -> Path:
        assert self.item is not None
        return cached_item(f"{self.item}-{machine.name}")

    def library_folders(self, machine: Machine) -> list[Path]:
        """In the order in which they are to be searched; those of Debian's cross packages too."""
        top = self.folder(machine)
        folders = [*(top / "usr/lib/gcc-cross" / machine.triplet).glob("*"),
                   top / "usr" / machine.triplet / "lib", top / "usr" / "lib" / machine.triplet,
                   top / "lib" / machine.triplet]
        if self.gcc is not None:
            folders.insert(0, top / "usr" / "lib" / machine.gcc_folder / machine.triplet / self.gcc)
        return [f for f in folders if f.is_dir()]

    def link_flags(self, machine: Machine) -> list[str]:
        if self.item is None:
            return []
        flags = [f"-Wl,--sysroot={self.folder(machine)}"]
        for folder in self.library_folders(machine):
            flags += [f"-B{folder}/", f"-L{folder}"]
        return flags

    def identity(self, machine: Machine) -> str:
        if self.item is not None:
            return (self.folder(machine) / ".packages").read_text()
        return version_of("dpkg-query", "-W", machine.libc_package)

    def package_version(self, machine: Machine) -> str:
        """Of libc6-dev, the first package of an item: "2.41-12"."""
        identity = self.identity(machine)
        return identity.split("_")[1] if self.item is not None else identity.split()[-1]


LIBCS = {c.version: c for c in (
    Libc("2.31", "glibc-2.31", gcc="10"),
    Libc("2.36"),
    Libc("2.41", "glibc-2.41"),
    Libc("2.43", "glibc-2.43"),
    Libc("2.44", "glibc-2.44"),
)}


@dataclass(frozen=True)
class Linker:
    """The folder holds ld.lld, or ld for others; gcc -B takes it from there."""
    name: str
    flavour: str = "lld"
    folder: str | None = None
    item: str | None = None

    @property
    def major(self) -> int:
        return int(self.name.rpartition("-")[2]) if self.flavour == "lld" else 0

    def link_flags(self) -> list[str]:
        if self.folder is None and self.item is None:
            return [f"-fuse-ld={self.flavour}"]
        flags = [f"-B{self.path().parent}/"]
        return flags + ["-fuse-ld=lld"] if self.flavour == "lld" else flags

    def path(self) -> Path:
        if self.item is not None:
            return cached_item(self.item) / "ld.lld"
        if self.folder is None:
            return Path(command(f"ld.{self.flavour}"))
        path = Path(self.folder, "ld.lld" if self.flavour == "lld" else "ld")
        if not os.access(path, os.X_OK):
            raise Missing(f"{self.name} is not installed (make setup)")
        return path

    def identity(self) -> str:
        return version_of(str(self.path()), "--version")


LINKERS = {l.name: l for l in (
    Linker("lld-16", folder="/usr/lib/llvm-16/bin"),
    Linker("lld-17", item="lld-17"),
    Linker("lld-18", item="lld-18"),
    Linker("lld-19", folder="/usr/lib/llvm-19/bin"),
    Linker("lld-21", item="lld-21"),
    Linker("lld-22", folder="/usr/lib/llvm-22/bin"),
    Linker("lld-23", item="lld-23"),
    Linker("lld-24", item="lld-24"),
    Linker("bfd", flavour="bfd"),
    Linker("mold", flavour="mold", folder="/usr/libexec/mold"),
)}


# ---- Rust ----

RUST_TARGET = "x86_64-unknown-linux-gnu"


@lru_cache(maxsize=None)
def takes_own_linker(rustc: str) -> bool:
    """rustup's does since 1.90, if it has a toolchain for this user; Debian's brings none."""
    try:
        minor = int(version_of(rustc, "-V").split(".")[1])
    except subprocess.CalledProcessError:
        return False
    top = Path(run_tool([rustc, "--print=sysroot"]).strip())
    return minor >= 90 and (top / "lib/rustlib" / RUST_TARGET / "bin/gcc-ld/ld.lld").exists()
