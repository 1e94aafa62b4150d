# SPDX-License-Identifier: MIT
"""What the tests assert about a file, in the words of a sentence."""
from pathlib import Path
from typing import Iterable

import pytest
from lab.cases import defect_of, is_fast
from lab.judges import announced_offsets, bytes_at, changed_offsets
from lab.links import Case
from lab.runs import Outcome, run, run_every_way
from tool import BROKEN, HEALTHY, irelfix

ELF_TYPES = {"exec": "ET_EXEC", "static-pie": "ET_DYN"}


def parameters(cases: Iterable[Case]) -> list:
    """Test parameters with readable names and the mark of the fast subset."""
    return [pytest.param(case, id=str(case), marks=pytest.mark.fast if is_fast(case) else ())
            for case in cases]


def succeeded(outcome: Outcome, case: Case) -> bool:
    return outcome.status == 0 and outcome.output == case.program.expected_output()


def assert_works(path: Path, case: Case) -> None:
    for outcome in run_every_way(path, case.machine):
        assert succeeded(outcome, case), str(outcome)


def assert_crashes(path: Path, case: Case) -> None:
    """Before main: every program prints something at once."""
    for outcome in run_every_way(path, case.machine):
        assert outcome.crashed and outcome.output == "", f"expected to crash: {outcome}"


def repair(path: Path, to: Path, *options: str) -> Path:
    answer = irelfix(*options, path, "-o", to)
    assert answer.status == HEALTHY, str(answer)
    return to


def assert_reported_broken(path: Path, case: Case) -> None:
    answer = irelfix("--json", path)
    assert answer.status == BROKEN, str(answer)
    found = answer.object
    assert found["verdict"] == "broken" and found["class"] == defect_of(case)
    assert found["machine"] == case.machine.title
    assert found["type"] == ELF_TYPES[case.kind]


def assert_passes_through(path: Path, folder: Path, verdict: str = "healthy") -> None:
    """Nothing is wrong: reported so, nothing to edit, copied byte for byte."""
    answer = irelfix("--json", path)
    assert answer.status == HEALTHY, str(answer)
    assert answer.object["verdict"] == verdict and answer.object["class"] is None
    assert repair(path, folder / "copy").read_bytes() == path.read_bytes()
    assert irelfix("-n", "--json", path).edits == []


def assert_only_announced_bytes_changed(before: Path, after: Path, *options: str) -> None:
    edits = irelfix(*options, "-n", "--json", before).edits
    changed = changed_offsets(before, after)
    assert changed, "nothing changed"
    assert changed <= announced_offsets(edits)
    for edit in edits:
        assert bytes_at(before, edit.offset, len(edit.old)) == edit.old
        assert bytes_at(after, edit.offset, len(edit.new)) == edit.new


def assert_runs(path: Path, case: Case) -> None:
    """The quick form of assert_works: in one way only."""
    outcome = run(path, case.machine)
    assert succeeded(outcome, case), str(outcome)
