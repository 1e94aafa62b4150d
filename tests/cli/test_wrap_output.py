# SPDX-License-Identifier: MIT
"""--wrap: where a command says that it writes, and when it says that it links nothing."""
import os
import subprocess

import pytest
from tool import HEALTHY, TOOL, irelfix
from wrapped import LINKER, Bench, alias, bench, script

pytestmark = pytest.mark.fast


@pytest.fixture(params=["ld.lld", "cc", "some-launcher"])
def link(request, tmp_path) -> Bench:
    """A command that irelfix takes for a linker, for a compiler driver, for neither."""
    return bench(tmp_path, request.param)


@pytest.fixture
def linker(tmp_path) -> Bench:
    return bench(tmp_path, "ld.lld")


@pytest.fixture
def driver(tmp_path) -> Bench:
    return bench(tmp_path, "cc")


def assert_found(link: Bench, to: str, *arguments: str) -> None:
    """irelfix knows that `to` is the output; else it would stay as it was linked."""
    answer = link.wrap(*arguments, to=to)
    assert answer.status == HEALTHY, str(answer)
    assert answer.lines == list(arguments)
    assert link.written(to) == link.repaired


def assert_not_looked_at(link: Bench, *arguments: str) -> None:
    """Becomes the command: nothing is left that could look at what it writes."""
    assert link.wrap(*arguments).status == HEALTHY
    assert link.written() == link.as_linked


@pytest.mark.parametrize("to, arguments", [
    ("h", ["-o", "h"]),
    ("h", ["-oh"]),
    ("h", ["--output=h"]),
    ("h", ["--output", "h"]),
    ("=h", ["-o=h"]),
    ("utput", ["-output"]),
    ("utput=h", ["-output=h"]),
    ("magic", ["-omagic"]),
    ("-c", ["-o", "-c"]),
    ("-o", ["-o", "-o"]),
    ("@h", ["-o", "@h"]),
    ("two words", ["-o", "two words"]),
    ("a.out", ["x.o"]),
    ("a.out", []),
    ("last", ["-o", "first", "x.o", "-olast"]),
    ("last", ["-ofirst", "--output=second", "-o", "last"]),
    ("last", ["--output", "first", "--output=last"]),
    ("h", ["-o", "h", "--oformat=elf64-x86-64", "--omagic", "--no-omagic"]),
    ("h", ["-o", "h", "-O2", "--orphan-handling=warn", "-rpath", "x", "-static"]),
    ("h", ["-o", "h", "-mllvm", "-opt-bisect-limit=5"]),
    ("h", ["-o", "h", "-plugin-opt", "-obj-path=x"]),
    ("h", ["-rpath=/x", "-o", "h", "-shared-libgcc", "-Bsymbolic", "-v", "--verbose"]),
    ("h", ["-static-pie", "-o", "h"]),
])
def test_spellings(to, arguments, link):
    assert_found(link, to, *arguments)


@pytest.mark.parametrize("to, arguments", [
    ("h", ["-Wl,-o,h"]),
    ("h", ["-Wl,-oh"]),
    ("h", ["-Wl,--output=h"]),
    ("h", ["-Wl,-o", "-Wl,h"]),
    ("h", ["-Wl,-z,now,--output,h,--gc-sections"]),
    ("h", ["-Xlinker", "-o", "-Xlinker", "h"]),
    ("h", ["-Xlinker", "--output=h"]),
    ("h", ["--for-linker=-o", "--for-linker=h"]),
    ("h", ["--for-linker", "-o", "--for-linker", "h"]),
    ("h", ["--for-linker=--output=h", "-o", "other"]),
    ("--for-linker", ["-o", "--for-linker"]),
    ("h", ["-o", "other", "-Wl,-o", "h"]),
    ("h", ["-Xlinker", "-o", "-O2", "h", "x.o"]),
    ("h", ["-Wl,-oh", "-o", "other"]),
    ("h", ["-o", "other", "-Wl,-oh"]),
    ("h", ["-o", "h", "-Wl,-mllvm,-opt-bisect-limit=5"]),
    ("h", ["-o", "h", "-Xclang", "-opaque", "-Xassembler", "-oops"]),
    ("h", ["-o", "h", "-Xclang", "-c", "-MD", "-MF", "x.d", "-Wl,-S,-E,-M"]),
    ("-Wl,-ox", ["-o", "-Wl,-ox"]),
    ("h", ["-o", "h", "-Wl,", "-Wl,,"]),
])
def test_what_a_driver_hands_to_the_linker(to, arguments, driver):
    assert_found(driver, to, *arguments)


