# SPDX-License-Identifier: MIT
"""Odd but real shapes of executable are repaired like all others."""
import subprocess
from pathlib import Path

import pytest
from checks import (assert_only_announced_bytes_changed, assert_passes_through, assert_runs,
                    repair)
from lab.judges import stripped, strippers
from lab.runs import run
from machines import MAJOR
from need import command
from shapes.links import (BY_GNU_LD, BY_MOLD, DEFECTS, GNU_LD, GNU_SCRIPT, MOLD, NEVER_START, PLAIN,
                          PLAIN_WITH_RELOCATIONS, SHAPES, UNDEFINED_TLS, UNDER_A_GNU_SCRIPT, Case,
                          Shape, cases, link)
from tool import BROKEN, REFUSED, irelfix, names_in

WIDE_BOUNDS = [DEFECTS["wide-bounds"]]
LOST_IRELATIVE = [DEFECTS["lost-irelative"]]
LINKED_BY_22 = [DEFECTS["wide-bounds"], DEFECTS["biased-weak"]]
X86_64, AARCH64 = [MAJOR["x86-64"]], [MAJOR["aarch64"]]

# Neither GNU strip nor eu-strip takes a file without section headers.
NEEDS_SECTION_HEADERS = {"gnu", "eu"}


def is_fast(case: Case) -> bool:
    return case.shape.name == "omagic" and case.defect.name == "wide-bounds"


def parameters(some: list[Case]) -> list:
    return [pytest.param(case, id=str(case), marks=pytest.mark.fast if is_fast(case) else ())
            for case in some]


def assert_crashes(path: Path, case: Case) -> None:
    outcome = run(path, case.machine)
    assert outcome.crashed and outcome.output == "", f"is not broken: {outcome}"


def assert_is_diagnosed(path: Path, case: Case) -> None:
    answer = irelfix("--json", path)
    assert answer.status == BROKEN, str(answer)
    assert answer.object["class"] == case.defect.name, str(answer)


def assert_is_repairable(broken: Path, case: Case, folder: Path) -> None:
    assert_crashes(broken, case)
    assert_is_diagnosed(broken, case)
    fixed = repair(broken, folder / "fixed")
    assert_runs(fixed, case)
    assert_passes_through(fixed, folder)
    assert_only_announced_bytes_changed(broken, fixed)


@pytest.mark.parametrize("case", parameters(cases(SHAPES.values())))
def test_shape(case, folder):
    assert_is_repairable(link(case), case, folder)


@pytest.mark.parametrize("case", parameters(cases(SHAPES.values(), defects=LOST_IRELATIVE)))
def test_no_shared_library(case, folder):
    """Then there is no PT_DYNAMIC either, and nothing but their contents tells where entries are."""
    assert_is_repairable(link(case, stray_library=False), case, folder)


@pytest.mark.parametrize("case", parameters(cases(SHAPES.values(), defects=WIDE_BOUNDS)))
def test_strip_before_and_after(case, folder):
    broken = link(case)
    fixed = repair(broken, folder / "fixed")
    for name, stripper in strippers(case.machine).items():
        before, after = folder / f"{name}-before", folder / f"{name}-after"
        possible = case.shape.name != "no-section-header" or name not in NEEDS_SECTION_HEADERS
        assert stripped(stripper, broken, before) == possible, name
        assert stripped(stripper, fixed, after) == possible, name
        if possible:
            assert_crashes(before, case)
            assert_runs(repair(before, folder / f"{name}-repaired"), case)
            assert_runs(after, case)


