# SPDX-License-Identifier: MIT
"""Startup code of many compilers and flag sets is found, changed at every site, and starts."""
from pathlib import Path

import pytest
from bound_sites import (READERS, Site, names_of_bounds, references, sections_with_bounds,
                         sites)
from codegen import Case, Corpus, all_cases, built
from elf.fields import Elf
from elf.layout import SHF_ALLOC, SHT
from lab.judges import changed_offsets
from lab.runs import run
from machines import MACHINES, MAJOR
from need import Missing
from tool import HEALTHY, irelfix

ENOUGH = {True: 40, False: 20}  # variants of a machine, by whether it is a major one
FAST = {("gcc-12.O2", "lld-22"), ("gcc-12.fp", "lld-22"), ("clang-22.O2", "lld-22.norelax")}

CASES = all_cases()
PARAMETERS = [pytest.param(case, id=str(case),
                           marks=pytest.mark.fast if (case.variant, case.link) in FAST else ())
              for case in CASES]


# The first test waits until everything is built.
pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    return built()


@pytest.fixture
def broken(case: Case, corpus: Corpus) -> Path:
    status = corpus.status(case)
    if status != "valid":
        raise Missing(status)
    return corpus.executable(case)


def bound_sites(image: Elf, case: Case, corpus: Corpus, name: str) -> list[Site]:
    found = references(corpus.startup_object(case), corpus.section_addresses(case), name)
    assert found, f"libc-start.o does not refer to {name}"
    return sites(image, found)


def values(found: list[Site]) -> set[int]:
    return {site.value for site in found}


def file_bytes(image: Elf, spans) -> set[int]:
    return {image.offset_of(address) + i for address, size in spans for i in range(size)}


def loaded_ranges(image: Elf) -> list[range]:
    """The addresses whose bytes the file has: PowerPC's .plt is only in memory."""
    return [range(s.address, s.address + s.size) for s in image.sections()
            if s.flags & SHF_ALLOC and s.kind != SHT["SHT_NOBITS"]]


def irelative_range(image: Elf) -> tuple[int, int]:
    """The range that startup has to process: all IRELATIVE entries and no other."""
    size = image.machine.form.entry_size
    addresses = sorted(e.address for e in image.loaded_entries() if image.is_irelative(e))
    start, end = addresses[0], addresses[-1] + size
    assert addresses == list(range(start, end, size)), "IRELATIVE entries are not contiguous"
    return start, end


def data_bytes(image: Elf) -> set[int]:
    """What a repair may change beside the sites: relocations, slots of the strays, symbols."""
    prefix = image.machine.form.prefix
    names = (f".{prefix}.dyn", f".{prefix}.plt", ".symtab")
    ranges = loaded_ranges(image)
    slots = [(e.slot, image.form.word) for e in image.loaded_entries()
             if not image.is_irelative(e) and any(e.slot in loaded for loaded in ranges)]
    return {*file_bytes(image, slots), *(at for section in image.sections()
                                         if section.name in names for at in section.range)}


def assert_crashes(path: Path, case: Case) -> None:
    outcome = run(path, case.machine)
    assert outcome.crashed and outcome.output == "", f"expected to crash before main: {outcome}"


def assert_works(path: Path, case: Case, corpus: Corpus) -> None:
    outcome = run(path, case.machine)
    assert outcome.status == 0 and outcome.output == corpus.expected_output(), str(outcome)


def assert_diagnosis_is_right(path: Path, case: Case) -> None:
    """The linker's own symbols and relocations say what irelfix had to find out from code."""
    report = irelfix("--json", path).object
    assert (report["verdict"], report["class"]) == ("broken", case.defect)
    bounds = {name: int(value, 16) for name, value in report["bounds"].items()}
    image = Elf.open(path)
    assert [bounds["start"], bounds["end"]] == [*map(image.symbol, names_of_bounds(image))]
    assert (bounds["new_start"], bounds["new_end"]) == irelative_range(image)


def assert_right_bytes_are_changed(before: Path, after: Path, case: Case, corpus: Corpus) -> None:
    old, new = Elf.open(before), Elf.open(after)
    assert tuple(map(new.symbol, names_of_bounds(new))) == irelative_range(new)
    if case.machine.name in READERS:
        spans = changed_sites(old, new, case, corpus)
    else:
        spans = sections_with_bounds(old, corpus.startup_object(case),
                                     corpus.section_addresses(case))
    elsewhere = changed_offsets(before, after) - data_bytes(old) - file_bytes(old, spans)
    assert not elsewhere, f"bytes changed at {sorted(map(hex, elsewhere))}"


def changed_sites(old: Elf, new: Elf, case: Case, corpus: Corpus) -> list[tuple[int, int]]:
    """Where the bounds were and are; each site has them."""
    spans = []
    for name, bound in zip(names_of_bounds(old), irelative_range(new)):
        sites_of_name = bound_sites(old, case, corpus, name)
        assert values(sites_of_name) == {old.symbol(name)}
        assert values(bound_sites(new, case, corpus, name)) == {bound} == {new.symbol(name)}
        spans += [span for site in sites_of_name for span in site.spans]
    return spans


@pytest.mark.parametrize("case", PARAMETERS)
def test_repair(case, broken, corpus, folder):
    assert_crashes(broken, case)
    assert_diagnosis_is_right(broken, case)

    fixed, again = folder / "fixed", folder / "again"
    answer = irelfix(broken, "-o", fixed)
    assert answer.status == HEALTHY, str(answer)
    assert_works(fixed, case, corpus)
    assert_right_bytes_are_changed(broken, fixed, case, corpus)

    assert irelfix(fixed, "-o", again).status == HEALTHY
    assert again.read_bytes() == fixed.read_bytes()


@pytest.mark.parametrize("name", sorted({case.machine.name for case in CASES}))
def test_enough_variants_are_valid(name, corpus):
    statuses = {case.variant: corpus.status(case) for case in CASES if case.machine.name == name}
    others = {variant: status for variant, status in statuses.items() if status != "valid"}
    assert len(statuses) - len(others) >= ENOUGH[name in MAJOR], str(others)


def test_every_machine_is_covered():
    """Of the two Arms one: the startup code of armel is that of armhf with -marm."""
    assert {*MACHINES} - {case.machine.name for case in CASES} == {"armel"}
