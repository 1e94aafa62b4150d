# SPDX-License-Identifier: MIT
"""The shared library, and programs in other languages that call it."""
import os
import re
import subprocess
from pathlib import Path

import pytest
from disk.samples import sample
from lab.base import alone
from machines import X86_64
from making import make
from need import command, need
from places import BUILD, ROOT
from rust.toolchain import rustc
from test_getting_it import flags_of, output
from tool import BAD_FILE, BROKEN, HEALTHY, Answer

EXAMPLES = ROOT / "examples"
SONAME = "libirelfix.so.1"


def declared() -> set[str]:
    return set(re.findall(r"\b(irelfix_\w+)\(", (ROOT / "include/irelfix.h").read_text()))


@pytest.fixture(scope="module")
def prefix(tmp_path_factory) -> Path:
    """Where both libraries are installed."""
    folder = tmp_path_factory.mktemp("library") / "prefix"
    with alone(BUILD / ".shared.lock"):
        result = make(BUILD, "install", "install-shared", PREFIX=str(folder))
    assert result.returncode == 0, result.stderr
    return folder


def test_its_name(prefix: Path) -> None:
    library = prefix / "lib" / SONAME
    assert re.search(r"soname: \[(.*)\]", output("readelf", "-d", library))[1] == SONAME
    assert (prefix / "lib/libirelfix.so").readlink() == Path(SONAME)


def test_it_shows_its_face_only_and_each_with_a_version(prefix: Path) -> None:
    rows = output("nm", "-D", "--defined-only", prefix / "lib" / SONAME).split("\n")[:-1]
    shown = dict(row.split()[2].split("@@") for row in rows if " T " in row)
    assert set(shown) == declared()
    assert set(shown.values()) == {"IRELFIX_1.0"}
    assert [row for row in rows if " T " not in row and not row.endswith(" A IRELFIX_1.0")] == []


def test_a_function_that_the_map_leaves_out_is_noticed(tmp_path: Path) -> None:
    """What is not in the map is not shown, and the test above sees that."""
    text = (ROOT / "src/irelfix.map").read_text()
    assert set(re.findall(r"^\t(irelfix_\w+);$", text, re.M)) == declared()


def test_it_needs_libc_alone(prefix: Path) -> None:
    needed = re.findall(r"NEEDED.*\[(.*)\]", output("readelf", "-d", prefix / "lib" / SONAME))
    assert set(needed) <= {"libc.so.6", "ld-linux-x86-64.so.2"}


def test_pkg_config_is_relocatable(prefix: Path, tmp_path: Path) -> None:
    """Its folders are below its prefix, which may be another one later."""
    text = (prefix / "lib/pkgconfig/irelfix.pc").read_text()
    assert f"prefix={prefix}\n" in text and text.count(str(prefix)) == 1
    moved = tmp_path / "elsewhere"
    prefix_of = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "PATH": "/usr/bin:/bin"}
    flags = output("pkg-config", f"--define-variable=prefix={moved}", "--cflags", "--libs", "irelfix",
                   env=prefix_of)
    assert f"-I{moved}/include" in flags and f"-L{moved}/lib" in flags and "-pthread" in flags


# ---- programs that call it ----


def by_c(prefix: Path, folder: Path) -> list[str | Path]:
    output("gcc", "-Wall", "-Wextra", "-Werror", EXAMPLES / "diagnose.c", "-o", folder / "diagnose",
           *flags_of(prefix, "--cflags", "--libs"))
    assert SONAME in output("readelf", "-d", folder / "diagnose")
    return [folder / "diagnose"]


def by_static_c(prefix: Path, folder: Path) -> list[str | Path]:
    output("gcc", "-static", EXAMPLES / "diagnose.c", "-o", folder / "diagnose",
           *flags_of(prefix, "--static", "--cflags", "--libs"))
    return [folder / "diagnose"]


def by_python(prefix: Path, folder: Path) -> list[str | Path]:
    return ["/usr/bin/python3", EXAMPLES / "diagnose.py"]


def by_rust(prefix: Path, folder: Path) -> list[str | Path]:
    output(rustc(X86_64), "--edition", "2021", "-D", "warnings", EXAMPLES / "diagnose.rs", "-lirelfix", "-L",
           prefix / "lib", "-o", folder / "diagnose")
    return [folder / "diagnose"]


def by_go(prefix: Path, folder: Path) -> list[str | Path]:
    """go's cache does not notice that pkg-config names another folder."""
    need("go", "pkg-config")
    environment = {**os.environ, "PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "GOFLAGS": "",
                   "GOCACHE": str(folder / "go-cache"), "GO111MODULE": "off"}
    output(command("go"), "build", "-o", folder / "diagnose", EXAMPLES / "diagnose.go", env=environment)
    return [folder / "diagnose"]


LANGUAGES = {"C": by_c, "static C": by_static_c, "Python": by_python, "Rust": by_rust, "Go": by_go}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_example(language: str, prefix: Path, tmp_path: Path) -> None:
    program = LANGUAGES[language](prefix, tmp_path)
    broken = sample("wide-bounds").put(tmp_path / "broken")
    healthy = tmp_path / "healthy"
    healthy.write_bytes(sample("wide-bounds").repaired)

    def called(*names: Path) -> Answer:
        done = subprocess.run([*program, *names], capture_output=True, text=True,
                              env={**os.environ, "LD_LIBRARY_PATH": str(prefix / "lib")})
        return Answer(done.returncode, done.stdout, done.stderr)

    assert called(healthy) == Answer(HEALTHY, f"{healthy}: healthy: statically linked, repaired earlier\n", "")
    answer = called(healthy, broken)
    assert answer.status == BROKEN and answer.lines[1].endswith("inside the iplt bounds")
    assert called(tmp_path / "missing", broken).status == BAD_FILE


@pytest.mark.fast
@pytest.mark.parametrize("path", EXAMPLES.iterdir(), ids=lambda path: path.name)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 45
    assert f"(../examples/{path.name})" in (ROOT / "docs/LIBRARY.md").read_text()