# ---- values that look like options --------------------------------------------------------------

LIKE_OPTIONS = ["-o", "--output=x", "-shared", "-r", "--version", "-c", "-E", "-Wl,-ox", "-Xlinker",
                "@rsp"]


@pytest.mark.parametrize("option", ["-L", "-T", "-u", "-e", "-z", "-l", "-I", "-F"])
def test_a_value_of_a_linker_is_no_option(option, linker):
    assert_found(linker, "h", option, "-old", "-o", "h")
    assert_found(linker, "h", "-o", "h", option, "-old")


@pytest.mark.parametrize("option", ["-L", "-T", "-u", "-e", "-z", "-l", "-I", "-x", "-include",
                                    "-isystem", "-MF", "-MT", "-aux-info", "--param", "-target",
                                    "--sysroot", "-Xclang", "-Xpreprocessor", "-mllvm"])
def test_a_value_of_a_driver_is_no_option(option, driver):
    assert_found(driver, "h", option, "-old", "-o", "h")
    assert_found(driver, "h", "-o", "h", option, "-old")


@pytest.mark.parametrize("value", LIKE_OPTIONS)
def test_whatever_the_value_looks_like(value, link):
    assert_found(link, "h", "-L", value, "-o", "h")


@pytest.mark.parametrize("name", ["rpath", "soname", "plugin", "dynamic-linker", "version-script",
                                  "defsym", "Map", "mllvm"])
@pytest.mark.parametrize("dashes", ["-", "--"])
def test_a_value_of_a_long_option_is_none(dashes, name, linker):
    assert_found(linker, "h", "-o", "h", dashes + name, "-old")
    assert_found(linker, "last", "-o", "h", f"{dashes}{name}=x", "-olast")


@pytest.mark.parametrize("words", ["-Wl,-rpath,-old", "-Wl,-rpath -Wl,-old",
                                   "-Xlinker -rpath -Xlinker -old",
                                   "--for-linker=-rpath --for-linker=-old"])
def test_nor_is_that_of_an_option_for_the_linker(words, driver):
    assert_found(driver, "h", "-o", "h", *words.split())


# ---- response files -----------------------------------------------------------------------------

@pytest.mark.parametrize("to, text", [
    ("h", "x.o -o h -lm"),
    ("h", "x.o\n-o\nh\n"),
    ("h", "\t-o \r\n h"),
    ("two words", '-o "two words"'),
    ("two words", "-o 'two words'"),
    ("two words", "-o two\\ words"),
    ("two words", "'-otwo words'"),
    ("two words", '-o "two"\' \'wor"ds"'),
    ("it's", '-o "it\'s"'),
    ('a"b', "-o 'a\"b'"),
    ('a"b', '-o "a\\"b"'),
    ("a\\b", "-o a\\\\b"),
    ("a\\b", "-o 'a\\\\b'"),
    ("ab", "-o a\\b"),
    ("h\\", "-o h\\"),
    ("line\nbreak", '-o "line\nbreak"'),
    ("a.out", ""),
    ("a.out", " \n\n"),
    ("h", '"" -o h ""'),
    ("un closed", '-o "un closed'),
])
def test_gnu_quoting(to, text, linker):
    (linker.folder / "rsp").write_text(text)
    assert_found(linker, to, "@rsp")


@pytest.mark.parametrize("to, text", [
    ("h", "x.o -o h"),
    ("h", "-o\r\nh\r\n"),
    ("two words", '-o "two words"'),
    ("two words", '"-otwo words"'),
    ("two words", '-o two" "words'),
    ("it's", "-o it's"),
    ("a\\b", "-o a\\b"),
    ("a\\\\b", '-o "a\\\\b"'),
    ('a"b', '-o a\\"b'),
    ("a\\", '-o "a\\\\"'),
    ('a\\"b', '-o a\\\\\\"b'),
    ('a"b', '-o "a""b"'),
    ("h", '-o ""h""'),
    ("a\\", "-o a\\"),
])
def test_windows_quoting(to, text, linker):
    (linker.folder / "rsp").write_text(text, newline="")
    assert_found(linker, to, "--rsp-quoting=windows", "@rsp")


