# SPDX-License-Identifier: MIT
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "cli")]  # for the packages elf and lab, and program

from samples import KINDS, sample  # noqa: E402


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A broken executable of its own for the test, alone in a folder."""
    return sample("wide-bounds").put(tmp_path / "folder" / "in")
