# SPDX-License-Identifier: MIT
"""A repair in place that is stopped, or that meets another one, is completed to the same bytes."""
import fcntl
import subprocess
from pathlib import Path

import pytest
from disk.samples import KINDS, ORDERED, Sample, sample
from disk.system_calls import KILLED, Call, traced, with_fault
from machines import MAJOR
from tool import BROKEN, HEALTHY, TIME_LIMIT, TOOL, irelfix, names_in


# Beside the usual machines one with addends in the slots, and one of the other byte order.
SAMPLES = [(kind, machine) for kind in ORDERED for machine in (*MAJOR, "i386", "s390x")]


def writes(original: Sample, path: Path) -> list[Call]:
    """The calls of a repair in place that write, and that wait for the disk."""
    original.put(path)
    calls = traced("-i", path).named("pwrite64", "fsync")
    assert path.read_bytes() == original.repaired
    return calls


@pytest.mark.promise("`-i`: stopped anywhere")
@pytest.mark.parametrize("kind, machine", SAMPLES)
def test_killed_before_any_write(kind, machine, tmp_path):
    original, path = sample(kind, machine), tmp_path / "in"
    states = set()
    for call in writes(original, path):
        original.put(path)
        assert with_fault(call, "KILL", "-i", path).answer.status == KILLED
        states.add(path.read_bytes())
        again = irelfix("-i", path)
        assert again.status == HEALTHY, f"killed before {call}: {again}"
        assert path.read_bytes() == original.repaired, f"killed before {call}"
    assert len(states) > 10, "the kills came too early or too late"


@pytest.mark.parametrize("kind, machine", SAMPLES)
def test_a_stopped_repair_is_not_called_healthy(kind, machine, tmp_path):
    """All but the last edit are there."""
    original, path = sample(kind, machine), tmp_path / "in"
    last = [call for call in writes(original, path) if call.name == "pwrite64"][-1]
    original.put(path)
    with_fault(last, "KILL", "-i", path)
    assert irelfix(path).status == BROKEN


@pytest.mark.fast
def test_killed_twice(tmp_path):
    original, path = sample("wide-bounds"), tmp_path / "in"
    calls = [call for call in writes(original, path) if call.name == "pwrite64"]
    original.put(path)
    for call in (calls[len(calls) // 2], calls[2]):
        assert with_fault(call, "KILL", "-i", path).answer.status == KILLED
    assert irelfix("-i", path).status == HEALTHY
    assert path.read_bytes() == original.repaired


@pytest.mark.parametrize("count", [2, 8])
@pytest.mark.parametrize("kind, options", [*((kind, ()) for kind in KINDS),
                                           ("wide-bounds", ("--atomic",)),
                                           ("wide-bounds", ("--backup",))])
def test_several_at_once(count, kind, options, tmp_path):
    original = sample(kind)
    for _ in range(3):
        path = original.put(tmp_path / "in")
        (tmp_path / "in~").unlink(missing_ok=True)
        calls = [subprocess.Popen([TOOL, "-q", "-i", *options, path]) for _ in range(count)]
        assert [call.wait(timeout=TIME_LIMIT) for call in calls] == [0] * count
        assert path.read_bytes() == original.repaired
        if "--backup" in options:
            assert (tmp_path / "in~").read_bytes() == original.broken
        assert names_in(tmp_path) <= {"in", "in~"}


def test_several_threads_at_once(tmp_path):
    original, path = sample("wide-bounds"), tmp_path / "in"
    for _ in range(3):
        original.put(path)
        assert irelfix("-i", "-j8", *[path] * 8).status == HEALTHY
        assert path.read_bytes() == original.repaired


def test_a_lock_that_is_never_released_does_not_stop_it(tmp_path):
    """Anybody who may read the file may lock it."""
    original, path = sample("wide-bounds"), tmp_path / "in"
    with open(original.put(path), "rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert irelfix("-i", path).status == HEALTHY
    assert path.read_bytes() == original.repaired
