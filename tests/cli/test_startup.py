# SPDX-License-Identifier: MIT
"""The hand-made files do what glibc's startup does: they die before the repair and run after."""
import signal
import subprocess
from pathlib import Path

import pytest
from elf.build import address_of, broken, healthy, lost, lost_without_library
from lab.runs import emulator
from machines import ARCHS, Machine
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
    below = [] if machine.is_native else [emulator(machine)]
    return subprocess.run([*below, path], stderr=subprocess.DEVNULL, timeout=60).returncode


def deaths(name: str, machine: Machine) -> set[int]:
    """
    How it may end. A slot that nothing resolves is 0; where addends stand in the slots, the resolver
    is called in the function's place, and the address that it returns is the exit status.
    """
    if name.startswith("lost") and not machine.form.rela:
        return {address_of(machine, "answer") & 0xff}
    return CRASHES


@pytest.mark.parametrize("name", BROKEN)
def test_dies_before_and_runs_after(name, machine, make, tmp_path):
    path, out = make("in", BROKEN[name](machine)), tmp_path / "out"
    assert run(path, machine) in deaths(name, machine)
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
@pytest.mark.parametrize("machine", [m for m in ARCHS.values() if m.form.rela], ids=str)
def test_padded_runs_too(letters, machine, make, tmp_path):
    path, out = make("in", broken(machine, letters)), tmp_path / "out"
    answer = irelfix("--strategy=pad", path, "-o", out)
    assert answer.status == HEALTHY, str(answer)
    assert run(path, machine) in CRASHES and run(out, machine) == 0


def test_what_is_called_healthy_runs(machine, make):
    for spec in (healthy(machine), broken(machine, "II")):
        path = make("file", spec)
        assert (run(path, machine), irelfix(path).status) == (0, HEALTHY)
