# SPDX-License-Identifier: MIT
"""The tests' own writer and reader of ELF files against another reader, in every form."""
import io

import pytest
from elf.build import BASE, GOT, Spec, biased, broken, build, slot
from elf.code import LISTINGS
from elf.fields import Elf
from elf.layout import FORMS, Form
from lab.cases import BROKEN, is_fast
from lab.links import link
from machines import MACHINES, X86_64
from need import Missing

pytestmark = pytest.mark.fast

try:
    from elftools.elf.elffile import ELFFile
except ImportError:
    ELFFile = None


@pytest.fixture
def independent():
    if ELFFile is None:
        raise Missing("python3-pyelftools is not installed (make setup)")
    return lambda elf: ELFFile(io.BytesIO(bytes(elf.data)))


def in_form(form: Form) -> Spec:
    spec = broken(X86_64, "GAI", form=form, got_words={})
    spec.plt_entries = spec.entries[:1]
    return spec


def dynamic(file) -> dict[str, int]:
    (segment,) = file.iter_segments("PT_DYNAMIC")
    return {tag.entry.d_tag: tag.entry.d_val for tag in segment.iter_tags()}


def relocations(file, name: str) -> list[tuple]:
    """Slot, symbol, type, and the addend, if an entry holds one."""
    section = file.get_section_by_name(name)
    return [(r["r_offset"], r["r_info_sym"], r["r_info_type"],
             r["r_addend"] if section.is_RELA() else None)
            for r in section.iter_relocations()]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_is_written_is_what_another_reader_reads(form, independent):
    spec = in_form(form)
    file = independent(build(spec))
    assert (file.elfclass, file.little_endian) == (form.bits, form.order == "little")
    assert [s["p_type"] for s in file.iter_segments()] == ["PT_LOAD"] * 3 + ["PT_DYNAMIC",
                                                                             "PT_NOTE"]
    assert dynamic(file)[form.tag("DT_RELASZ")] == 3 * form.entry_size
    assert relocations(file, f".{form.prefix}.dyn") == [
        (slot(form, i), entry.symbol, entry.kind, entry.addend if form.rela else None)
        for i, entry in enumerate(spec.entries)]
    assert [s.name for s in file.get_section_by_name(".symtab").iter_symbols()][-2:] == [
        f"__{form.prefix}_iplt_start", f"__{form.prefix}_iplt_end"]


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_what_is_written_is_read_back(form):
    spec = in_form(form)
    elf = build(spec)
    assert elf.form == form
    assert [(e.slot, e.symbol, e.kind, e.addend) for e in elf.entries()] == [
        (slot(form, i), e.symbol, e.kind, e.addend) for i, e in enumerate(spec.entries)]
    elf["entry[2].r_addend"] = 0x1234
    assert elf.entries()[2].addend == 0x1234
    assert (elf.word(slot(form, 2)) == 0x1234) == (not form.rela)
    start = elf.symbol(f"__{form.prefix}_iplt_start")
    assert start == elf["DT_RELA"] == elf.entries()[0].address
    elf[f"symtab[__{form.prefix}_iplt_start].st_value"] = start + form.entry_size
    assert elf.symbol(f"__{form.prefix}_iplt_start") == start + form.entry_size


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_static_pie_is_linked_at_zero(form):
    elf = build(biased(X86_64, form=form))
    assert elf["PT_LOAD.p_vaddr"] == 0 and elf.entries()[0].slot == GOT - BASE


@pytest.mark.parametrize("case", [case for case in BROKEN if is_fast(case)], ids=str)
def test_a_linked_file_is_read_as_another_reader_reads_it(case, independent):
    elf = Elf.open(link(case))
    file, prefix = independent(elf), elf.form.prefix
    assert [s.name for s in elf.sections()] == [s.name for s in file.iter_sections()]
    read = [(e.slot, e.symbol, e.kind, e.addend if elf.form.rela else None)
            for e in elf.entries_of(elf.section(f".{prefix}.dyn"))]
    assert read == relocations(file, f".{prefix}.dyn")
    assert elf["DT_RELASZ"] == dynamic(file)[elf.form.tag("DT_RELASZ")]
    theirs = {s.name: s["st_value"] for s in file.get_section_by_name(".symtab").iter_symbols()}
    for end in ("start", "end"):
        assert elf.symbol(f"__{prefix}_iplt_{end}") == theirs[f"__{prefix}_iplt_{end}"]


def test_every_machine_has_startup_code():
    assert LISTINGS.keys() == {machine.folder for machine in MACHINES.values()}
