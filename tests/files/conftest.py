# SPDX-License-Identifier: MIT
from pathlib import Path

import pytest
from disk.samples import KINDS, sample


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A broken executable of its own for the test, alone in a folder."""
    return sample("wide-bounds").put(tmp_path / "folder" / "in")
