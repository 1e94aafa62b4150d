# SPDX-License-Identifier: MIT
from pathlib import Path
from typing import Callable

import pytest
from elf.build import Spec, build
from elf.fields import Elf
from machines import ARCHS, Machine

Make = Callable[..., Path]


@pytest.fixture(params=ARCHS.values(), ids=str)
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
