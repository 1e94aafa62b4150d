# SPDX-License-Identifier: MIT
"""Calls the program under test."""
import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .base import ROOT

HEALTHY, BROKEN, USAGE, BAD_FILE, REFUSED, UNVERIFIED = range(6)
TIME_LIMIT = 300


@dataclass(frozen=True)
class Edit:
    offset: int
    old: bytes
    new: bytes


@dataclass(frozen=True)
class Answer:
    status: int
    output: str
    errors: str

    @property
    def report(self) -> dict:
        """The one JSON object of a call with --json for one file."""
        return json.loads(self.output)

    @property
    def edits(self) -> list[Edit]:
        return [Edit(e["offset"], bytes.fromhex(e["old"]), bytes.fromhex(e["new"]))
                for e in self.report["edits"]]

    def __str__(self) -> str:
        return f"exit {self.status}\nstdout: {self.output}\nstderr: {self.errors}"


def program_under_test() -> Path:
    return Path(os.environ.get("IRELFIX") or ROOT / "build" / "irelfix")


def irelfix(*arguments: str | Path) -> Answer:
    result = subprocess.run([str(program_under_test()), *map(str, arguments)], text=True,
                            capture_output=True, timeout=TIME_LIMIT)
    return Answer(result.returncode, result.stdout, result.stderr)
