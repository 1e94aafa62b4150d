# SPDX-License-Identifier: MIT
"""
One way to build the program, and its executable. Tokio and the other crates are compiled once for
a machine and a profile; every way to build the program begins with a copy of them.
"""
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from lab.base import alone, contents_key, kept, run_tool
from lab.toolchains import LIBCS, Libc
from machines import Machine
from places import LAB, TESTS

from . import toolchain

PACKAGE = TESTS / "seed" / "program"


@dataclass(frozen=True)
class Build:
    machine: Machine
    profile: str = "release"  # the name of cargo's folder
    lto: bool = False
    model: str | None = "static"  # rustc's default, if None
    level: str | None = None
    libc: Libc = LIBCS["2.36"]
    zero: tuple[str, ...] = ()  # symbols that the linker defines as 0
    features: tuple[str, ...] = ()

    def __str__(self) -> str:
        words = [self.machine.name, self.profile, self.model or "default-model"]
        if self.level is not None:
            words = [self.machine.name, self.level.removeprefix(f"{self.machine.name}-")]
        return "-".join([*words, *self.features])


def program_flags(build: Build) -> list[str]:
    """What only the rustc of the program itself is told."""
    flags = [*toolchain.linker_flags(build.machine),
             f"-Lnative={toolchain.allocator(build.machine)}"]
    if build.lto:
        flags.append("-Clto=fat")
    if build.model is not None:
        flags.append(f"-Crelocation-model={build.model}")
    if build.level is not None:
        name = "target-cpu=" if build.machine.name == "x86-64" else "target-feature=+"
        flags.append(f"-C{name}{build.level}")
    # rustc ends its own libraries with -Bdynamic: this -lm is the shared library.
    link_args = [*build.libc.link_flags(build.machine),
                 *(f"-Wl,--defsym={symbol}=0" for symbol in build.zero), "-lm"]
    return flags + [f"-Clink-arg={arg}" for arg in link_args]


def cargo_rustc(build: Build, package: Path, out: Path, flags: list[str]) -> None:
    argv = [toolchain.cargo(), "rustc", *toolchain.registry_options(), "--target-dir", out,
            "--target", toolchain.target(build.machine)]
    if build.profile != "debug":
        argv += ["--profile", build.profile]
    if build.features:
        argv += ["--features", ",".join(build.features)]
    run_tool([*argv, "--", *flags], cwd=package, **toolchain.environment(build.machine))


def dependencies(build: Build) -> Path:
    """cargo's target folder after it has built a program that does nothing."""
    made_of = [*toolchain.environment(build.machine).values(), toolchain.crate_versions(),
               toolchain.compiler_identity(build.machine), contents_key(PACKAGE / "Cargo.toml")]

    def make(out: Path) -> None:
        with tempfile.TemporaryDirectory() as package:
            shutil.copy(PACKAGE / "Cargo.toml", package)
            Path(package, "src").mkdir()
            Path(package, "src", "main.rs").write_text("fn main() {}\n")
            cargo_rustc(build, Path(package), out, toolchain.linker_flags(build.machine))

    name = f"crates-{build.machine.name}-{build.profile}"
    # two processes need not compile the same crates at the same time
    with alone(LAB / "seed" / f".{name}.lock"):
        return kept(f"seed/{name}", made_of, make)


def program(build: Build) -> Path:
    """The executable of a build, below build/lab/seed."""
    crates, flags = dependencies(build), program_flags(build)
    sources = sorted(PACKAGE.rglob("*.rs"))
    made_of = [crates, *flags, *build.features, contents_key(*sources),
               toolchain.linker_identity(build.machine), build.libc.identity(build.machine)]

    def make(out: Path) -> None:
        with tempfile.TemporaryDirectory(dir=LAB) as folder:
            package, target = Path(folder, "package"), Path(folder, "target")
            shutil.copytree(PACKAGE, package)
            shutil.copytree(crates, target)  # with its times, by which cargo knows what is new
            cargo_rustc(build, package, target, flags)
            shutil.move(target / toolchain.target(build.machine) / build.profile / "seed", out)

    return kept(f"seed/{build}", made_of, make)
