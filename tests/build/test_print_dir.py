# SPDX-License-Identifier: MIT
"""--print-dir: the folder of linker links, wherever irelfix was installed."""
import os
import shutil
from pathlib import Path

import pytest
from making import make
from places import BUILD
from tool import BAD_FILE, HEALTHY, TOOL, USAGE, Answer, irelfix, names_in

pytestmark = pytest.mark.fast

LINKS = ("ld", "ld.lld")


def install(build: Path, **variables: str) -> None:
    result = make(build, "install", **variables)
    assert result.returncode == 0, result.stderr


@pytest.fixture
def prefix(tmp_path: Path) -> Path:
    install(BUILD, PREFIX=str(tmp_path / "a prefix"))
    return tmp_path / "a prefix"


def assert_prints(folder: Path, answer: Answer) -> None:
    assert (answer.status, answer.err) == (HEALTHY, ""), str(answer)
    assert answer.out == f"{folder}\n"
    for name in LINKS:
        version = irelfix("--version", tool=folder / name,
                          env={**os.environ, "IRELFIX_LD": "/bin/echo linker"})
        assert version.out == "linker --version\n"


def print_dir(program: str | Path, **more) -> Answer:
    return irelfix("--print-dir", tool=program, **more)


def test_where_it_is_installed(prefix: Path) -> None:
    assert_prints(prefix / "libexec/irelfix", print_dir(prefix / "bin/irelfix"))


def test_where_it_was_moved_to(prefix: Path) -> None:
    moved = prefix.rename(prefix.with_name("elsewhere"))
    assert_prints(moved / "libexec/irelfix", print_dir(moved / "bin/irelfix"))


def test_below_a_root_of_its_own(tmp_path: Path) -> None:
    """As packages are made, and for the prefix of Debian's."""
    install(BUILD, DESTDIR=str(tmp_path), PREFIX="/usr",
            LIBDIR="/usr/lib/x86_64-linux-gnu", CMAKEDIR="/usr/lib/cmake/irelfix")
    assert_prints(tmp_path / "usr/libexec/irelfix", print_dir(tmp_path / "usr/bin/irelfix"))


@pytest.mark.parametrize("way", ["path", "symbolic link", "relative", "other folder"])
def test_however_it_is_called(way: str, prefix: Path, tmp_path: Path) -> None:
    program, more = str(prefix / "bin/irelfix"), {}
    if way == "path":
        more = {"env": {**os.environ, "PATH": str(prefix / "bin")}}
        program = "irelfix"
    elif way == "symbolic link":
        (tmp_path / "link").symlink_to(program)
        program = str(tmp_path / "link")
    elif way == "relative":
        more, program = {"cwd": prefix}, "bin/irelfix"
    else:
        more = {"cwd": "/"}
    assert_prints(prefix / "libexec/irelfix", print_dir(program, **more))


@pytest.fixture(scope="module")
def other_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is built here already, to be installed elsewhere; times stay, so that make knows it."""
    build = tmp_path_factory.mktemp("build")
    shutil.copytree(BUILD / "obj", build / "obj")
    for name in ("irelfix", "irelfix.o", "libirelfix.a"):
        shutil.copy2(BUILD / name, build / name)
    return build


@pytest.mark.parametrize("variables, program, folder", [
    ({"LIBEXECDIR": "{top}/lib"}, "bin", "lib/irelfix"),
    ({"LIBEXECDIR": "{top}/lib/x86_64-linux-gnu"}, "bin", "lib/x86_64-linux-gnu/irelfix"),
    ({"BINDIR": "{top}/tools/bin/here"}, "tools/bin/here", "libexec/irelfix"),
    ({}, "bin", "libexec/irelfix"),
])
def test_for_other_folders(variables: dict[str, str], program: str, folder: str, other_build: Path,
                           tmp_path: Path) -> None:
    top = tmp_path / "top"
    install(other_build, PREFIX=str(top),
            **{key: value.format(top=top) for key, value in variables.items()})
    moved = top.rename(tmp_path / "moved")
    assert_prints(moved / folder, print_dir(moved / program / "irelfix"))


# ---- what is missing ----------------------------------------------------------------------------

def assert_says(answer: Answer, *words: str | Path) -> None:
    """And nothing on standard output, where a compiler would read it."""
    assert (answer.status, answer.out) == (BAD_FILE, "")
    assert answer.err.startswith("irelfix: ") and answer.err.count("\n") == 1
    assert all(str(word) in answer.err for word in (*words, "make install"))


def test_no_folder(prefix: Path) -> None:
    shutil.rmtree(prefix / "libexec")
    assert_says(print_dir(prefix / "bin/irelfix"), prefix / "bin/irelfix", "../libexec/irelfix")


@pytest.mark.parametrize("name", LINKS)
@pytest.mark.parametrize("instead", ["nothing", "a link to nothing", "a file", "a folder",
                                     "another program"])
def test_no_link(instead: str, name: str, prefix: Path) -> None:
    link = prefix / "libexec/irelfix" / name
    link.unlink()
    if instead == "a link to nothing":
        link.symlink_to("nothing")
    elif instead == "a file":
        link.write_text("no program")
    elif instead == "a folder":
        link.mkdir()
    elif instead == "another program":
        link.symlink_to("/bin/sh")
    assert_says(print_dir(prefix / "bin/irelfix"), prefix / "libexec/irelfix", f"'{name}'")


def test_copies_do_as_well(prefix: Path) -> None:
    """Some archives and file systems have no links."""
    for name in LINKS:
        (prefix / "libexec/irelfix" / name).unlink()
        shutil.copy(prefix / "bin/irelfix", prefix / "libexec/irelfix" / name)
    assert_prints(prefix / "libexec/irelfix", print_dir(prefix / "bin/irelfix"))


def test_not_installed(tmp_path: Path) -> None:
    shutil.copy(TOOL, tmp_path / "irelfix")
    assert_says(print_dir(tmp_path / "irelfix"), "../libexec/irelfix")


@pytest.mark.parametrize("arguments", [["-i"], ["file"], ["--prove"], ["-o", "x"], ["--json"]])
def test_it_goes_alone(arguments: list[str], prefix: Path) -> None:
    answer = irelfix("--print-dir", *arguments, tool=prefix / "bin/irelfix")
    assert (answer.status, answer.out) == (USAGE, "")
    assert "--print-dir goes alone" in answer.err
    assert names_in(prefix) >= {"bin", "libexec"}