def test_the_last_quoting_on_the_command_line_counts(linker):
    (linker.folder / "rsp").write_text("--rsp-quoting=windows -o a\\b")
    assert_found(linker, "ab", "@rsp")
    assert_found(linker, "ab", "--rsp-quoting=windows", "--rsp-quoting=posix", "@rsp")
    assert_found(linker, "a\\b", "@rsp", "--rsp-quoting=posix", "--rsp-quoting", "windows")
    assert_found(linker, "ab", "@rsp", "--rsp-quoting", "windows", "--rsp-quoting", "posix")


def test_nested_files(linker):
    (linker.folder / "outer").write_text("-o first @inner x.o")
    (linker.folder / "inner").write_text("y.o @'inner most'")
    (linker.folder / "inner most").write_text("-o last")
    assert_found(linker, "last", "@outer")
    assert_found(linker, "later", "@outer", "-o", "later")


def test_an_option_and_its_value_in_two_files(linker):
    (linker.folder / "one").write_text("-o")
    (linker.folder / "two").write_text("h")
    assert_found(linker, "h", "@one", "@two")
    assert_found(linker, "h", "-o", "@two")


def test_a_file_that_is_missing_stands_for_itself(linker):
    assert_found(linker, "h", "@missing", "-o", "h")
    assert_found(linker, "@missing", "-o", "@missing")
    assert_found(linker, "@", "-o", "@")


@pytest.mark.parametrize("text", ["-o h @rsp", "@rsp @rsp -o h", "-o h @rsp @rsp @rsp"])
def test_files_that_include_themselves(text, linker):
    """What it leads to does not matter, the link fails; it must end."""
    (linker.folder / "rsp").write_text(text)
    assert linker.wrap("@rsp", to="", STATUS="1").status == 1


def test_many_files(linker):
    for i in range(200):
        (linker.folder / f"rsp{i}").write_text(f"x{i}.o @rsp{i + 1}")
    (linker.folder / "rsp200").write_text("-o h")
    assert_found(linker, "h", "@rsp0")


def test_a_pipe_is_left_for_the_command(tmp_path):
    """It can be read only once."""
    read = script(tmp_path / "ld.lld", '#!/bin/sh\ncat "${1#@}"\n')
    answer = irelfix("--wrap", "--", read, "@/dev/stdin", input=b"-o h")
    assert (answer.status, answer.out) == (HEALTHY, "-o h")


def test_a_file_that_the_command_deletes(tmp_path):
    """As gcc does with its own."""
    linker = bench(tmp_path)
    script(linker.linker, "#!/bin/sh\nrm rsp\n" + LINKER)
    (tmp_path / "rsp").write_text("-o h")
    assert_found(linker, "h", "@rsp")


def test_words_of_a_driver_in_a_file(driver):
    (driver.folder / "rsp").write_text("-o other -Wl,-o,h -Xlinker")
    assert_found(driver, "h", "@rsp", "-S")


@pytest.mark.parametrize("words", ["-Wl,@rsp", "-Wl,-z,now,@rsp,-v", "--for-linker=@rsp"])
def test_a_file_for_the_linker(words, driver):
    """The driver hands its name on; among its own words -o would be the driver's."""
    (driver.folder / "rsp").write_text("-o h @inner")
    (driver.folder / "inner").write_text("-rpath -olast -S -E -c script")
    assert_found(driver, "h", *words.split(), "-o", "other")


def test_a_file_behind_xlinker_is_the_drivers(driver):
    """Its first word is for the linker, and what is no option gets there as well, behind it."""
    (driver.folder / "rsp").write_text("-o h")
    assert_found(driver, "h", "-Xlinker", "@rsp", "-o", "other")


def test_a_file_for_the_linker_is_quoted_as_for_the_linker(driver):
    (driver.folder / "rsp").write_text("-o a\\b")
    assert_found(driver, "ab", "-Wl,@rsp")
    assert_found(driver, "a\\b", "-Wl,--rsp-quoting=windows,@rsp")


def test_what_links_nothing_may_stand_in_a_file_for_the_linker(driver):
    (driver.folder / "rsp").write_text("-r")
    assert_not_looked_at(driver, "-o", "h", "-Wl,@rsp", "x.o")


# ---- launchers ----------------------------------------------------------------------------------

@pytest.mark.parametrize("words", ["ccache {cc}", "sccache {cc}", "distcc {cc}", "/x/ccache {cc}",
                                   "ccache base_dir=/x run_second_cpp=true {cc}"])
@pytest.mark.parametrize("arguments, links", [(["-o", "h"], True), (["-Wl,-oh"], True),
                                              (["-c", "-o", "h"], False)])
