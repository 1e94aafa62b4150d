# SPDX-License-Identifier: MIT
"""The machines that get a program, a row each, and the compilers that make it."""
import os
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = Path(os.environ.get("IRELFIX_CACHE") or ROOT / "build/cache").resolve()


class Missing(Exception):
    """A tool is not on this machine; says what would bring it."""


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed (scripts/setup release)")
    return path


def item(name: str) -> Path:
    """What scripts/toolchain fetched."""
    path = CACHE / name
    if not path.is_dir():
        raise Missing(f"{name} was not fetched (scripts/toolchain {name})")
    return path


@dataclass(frozen=True)
class Target:
    name: str       # as the archive is called
    npm: str        # platform and architecture, as node calls them
    wheel: str      # the architecture, as Python's platform tags call it

    @property
    def system(self) -> str:
        return self.name.rpartition("-")[2]

    def settings(self, work: Path) -> dict[str, str]:
        """make's variables; what the compiler needs beside the sources is written below @work."""
        raise NotImplementedError


@dataclass(frozen=True)
class Linux(Target):
    """A static program: Debian's gcc for the machine, with musl in place of glibc."""
    gcc: str = ""   # the triplet of Debian's cross compiler
    musl: str = ""  # that of its musl
    qemu: str = ""  # the emulator is qemu-QEMU
    flags: str = ""

    def specs(self, work: Path) -> Path:
        """Debian's, which are for an installed musl, say where this one is."""
        folder = item("musl-hosts")
        text = (folder / "usr/lib" / self.musl / "musl-gcc.specs").read_text()
        path = work / f"{self.musl}.specs"
        path.write_text(text.replace("/usr/", f"{folder}/usr/"))
        return path

    def settings(self, work: Path) -> dict[str, str]:
        words = (tool(f"{self.gcc}-gcc"), f"-specs={self.specs(work)}", self.flags)
        return {"CC": " ".join(words).strip(), "CFLAGS": "-O2", "LDFLAGS": "-static -s",
                "AR": tool(f"{self.gcc}-ar")}

    @cached_property
    def emulator(self) -> str:
        fetched = CACHE / "qemu/usr/bin" / f"qemu-{self.qemu}"
        return str(fetched) if fetched.exists() else tool(f"qemu-{self.qemu}")


@dataclass(frozen=True)
class MacOS(Target):
    """clang and ld64.lld, with the headers and library stubs that the zig of npm brings."""
    arch: str = ""      # as Apple calls it
    headers: str = ""   # as zig calls it

    def settings(self, work: Path) -> dict[str, str]:
        libc = item("zig") / "lib/libc"
        root = work / f"macos-{self.arch}"
        library = root / "usr/lib/libSystem.tbd"
        library.parent.mkdir(parents=True, exist_ok=True)
        library.write_bytes((libc / "darwin/libSystem.11.tbd").read_bytes())
        include = (f"{self.headers}-macos.11-none", "any-macos.11-any", "any-macos-any")
        words = (tool("clang-22"), f"--target={self.arch}-apple-macos11", f"-isysroot {root}",
                 *(f"-isystem {libc}/include/{folder}" for folder in include))
        linker = f"-mlinker-version=711 --ld-path={tool('ld64.lld-22')} -Wl,-x"
        return {"CC": " ".join(words), "CFLAGS": "-O2", "LDFLAGS": linker,
                "AR": tool("llvm-ar-22")}


def linux(name: str, npm: str, wheel: str, gcc: str, musl: str, qemu: str,
          flags: str = "") -> Linux:
    return Linux(f"{name}-linux", f"linux-{npm}", wheel, gcc, musl, qemu, flags)


# The long double of ppc64le is another one in musl than in glibc.
TARGETS: dict[str, Target] = {target.name: target for target in (
    linux("x86_64", "x64", "x86_64", "x86_64-linux-gnu", "x86_64-linux-musl", "x86_64"),
    linux("aarch64", "arm64", "aarch64", "aarch64-linux-gnu", "aarch64-linux-musl", "aarch64"),
    linux("riscv64", "riscv64", "riscv64", "riscv64-linux-gnu", "riscv64-linux-musl", "riscv64"),
    linux("i686", "ia32", "i686", "i686-linux-gnu", "i386-linux-musl", "i386"),
    linux("armv7", "arm", "armv7l", "arm-linux-gnueabihf", "arm-linux-musleabihf", "arm"),
    linux("ppc64le", "ppc64", "ppc64le", "powerpc64le-linux-gnu", "powerpc64le-linux-musl",
          "ppc64le", "-mlong-double-64"),
    linux("s390x", "s390x", "s390x", "s390x-linux-gnu", "s390x-linux-musl", "s390x"),
    MacOS("aarch64-macos", "darwin-arm64", "macosx_11_0_arm64", "arm64", "aarch64"),
    MacOS("x86_64-macos", "darwin-x64", "macosx_11_0_x86_64", "x86_64", "x86_64"),
)}
