# SPDX-License-Identifier: MIT
"""
irelfix on other hosts: those that can be run here write the same bytes; of those that cannot, the
programs link, or what their headers hide is not needed.
"""
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from disk.samples import linked, sample
from hosts import HOSTS, Comparison, release
from lab.base import cached_item
from making import make
from need import Missing, command, need_root
from places import BUILD, ROOT
from test_build import built, static_program
from tool import BAD_FILE, HEALTHY, irelfix

SOURCES = sorted((ROOT / "src").rglob("*.c"))
# As in the Makefile.
FLAGS = re.search(r"^override CPPFLAGS \+= ((?:.*\\\n)*.*)$", (ROOT / "Makefile").read_text(),
                  re.M)[1].replace("\\\n", " ").split()


# ---- Linux ----


@pytest.fixture(scope="module")
def comparison(tmp_path_factory) -> Comparison:
    return Comparison(tmp_path_factory.mktemp("hosts"))


# Both byte orders, both widths, both C libraries; scripts/hosts tries all.
@pytest.mark.parametrize("host", ["s390x", "powerpc", "armv7-linux-musl"])
def test_every_byte_is_the_same(host: str, comparison: Comparison) -> None:
    assert comparison.repaired > 200
    assert comparison.of(HOSTS[host]) == ""


@pytest.mark.parametrize("arguments", [("in", "-o", "out"), ("-i", "in"), ("-i", "--atomic", "in")],
                         ids=" ".join)
def test_in_a_bare_container(arguments: tuple[str, ...], tmp_path: Path) -> None:
    """No /dev, no /proc, no /tmp."""
    need_root()
    shutil.copy(static_program(), tmp_path / "irelfix")
    (tmp_path / "in").write_bytes(sample("wide-bounds").broken)
    answer = irelfix(tmp_path, "/irelfix", *arguments, tool=command("chroot"))
    assert answer.status == HEALTHY, str(answer)
    result = tmp_path / ("out" if "out" in arguments else "in")
    assert result.read_bytes() == sample("wide-bounds").repaired


def test_a_system_without_random_bytes(tmp_path: Path) -> None:
    """The way by /dev/urandom, which no Linux of today takes."""
    build = tmp_path / "build"
    overlay(tmp_path, "sys/random.h", "#undef GRND_NONBLOCK\n")
    result = make(build, "all", CC=f"gcc -I{tmp_path}", CFLAGS="-O0 -Werror")
    assert result.returncode == 0, result.stderr
    out = tmp_path / "out"
    answer = irelfix(linked("wide-bounds", "x86-64"), "-o", out, tool=build / "irelfix")
    assert answer.status == HEALTHY and out.read_bytes() == sample("wide-bounds").repaired
    assert "getrandom" not in symbols_of(build / "irelfix")
    assert "getrandom" in symbols_of(BUILD / "irelfix")


def overlay(folder: Path, header: str, text: str) -> None:
    """In @folder, what the system's header becomes by @text."""
    path = folder / header
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#include_next <{header}>\n{text}")


def symbols_of(program: Path) -> str:
    return subprocess.run(["nm", "-D", program], capture_output=True, text=True).stdout


def test_a_file_that_a_32_bit_host_cannot_map(tmp_path: Path) -> None:
    """It says what can; a file of a good gigabyte it repairs."""
    program = [command("qemu-i386"), built("32-bit") / "irelfix"]
    path = tmp_path / "large"
    for size, expected in ((1 << 30, HEALTHY), (3 << 30, BAD_FILE), (5 << 30, BAD_FILE)):
        path.write_bytes(sample("wide-bounds").broken)
        os.truncate(path, size)
        answer = irelfix(program[1], "-i", path, tool=program[0])
        assert answer.status == expected, str(answer)
        assert answer.err.endswith("; use a 64-bit irelfix\n") == (expected == BAD_FILE)
    assert path.stat().st_blocks < 1 << 15, "it is a sparse file"


# uint32_t is a long on some 32-bit hosts.
LONG_NUMBERS = """
#undef PRIu32
#undef PRIx32
#define PRIu32 "lu"
#define PRIx32 "lx"
"""


def checked(*flags: str | Path, compiler: str = "gcc") -> subprocess.CompletedProcess[str]:
    """All sources, without their code."""
    return subprocess.run([command(compiler), "-std=c11", "-Wall", "-Wextra", "-Werror",
                           "-fsyntax-only", *flags, *SOURCES], capture_output=True, text=True)


def test_every_uint32_is_printed_as_one(tmp_path: Path) -> None:
    overlay(tmp_path, "stdint.h", "#define uint32_t unsigned long\n")
    overlay(tmp_path, "inttypes.h", LONG_NUMBERS)
    result = checked("-m32", "-idirafter", "/usr/include/x86_64-linux-gnu", *FLAGS, "-I", tmp_path,
                     compiler="gcc-12")
    assert result.returncode == 0, result.stderr


def test_without_thread_local_variables() -> None:
    result = checked(*FLAGS, "-DNO_THREAD_LOCAL")
    assert result.returncode == 0, result.stderr


def test_an_older_compiler_does_not_warn(tmp_path: Path) -> None:
    """gcc 10 takes the or of two small values for an int."""
    folder = cached_item("gcc-10")
    libraries = folder / "usr/lib/gcc/x86_64-linux-gnu/10"
    result = make(tmp_path, "all", CC=f"{folder}/usr/bin/gcc-10 -B{libraries}",
                  CFLAGS="-O3 -Werror")
    assert (result.returncode, result.stderr) == (0, "")


# ---- macOS ----

MACHO_64 = b"\xcf\xfa\xed\xfe"