def test_behind_a_launcher(words, arguments, links, driver):
    """-c behind ccache links as little as without it."""
    launcher, *rest = words.format(cc=driver.linker).split()
    launcher = script(driver.folder / "bin" / launcher.rpartition("/")[2],
                      '#!/bin/sh\nwhile :; do case $1 in *=*) shift ;; *) exec "$@" ;; esac; done\n')
    answer = irelfix("--wrap", "--", launcher, *rest, *arguments, cwd=driver.folder,
                     env=driver.environment("h"))
    assert (answer.status, answer.lines) == (HEALTHY, arguments)
    assert driver.written() == (driver.repaired if links else driver.as_linked)


# ---- nothing is linked --------------------------------------------------------------------------

@pytest.mark.parametrize("option", ["-r", "--relocatable", "-shared", "--shared", "-Bshareable",
                                    "--version", "--help"])
def test_a_linker_that_links_no_executable(option, linker):
    assert_not_looked_at(linker, "-o", "h", option, "x.o")


@pytest.mark.parametrize("option", [
    "-c", "-S", "-E", "-M", "-MM", "-fsyntax-only", "-###", "-r", "-shared", "--shared",
    "--version", "--help", "-dumpversion", "-dumpmachine", "-Wl,-r", "-Wl,-z,now,-shared",
    "-Wl,--version",
])
def test_a_driver_that_links_no_executable(option, driver):
    assert_not_looked_at(driver, "-o", "h", option, "x.c")


def test_what_links_nothing_may_stand_in_a_file(driver):
    (driver.folder / "rsp").write_text("-c")
    assert_not_looked_at(driver, "-o", "h", "@rsp", "x.c")


@pytest.mark.parametrize("option", ["-c", "-S", "-E", "-r", "-shared", "--version"])
def test_of_an_unknown_command_no_option_is_known(option, tmp_path):
    """sudo -E cc ..., distcc --version-something: only what is written tells."""
    assert_found(bench(tmp_path, "some-launcher"), "h", option, "-o", "h")


@pytest.mark.parametrize("option", ["-c", "-S", "-E", "-M"])
def test_a_linkers_options_are_not_a_drivers(option, linker):
    assert_found(linker, "h", "-o", "h", option)


@pytest.mark.parametrize("name, driver", [
    ("gcc", True), ("g++", True), ("clang", True), ("clang++", True), ("c++", True),
    ("x86_64-linux-gnu-gcc-12", True), ("clang-22", True), ("aarch64-linux-gnu-g++", True),
    ("gcc-12.2", True), ("musl-gcc", True), ("irelfix-cc", True),
    ("ccache", False), ("distcc", False), ("nvcc", False), ("gcc-wrapper", False),
    ("clang-", False), ("ld", False), ("cargo", False),
])
def test_names_of_drivers(name, driver, tmp_path):
    link = bench(tmp_path, name)
    link.wrap("-o", "h", "-c")
    assert (link.written() == link.as_linked) == driver


@pytest.mark.parametrize("name, linker", [
    ("ld", True), ("ld.lld-22", True), ("aarch64-linux-gnu-ld", True), ("ld.mold", True),
    ("x86_64-linux-gnu-ld.lld", True), ("rust-lld", True), ("ld.gold", True), ("wild", True),
    ("ld64.lld", False), ("lld-link", False), ("build", False), ("shield", False),
])
def test_names_of_linkers(name, linker, tmp_path):
    link = bench(tmp_path, name)
    link.wrap("-Bshareable", "-o", "h")
    assert (link.written() == link.as_linked) == linker


def test_compiling_costs_an_exec(tmp_path):
    """No process stays behind that waits."""
    compiler = script(tmp_path / "cc", "#!/bin/sh\necho $$\n")
    process = subprocess.Popen([alias(tmp_path / "irelfix-cc"), "-c", "x.c"], text=True,
                               env={**os.environ, "IRELFIX_CC": str(compiler)},
                               stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=60)
    assert int(out) == process.pid


def test_a_link_is_waited_for(tmp_path):
    """The other side of it: this is how the test above could fail."""
    command = script(tmp_path / "cc", "#!/bin/sh\necho $$\n")
    process = subprocess.Popen([TOOL, "--wrap", "--", command, "x.o"], text=True,
                               stdout=subprocess.PIPE)
    out, _ = process.communicate(timeout=60)
    assert int(out) != process.pid
