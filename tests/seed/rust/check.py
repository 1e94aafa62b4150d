# SPDX-License-Identifier: MIT
"""Runs a built program, broken or repaired, under its whole load."""
from pathlib import Path

from lab.runs import Outcome
from lab.tool import HEALTHY
from lab.toolchains import Machine
from matrix.running import MODELS, repair_and_prove, run, ways_to_start

EXPECTED = Path(__file__).resolve().parents[1] / "expected.out"


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
    report = answer.report
    assert report["status"] == "repaired", str(answer)
    proofs = {proof["model"]: proof["result"] for proof in report["prove"]}
    assert proofs == dict.fromkeys(MODELS[machine.name], "started"), proofs
    return report