@dataclass(frozen=True)
class Apple:
    name: str
    target: str

    def __str__(self) -> str:
        return self.name

    def settings(self, work: Path) -> dict[str, str]:
        try:
            settings = release.TARGETS[self.target].settings(work)
            if self.name.startswith("zig"):
                zig = release.item("zig") / "zig"
                machine = self.target.removesuffix("-macos")
                settings |= {"CC": f"{zig} cc -target {machine}-macos", "AR": f"{zig} ar",
                             "LDFLAGS": ""}
        except release.Missing as missing:
            raise Missing(str(missing)) from None
        return settings


APPLES = [Apple("clang-aarch64", "aarch64-macos"), Apple("clang-x86_64", "x86_64-macos"),
          Apple("zig-aarch64", "aarch64-macos")]


@pytest.mark.parametrize("apple", APPLES, ids=str)
def test_links_for_macos(apple: Apple, tmp_path: Path, monkeypatch) -> None:
    for name in ("ZIG_GLOBAL_CACHE_DIR", "ZIG_LOCAL_CACHE_DIR"):
        monkeypatch.setenv(name, str(BUILD / "zig-cache"))
    settings = apple.settings(tmp_path)
    settings["CFLAGS"] = "-O0 -Werror"
    result = make(tmp_path / "build", "all", **settings)
    assert result.returncode == 0, result.stderr
    # Neither linker makes one object of several, as Apple's does.
    assert [line for line in result.stderr.splitlines() if "inner functions" not in line] == []
    assert (tmp_path / "build/irelfix").read_bytes().startswith(MACHO_64)
    called = subprocess.run([command("llvm-nm-22"), "-u", tmp_path / "build/irelfix"],
                            capture_output=True, text=True, check=True).stdout
    assert {"_fcopyfile", "_acl_set_fd", "_flock", "_getentropy"} <= set(called.split())


def test_a_shared_library_for_macos(tmp_path: Path) -> None:
    settings = APPLES[0].settings(tmp_path)
    result = make(tmp_path / "build", "shared", LIBDIR="/opt/lib", **{**settings, "CFLAGS": "-O0"})
    assert (result.returncode, result.stderr) == (0, "")
    library = tmp_path / "build/libirelfix.1.dylib"
    shown = subprocess.run([command("llvm-nm-22"), "-g", "--defined-only", "-j", library],
                           capture_output=True, text=True, check=True).stdout.split()
    declared = re.findall(r"\b(irelfix_\w+)\(", (ROOT / "include/irelfix.h").read_text())
    assert set(shown) == {f"_{name}" for name in declared}
    header = subprocess.run([command("llvm-objdump-22"), "--macho", "--dylib-id", library],
                            capture_output=True, text=True, check=True).stdout
    assert header.splitlines()[-1] == "/opt/lib/libirelfix.1.dylib"


# ---- FreeBSD, NetBSD: their headers, as far as they hide something ----

# With _POSIX_C_SOURCE alone this is what <sys/stat.h> and <fcntl.h> of both leave out.
HIDDEN = {
    "sys/stat.h": ("#undef S_IFMT\n#undef S_IFREG\n#undef S_IFDIR\n#undef S_IFCHR\n"
                   "#define fchmod hidden_fchmod\n", "#undef fchmod\n"),
    "sys/file.h": ("#undef LOCK_SH\n#undef LOCK_EX\n#undef LOCK_NB\n#define flock(f, k) hidden\n",
                   "#undef flock\n"),
    "sys/mman.h": ("#undef MAP_ANON\n#undef MAP_ANONYMOUS\n", ""),
}
SYSTEMS = {"freebsd13": "__BSD_VISIBLE", "netbsd": "_NETBSD_SOURCE"}
EXTENDED = """
#include <stddef.h>
#include <sys/types.h>
#define EXTATTR_NAMESPACE_USER 1
ssize_t extattr_list_fd(int fd, int name_space, void *data, size_t size);
"""
ACL = """
typedef struct acl *acl_t;
acl_t acl_get_fd(int fd);
int acl_is_trivial_np(const acl_t acl, int *trivial);
int acl_free(void *object);
"""


def flags_of(system: str, folder: Path) -> list[str]:
    """The compiler is the system's own, its headers are glibc's, as far as they are not hidden."""
    for name, (hide, show) in HIDDEN.items():
        overlay(folder, name, f"#ifndef {SYSTEMS[system]}\n{hide}#else\n{show}#endif\n")
    (folder / "sys/extattr.h").write_text(EXTENDED)
    (folder / "sys/acl.h").write_text(ACL)
    return [f"--target=x86_64-unknown-{system}", "-nostdlibinc", "-isystem", str(folder),
            "-isystem", "/usr/include/x86_64-linux-gnu", "-isystem", "/usr/include"]


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_its_headers_hide_is_asked_for(system: str, tmp_path: Path) -> None:
    flags = flags_of(system, tmp_path)
    asked = checked(*FLAGS, *flags, compiler="clang-14")
    assert asked.returncode == 0, asked.stderr
    without = [flag for flag in FLAGS if SYSTEMS[system] not in flag]
    hidden = checked(*without, *flags, compiler="clang-14")
    assert hidden.returncode != 0 and "hidden_fchmod" in hidden.stderr


@pytest.mark.parametrize("system", SYSTEMS)
def test_it_locks_files(system: str, tmp_path: Path) -> None:
    """Without LOCK_NB the code would be quietly left out."""
    source = subprocess.run([command("clang-14"), "-E", *FLAGS, *flags_of(system, tmp_path),
                             ROOT / "src/disk/map.c"], capture_output=True, text=True).stdout
    assert re.search(r"\bflock\(fd, kind \|", source)
