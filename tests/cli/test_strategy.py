# SPDX-License-Identifier: MIT
"""narrow and pad: which is used, what each does, and where each refuses."""
import pytest
from elf.build import GOT, RELA_DYN, TEXT, biased, broken, build, lost, offset_of
from elf.fields import Elf
from program import BROKEN, HEALTHY, REFUSED, irelfix, names_in

pytestmark = pytest.mark.fast


def replaced(elf, machine, found):
    """The file with one instruction, found by its first bytes, replaced by nothing."""
    old, new = {"x86-64": (found[0], b"\x90"), "AArch64": (found[1], bytes.fromhex("1f2003d5"))
                }[machine.name]
    at, length = elf.data.index(bytes.fromhex(old[0])) + old[1], old[2]
    elf.data[at:at + length] = new * (length // len(new))
    return elf


def without_start(machine):
    """The pointer of the loop comes from nowhere."""
    return replaced(build(broken(machine, sections=False)), machine,
                    (("488d1d", 0, 7), ("fe0b00f9", 4, 4)))


def without_type_test(machine):
    """The loop does not compare types: only the values themselves tell where the bounds are."""
    return replaced(build(broken(machine, sections=False)), machine,
                    (("837b0825", 0, 4), ("1f211071", 0, 4)))


def entries(elf):
    return [elf[f"rela[{i}].r_info"] for i in range(elf["DT_RELASZ"] // 24)]


@pytest.mark.parametrize("options, expected", [
    ([], "narrow"), (["--strategy=auto"], "narrow"), (["--strategy=narrow"], "narrow"),
    (["--strategy=pad"], "pad"),
])
def test_the_strategy_is_named(options, expected, machine, make, tmp_path):
    path, out = make("in", broken(machine)), tmp_path / "out"
    answer = irelfix(*options, path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert answer.lines[-1] == f"   repaired ({expected}) into {out}"
    assert irelfix(*options, "-n", "--json", path).object["strategy"] == expected


def test_narrow(machine, make, tmp_path):
    out = tmp_path / "out"
    irelfix(make("in", broken(machine, "IGIAG")), "-o", out)
    after = Elf(out.read_bytes())
    assert entries(after) == [machine.none] * 3 + [machine.irelative] * 2
    slots = [after[f"rela[{i}].r_offset"] for i in (3, 4)]
    assert slots == [GOT, GOT + 16], "the order of the IRELATIVE entries changed"
    assert after["symtab[__rela_iplt_start].st_value"] == RELA_DYN + 3 * 24
    assert after["symtab[__rela_iplt_end].st_value"] == RELA_DYN + 5 * 24
    assert (after["DT_RELA"], after["DT_RELASZ"]) == (RELA_DYN, 5 * 24)


def test_pad(machine, make, tmp_path):
    path, out = make("in", broken(machine, "IGIAG")), tmp_path / "out"
    irelfix("--strategy=pad", path, "-o", out)
    before, after = Elf(path.read_bytes()), Elf(out.read_bytes())
    assert entries(after) == [machine.irelative] * 5
    assert [after[f"rela[{i}].r_offset"] for i in range(5)] == [GOT, GOT, GOT + 16, GOT, GOT]
    text = slice(offset_of(TEXT), offset_of(TEXT) + 0x1000)
    assert before.data[text] == after.data[text]
    assert after["symtab[__rela_iplt_start].st_value"] == RELA_DYN


def test_slots_get_what_a_static_link_means(machine, make, tmp_path):
    """Zero plus the addend, whatever was there."""
    out = tmp_path / "out"
    spec = broken(machine, "GAI", got_words={GOT: 0xdead, GOT + 8: 0xbeef})
    spec.entries[1] = type(spec.entries[1])(machine.absolute, 2, 0x10)
    for strategy in ("narrow", "pad"):
        irelfix(f"--strategy={strategy}", make("in", spec), "-o", out)
        data = out.read_bytes()[offset_of(GOT):][:16]
        assert data == (0).to_bytes(8, "little") + (0x10).to_bytes(8, "little")


def test_auto_pads_where_the_bounds_cannot_be_found_and_says_why(machine, make, tmp_path):
    path, out = make("in", without_start(machine)), tmp_path / "out"
    answer = irelfix(path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert "padded, because the iplt bounds were not found: " in answer.out
    assert answer.lines[-1] == f"   repaired (pad) into {out}"


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
    spec.got_words = {GOT: 0xdead, GOT + 8: 0xbeef}
    assert irelfix(make("in", spec), "-o", out).status == HEALTHY
    after = Elf(out.read_bytes())
    assert entries(after) == [machine.none, machine.none, machine.relative]
    assert after.data[offset_of(GOT):][:16] == bytes(16)
