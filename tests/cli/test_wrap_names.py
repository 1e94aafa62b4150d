# SPDX-License-Identifier: MIT
"""Called by the name of a tool, irelfix runs that tool and repairs what it links."""
import os
import shutil
from pathlib import Path

import pytest
from elf.build import build
from files import refused
from tool import HEALTHY, REFUSED, TOOL, USAGE, irelfix
from wrapped import LINKER, Bench, alias, bench, script

pytestmark = pytest.mark.fast

SYSTEM = "/usr/bin:/bin"  # where the stand-in finds cp and rm


@pytest.fixture
def link(tmp_path) -> Bench:
    return bench(tmp_path)


def path_of(*folders: Path) -> str:
    return os.pathsep.join([*map(str, folders), SYSTEM])


def assert_links_and_repairs(link: Bench, name: Path, *arguments: str, **environment) -> None:
    answer = link.call(name, "-o", "h", *arguments, **environment)
    assert answer.status == HEALTHY, str(answer)
    assert answer.lines[-2 - len(arguments):] == ["-o", "h", *arguments]
    assert link.written() == link.repaired


# ---- linkers ------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["ld.lld", "ld", "aarch64-linux-gnu-ld", "ld.lld-22"])
def test_the_linker_that_is_named(name, link):
    assert_links_and_repairs(link, alias(link.folder / "bin" / name), IRELFIX_LD=str(link.linker))


@pytest.mark.parametrize("name", ["ld.lld", "ld", "aarch64-linux-gnu-ld", "ld.lld-22"])
def test_the_next_linker_of_this_name_on_the_path(name, link):
    here, there = link.folder / "bin", link.folder / "there"
    script(there / name, LINKER)
    for path in (path_of(here, there), path_of(there, here), path_of(there)):
        assert_links_and_repairs(link, alias(here / name), PATH=path)
        (here / name).unlink()


def test_called_without_a_folder(link):
    """As a shell or execvp() calls it."""
    alias(link.folder / "bin" / "ld.lld")
    path = path_of(link.folder / "bin", link.folder / "real")
    answer = irelfix("-c", "ld.lld -o h", tool="/bin/sh", cwd=link.folder,
                     env=link.environment("h", PATH=path))
    assert answer.status == HEALTHY, str(answer)
    assert link.written() == link.repaired


@pytest.mark.parametrize("kind", ["hard link", "link to a link", "relative link"])
def test_every_other_name_of_irelfix_is_passed_over(kind, link):
    here, other = link.folder / "bin", link.folder / "other"
    other.mkdir()
    tool = shutil.copy(TOOL, link.folder / "irelfix")
    alias(here / "ld.lld").unlink()
    (here / "ld.lld").symlink_to(tool)
    if kind == "hard link":
        os.link(tool, other / "ld.lld")
    elif kind == "link to a link":
        (other / "ld.lld").symlink_to(here / "ld.lld")
    else:
        (other / "ld.lld").symlink_to("../irelfix")
    path = path_of(other, here, link.folder / "real")
    assert_links_and_repairs(link, here / "ld.lld", PATH=path)


def test_the_environment_may_name_a_linker_by_name(link):
    """Even by the one that leads to irelfix first."""
    here = link.folder / "bin"
    path = path_of(here, link.folder / "real")
    assert_links_and_repairs(link, alias(here / "ld"), IRELFIX_LD="ld.lld", PATH=path)
    alias(here / "ld.lld")
    assert_links_and_repairs(link, here / "ld", IRELFIX_LD="ld.lld", PATH=path)


def test_what_is_no_program_is_passed_over(link):
    for name in ("folder", "text"):
        (link.folder / name).mkdir()
    (link.folder / "folder" / "ld.lld").mkdir()
    (link.folder / "text" / "ld.lld").write_text("")
    path = path_of(link.folder / "folder", link.folder / "text", link.folder / "real")
    assert_links_and_repairs(link, alias(link.folder / "bin" / "ld.lld"), PATH=path)


@pytest.mark.parametrize("name, flavour", [("lld", True), ("rust-lld", True), ("lld-22", True),
                                           ("ld.lld", False), ("ld.lld-22", False), ("ld", False),
                                           ("mold", False)])
def test_a_generic_lld_is_told_its_flavour(name, flavour, link):
    """lld asks argv[0] which linker it is; that of the alias does not reach it."""
    real = script(link.folder / "there" / name, LINKER)
    answer = link.call(alias(link.folder / "bin" / "ld.lld"), "-o", "h", IRELFIX_LD=str(real))
    assert answer.lines == ["-flavor", "gnu"] * flavour + ["-o", "h"]
    assert link.written() == link.repaired


def test_the_name_that_the_linker_sees_is_its_own(link):
    real = script(link.folder / "there" / "ld.lld-22", '#!/bin/sh\necho "$0"\n')
    answer = link.call(alias(link.folder / "bin" / "ld"), IRELFIX_LD=str(real))
    assert answer.lines == [str(real)]


def rustc(folder: Path, sysroot: Path) -> Path:
    """A compiler that says where its things are, below `folder`."""
    text = f'#!/bin/sh\n[ "$*" = "--print sysroot" ] && echo "{sysroot}"\n'
    return script(folder / "rustc", text).parent


def test_the_linker_that_comes_with_rustc(link):
    """Where there is none on the path."""
    sysroot = link.folder / "tool chain"
    script(sysroot / "lib/rustlib/x86_64-unknown-linux-gnu/bin/gcc-ld/ld.lld", LINKER)
    path = path_of(rustc(link.folder / "cargo", sysroot))
    name = alias(link.folder / "bin" / "ld.lld")
    if shutil.which("ld.lld", path=path):
        path = path.replace(SYSTEM, str(few_tools(link.folder)))
    assert_links_and_repairs(link, name, PATH=path)


