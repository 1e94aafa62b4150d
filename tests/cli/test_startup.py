# SPDX-License-Identifier: MIT
"""The hand-made files do what glibc's startup does: they die before the repair and run after."""
import signal
import subprocess
from pathlib import Path

import pytest
from elf.build import broken, healthy, lost, lost_without_library
from machines import Machine
from need import command
from tool import HEALTHY, irelfix

pytestmark = pytest.mark.fast

CRASHES = {-signal.SIGILL, -signal.SIGSEGV}

BROKEN = {
    "as-lld-writes-it": lambda m: broken(m, "GGAII"),
    "mixed-order": lambda m: broken(m, "IGIAGI"),
    "none-in-between": lambda m: broken(m, "NGNI"),
    "jump-slot": lambda m: broken(m, "JGII"),
    "no-irelative-at-all": lambda m: broken(m, "GG"),
    "only-none": lambda m: broken(m, "NNI"),
    "no-sections": lambda m: broken(m, sections=False),
    "lost": lost,
    "lost-without-library": lost_without_library,
}


def run(path: Path, machine: Machine) -> int:
    emulator = [] if machine.is_native else [command(machine.emulator)]
    return subprocess.run([*emulator, path], stderr=subprocess.DEVNULL, timeout=60).returncode


@pytest.mark.parametrize("name", BROKEN)
def test_dies_before_and_runs_after(name, machine, make, tmp_path):
    path, out = make("in", BROKEN[name](machine)), tmp_path / "out"
    assert run(path, machine) in CRASHES
    answer = irelfix(path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert run(out, machine) == 0


@pytest.mark.parametrize("name", BROKEN)
def test_a_second_repair_changes_nothing(name, machine, make, tmp_path):
    once, twice = tmp_path / "once", tmp_path / "twice"
    assert irelfix(make("in", BROKEN[name](machine)), "-o", once).status == HEALTHY
    answer = irelfix("--json", once, "-o", twice)
    assert answer.object["verdict"] == "healthy" and answer.object["edits"] == []
    assert twice.read_bytes() == once.read_bytes()


@pytest.mark.parametrize("letters", ["GGAII", "IGIAGI", "JGII"])
def test_padded_runs_too(letters, machine, make, tmp_path):
    path, out = make("in", broken(machine, letters)), tmp_path / "out"
    answer = irelfix("--strategy=pad", path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert run(path, machine) in CRASHES and run(out, machine) == 0


def test_what_is_called_healthy_runs(machine, make):
    for spec in (healthy(machine), broken(machine, "II")):
        path = make("file", spec)
        assert (run(path, machine), irelfix(path).status) == (0, HEALTHY)
