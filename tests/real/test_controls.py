# SPDX-License-Identifier: MIT
"""Healthy files are not reported, and pass through byte for byte."""
import shutil

import pytest
from checks import assert_passes_through, assert_works, parameters
from lab import others
from lab.base import run_tool
from lab.cases import HEALTHY, LOOK_BROKEN, MACHINE_NAMES
from lab.links import link, product
from lab.relocations import types_of
from lab.runs import run
from machines import MAJOR


@pytest.mark.parametrize("case", parameters(HEALTHY))
def test_static_executable(case, folder):
    path = link(case)
    assert_works(path, case)
    assert_passes_through(path, folder)


@pytest.mark.parametrize("case", parameters(LOOK_BROKEN))
def test_same_entries_outside_the_bounds(case, folder):
    """LLVM up to 18 writes the same GLOB_DAT entries, in front of the bounds."""
    path = link(case)
    assert case.machine.glob_dat in types_of(path)
    assert_works(path, case)
    assert_passes_through(path, folder)


@pytest.mark.parametrize("case", parameters(product(
    ("weak",), MACHINE_NAMES, ("lld-22",), ("2.41",), ("image-base",), ("static-pie",),
    stray_library=False)))
def test_static_pie_of_type_exec(case, folder):
    """
    mold -static-pie -Ttext links such: empty bounds, and startup that reads PT_DYNAMIC's tables.
    """
    path = folder / "exec"
    shutil.copy(link(case), path)
    run_tool([case.machine.tool("elfedit"), "--output-type=exec", path])
    assert_works(path, case)
    assert_passes_through(path, folder)


@pytest.mark.parametrize("kind", ("exec", "static-pie"))
@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
def test_musl_with_a_shared_library(machine, kind, folder):
    path = others.musl_executable(machine, kind)
    assert machine.glob_dat in types_of(path)
    outcome = run(path, machine)
    assert outcome.status == 0 and "WRONG" not in outcome.output, outcome
    assert_passes_through(path, folder, "not concerned")


@pytest.mark.fast
@pytest.mark.parametrize("make", (others.dynamic_executable, others.dynamic_pie,
                                  others.shared_library, others.relocatable, others.object_file),
                         ids=lambda make: make.__name__)
@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
def test_not_a_static_executable(machine, make, folder):
    assert_passes_through(make(machine), folder, "not concerned")
