# SPDX-License-Identifier: MIT
"""Every broken executable is repaired, and nothing about it changes but what was announced."""
import pytest
from checks import (assert_crashes, assert_only_announced_bytes_changed, assert_passes_through,
                    assert_reported_broken, assert_runs, assert_works, parameters, repair)
from lab.cases import BROKEN, WIDE_BOUNDS
from lab.judges import new_complaints, stripped, strippers
from lab.links import link
from lab.runs import run
from tool import irelfix

# 140 MiB more make no difference to a program that strips, only to how long it takes.
STRIP_CASES = [case for case in BROKEN if not case.option.extra_text]

# Neither GNU strip nor eu-strip takes a file without section headers.
UNSTRIPPABLE = {("no-section-header", "gnu"), ("no-section-header", "eu")}

STRATEGY_CASES = [case for case in WIDE_BOUNDS
                  if case.program.name == "weak" and case.option.name in ("default", "shuffled")]


@pytest.mark.promise("Only the planned bytes change")
@pytest.mark.parametrize("case", parameters(BROKEN))
def test_repair(case, folder):
    broken = link(case)
    assert_crashes(broken, case)
    assert_reported_broken(broken, case)

    fixed = repair(broken, folder / "fixed")
    assert_works(fixed, case)
    assert fixed.stat().st_mode == broken.stat().st_mode
    assert_passes_through(fixed, folder)
    assert_only_announced_bytes_changed(broken, fixed)
    assert not new_complaints(broken, fixed)


@pytest.mark.parametrize("case", parameters(WIDE_BOUNDS))
def test_bounds_are_found(case):
    """pad repairs what the locator cannot find; in none of these files that is needed."""
    assert irelfix("-n", "--json", link(case)).object["strategy"] == "narrow"


@pytest.mark.parametrize("strategy", ("narrow", "pad"))
@pytest.mark.parametrize("case", parameters(STRATEGY_CASES))
def test_strategy(case, strategy, folder):
    broken = link(case)
    option = f"--strategy={strategy}"
    fixed = repair(broken, folder / "fixed", option)
    assert_works(fixed, case)
    assert_passes_through(fixed, folder)
    assert_only_announced_bytes_changed(broken, fixed, option)
    assert not new_complaints(broken, fixed)
    assert irelfix(option, "-n", "--json", broken).object["strategy"] == strategy


@pytest.mark.parametrize("case", parameters(STRIP_CASES))
def test_strip_before_and_after(case, folder):
    broken = link(case)
    fixed = repair(broken, folder / "fixed")
    for name, stripper in strippers(case.machine).items():
        before, after = folder / f"{name}-before", folder / f"{name}-after"
        possible = (case.option.name, name) not in UNSTRIPPABLE
        assert stripped(stripper, broken, before) == possible, name
        assert stripped(stripper, fixed, after) == possible, name
        if possible:
            assert run(before, case.machine).crashed, name
            assert_runs(repair(before, folder / f"{name}-repaired"), case)
            assert_runs(after, case)
