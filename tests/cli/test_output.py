# SPDX-License-Identifier: MIT
"""What is printed, and where."""
import re
import subprocess

import pytest
from elf.build import (RELA_DYN, RELA_PLT, Entry, Symbol, broken, build, healthy, lost,
                       mixed)
from files import ENDINGS, TEXT_FILE, malformed, refused, unverified
from machines import X86_64
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, TOOL, irelfix, names_in, on_a_terminal

pytestmark = pytest.mark.fast

FAILURES = {"malformed": malformed, "refused": refused}


def test_one_line_a_file(machine, make):
    path = make("file", broken(machine))
    answer = irelfix(path)
    assert answer.err == ""
    assert answer.out == (f"{path}: wide-bounds: 3 stray entries inside the iplt bounds "
                          f"(LLD 22.1.8, {machine.title} ET_EXEC)\n")


def test_a_healthy_file_says_why(machine, make):
    path = make("file", healthy(machine))
    answer = irelfix(path)
    assert (answer.out, answer.err) == (f"{path}: healthy: statically linked\n", "")


def test_one_stray_entry_is_singular(make):
    assert "1 stray entry inside" in irelfix(make("file", broken(X86_64, "GII"))).out


@pytest.mark.parametrize("kind", FAILURES)
def test_failures_go_to_stderr_and_name_the_file(kind, machine, make):
    path = make("file", FAILURES[kind](machine))
    answer = irelfix(path)
    assert answer.out == ""
    (line,) = answer.err.splitlines()
    assert line.startswith(f"irelfix: {path}: ")


def test_a_refusal_says_so_and_names_symbol_and_type(machine, make):
    path = make("file", refused(machine))
    assert irelfix(path).err.startswith(
        f"irelfix: {path}: wide-bounds: refused: {machine.weak_type} against `needed', which "
        "is undefined and not weak: it needs a dynamic linker; link with the archive that defines it "
        "(in Rust: kind = \"static\"), or dynamically; --allow-undefined=needed takes it for absent\n")


def test_a_result_that_fails_its_verification_names_the_entry(machine, make, tmp_path):
    path = make("file", unverified(machine))
    answer = irelfix(path, "-o", tmp_path / "out")
    assert answer.out == ""
    assert answer.err == (f"irelfix: {path}: wide-bounds: not written, the result failed "
                          "verification: entry 1: its slot 0x200000 is not writable\n")


@pytest.mark.parametrize("spec", [healthy(), broken()], ids=["healthy", "broken"])
def test_quiet_is_silent(spec, make, tmp_path):
    path = make("in", spec)
    for call in (["-q", path], ["-q", path, "-o", tmp_path / "out"], ["-qn", path]):
        answer = irelfix(*call)
        assert (answer.out, answer.err) == ("", "")


@pytest.mark.parametrize("kind", FAILURES)
def test_quiet_does_not_hide_failures(kind, make):
    path = make("file", FAILURES[kind]())
    assert irelfix("-q", path).err == irelfix(path).err != ""


def test_repair_tells_where_it_went_and_how(machine, make, tmp_path):
    out = tmp_path / "out"
    answer = irelfix(make("in", broken(machine)), "-o", out)
    assert answer.lines[-1] == f"   repaired (narrow) into {out}"


PICTURES = {
    "GGAII": ("▐GGAII▌", "···▐II▌"),
    "IGIAGI": ("▐IGIAGI▌", "···▐III▌"),
    "GG": ("▐GG▌", "··▐▌"),
    "GNI": ("▐G·I▌", "··▐I▌"),
    "RJI": ("▐RJI▌", "··▐I▌"),
}


@pytest.mark.parametrize("letters", PICTURES)
def test_picture(letters, machine, make, tmp_path):
    before, after = PICTURES[letters]
    if machine.glob_dat == machine.absolute:
        before = before.replace("G", "A")
    answer = irelfix("-v", make("in", broken(machine, letters)), "-o", tmp_path / "out")
    assert f"   before  {before}\n   after   {after}\n" in answer.out


