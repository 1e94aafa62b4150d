# SPDX-License-Identifier: MIT
"""How several files ended, counted."""
from dataclasses import replace
from pathlib import Path

import pytest
from elf.build import STB_GLOBAL, broken, build, healthy
from files import malformed, refused
from tool import HEALTHY, REFUSED, irelfix, summary

pytestmark = pytest.mark.fast

EACH = {"healthy": 1, "refused": 1, "cannot_start": 1, "not_examined": 1, "not_concerned": 1,
        "errors": 1}


@pytest.fixture
def one_of_each(tmp_path: Path) -> Path:
    """A file for each of the counts but the repaired."""
    absent, unknown, library = healthy(), build(healthy()), build(healthy())
    absent.symbols[0] = replace(absent.symbols[0], binding=STB_GLOBAL)
    unknown["e_machine"], library["e_type"] = 3, 1
    folder = tmp_path / "all"
    folder.mkdir()
    for name, elf in {"healthy": build(healthy()), "broken": build(broken()),
                      "refused": build(refused()), "cannot-start": build(absent),
                      "not-examined": unknown, "not-concerned": library,
                      "error": malformed()}.items():
        (folder / name).write_bytes(elf.data)
    return folder


@pytest.mark.parametrize("options", [[], ["-n"], ["-j3"], ["--strict"], ["-v"]], ids=str)
def test_every_ending_is_counted_by_itself(options, one_of_each):
    answer = irelfix("-r", *options, one_of_each)
    assert answer.lines[-1] == summary(**EACH, broken=1)
    assert answer.status == REFUSED


def test_repaired_is_no_more_broken(one_of_each):
    assert irelfix("-r", "-i", one_of_each).lines[-1] == summary(**EACH, repaired=1)
    assert irelfix("-r", one_of_each).lines[-1] == summary(**{**EACH, "healthy": 2})


def test_files_that_are_named_are_counted_as_well(make):
    files = [make("a", broken()), make("b", healthy())]
    assert irelfix(*files).lines[-1] == summary(healthy=1, broken=1)
    assert irelfix("-i", *files).lines[-1] == summary(healthy=1, repaired=1)
    assert irelfix("-q", *files).lines == []
    assert len(irelfix("--json", *files).lines) == 2
    assert len(irelfix(files[0]).lines) == 1


def test_one_is_singular(make, tmp_path):
    make("a", malformed())
    assert irelfix("-r", tmp_path).lines == [
        "1 file: 0 healthy, 0 repaired, 0 broken, 0 refused, 0 cannot start, 0 not examined, "
        "0 not concerned, 1 error"]
    assert irelfix("-r", make("b", healthy())).status == HEALTHY
