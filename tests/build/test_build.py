# SPDX-License-Identifier: MIT
"""The tool builds without a warning wherever it should, and its unit tests pass there."""
import subprocess
import tarfile
from pathlib import Path

import pytest
from lab.base import alone
from making import make
from need import need, need_header
from places import BUILD, ROOT, TESTS

SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"

# name: compiler, flags, whether cmocka can be linked
CONFIGURATIONS = {
    "gcc": ("gcc", "-O2 -Werror", True),
    "gcc-O3": ("gcc", "-O3 -Werror", True),
    "clang": ("clang-14", "-O2 -Werror", True),
    "gcc-sanitized": ("gcc", f"-O1 -g -Werror {SANITIZE}", True),
    "clang-sanitized": ("clang-14", f"-O1 -g -Werror {SANITIZE}", True),
    # of clang-14, MSan does not know the stat() of glibc 2.33 and later; clang-19 warns of more
    "clang-memory": ("clang-19", "-O1 -g -w -fsanitize=memory -fno-omit-frame-pointer", True),
    "clang-threads": ("clang-14", "-O1 -g -Werror -fsanitize=thread", True),
    "32-bit": ("gcc-12", "-O2 -Werror -m32 -idirafter /usr/include/x86_64-linux-gnu", False),
    "musl": ("musl-gcc", "-O2 -Werror", False),
}


def built(name: str) -> Path:
    compiler, flags, units = CONFIGURATIONS[name]
    need(compiler)
    if units:
        need_header("cmocka.h", "libcmocka-dev")
    build = BUILD / "configurations" / name
    with alone(build / ".lock"):  # other workers want the same configuration
        result = make(build, "all", *(["unit"] if units else []), CC=compiler, CFLAGS=flags)
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return build


def static_program() -> Path:
    with alone(BUILD / ".static.lock"):
        result = make(BUILD, "static")
    assert result.returncode == 0, result.stderr
    return BUILD / "irelfix-static"


def run_units(build: Path, *wrapper: str, without: str = "") -> None:
    programs = [build / "unit" / source.stem for source in sorted((TESTS / "unit").glob("*.c"))
                if source.stem != without]
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


@pytest.mark.fast
def test_units() -> None:
    need_header("cmocka.h", "libcmocka-dev")
    run_units(BUILD)


@pytest.mark.parametrize("name", [n for n, (_, _, units) in CONFIGURATIONS.items() if units])
def test_units_in(name: str) -> None:
    run_units(built(name))


@pytest.mark.promise("No input makes it crash")
@pytest.mark.parametrize("name", ["clang-memory", "clang-threads"])
def test_what_the_fuzzer_has_found_in(name: str, tmp_path: Path) -> None:
    """What a sanitizer sees, it would say on standard error; to be whole is to say the same."""
    with tarfile.open(TESTS / "fuzz" / "corpus.tar.xz") as archive:
        archive.extractall(tmp_path)
    runs = [subprocess.run([build / "irelfix", "-n", "-r", "-j4", "--json", "."], cwd=tmp_path,
                           capture_output=True, text=True) for build in (BUILD, built(name))]
    assert runs[0].stdout.count("\n") > 1000
    assert runs[1].stderr == runs[0].stderr
    assert (runs[1].returncode, runs[1].stdout) == (runs[0].returncode, runs[0].stdout)


def test_units_under_valgrind() -> None:
    need("valgrind")
    run_units(built("gcc"), "valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
              "--trace-children=no", without="test_sandbox")  # valgrind dies when an execve fails


CLIENT = """
#include <irelfix.h>
#include <stdio.h>
int main(void) { puts(irelfix_version()); return 0; }
"""


@pytest.mark.fast
@pytest.mark.parametrize("destination, prefix", [("root", "/usr"), ("the root", "/opt/my tools")],
                         ids=["usual", "blanks"])
def test_install_and_uninstall(destination: str, prefix: str, tmp_path: Path) -> None:
    root, top = tmp_path / destination, tmp_path / destination / prefix[1:]
    result = make(BUILD, "install", DESTDIR=str(root), PREFIX=prefix)
    assert result.returncode == 0, result.stderr
    files = {str(p.relative_to(top)) for p in root.rglob("*") if p.is_file()}
    assert files >= {"bin/irelfix", "bin/irelfix-cc", "lib/libirelfix.a", "include/irelfix.h",
                     "libexec/irelfix/ld.lld", "share/man/man1/irelfix.1",
                     "lib/pkgconfig/irelfix.pc", "lib/cmake/irelfix/irelfix-config.cmake",
                     "lib/cmake/irelfix/irelfix-repair.cmake", "include/irelfix.mk",
                     "share/irelfix/irelfix.wrap", "share/irelfix/bazel/MODULE.bazel",
                     "share/irelfix/bazel/irelfix"}
    assert (top / "share/irelfix/bazel/irelfix").resolve() == top / "bin/irelfix"
    assert [p for p in tmp_path.iterdir()] == [root]
    assert run(top / "bin/irelfix", "--version") == run(BUILD / "irelfix", "--version")
    client = compiled_client(tmp_path, f"-I{top}/include", f"-L{top}/lib", "-lirelfix")
    assert run(client).strip() == run(top / "bin/irelfix", "--version").split()[1]
    assert make(BUILD, "uninstall", DESTDIR=str(root), PREFIX=prefix).returncode == 0
    assert [p for p in root.rglob("*") if not p.is_dir()] == []
    assert make(BUILD, "uninstall", DESTDIR=str(root), PREFIX=prefix).returncode == 0


def run(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def compiled_client(folder: Path, *flags: str) -> Path:
    source = folder / "client.c"
    source.write_text(CLIENT)
    subprocess.run(["gcc", source, "-o", folder / "client", *flags], check=True)
    return folder / "client"
