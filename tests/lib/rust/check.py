# SPDX-License-Identifier: MIT
"""Runs a built program, broken or repaired, under its whole load."""
from pathlib import Path

from lab.runs import Outcome
from machines import Machine
from places import TESTS
from tool import HEALTHY
from variants.running import repair_and_prove, run, ways_to_start

EXPECTED = TESTS / "seed" / "expected.out"


def run_quickly(path: Path, machine: Machine, *arguments: str) -> Outcome:
    return run(path, machine, ways_to_start(machine)[0], *arguments)


def assert_crashes(path: Path, machine: Machine) -> None:
    outcome = run_quickly(path, machine)
    assert outcome.crashed and outcome.output == "", f"expected to crash: {outcome}"


def assert_works(path: Path, machine: Machine) -> None:
    outcome = run_quickly(path, machine)
    assert outcome.status == 0, str(outcome)
    assert outcome.output == EXPECTED.read_text(), str(outcome)


def repair(path: Path, to: Path, machine: Machine) -> dict:
    """Repairs, with the startup proved on every model; irelfix's report."""
    answer = repair_and_prove(path, to, machine)
    assert answer.status == HEALTHY, str(answer)
    report = answer.object
    assert report["verdict"] == "repaired", str(answer)
    proofs = {proof["model"]: proof["result"] for proof in report["prove"]}
    assert proofs == dict.fromkeys(machine.models, "started"), proofs
    return report
