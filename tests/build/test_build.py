# SPDX-License-Identifier: MIT
"""The tool builds without a warning wherever it should, and its unit tests pass there."""
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from lab.base import alone

ROOT = Path(__file__).resolve().parents[2]
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

# name: compiler, flags, whether cmocka can be linked
CONFIGURATIONS = {
    "gcc": ("gcc", "-O2 -Werror", True),
    "gcc-O3": ("gcc", "-O3 -Werror", True),
    "clang": ("clang-14", "-O2 -Werror", True),
    "gcc-sanitized": ("gcc", f"-O1 -g -Werror {SANITIZE}", True),
    "clang-sanitized": ("clang-14", f"-O1 -g -Werror {SANITIZE}", True),
    "32-bit": ("gcc-12", "-O2 -Werror -m32 -idirafter /usr/include/x86_64-linux-gnu", False),
    "musl": ("musl-gcc", "-O2 -Werror", False),
}


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


def make(build: Path, *targets: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Runs make as a user would, with nothing of the calling make in the environment."""
    environment = {k: v for k, v in os.environ.items() if k not in ("MAKEFLAGS", "MAKELEVEL")}
    settings = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        ["make", "-s", "-C", ROOT, f"BUILD={build}", *settings, *targets],
        env=environment, capture_output=True, text=True)


def built(name: str) -> Path:
    compiler, flags, units = CONFIGURATIONS[name]
    need(compiler)
    build = ROOT / "build" / "configurations" / name
    with alone(build / ".lock"):  # other workers want the same configuration
        result = make(build, "all", *(["unit"] if units else []), CC=compiler, CFLAGS=flags)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return build


def run_units(build: Path, *wrapper: str, without: str = "") -> None:
    programs = [p for p in sorted((build / "unit").iterdir())
                if p.suffix == "" and p.name != without]
    assert programs
    for program in programs:
        result = subprocess.run([*wrapper, program], capture_output=True, text=True)
        assert result.returncode == 0, f"{program.name}\n{result.stdout}{result.stderr}"


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_builds_without_a_warning(name: str) -> None:
    build = built(name)
    # not every kernel runs 32-bit programs
    wrapper = ["qemu-i386"] if name == "32-bit" else []
    version = subprocess.run([*wrapper, build / "irelfix", "-V"], capture_output=True, text=True)
    assert version.returncode == 0
    assert version.stdout.startswith("irelfix ")


# macOS calls the times of a struct stat otherwise.
APPLE_STAT = """
#define st_atim st_atimespec
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#include_next <sys/stat.h>
#undef st_atim
#undef st_mtim
#undef st_ctim
"""


@pytest.mark.parametrize("flags, works", [(["-D__APPLE__"], True), ([], False)],
                         ids=("apple", "other"))
def test_the_names_of_macos(flags: list[str], works: bool, tmp_path: Path) -> None:
    header = tmp_path / "sys" / "stat.h"
    header.parent.mkdir()
    header.write_text(APPLE_STAT)
    sources = [*(ROOT / "src").glob("*.c"), *(ROOT / "src").glob("cli/*.c")]
    result = subprocess.run(
        ["gcc", "-std=c11", "-D_POSIX_C_SOURCE=200809L", "-I", tmp_path, *flags, "-fsyntax-only",
         *sources], capture_output=True, text=True)
    assert (result.returncode == 0) == works, result.stderr


@pytest.mark.fast
def test_units() -> None:
    build = ROOT / "build"
    assert (build / "unit").is_dir(), "run make unit"
    run_units(build)


@pytest.mark.parametrize("name", [n for n, (_, _, units) in CONFIGURATIONS.items() if units])
def test_units_in(name: str) -> None:
    run_units(built(name))


def test_units_under_valgrind() -> None:
    need("valgrind")
    run_units(built("gcc"), "valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
              "--trace-children=no", without="test_run")  # valgrind dies when an execve fails


@pytest.mark.fast
def test_install_and_uninstall(tmp_path: Path) -> None:
    build = ROOT / "build"
    assert make(build, "install", DESTDIR=str(tmp_path), PREFIX="/usr").returncode == 0
    files = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file()}
    assert files >= {"usr/bin/irelfix", "usr/lib/libirelfix.a", "usr/include/irelfix.h",
                     "usr/share/man/man1/irelfix.1"}
    source = tmp_path / "client.c"
    source.write_text('#include <irelfix.h>\n#include <stdio.h>\n'
                      'int main(void) { puts(irelfix_version()); return 0; }\n')
    client = tmp_path / "client"
    subprocess.run(["gcc", f"-I{tmp_path}/usr/include", source, "-o", client,
                    f"-L{tmp_path}/usr/lib", "-lirelfix"], check=True)
    assert subprocess.run([client], capture_output=True, text=True).stdout.strip()
    source.unlink()
    client.unlink()
    assert make(build, "uninstall", DESTDIR=str(tmp_path), PREFIX="/usr").returncode == 0
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []
