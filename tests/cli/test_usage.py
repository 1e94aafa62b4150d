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
    assert [line.split(":")[0] for line in answer.lines] == ["-n", "--json"]


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


def test_a_dash_is_a_name(tmp_path):
    answer = irelfix("-", cwd=tmp_path)
    assert answer.status == BAD_FILE
    assert answer.err == "irelfix: -: cannot open: No such file or directory\n"
