# SPDX-License-Identifier: MIT
"""The command line itself."""
import re

import pytest
from elf.build import broken, healthy
from tool import BAD_FILE, BROKEN, HEALTHY, USAGE, irelfix, names_in

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("arguments, text", [
    ([], "no file is named"),
    (["--"], "no file is named"),
    (["-o", "out"], "no file is named"),
    (["in", "-o"], "option requires an argument -- 'o'"),
    (["--output", "out", "in", "--output=other"], "-o is given twice"),
    (["in", "in", "-o", "out"], "several files with one -o out"),
    (["--prove=", "in"], "--prove= names no model"),
    (["--allow-undefined=", "in"], "--allow-undefined= names no symbol"),
    (["--color=red", "in"], "--color is auto, always or never, not 'red'"),
    (["--strategy=both", "in"], "--strategy is auto, narrow or pad, not 'both'"),
    (["--strategy=", "in"], "not ''"),
    (["--strategy"], "option '--strategy' requires an argument"),
    (["--json", "-Zi", "in"], "invalid option -- 'Z'"),
    (["--verbose=yes", "in"], "option '--verbose' doesn't allow an argument"),
    (["-io"], "option requires an argument -- 'o'"),
    (["-p", "in"], "-p goes with -i or -o"),
    (["-p", "-n", "in"], "-p goes with -i or -o"),
    (["-i", "-"], "-i cannot write into standard input"),
    (["-", "in"], "- stands for a standard stream, and goes with one file"),
    (["-r", "-"], "- stands for a standard stream"),
    (["--json", "in", "-o", "-"], "-o - and --format both take standard output"),
    (["-p", "in", "-o", "-"], "-p goes with files"),
    (["--explain"], "option '--explain' requires an argument"),
    (["-q", "-v", "in"], "-q and -v exclude each other"),
    (["--frobnicate", "in"], "unrecognized option '--frobnicate'"),
    (["-Z", "in"], "invalid option -- 'Z'"),
    (["--json=yes", "in"], "option '--json' doesn't allow an argument"),
])
def test_usage_errors(arguments, text, make, tmp_path):
    make("in", broken())
    answer = irelfix(*arguments, cwd=tmp_path)
    assert answer.status == USAGE, str(answer)
    assert answer.out == ""
    assert text in answer.err
    assert answer.err.startswith("irelfix: ")
    assert answer.err.endswith("\nTry 'irelfix --help'.\n")
    assert names_in(tmp_path) == {"in"}


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help(option):
    answer = irelfix(option)
    assert (answer.status, answer.err) == (HEALTHY, "")
    assert answer.lines[0].startswith("Usage: irelfix ")
    for status in range(6):
        assert re.search(rf"\b{status}\b", answer.out), f"exit status {status} is not told"


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_version_is_machine_readable(option):
    answer = irelfix(option)
    assert (answer.status, answer.err) == (HEALTHY, "")
    assert re.fullmatch(r"irelfix \d+\.\d+\.\d+", answer.lines[0])


def test_help_and_version_need_no_file_and_ignore_what_follows(tmp_path):
    assert irelfix("--help", tmp_path / "missing").status == HEALTHY
    assert irelfix("--version", "--no-such-option").status == HEALTHY


def test_double_dash_ends_options(make, tmp_path):
    make("-n", broken())
    make("--json", healthy())
    answer = irelfix("--", "-n", "--json", cwd=tmp_path)
    assert answer.status == BROKEN
    assert [line.split(":")[0] for line in answer.lines[:-1]] == ["-n", "--json"]


def test_output_may_look_like_an_option(make, tmp_path):
    make("in", broken())
    assert irelfix("-o", "-v", "in", cwd=tmp_path).status == HEALTHY
    assert names_in(tmp_path) == {"in", "-v"}


@pytest.mark.parametrize("arguments", [
    ["in", "-o", "out"], ["-o", "out", "in"], ["-oout", "in"], ["--output=out", "in"],
    ["--output", "out", "--", "in"],
])
def test_order_and_spelling_of_output(arguments, make, tmp_path):
    make("in", broken())
    assert irelfix(*arguments, cwd=tmp_path).status == HEALTHY
    assert names_in(tmp_path) == {"in", "out"}


def test_a_dash_in_a_folder_is_a_name(make, tmp_path):
    make("-", broken())
    assert irelfix("./-", cwd=tmp_path).lines[0].startswith("./-: wide-bounds: ")


@pytest.mark.parametrize("word, meant", [
    ("--jsn", "json"), ("--josn", "json"), ("--verb", "verbose"), ("--in-pace", "in-place"),
    ("--recursiv", "recursive"), ("--strategi=pad", "strategy"), ("--dryrun", "dry-run"),
])
def test_near_misses_are_suggested(word, meant, make, tmp_path):
    """Abbreviations as well: what is short today may be ambiguous tomorrow."""
    make("in", broken())
    answer = irelfix("in", word, cwd=tmp_path)
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err == (f"irelfix: unrecognized option '{word}'; did you mean --{meant}?\n"
                          "Try 'irelfix --help'.\n")


def test_nothing_is_suggested_where_nothing_is_near(tmp_path):
    assert "did you mean" not in irelfix("--frobnicate", "in", cwd=tmp_path).err


def test_an_abbreviation_with_a_value_of_its_own_is_refused(make, tmp_path):
    make("in", broken())
    answer = irelfix("--outp", "out", "in", cwd=tmp_path)
    assert answer.status == USAGE and "did you mean --output?" in answer.err
    assert names_in(tmp_path) == {"in"}


def test_a_value_may_look_like_an_option(make, tmp_path):
    make("in", broken())
    assert irelfix("--output", "--jsn", "in", cwd=tmp_path).status == HEALTHY
    assert names_in(tmp_path) == {"in", "--jsn"}


def test_without_arguments_there_is_an_example():
    answer = irelfix()
    assert (answer.status, answer.out) == (USAGE, "")
    assert "irelfix hello -o hello.fixed" in answer.err and "Usage: irelfix IN -o OUT" in answer.err


def test_help_is_a_word(make, tmp_path):
    answer = irelfix("help", cwd=tmp_path)
    assert (answer.status, answer.err) == (HEALTHY, "")
    assert answer.out in irelfix().err
    make("help", broken())
    assert irelfix("help", cwd=tmp_path).status == BROKEN


def test_a_folder_in_place_names_the_option(tmp_path):
    answer = irelfix("-i", tmp_path)
    assert answer.status == BAD_FILE
    assert answer.err == f"irelfix: {tmp_path}: is a directory; -r takes the ELF files in it\n"


def test_a_healthy_file_is_said_to_be_copied(make, tmp_path):
    answer = irelfix(make("in", healthy()), "-o", tmp_path / "out")
    assert answer.lines[1:] == [f"   copied into {tmp_path}/out"]
