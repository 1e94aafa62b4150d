# SPDX-License-Identifier: MIT
"""What somebody at a terminal is told, and how much of it fits there."""
import os
import shlex
import subprocess

import pytest
from elf.build import biased, broken, healthy, lost
from files import refused
from tool import HEALTHY, TIME_LIMIT, TOOL, irelfix, on_a_terminal

pytestmark = pytest.mark.fast

BROKEN_KINDS = {"wide-bounds": broken, "lost-irelative": lost, "biased-weak": biased}


def shown(*arguments, **more) -> list[str]:
    return on_a_terminal("stdout", *arguments, **more)[1].splitlines()


@pytest.mark.parametrize("kind", BROKEN_KINDS)
def test_a_broken_file_is_told_what_to_do(kind, make, tmp_path):
    path = make("prog", BROKEN_KINDS[kind]())
    first, second = shown(path)
    assert kind in first
    assert second.startswith("   It will crash before main")
    assert second.endswith(f"To repair it: irelfix {path} -o {path}.fixed, or in place: "
                           f"irelfix -i {path}")


@pytest.mark.parametrize("name", ["my prog", "it's", "a\"b", "$(touch x)", "-n", "*", "é"])
def test_the_command_can_be_typed(name, make, tmp_path):
    make(name, broken())
    second = shown("--", name, cwd=tmp_path)[1]
    command = second.partition("To repair it: irelfix ")[2].partition(", or in place: ")[0]
    call = subprocess.run(["sh", "-c", f"{shlex.quote(str(TOOL))} {command}"], cwd=tmp_path,
                          capture_output=True, timeout=TIME_LIMIT)
    assert call.returncode == HEALTHY, call.stderr
    assert {path.name for path in tmp_path.iterdir()} == {name, f"{name}.fixed"}


def test_a_name_that_cannot_be_shown_is_not(make, tmp_path):
    make("a\x1b[31mb", broken())
    assert shown("a\x1b[31mb", cwd=tmp_path)[1].endswith(
        "irelfix FILE -o FILE.fixed, or in place: irelfix -i FILE")


def test_batches_have_one_line_a_file(make):
    paths = [make(name, broken()) for name in ("a", "b")]
    assert len([line for line in shown(*paths) if "It will crash" in line]) == 0
    assert not any("It will crash" in line for line in shown("-r", paths[0].parent))


def test_quiet_json_and_pipes_are_spared(make):
    path = make("prog", broken())
    assert shown("-q", path) == []
    assert len(shown("--json", path)) == 1
    assert len(irelfix("--color=always", path).lines) == 1


def test_a_healthy_file_may_still_crash(make):
    path = make("prog", healthy())
    assert shown("-v", path)[1:] == [f"   if it still crashes: irelfix --prove {path}"]
    assert len(shown(path)) == 1


def test_a_refusal_names_where_more_is_told(make):
    path = make("prog", refused())
    text = on_a_terminal("stderr", path)[1].splitlines()
    assert text[1:] == ["   more about it: irelfix --explain undefined-symbol"]


# ---- the table ----


def test_the_table_of_a_static_pie_has_its_strays(machine, make):
    lines = irelfix("-v", make("prog", biased(machine))).lines
    assert lines[1].endswith(", 3 entries: 0 IRELATIVE, 2 stray")
    assert [line.split(": ", 1)[1].split(" ")[0] for line in lines[2:4]] == [
        machine.weak_type, machine.absolute_type]
    assert [line.rpartition(", ")[2] for line in lines[2:4]] == ["absent_0", "absent_1"]
    assert len(lines) == 4


def test_a_refusal_shows_the_table(make):
    path = make("prog", refused())
    answer = irelfix("-v", path)
    assert answer.out == "" and "   before  ▐GGAII▌\n" in answer.err
    assert len(irelfix(path).err.splitlines()) == 1


def test_the_letters_are_explained(make, tmp_path):
    answer = irelfix("-v", make("prog", broken()), "-o", tmp_path / "out")
    assert ("           I IRELATIVE, G GLOB_DAT, · NONE, A absolute address, ▐▌ the bounds"
            in answer.lines)
    assert "JUMP_SLOT" not in answer.out


@pytest.mark.parametrize("locale", [{}, {"LANG": "C"}, {"LANG": "C.UTF-8", "LC_ALL": "POSIX"},
                                    {"LC_CTYPE": "de_DE.ISO-8859-1", "LANG": "C.UTF-8"}], ids=str)
def test_ascii_where_nothing_else_is_understood(locale, make, tmp_path):
    answer = irelfix("-vv", make("prog", broken()), "-o", tmp_path / "out", env=locale)
    assert answer.out.isascii()
    assert "   before  [GGAII]\n   after   ...[II]\n" in answer.out
    assert "start bound 0x200700 -> 0x200748" in answer.out


@pytest.mark.parametrize("locale", [{"LANG": "C.UTF-8"}, {"LANG": "C", "LC_ALL": "en_US.utf8"}],
                         ids=str)
def test_nicer_characters_in_utf8(locale, make):
    assert "▐GGAII▌" in irelfix("-v", make("prog", broken()), env=locale).out


@pytest.mark.parametrize("columns, picture", [(18, "▐GGAII▌"), (17, "▐G×2 A×1 I×2 ▌")])
def test_a_narrow_terminal_gets_counts(columns, picture, make):
    lines = shown("-v", "--color=never", make("prog", broken()), columns=columns)
    assert f"   before  {picture}" in lines


def test_a_success_is_no_more_colourful_than_its_diagnosis(make, tmp_path):
    path = make("prog", broken())
    diagnosis = irelfix("--color=always", path).out
    success = irelfix("--color=always", path, "-o", tmp_path / "out").out
    assert diagnosis.count("\033[") == success.count("\033[") == 2
