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
    assert answer.err == (f"irelfix: {name}: no other program of this name is on PATH; "
                          "IRELFIX_LD may name another\n")


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
    assert answer.err == ("irelfix: no-such-cc: no other program of this name is on PATH; "
                          "IRELFIX_CC may name another\n")


def test_a_driver_whose_linker_is_irelfix_too(link):
    """The inner one repairs, the outer one finds nothing to do."""
    inner = alias(link.folder / "bin" / "ld.lld")
    driver = script(link.folder / "cc", f'#!/bin/sh\nexec "{inner}" "$@"\n')
    assert_links_and_repairs(link, alias(link.folder / "irelfix-cc"), IRELFIX_CC=str(driver),
                             IRELFIX_LD=str(link.linker))


# ---- tools under their own names ----------------------------------------------------------------

DRIVERS = ["cc", "gcc", "g++", "clang-22", "x86_64-linux-gnu-gcc-12", "musl-gcc"]


@pytest.mark.parametrize("name", DRIVERS)
def test_the_next_driver_of_this_name_on_the_path(name, link):
    here, there = link.folder / "bin", link.folder / "there"
    script(there / name, LINKER)
    for path in (path_of(here, there), path_of(there)):
        assert_links_and_repairs(link, alias(here / name), PATH=path)
        (here / name).unlink()


def test_a_driver_in_front_where_there_is_none_behind(link):
    here, there = link.folder / "bin", link.folder / "there"
    script(there / "some-gcc", LINKER)
    assert_links_and_repairs(link, alias(here / "some-gcc"), PATH=path_of(there, here))


def test_a_driver_under_its_own_name_is_no_other_one(link):
    """IRELFIX_CC is for irelfix-cc, which has none."""
    script(link.folder / "there" / "gcc", LINKER)
    path = path_of(link.folder / "bin", link.folder / "there")
    assert_links_and_repairs(link, alias(link.folder / "bin" / "gcc"), PATH=path,
                             IRELFIX_CC="/nothing", IRELFIX_LD="/nothing")


def test_no_other_driver(link):
    path = str(few_tools(link.folder))
    answer = link.call(alias(link.folder / "bin" / "gcc"), "-o", "h", PATH=path)
    assert answer.status == 127
    assert answer.err == "irelfix: gcc: no other program of this name is on PATH\n"


@pytest.mark.parametrize("kind, name", [("driver", "irelfix-cc"), ("linker", "ld")])
def test_it_is_that_kind_of_tool_whatever_stands_behind_it(kind, name, tmp_path):
    """-c of a driver links nothing; of a linker it is something else."""
    link = bench(tmp_path, "some-launcher")
    tools = {"IRELFIX_CC": str(link.linker), "IRELFIX_LD": str(link.linker)}
    link.call(alias(tmp_path / name), "-o", "h", "-c", "x", **tools)
    assert link.written() == (link.as_linked if kind == "driver" else link.repaired)


def test_options_in_front_of_those_of_the_call_are_no_links(link):
    """sh -c is no cc -c."""
    words = f"sh -c 'exec \"$0\" \"$@\"' {link.linker}"
    assert_links_and_repairs(link, alias(link.folder / "irelfix-cc"), IRELFIX_CC=words)


# ---- no way back --------------------------------------------------------------------------------

def test_the_path_no_longer_leads_to_irelfix(link):
    """Not even to another link to it, and all else stays, the empty folder as well."""
    here, other, there = (link.folder / name for name in ("bin", "other", "there"))
    script(there / "gcc", '#!/bin/sh\necho "$PATH"\n')
    alias(here / "gcc")
    alias(other / "gcc")
    path = os.pathsep.join(map(str, ["", other, there, here, "", SYSTEM, other]))
    answer = link.call(here / "gcc", PATH=path)
    assert answer.lines == [os.pathsep.join(["", str(there), "", SYSTEM])]


def test_irelfix_cc_takes_only_its_tools_folders_away(link):
    """It may stand where everything else does."""
    alias(link.folder / "bin" / "gcc")
    (link.folder / "bin" / "irelfix").symlink_to(TOOL)
    here = alias(link.folder / "usr" / "irelfix-cc").parent
    script(here / "gcc", '#!/bin/sh\necho "$PATH"\n')
    path = path_of(link.folder / "bin", here)
    answer = link.call(here / "irelfix-cc", PATH=path, IRELFIX_CC="gcc")
    assert answer.lines == [path_of(here)]


MASQUERADE = """#!/bin/sh
# As ccache does: the first program of this name on PATH that is not itself. As sccache's server does:
# not a second time.
[ -z "$MASQUERADE" ] || exit 2
export MASQUERADE=1
echo masquerade
name=${0##*/}
IFS=:
for folder in $PATH; do
    [ "$folder/$name" -ef "$0" ] || [ ! -x "$folder/$name" ] || exec "$folder/$name" "$@"
done
echo "no other $name" >&2
exit 1
"""


@pytest.mark.parametrize("order", ["behind", "before"])
def test_a_masquerade_that_searches_by_itself(order, link):
    here, cache, there = (link.folder / name for name in ("bin", "cache", "there"))
    script(cache / "gcc", MASQUERADE)
    script(there / "gcc", LINKER)
    alias(here / "gcc")
    folders = [here, cache, there] if order == "behind" else [cache, here, there]
    answer = link.call(folders[0] / "gcc", "-o", "h", PATH=path_of(*folders))
    assert answer.status == HEALTHY, str(answer)
    assert answer.lines == ["masquerade", "-o", "h"]
    assert link.written() == link.repaired
    assert answer.err.count("repaired") == 1


def test_another_irelfix_on_the_path(link):
    """Two copies, each of which takes the other one for the tool."""
    for name in ("one", "two"):
        (link.folder / name).mkdir()
        shutil.copy(TOOL, link.folder / name / "gcc")
    script(link.folder / "there" / "gcc", LINKER)
    folders = [link.folder / name for name in ("one", "two", "there")]
    assert_links_and_repairs(link, link.folder / "one" / "gcc", PATH=path_of(*folders))


@pytest.mark.parametrize("value", ["{tool}", "{here}/ld.lld", "irelfix", "irelfix --wrap -- ld"])
@pytest.mark.parametrize("name, variable", [("ld.lld", "IRELFIX_LD"), ("ld", "IRELFIX_LD"),
                                            ("irelfix-cc", "IRELFIX_CC"),
                                            ("irelfix-c++", "IRELFIX_CXX")])
def test_irelfix_is_no_tool_to_be_run(name, variable, value, link):
    here = link.folder / "bin"
    for each in {name, "ld.lld", "irelfix"}:
        alias(here / each)
    value = value.format(tool=TOOL, here=here)
    answer = link.call(here / name, "-o", "h", PATH=path_of(here), **{variable: value})
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err == (f"irelfix: {value.split()[0]}: is irelfix itself, and {variable} is to "
                          "name the tool that irelfix runs\n")


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


@pytest.mark.parametrize("name", ["irelfix", "irelfix-1.2", "tool", "lld-link", "ccache"])
def test_other_names_are_irelfix_itself(name, link):
    answer = link.call(alias(link.folder / name), "--version", to="")
    assert answer.out.startswith("irelfix ")
