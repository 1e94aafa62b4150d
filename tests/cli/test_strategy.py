# SPDX-License-Identifier: MIT
"""narrow and pad: which is used, what each does, and where each refuses."""
from dataclasses import replace

import pytest
from elf.build import GOT, RELA_DYN, TEXT, biased, broken, build, lost, offset_of, slot
from elf.code import nothing_for
from elf.fields import Elf
from machines import ARCHS
from tool import BROKEN, HEALTHY, REFUSED, irelfix, names_in

pytestmark = pytest.mark.fast


def without(machine, **which):
    """A file in which nothing stands for one instruction."""
    elf = build(broken(machine, sections=False))
    at, nothing = nothing_for(machine.folder, TEXT, **which)
    elf.data[offset_of(at):offset_of(at) + len(nothing)] = nothing
    return elf


def without_start(machine):
    """The pointer of the loop comes from nowhere."""
    return without(machine, target="START")


def without_type_test(machine):
    """The loop does not compare types: only the values themselves tell where the bounds are."""
    return without(machine, label="loop")


def kinds(elf):
    return [entry.kind for entry in elf.entries()]


@pytest.fixture(params=[m for m in ARCHS.values() if m.form.rela], ids=str)
def paddable(request):
    """A machine whose entries have their addends in themselves."""
    return request.param


@pytest.mark.parametrize("options", [[], ["--strategy=auto"], ["--strategy=narrow"]])
def test_narrow_is_what_is_done(options, machine, make, tmp_path):
    assert_named(options, "narrow", machine, make, tmp_path)


def test_pad_is_done_where_it_is_asked_for(paddable, make, tmp_path):
    assert_named(["--strategy=pad"], "pad", paddable, make, tmp_path)


def assert_named(options, expected, machine, make, tmp_path):
    path, out = make("in", broken(machine)), tmp_path / "out"
    answer = irelfix(*options, path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert answer.lines[-1] == f"   repaired ({expected}) into {out}"
    assert irelfix(*options, "-n", "--json", path).object["strategy"] == expected


def test_narrow(machine, make, tmp_path):
    out = tmp_path / "out"
    irelfix(make("in", broken(machine, "IGIAG")), "-o", out)
    after = Elf(out.read_bytes())
    form = after.form
    assert kinds(after) == [machine.none] * 3 + [machine.irelative] * 2
    slots = [entry.slot for entry in after.entries()[3:]]
    assert slots == [GOT, slot(form, 2)], "the order of the IRELATIVE entries changed"
    start, end = (after.symbol(f"__{form.prefix}_iplt_{which}") for which in ("start", "end"))
    assert (start, end) == (RELA_DYN + 3 * form.entry_size, RELA_DYN + 5 * form.entry_size)
    assert (after["DT_RELA"], after["DT_RELASZ"]) == (RELA_DYN, 5 * form.entry_size)


def test_pad(paddable, make, tmp_path):
    machine = paddable
    path, out = make("in", broken(machine, "IGIAG")), tmp_path / "out"
    irelfix("--strategy=pad", path, "-o", out)
    before, after = Elf(path.read_bytes()), Elf(out.read_bytes())
    assert kinds(after) == [machine.irelative] * 5
    assert [entry.slot for entry in after.entries()] == [GOT, GOT, slot(after.form, 2), GOT, GOT]
    text = slice(offset_of(TEXT), offset_of(TEXT) + 0x1000)
    assert before.data[text] == after.data[text]
    assert after.symbol(f"__{after.form.prefix}_iplt_start") == RELA_DYN


def test_slots_get_what_a_static_link_means(machine, make, tmp_path):
    """Zero plus the addend, whatever was there; without r_addend that is the addend."""
    out = tmp_path / "out"
    second = slot(machine.form, 1)
    spec = broken(machine, "GAI", got_words={GOT: 0xdead, second: 0xbeef})
    spec.entries[1] = replace(spec.entries[1], addend=0x10)
    for strategy in ("narrow", "pad") if machine.form.rela else ("narrow",):
        irelfix(f"--strategy={strategy}", make("in", spec), "-o", out)
        after = Elf(out.read_bytes())
        addend = 0x10 if machine.form.rela else 0xbeef
        assert (after.word(GOT), after.word(second)) == (0, addend)


def test_auto_pads_where_the_bounds_cannot_be_found_and_says_why(paddable, make, tmp_path):
    path, out = make("in", without_start(paddable)), tmp_path / "out"
    answer = irelfix(path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert "padded, because the iplt bounds were not found: " in answer.out
    assert answer.lines[-1] == f"   repaired (pad) into {out}"


@pytest.mark.parametrize("machine", [m for m in ARCHS.values() if not m.form.rela], ids=str)
def test_entries_without_addends_cannot_be_padded(machine, make, tmp_path):
    for path, option in ((make("found", broken(machine)), "--strategy=pad"),
                         (make("not-found", without_start(machine)), "--strategy=auto")):
        answer = irelfix(option, path, "-o", tmp_path / "out")
        assert answer.status == REFUSED
        assert "entries in REL form cannot be padded" in answer.err
    assert names_in(tmp_path) == {"found", "not-found"}


def test_narrow_refuses_where_the_bounds_cannot_be_found(machine, make, tmp_path):
    path = make("in", without_start(machine))
    answer = irelfix("--strategy=narrow", path, "-o", tmp_path / "out")
    assert answer.status == REFUSED
    assert "wide-bounds: refused: the iplt bounds were not found: " in answer.err
    assert names_in(tmp_path) == {"in"}


def test_bounds_found_by_their_values(machine, make, tmp_path):
    path, out = make("in", without_type_test(machine)), tmp_path / "out"
    answer = irelfix(path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert irelfix(out).status == HEALTHY


def test_pad_refuses_without_an_irelative_entry(machine, make, tmp_path):
    answer = irelfix("--strategy=pad", make("in", broken(machine, "GG")), "-o", tmp_path / "out")
    assert answer.status == REFUSED
    assert "refused: there is no IRELATIVE entry to pad with" in answer.err
    assert names_in(tmp_path) == {"in"}


@pytest.mark.parametrize("spec, text", [
    (lost, "nothing to pad: the iplt bounds are empty and have to move"),
    (biased, "a static-PIE has no iplt bounds that could be padded"),
])
def test_pad_refuses_for_the_other_classes(spec, text, machine, make, tmp_path):
    path = make("in", spec(machine))
    answer = irelfix("--strategy=pad", path, "-o", tmp_path / "out")
    assert answer.status == REFUSED
    assert f"refused: {text}" in answer.err
    assert names_in(tmp_path) == {"in"}


def test_refusals_of_a_strategy_leave_the_diagnosis_alone(machine, make):
    path = make("in", broken(machine, "GG"))
    assert irelfix("--strategy=pad", path).status == BROKEN
    assert irelfix("--strategy=pad", "-n", path).status == REFUSED


def test_biased_weak(machine, make, tmp_path):
    out = tmp_path / "out"
    spec = biased(machine)
    if machine.form.rela:  # otherwise these words are the addends
        spec.got_words = {GOT: 0xdead, slot(machine.form, 1): 0xbeef}
    assert irelfix(make("in", spec), "-o", out).status == HEALTHY
    after = Elf(out.read_bytes())
    assert kinds(after) == [machine.none, machine.none, machine.relative]
    words = 2 * machine.form.word
    assert after.data[offset_of(GOT):][:words] == bytes(words)
