# SPDX-License-Identifier: MIT
"""Really linked executables, one of each failure class and machine, and what becomes of them."""
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lab.cases import product
from lab.links import link
from tool import HEALTHY, irelfix

# The linker, the option and the kind that make a class.
KINDS = {
    "wide-bounds": ("lld-22", "default", "exec"),
    "biased-weak": ("lld-22", "default", "static-pie"),
    "lost-irelative": ("lld-19", "android", "exec"),
}
# Those whose edits have an order that survives interruption; the others are replaced.
ORDERED = ("wide-bounds", "biased-weak")


@dataclass(frozen=True)
class Sample:
    broken: bytes
    repaired: bytes

    def put(self, path: Path, mode: int = 0o755) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.broken)
        path.chmod(mode)
        return path


def linked(kind: str, machine: str) -> Path:
    linker, option, shape = KINDS[kind]
    cases = product(("weak",), (machine,), (linker,), ("2.36", "2.41"), (option,), (shape,))
    return link(cases[0])


@lru_cache(maxsize=None)
def sample(kind: str, machine: str = "x86-64") -> Sample:
    path = linked(kind, machine)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        answer = irelfix(path, "-o", out)
        assert answer.status == HEALTHY, str(answer)
        assert out.read_bytes() != path.read_bytes()
        return Sample(path.read_bytes(), out.read_bytes())
