# SPDX-License-Identifier: MIT
"""A file that was repaired is recognised, and no other is taken for one."""
from pathlib import Path

import pytest
from checks import parameters
from lab.cases import HEALTHY, LOOK_BROKEN, is_fast, one_of_each
from lab.links import Case, link
from tool import irelfix


def is_said(path: Path) -> bool:
    answer = irelfix("--json", path)
    found = answer.object
    assert found["verdict"] == "healthy", answer
    assert found["repaired_earlier"] == found["message"].endswith(", repaired earlier")
    return found["repaired_earlier"]


def strategy_of(path: Path, to: Path, *options: str) -> str:
    answer = irelfix("--json", *options, path, "-o", to)
    assert answer.status == 0, answer
    return answer.object["strategy"]


@pytest.mark.parametrize("case", parameters(one_of_each()))
def test_a_repair_is_recognised(case: Case, tmp_path: Path) -> None:
    """But for bounds that were moved: they stand as any linker's do."""
    strategy = strategy_of(link(case), tmp_path / "out")
    assert is_said(tmp_path / "out") == (strategy != "move")


@pytest.mark.parametrize("case", parameters(
    case for case in one_of_each() if case.kind == "exec" and case.linker.name == "lld-22"
    and case.machine.name in ("x86-64", "aarch64", "s390x")))
def test_padding_is_recognised(case: Case, tmp_path: Path) -> None:
    assert strategy_of(link(case), tmp_path / "out", "--strategy=pad") == "pad"
    assert is_said(tmp_path / "out")


@pytest.mark.parametrize("case", parameters(filter(is_fast, [*HEALTHY, *LOOK_BROKEN])))
def test_a_linker_s_own_work_is_not(case: Case) -> None:
    assert not is_said(link(case))
