# SPDX-License-Identifier: MIT
"""What is proved of the real sources; tests/lib/proofs.py says how."""
import pytest
from proofs import HARNESSES, check, failures, said


@pytest.mark.promise("No input makes it crash")
@pytest.mark.parametrize("harness", HARNESSES)
def test_proof(harness):
    run = check(harness)
    assert failures(run) == [], run.stdout
    assert run.returncode == 0 and "VERIFICATION SUCCESSFUL" in run.stdout, run.stdout + run.stderr


@pytest.mark.parametrize("harness", HARNESSES)
def test_a_harness_names_what_it_must_fail_by(harness):
    assert said(harness, "mutant")
