# SPDX-License-Identifier: MIT
"""The decoders against real disassemblers, over every instruction of real libraries."""
import os
import subprocess
from pathlib import Path

import pytest
from need import command, need_file
from places import BUILD, ROOT, TESTS

HERE = TESTS / "decoder"
BUILT = BUILD / "decoder"
FLAGS = ["-O2", "-std=c11", "-D_POSIX_C_SOURCE=200809L"]
# Those of files that are there: older ones may lie around.
DECODERS = [BUILD / "obj" / source.relative_to(ROOT / "src").with_suffix(".o")
            for source in sorted((ROOT / "src/arch").rglob("*.c"))]

# What is decoded, and Debian's package of it.
X86_64 = {
    "/usr/lib/x86_64-linux-gnu/libc.so.6": "libc6",
    "/usr/lib/x86_64-linux-gnu/libstdc++.so.6": "libstdc++6",
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3": "libssl3",
    "/usr/lib/llvm-22/lib/libLLVM.so.1": "libllvm22",
}
AARCH64 = {
    "/usr/aarch64-linux-gnu/lib/libc.a": "libc6-dev-arm64-cross",
    "/usr/aarch64-linux-gnu/lib/libc.so.6": "libc6-arm64-cross",
    "/usr/aarch64-linux-gnu/lib/libstdc++.so.6": "libstdc++6-arm64-cross",
}


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
    return build("census", "g++", "-std=c++17", "-O2", *ask("--cppflags"), HERE / "census.cpp",
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


@pytest.mark.parametrize("library", X86_64)
def test_x86_64(census_x86_64: Path, library: str) -> None:
    agrees(census_x86_64, need_file(library, X86_64[library]))


@pytest.mark.parametrize("count", [pytest.param("10000", marks=pytest.mark.fast), "1000000"])
def test_x86_64_sweep(count: str) -> None:
    agrees(x86_64("sweep_x86_64"), count)


@pytest.mark.parametrize("library", [*X86_64][:2] + [*AARCH64])
def test_llvm(census: Path, library: str) -> None:
    agrees(census, need_file(library, (X86_64 | AARCH64)[library]))


def test_aarch64_words(census: Path) -> None:
    agrees(census, "--words=AArch64/251")