def test_picture_of_both_bounds_moving(machine, make, tmp_path):
    answer = irelfix("-v", make("in", lost(machine)), "-o", tmp_path / "out")
    assert "   before  ▐▌II\n   after   ▐II▌\n" in answer.out
    end = RELA_PLT + 2 * machine.form.entry_size
    assert re.search(rf"start bound {RELA_DYN:#x} → {RELA_PLT:#x} at"
                     r"(,? __libc_start_main\+0x\w+ \(instruction, 0x\w+\))+"
                     r" and in \.symtab\n", answer.out)
    assert f"end bound {RELA_DYN:#x} → {end:#x} at __libc_start_main+0x" in answer.out


def test_picture_of_a_large_table_counts(make, tmp_path):
    # strays against one symbol: there is only so much room for symbols
    spec = broken(X86_64, "G" + "I" * 3)
    spec.entries = mixed(X86_64, "G") * 3 + [Entry(X86_64.irelative, 0, 0x202000)] * 3
    small = irelfix("-v", make("small", spec)).out
    assert "GGGIII" in small
    spec.entries = [Entry(X86_64.none, slot=0)] * 40 + spec.entries
    many = build(spec)
    assert len(spec.entries) < 96 and "·" * 40 in irelfix("-v", make("many", many)).out


def test_diagnosis_shows_the_table_as_it_is(make):
    answer = irelfix("-v", make("file", broken()))
    assert "   .rela.dyn 0x200700..0x200778, 5 entries: 2 IRELATIVE, 3 stray\n" in answer.out
    assert "   before  ▐GGAII▌\n" in answer.out


def test_without_sections_the_tag_names_the_table(make):
    answer = irelfix("-v", make("file", broken(sections=False)))
    assert "   DT_RELA 0x200700..0x200778, " in answer.out
    assert "LLD" not in answer.out


def test_dry_run_shows_each_edit_and_writes_nothing(machine, make, tmp_path):
    path = make("in", broken(machine))
    answer = irelfix("-n", path)
    edits = [line for line in answer.lines if re.match(r"   0x[0-9a-f]+: [0-9a-f]+ → ", line)]
    listed = irelfix("-n", "--json", path).object["edits"]
    assert len(edits) == len(listed) > 0
    for line, edit in zip(edits, listed):
        assert line.startswith(f"   {edit['offset']:#x}: {edit['old']} → {edit['new']}  ")
        assert edit["why"] in line and (edit["symbol"] or "") in line
    assert names_in(tmp_path) == {"in"}


def test_edits_are_ordered_entries_before_bounds(machine, make):
    """So that a repair which stops halfway can be completed by another one."""
    edits = irelfix("-n", "--json", make("in", broken(machine))).object["edits"]
    order = [edit["why"] for edit in edits]
    assert order.index("entry") < order.index("start bound")
    assert order[-1] == "start bound"


HOSTILE = {
    "escape": "\x1b[31mred\x1b[0m",
    "carriage-return": "ok\rirelfix: healthy",
    "newline": "first\nirelfix: true: healthy",
    "delete": "a\x7fb",
    "c1-utf8": "\u009b31m",
    "c1-raw": b"\x9b31m".decode(errors="surrogateescape"),
    "osc": "\x1b]0;title\x07",
}
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\udc80-\udc9f]")


@pytest.mark.promise("Names and symbols cannot control")
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("options", [["-n"], ["-vv"], ["--json", "-n"]], ids=" ".join)
def test_symbol_names_cannot_control_the_terminal(name, options, make):
    spec = broken()
    spec.symbols[0] = Symbol(name)
    answer = irelfix(*options, make("file", spec))
    assert answer.status == BROKEN
    assert not CONTROL.search(answer.out + answer.err)


@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_refused_symbol_names_cannot_either(name, make):
    spec = refused()
    spec.symbols[1] = Symbol(name, spec.symbols[1].binding)
    answer = irelfix(make("file", spec))
    assert answer.status == REFUSED
    assert not CONTROL.search(answer.out + answer.err)
    assert len(answer.err.splitlines()) == 1


