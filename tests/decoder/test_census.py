# SPDX-License-Identifier: MIT
"""The decoders against real disassemblers, over every instruction of real libraries."""
import os
import subprocess
from pathlib import Path

import pytest
from lab.base import cached_item
from machines import MACHINES, X86_64, Machine
from need import command, need_file
from places import BUILD, ROOT, TESTS

HERE = TESTS / "decoder"
BUILT = BUILD / "decoder"
FLAGS = ["-O2", "-std=c11", "-D_POSIX_C_SOURCE=200809L"]
# Those of files that are there: older ones may lie around.
DECODERS = [BUILD / "obj" / source.relative_to(ROOT / "src").with_suffix(".o")
            for source in sorted((ROOT / "src/arch").rglob("*.c"))]

# What is decoded, and Debian's package of it.
NATIVE = {
    "/usr/lib/x86_64-linux-gnu/libc.so.6": "libc6",
    "/usr/lib/x86_64-linux-gnu/libstdc++.so.6": "libstdc++6",
}
LARGE = {
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3": "libssl3",
    "/usr/lib/llvm-22/lib/libLLVM.so.1": "libllvm22",
}
CROSS = {machine: {f"/usr/{machine.triplet}/lib/libc.a": machine.cross_libc,
                   f"/usr/{machine.triplet}/lib/libstdc++.so.6":
                       machine.cross_libc.replace("libc6-dev", "libstdc++6")}
         for machine in MACHINES.values() if machine is not X86_64 and machine.has_gcc}
I386 = CROSS[MACHINES["i386"]]
# The state of the processor, where no mapping symbols say it.
STATES = {"armhf": "$t", "armel": "$a"}


def build(name: str, *argv: str | Path) -> Path:
    BUILT.mkdir(parents=True, exist_ok=True)
    partial = BUILT / f"{name}.{os.getpid()}"
    result = subprocess.run([*argv, "-o", partial], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    partial.rename(BUILT / name)
    return BUILT / name


def x86_64(name: str) -> Path:
    need_file("/usr/include/Zydis/Zydis.h", "libzydis-dev")
    return build(name, "gcc", *FLAGS, HERE / f"{name}.c", HERE / "judge_x86_64.c",
                 *DECODERS, "-lZydis")


def llvm() -> Path:
    config = command("llvm-config-22")
    ask = lambda *what: subprocess.check_output([config, *what], text=True).split()
    return build("census", "g++", "-std=c++20", "-O2", *ask("--cppflags"), HERE / "census.cpp",
                 *DECODERS, *ask("--ldflags", "--libs"))


def agrees(*argv: str | Path) -> None:
    result = subprocess.run(argv, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]


@pytest.fixture(scope="module")
def census_x86_64() -> Path:
    return x86_64("census_x86_64")


@pytest.fixture(scope="module")
def census() -> Path:
    return llvm()


@pytest.mark.parametrize("library", NATIVE | LARGE | I386)
def test_x86(census_x86_64: Path, library: str) -> None:
    agrees(census_x86_64, need_file(library, (NATIVE | LARGE | I386)[library]))


@pytest.mark.parametrize("count", [pytest.param("10000", marks=pytest.mark.fast), "1000000"])
@pytest.mark.parametrize("bits", ["64", "32"])
def test_x86_sweep(bits: str, count: str) -> None:
    agrees(x86_64("sweep_x86_64"), bits, count)


@pytest.mark.parametrize("library", NATIVE)
def test_llvm(census: Path, library: str) -> None:
    agrees(census, need_file(library, NATIVE[library]))


@pytest.mark.parametrize("machine", CROSS, ids=str)
def test_llvm_elsewhere(census: Path, machine: Machine) -> None:
    state = [f"--state={STATES[machine.name]}"] if machine.name in STATES else []
    agrees(census, *state, *(need_file(*row) for row in CROSS[machine].items()))


def test_llvm_of_a_machine_without_packages(census: Path) -> None:
    (machine,) = (m for m in MACHINES.values() if not m.has_gcc)
    folder = cached_item(f"glibc-2.41-{machine.name}")
    agrees(census, folder / "usr" / machine.triplet / "lib" / "libc.a")


@pytest.mark.parametrize("words", ["AArch64", "riscv64", "s390x", "loongarch64"])
def test_words(census: Path, words: str) -> None:
    agrees(census, f"--words={words}/251")


def test_words_of_arm(census: Path) -> None:
    agrees(census, "--state=$a", "--words=Arm/251")