def few_tools(folder: Path) -> Path:
    """A path without linkers."""
    (folder / "tools").mkdir()
    for name in ("sh", "cp", "rm"):
        (folder / "tools" / name).symlink_to(shutil.which(name))
    return folder / "tools"


@pytest.mark.parametrize("name", ["ld.lld", "ld"])
def test_no_linker(name, link):
    path = path_of(rustc(link.folder / "cargo", link.folder / "nothing"), link.folder / "bin")
    path = path.replace(SYSTEM, str(few_tools(link.folder)))
    answer = link.call(alias(link.folder / "bin" / name), "-o", "h", PATH=path)
    assert answer.status == 127
    assert answer.err == (f"irelfix: {name}: no other program called '{name}' on PATH; "
                          "IRELFIX_LD may name one\n")


def test_no_path_at_all(link):
    environment = link.environment("h")
    del environment["PATH"]
    answer = irelfix("-o", "h", tool=alias(link.folder / "bin" / "ld"), env=environment)
    assert answer.status == 127, str(answer)


# ---- compiler drivers ---------------------------------------------------------------------------

@pytest.mark.parametrize("name, variable", [("irelfix-cc", "IRELFIX_CC"),
                                            ("irelfix-c++", "IRELFIX_CXX")])
def test_the_driver_that_is_named(name, variable, link):
    driver = script(link.folder / "there" / "some-gcc-12", LINKER)
    assert_links_and_repairs(link, alias(link.folder / name), **{variable: str(driver)})


@pytest.mark.parametrize("name, default", [("irelfix-cc", "cc"), ("irelfix-c++", "c++")])
@pytest.mark.parametrize("value", [None, "", " "])
def test_the_default_driver(value, name, default, link):
    """Found on the path, even beside irelfix."""
    script(link.folder / default, LINKER)
    more = {} if value is None else {"IRELFIX_CC": value, "IRELFIX_CXX": value}
    assert_links_and_repairs(link, alias(link.folder / name), PATH=path_of(link.folder), **more)


@pytest.mark.parametrize("value", ["'a tool/cc' --target=x 'two words'",
                                   '"a tool/cc" --target=x two\\ words',
                                   "  a\\ tool/cc\t--target=x\n'two words' "])
def test_a_driver_with_arguments(value, link):
    script(link.folder / "a tool" / "cc", LINKER)
    answer = link.call(alias(link.folder / "irelfix-cc"), "-o", "h", IRELFIX_CC=value)
    assert answer.lines == ["--target=x", "two words", "-o", "h"]
    assert link.written() == link.repaired


def test_a_driver_that_is_missing(link):
    answer = link.call(alias(link.folder / "irelfix-cc"), "x.c", IRELFIX_CC="no-such-cc")
    assert answer.status == 127
    assert "irelfix: irelfix-cc: no other program called 'no-such-cc' on PATH" in answer.err


def test_a_driver_whose_linker_is_irelfix_too(link):
    """The inner one repairs, the outer one finds nothing to do."""
    inner = alias(link.folder / "bin" / "ld.lld")
    driver = script(link.folder / "cc", f'#!/bin/sh\nexec "{inner}" "$@"\n')
    assert_links_and_repairs(link, alias(link.folder / "irelfix-cc"), IRELFIX_CC=str(driver),
                             IRELFIX_LD=str(link.linker))


# ---- both ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", ["ld.lld", "irelfix-cc"])
def test_options_are_the_tools_own(name, link):
    """Not one of irelfix is looked for."""
    arguments = ["--help", "-V", "--wrap", "-i", "--json", "--", "-n"]
    answer = link.call(alias(link.folder / name), *arguments, to="",
                       IRELFIX_LD=str(link.linker), IRELFIX_CC=str(link.linker))
    assert (answer.status, answer.lines) == (HEALTHY, arguments)


@pytest.mark.parametrize("name", ["ld.lld", "irelfix-cc"])
def test_a_refusal_fails_the_link(name, link):
    link.linked.write_bytes(build(refused()).data)
    tools = {"IRELFIX_LD": str(link.linker), "IRELFIX_CC": str(link.linker)}
    answer = link.call(alias(link.folder / name), "-o", "h", **tools)
    assert answer.status == REFUSED and "refused" in answer.err
    assert link.call(link.folder / name, "-o", "h", IRELFIX_WRAP="warn", **tools).status == HEALTHY


@pytest.mark.parametrize("name", ["ld.lld", "irelfix-cc"])
@pytest.mark.parametrize("arguments", [["-o", "h"], ["-c"], ["-shared"]])
def test_a_script_that_leads_back(arguments, name, link):
    """Found on the path under the very name, it would run irelfix for ever."""
    here, there = link.folder / "bin", link.folder / "there"
    tool = alias(here / name)
    script(there / name.replace("irelfix-", ""), f'#!/bin/sh\nexec "{tool}" "$@"\n')
    answer = link.call(tool, *arguments, PATH=path_of(there))
    assert answer.status == USAGE, str(answer)
    assert answer.err.count("\n") == 1 and "leads back to irelfix without end" in answer.err


@pytest.mark.parametrize("name", ["irelfix", "irelfix-1.2", "tool", "lld-link", "cc"])
def test_other_names_are_irelfix_itself(name, link):
    answer = link.call(alias(link.folder / name), "--version", to="")
    assert answer.out.startswith("irelfix ")