@pytest.mark.promise("Names and symbols cannot control")
@pytest.mark.parametrize("name", HOSTILE.values(), ids=HOSTILE)
def test_file_names_cannot_either(name, make):
    for status, content in ((BROKEN, broken()), (BAD_FILE, TEXT_FILE)):
        answer = irelfix(make(name, content))
        assert answer.status == status
        assert not CONTROL.search(answer.out + answer.err)
        assert len((answer.out + answer.err).splitlines()) == 1


COLOR = re.compile("\033\\[[0-9]+m")


@pytest.mark.parametrize("options", [["-v"], ["-n"], ["-vv"]], ids=" ".join)
def test_colors_change_nothing_else(options, make):
    path = make("file", broken())
    plain, colored = irelfix(*options, path), irelfix(*options, "--color=always", path)
    assert not COLOR.search(plain.out)
    assert "\033[31mwide-bounds\033[0m: " in colored.out
    assert COLOR.sub("", colored.out) == plain.out
    assert colored.status == plain.status


def test_colors_tell_good_from_bad(make, tmp_path):
    shown = irelfix("--color=always", "-v", make("in", broken()), "-o", tmp_path / "out").out
    assert "wide-bounds: " in shown and "\033[32mrepaired\033[0m (narrow)" in shown
    assert "▐\033[31mG\033[0m\033[31mG\033[0m\033[31mA\033[0m\033[32mI\033[0m\033[32mI\033[0m▌" in shown


def shown(*arguments, **environment: str) -> str:
    return on_a_terminal("stdout", *arguments, env={"TERM": "xterm", **environment})[1]


def test_colors_on_a_terminal(make):
    path = make("file", broken())
    assert COLOR.search(shown(path))
    assert COLOR.search(shown(path, NO_COLOR=""))
    assert COLOR.search(shown("--color=always", path, NO_COLOR="1"))
    assert not COLOR.search(shown(path, NO_COLOR="1"))
    assert not COLOR.search(shown(path, TERM="dumb"))
    assert not COLOR.search(shown("--color=never", path))
    assert not COLOR.search(shown("--json", path))


@pytest.mark.parametrize("calls", [1, 300], ids=["one", "more-than-a-buffer"])
@pytest.mark.parametrize("option", ["-v", "--json", "-n"])
def test_a_full_standard_output_is_an_error(option, calls, make):
    path = make("file", healthy())
    with open("/dev/full", "wb") as full:
        answer = irelfix(option, *[path] * calls, stdout=full)
    assert answer.status == BAD_FILE
    assert answer.err.startswith("irelfix: standard output: ")


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_into_a_full_standard_output_is_an_error(option):
    with open("/dev/full", "wb") as full:
        answer = irelfix(option, stdout=full)
    assert answer.status == BAD_FILE
    assert answer.err.startswith("irelfix: standard output: ")


@pytest.mark.parametrize("closed, status", [(">&-", BAD_FILE), ("2>&-", HEALTHY), ("<&-", HEALTHY),
                                            ("<&- >&- 2>&-", BAD_FILE)])
def test_closed_streams_do_not_end_up_in_files(closed, status, make, tmp_path):
    """A descriptor that is opened next must not get the number of a stream that prints."""
    path, out = make("in", broken()), tmp_path / "out"
    expected = tmp_path / "expected"
    assert irelfix(path, "-o", expected).status == HEALTHY
    call = subprocess.run(["sh", "-c", f'"$0" -v "$1" -o "$2" {closed}', TOOL, path, out],
                          timeout=60)
    assert call.returncode == status, "what could not be printed is an error"
    assert path.read_bytes() == bytes(build(broken()).data)
    assert out.read_bytes() == expected.read_bytes()


def test_every_ending_is_told_once(make, tmp_path):
    for status, spec in ENDINGS.items():
        answer = irelfix(make("in", spec()), "-o", tmp_path / "out")
        assert answer.status == status
        assert bool(answer.err) == (status != HEALTHY)
        assert bool(answer.out) == (status == HEALTHY)
