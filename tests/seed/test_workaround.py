# SPDX-License-Identifier: MIT
"""
The list of --defsym options with which such programs are linked today is not needed: the repaired
program is as good as the one that was linked with them, and better where the list has a gap.
"""
import re
from dataclasses import replace

import pytest
from elf.fields import Elf
from elf.layout import SHN_UNDEF, STB_WEAK
from lab.toolchains import LIBCS
from machines import MAJOR
from rust.build import Build, program
from rust.check import assert_crashes, assert_works, repair, run_quickly

LISTED = (
    "__gmon_start__", "__cxa_finalize", "__cxa_thread_atexit_impl",
    "_ITM_deregisterTMCloneTable", "_ITM_registerTMCloneTable", "statx",
    *(f"_nl_current_LC_{category}_used" for category in (
        "ADDRESS", "COLLATE", "IDENTIFICATION", "MEASUREMENT", "MESSAGES", "MONETARY", "NAME",
        "PAPER", "TELEPHONE", "TIME")),
)
UNLISTED = "seed_hook"

# The list was made for glibc 2.41.
BUILDS = [Build(MAJOR[machine], model=model, libc=LIBCS["2.41"])
          for machine, model in (("x86-64", "static"), ("x86-64", None), ("aarch64", "static"))]


def addresses(path, machine) -> dict[str, int]:
    """What the program itself finds when it asks for the addresses of weak symbols."""
    outcome = run_quickly(path, machine, "weak")
    assert outcome.status == 0, str(outcome)
    return {name: int(value, 16) for name, value in re.findall(r"(\w+): (\w+)", outcome.output)}


@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_repaired_is_as_good_as_the_list(build, folder):
    listed, repaired = program(replace(build, zero=LISTED)), folder / "repaired"
    assert_works(listed, build.machine)
    broken = program(build)
    assert_crashes(broken, build.machine)
    repair(broken, repaired, build.machine)
    assert_works(repaired, build.machine)
    assert (addresses(repaired, build.machine) == addresses(listed, build.machine)
            == dict.fromkeys(LISTED, 0))


@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_symbol_that_the_list_does_not_know(build, folder):
    broken = program(replace(build, zero=LISTED, features=("hook",)))
    repaired = folder / "repaired"
    assert_crashes(broken, build.machine)
    repair(broken, repaired, build.machine)
    assert_works(repaired, build.machine)
    assert addresses(repaired, build.machine) == dict.fromkeys([*LISTED, UNLISTED], 0)


def weak_undefined(path) -> set[str]:
    return {name for name, fields in Elf.open(path).symbols(".dynsym")
            if fields["st_shndx"] == SHN_UNDEF and fields["st_info"] >> 4 == STB_WEAK}


def test_another_c_library_needs_another_list(folder):
    """glibc 2.36 has weak references that the list lacks."""
    build = replace(BUILDS[0], libc=LIBCS["2.36"], zero=LISTED)
    broken, repaired = program(build), folder / "repaired"
    assert weak_undefined(broken) - set(LISTED)
    assert_crashes(broken, build.machine)
    repair(broken, repaired, build.machine)
    assert_works(repaired, build.machine)
    assert addresses(repaired, build.machine) == dict.fromkeys(LISTED, 0)
