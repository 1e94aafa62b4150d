# SPDX-License-Identifier: MIT
"""A stand-in for a linker, which writes what and where it is told, and irelfix around it."""
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from elf.build import broken, build
from tool import TOOL, Answer, irelfix

# FROM is what it "links", TO where; both are told beside its arguments, which it only prints.
LINKER = """#!/bin/sh
for argument; do printf '%s\\n' "$argument"; done
[ -z "$TO" ] || { rm -f -- "$TO"; cp -p "$FROM" -- "$TO"; }
echo from the linker >&2
exit ${STATUS:-0}
"""


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def alias(path: Path) -> Path:
    """A name under which irelfix is called."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(TOOL.resolve())
    return path


@dataclass
class Bench:
    """A folder with a stand-in for a linker, and what it links."""
    folder: Path
    linker: Path
    linked: Path

    @property
    def as_linked(self) -> bytes:
        return self.linked.read_bytes()

    @cached_property
    def repaired(self) -> bytes:
        """What irelfix makes of it by itself."""
        path = self.folder / "expected"
        assert irelfix(self.linked, "-o", path).status == 0
        data = path.read_bytes()
        path.unlink()
        return data

    def environment(self, to: str, **more: str) -> dict[str, str]:
        return {**os.environ, "FROM": str(self.linked), "TO": to, **more}

    def wrap(self, *arguments: str | Path, to: str = "h", options: tuple[str, ...] = (),
             **more: str) -> Answer:
        """irelfix --wrap around the linker, which writes `to`; `more` is environment."""
        return irelfix(*options, "--wrap", "--", self.linker, *arguments, cwd=self.folder,
                       env=self.environment(to, **more))

    def call(self, name: str | Path, *arguments: str, to: str = "h", **more: str) -> Answer:
        """A call by the name of a tool."""
        return irelfix(*arguments, tool=name, cwd=self.folder,
                       env=self.environment(to, **more))

    def written(self, to: str = "h") -> bytes:
        return (self.folder / to).read_bytes()


def bench(folder: Path, name: str = "ld.lld") -> Bench:
    linked = folder / "linked"
    linked.write_bytes(build(broken()).data)
    linked.chmod(0o750)
    return Bench(folder, script(folder / "real" / name, LINKER), linked)
