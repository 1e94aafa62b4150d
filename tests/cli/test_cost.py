# SPDX-License-Identifier: MIT
"""
Files that are made to be expensive: what they may cost is promised. scripts/cost prints what it is.
"""
from pathlib import Path

import pytest
from cost.attacks import ATTACKS, code_in_a_hole, nones, strays, table_in_a_hole
from cost.measure import Cost, measured
from cost.table import MEBIBYTES, SECONDS, costs
from tool import BROKEN, HEALTHY, REFUSED, UNVERIFIED, irelfix

BUSY = 3  # where other programs run, the same work may take so much more processor time


def assert_bounded(cost: Cost) -> None:
    assert 0 <= cost.answer.status <= UNVERIFIED, str(cost.answer)
    assert cost.seconds < SECONDS * BUSY and cost.mebibytes < MEBIBYTES, str(cost)


@pytest.mark.promise("A file takes at most 2 seconds")
@pytest.mark.parametrize("make", ATTACKS, ids=lambda make: make.__name__)
def test_an_attack(make, tmp_path):
    for cost in costs(make, tmp_path).values():
        assert_bounded(cost)


@pytest.mark.promise("A file takes at most 2 seconds")
@pytest.mark.parametrize("make, reason", [(table_in_a_hole, "costly"), (code_in_a_hole, "costly")],
                         ids=lambda value: getattr(value, "__name__", value))
def test_what_is_left_out_is_said(make, reason, tmp_path):
    path = make().write(tmp_path / "file")
    found = irelfix("--json", path)
    assert (found.status, found.object["verdict"], found.object["reason"]) == (
        HEALTHY, "not examined", reason)
    assert irelfix("--strict", path).status == REFUSED
    before = path.stat()
    assert irelfix("-i", path).status == HEALTHY and path.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.promise("A file takes at most 2 seconds")
@pytest.mark.parametrize("count", (10 ** 5, 10 ** 6))
def test_more_stray_entries_than_are_repaired(count, tmp_path):
    path = strays(count).write(tmp_path / "file")
    cost = measured(tmp_path, "-n", path)
    assert_bounded(cost)
    assert cost.answer.status == REFUSED
    assert "its repair takes more than 16384 edits" in cost.answer.err


@pytest.mark.promise("A file takes at most 2 seconds")
def test_more_entries_than_are_looked_at(tmp_path):
    path = nones(1 << 22).write(tmp_path / "file")
    cost = measured(tmp_path, path)
    assert_bounded(cost)
    assert cost.answer.status == HEALTHY
    assert "not examined: startup walks 4194305 entries, and more than 4194304" in cost.answer.out


def test_many_stray_entries_are_repaired(tmp_path):
    """What is bounded is far from what there is: real files have some dozens."""
    path = strays(8000).write(tmp_path / "file")
    assert measured(tmp_path, path).answer.status == BROKEN
    assert measured(tmp_path, path, "-o", tmp_path / "out").answer.status == HEALTHY
    assert measured(tmp_path, tmp_path / "out").answer.status == HEALTHY