def rewritten(argv: list[str | Path], to: Path) -> Path:
    result = subprocess.run([*map(str, argv), to], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return to


REWRITERS = {
    "objcopy": ["objcopy"],
    "objcopy-add-section": ["objcopy", "--add-section", f".extra={__file__}"],
    "llvm-objcopy": ["llvm-objcopy-22"],
    "llvm-objcopy-strip-sections": ["llvm-objcopy-22", "--strip-sections"],
}


def rewriter(name: str, case: Case) -> list[str]:
    tool, *options = REWRITERS[name]
    return [case.machine.tool(tool) if tool == "objcopy" else command(tool), *options]


@pytest.mark.parametrize("name", REWRITERS)
@pytest.mark.parametrize("case", parameters(cases([PLAIN])))
def test_rewritten_before_and_after(name, case, folder):
    """What objcopy writes has its tables elsewhere than the linker put them."""
    argv, broken = rewriter(name, case), link(case)
    assert_is_repairable(rewritten([*argv, broken], folder / "before"), case, folder)
    fixed = repair(broken, folder / "fixed")
    assert_runs(rewritten([*argv, fixed], folder / "after"), case)


def optimized(path: Path, to: Path) -> Path:
    return rewritten([command("llvm-bolt-22"), "--lite=0", path, "-o"], to)


# With relocations BOLT moves functions; it then breaks every static AArch64 executable.
BOLT_CASES = [*cases([PLAIN], defects=LINKED_BY_22),
              *cases([PLAIN_WITH_RELOCATIONS], X86_64, LINKED_BY_22)]


@pytest.mark.parametrize("case", parameters(BOLT_CASES))
def test_bolt_before(case, folder):
    assert_is_repairable(optimized(link(case), folder / "bolted"), case, folder)


@pytest.mark.parametrize("case", parameters(cases([PLAIN], defects=WIDE_BOUNDS)))
def test_bolt_after(case, folder):
    fixed = repair(link(case), folder / "fixed")
    assert_runs(optimized(fixed, folder / "bolted"), case)


@pytest.mark.parametrize("case", parameters(cases([PLAIN_WITH_RELOCATIONS], X86_64, WIDE_BOUNDS)))
def test_bolt_after_with_relocations(case, folder):
    """
    BOLT writes IRELATIVE entries first and R_*_NONE behind them, where the moved start bound makes
    startup read these: such a file is refused. What pad wrote survives.
    """
    broken = link(case)
    narrowed = optimized(repair(broken, folder / "narrowed"), folder / "narrowed-bolted")
    assert_crashes(narrowed, case)
    answer = irelfix(narrowed)
    assert answer.status == REFUSED, str(answer)
    assert "repair the file after BOLT" in answer.err

    padded = repair(broken, folder / "padded", "--strategy=pad")
    assert_runs(optimized(padded, folder / "padded-bolted"), case)


@pytest.mark.parametrize("stray_library", (True, False), ids=("library", "no-library"))
@pytest.mark.parametrize("case", parameters(cases([GNU_SCRIPT], defects=UNDER_A_GNU_SCRIPT)))
def test_gnu_script(case, stray_library, folder):
    """No version of ld.lld starts with it, with a shared library on the line or without."""
    assert_is_repairable(link(case, stray_library), case, folder)


@pytest.mark.parametrize("case", parameters(cases(BY_MOLD, defects=MOLD)))
def test_mold(case, folder):
    """mold, before its version 3, leaves both bounds at 0."""
    assert_is_repairable(link(case), case, folder)


@pytest.mark.parametrize("case", parameters(cases([BY_GNU_LD], AARCH64, GNU_LD)))
def test_gnu_ld(case, folder):
    assert_is_repairable(link(case), case, folder)


@pytest.mark.parametrize("case", parameters(cases([BY_GNU_LD], X86_64, GNU_LD)))
def test_gnu_ld_exports_thread_local_variables(case, folder):
    """Those of glibc itself: its startup does not get past their entries."""
    assert_crashes(link(case), case)
    answer = irelfix(link(case), "-o", folder / "fixed")
    assert answer.status == REFUSED, str(answer)
    assert "TPOFF64 against `__libc_dlerror_result', which is thread-local" in answer.err


@pytest.mark.parametrize("case", parameters(cases(NEVER_START)))
def test_fails_without_a_shared_library_too(case, folder):
    assert_crashes(link(case, stray_library=False), case)
    answer = irelfix(link(case), "-o", folder / "fixed")
    assert answer.status == REFUSED, str(answer)
    assert NEVER_START[case.shape] in answer.err


TLS_CASES = cases([Shape("undefined-tls", program=UNDEFINED_TLS)], defects=LINKED_BY_22)
TLS_TYPES = {"x86-64": "R_X86_64_TPOFF64", "aarch64": "R_AARCH64_TLS_TPREL64"}


@pytest.mark.parametrize("case", TLS_CASES, ids=str)
def test_an_undefined_thread_local_variable_is_refused(case, folder):
    """No value in its slot is right."""
    broken = link(case)
    assert_crashes(broken, case)
    answer = irelfix(broken, "-o", folder / "fixed")
    assert answer.status == REFUSED, str(answer)
    assert f"{case.defect}: refused: {TLS_TYPES[case.machine.name]} at 0x" in answer.err
    assert names_in(folder) == set()
