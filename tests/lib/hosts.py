# SPDX-License-Identifier: MIT
"""
scripts/hosts [HOST...]

Builds a static irelfix for every kind of Linux host, byte order and width, with glibc and with musl,
and lets each of them diagnose and repair the same files under an emulator: really linked executables
and what the fuzzer has kept. What it prints and every byte it writes must be what the irelfix of
this machine prints and writes. Prints a table; exits 1 if a host differs.
"""
import argparse
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.cases import one_of_each
from lab.links import link
from making import make
from need import Missing, command
from places import BUILD, CACHE, TESTS
from release import targets as release
from tool import TOOL


@dataclass(frozen=True)
class Host:
    name: str
    what: str      # byte order and width
    qemu: str
    triplet: str   # of Debian's gcc
    target: str = ""  # of a release: musl; else the compiler's own glibc

    def __str__(self) -> str:
        return self.name

    @property
    def emulator(self) -> str:
        fetched = CACHE / "qemu/usr/bin" / f"qemu-{self.qemu}"
        return str(fetched) if fetched.exists() else command(f"qemu-{self.qemu}")

    def settings(self, work: Path) -> dict[str, str]:
        if self.target:
            try:
                return release.TARGETS[self.target].settings(work)
            except release.Missing as missing:
                raise Missing(str(missing)) from None
        return {"CC": command(f"{self.triplet}-gcc"), "CFLAGS": "-O2", "LDFLAGS": "-static"}

    def built(self, work: Path) -> Path:
        """A warning is an error."""
        settings = self.settings(work)
        settings["CFLAGS"] += " -Werror"
        result = make(work / "build", "all", **settings)
        if result.returncode != 0 or result.stderr:
            raise AssertionError(f"{self.name} is not built\n{result.stderr}")
        return work / "build/irelfix"


GLIBC = (
    Host("i386", "32-bit little", "i386", "i686-linux-gnu"),
    Host("armhf", "32-bit little", "arm", "arm-linux-gnueabihf"),
    Host("armel", "32-bit little", "arm", "arm-linux-gnueabi"),
    Host("powerpc", "32-bit big", "ppc", "powerpc-linux-gnu"),
    Host("arm64", "64-bit little", "aarch64", "aarch64-linux-gnu"),
    Host("riscv64", "64-bit little", "riscv64", "riscv64-linux-gnu"),
    Host("ppc64el", "64-bit little", "ppc64le", "powerpc64le-linux-gnu"),
    Host("s390x", "64-bit big", "s390x", "s390x-linux-gnu"),
)
HOSTS = {host.name: host for host in GLIBC} | {
    f"{target.name}-musl": Host(
        f"{target.name}-musl",
        f"{32 if target.npm.endswith(('ia32', 'arm')) else 64}-bit "
        f"{'big' if target.qemu == 's390x' else 'little'}", target.qemu, target.gcc, target.name)
    for target in release.TARGETS.values() if isinstance(target, release.Linux)}


# ---- what they are tried on ----


def fill(folder: Path) -> None:
    """Each class as some linker makes it for each machine, and the fuzzer's corpus."""
    for case in one_of_each():
        shutil.copy(link(case), folder / str(case))
    with tarfile.open(TESTS / "fuzz/corpus.tar.xz") as tar:
        for member in tar:
            if member.isreg():
                (folder / Path(member.name).name).write_bytes(tar.extractfile(member).read())


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@dataclass(frozen=True)
class Result:
    said: bytes     # of each file, and every edit
    status: int
    repaired: bytes  # what -i prints
    sums: dict[str, str]

    def differs(self, other: "Result") -> str:
        """In what, or nothing."""
        if self.sums != other.sums:
            names = [name for name, sum_ in self.sums.items() if other.sums.get(name) != sum_]
            return f"the bytes of {len(names)} files, {names[0]} among them"
        if (self.said, self.status, self.repaired) != (other.said, other.status, other.repaired):
            pairs = zip((self.said + self.repaired).splitlines(),
                        (other.said + other.repaired).splitlines())
            one, two = next(((a, b) for a, b in pairs if a != b), (b"", b""))
            return f"what it says: {one.decode()} | {two.decode()}"
        return ""


def called(program: list[str], arguments: list[str], folder: Path) -> tuple[bytes, int]:
    names = "".join(f"{name}\0" for name in files_in(folder)).encode()
    done = subprocess.run([*program, *arguments, "--files0-from", "-"], input=names, cwd=folder,
                          capture_output=True)
    return done.stdout + done.stderr, done.returncode


def tried(program: list[str], corpus: Path, work: Path) -> Result:
    said, _ = called(program, ["--json", "-n"], corpus)
    copy = work / "copy"
    shutil.copytree(corpus, copy)
    repaired, status = called(program, ["--json", "-i"], copy)
    sums = {name: hashlib.sha256((copy / name).read_bytes()).hexdigest() for name in files_in(copy)}
    return Result(said, status, repaired, sums)


def changed(result: Result, corpus: Path) -> int:
    """How many files became others."""
    return sum(hashlib.sha256((corpus / name).read_bytes()).hexdigest() != sum_
               for name, sum_ in result.sums.items())


class Comparison:
    """The files, and what this machine's irelfix makes of them."""

    def __init__(self, work: Path):
        self.work, self.corpus = work, work / "corpus"
        self.corpus.mkdir()
        fill(self.corpus)
        (work / "here").mkdir()
        self.expected = tried([str(TOOL)], self.corpus, work / "here")
        self.repaired = changed(self.expected, self.corpus)

    def of(self, host: Host) -> str:
        """In what @host differs, or nothing."""
        work = self.work / host.name
        work.mkdir()
        return tried([host.emulator, str(host.built(work))], self.corpus, work).differs(self.expected)


# ---- the table ----


def rows(comparison: Comparison, names: list[str]) -> Iterator[tuple[str, bool]]:
    for name in names:
        host = HOSTS[name]
        try:
            difference = comparison.of(host)
        except Missing as missing:
            difference = f"not run: {missing}"
        verdict = difference or "equal"
        yield f"| {name} | {host.what} | {verdict} |", not difference


def main() -> int:
    parser = argparse.ArgumentParser(prog="hosts", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("hosts", nargs="*", metavar="HOST", help=", ".join(HOSTS))
    names = parser.parse_args().hosts or list(HOSTS)
    if unknown := set(names) - set(HOSTS):
        parser.error(f"no host {', '.join(sorted(unknown))}")
    BUILD.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="hosts-") as work:
        comparison = Comparison(Path(work))
        print(f"{len(comparison.expected.sums)} files, {comparison.repaired} of them repaired\n")
        print("| host | | bytes and words |\n| --- | --- | --- |", flush=True)
        good = True
        for row, equal in rows(comparison, names):
            print(row, flush=True)
            good &= equal
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
