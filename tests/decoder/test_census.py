# SPDX-License-Identifier: MIT
"""The decoders against real disassemblers, over every instruction of real libraries."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests/decoder"
BUILT = ROOT / "build/decoder"
FLAGS = ["-O2", "-std=c11", "-D_POSIX_C_SOURCE=200809L"]
DECODERS = sorted((ROOT / "build/obj/arch").rglob("*.o"))

X86_64 = [
    "/usr/lib/x86_64-linux-gnu/libc.so.6",
    "/usr/lib/x86_64-linux-gnu/libstdc++.so.6",
    "/usr/lib/x86_64-linux-gnu/libcrypto.so.3",
    "/usr/lib/llvm-22/lib/libLLVM.so.1",
]
AARCH64 = [
    "/usr/aarch64-linux-gnu/lib/libc.a",
    "/usr/aarch64-linux-gnu/lib/libc.so.6",
    "/usr/aarch64-linux-gnu/lib/libstdc++.so.6",
]


def need(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def build(name: str, *command: str | Path) -> Path:
    BUILT.mkdir(parents=True, exist_ok=True)
    partial = BUILT / f"{name}.{os.getpid()}"
    result = subprocess.run([*command, "-o", partial], capture_output=True, text=True, cwd=ROOT)
    assert result.returncode == 0, result.stderr
    partial.rename(BUILT / name)
    return BUILT / name


def x86_64(name: str) -> Path:
    if not Path("/usr/include/Zydis/Zydis.h").exists():
        pytest.skip("libzydis-dev is not installed")
    return build(name, "gcc", *FLAGS, HERE / f"{name}.c", HERE / "judge_x86_64.c",
                 *DECODERS, "-lZydis")


def llvm() -> Path:
    config = need("llvm-config-22")
    ask = lambda *what: subprocess.check_output([config, *what], text=True).split()
    return build("census", "g++", "-std=c++17", "-O2", *ask("--cppflags"), HERE / "census.cpp",
                 *DECODERS, *ask("--ldflags", "--libs"))


def agrees(*command: str | Path) -> None:
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]


def present(path: str) -> str:
    if not Path(path).exists():
        pytest.skip(f"{path} is not on this machine")
    return path


@pytest.fixture(scope="module")
def census_x86_64() -> Path:
    return x86_64("census_x86_64")


@pytest.fixture(scope="module")
def census() -> Path:
    return llvm()


@pytest.mark.parametrize("library", X86_64)
def test_x86_64(census_x86_64: Path, library: str) -> None:
    agrees(census_x86_64, present(library))


def test_x86_64_sweep() -> None:
    agrees(x86_64("sweep_x86_64"), "1000000")


@pytest.mark.parametrize("library", X86_64[:2] + AARCH64)
def test_llvm(census: Path, library: str) -> None:
    agrees(census, present(library))


def test_aarch64_words(census: Path) -> None:
    agrees(census, "--words=AArch64/251")
