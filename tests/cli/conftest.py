# SPDX-License-Identifier: MIT
import sys
from pathlib import Path
from typing import Callable

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # for the package elf

from elf.build import MACHINES, Machine, Spec, build  # noqa: E402
from elf.fields import Elf  # noqa: E402

Make = Callable[..., Path]


@pytest.fixture(params=MACHINES, ids=lambda machine: machine.name)
def machine(request: pytest.FixtureRequest) -> Machine:
    return request.param


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Writes a file: make("name", spec or bytes, mode)."""
    def write(name: str, content: Spec | Elf | bytes, mode: int = 0o755) -> Path:
        if isinstance(content, Spec):
            content = build(content)
        path = tmp_path / name
        path.write_bytes(content.data if isinstance(content, Elf) else content)
        path.chmod(mode)
        return path
    return write
