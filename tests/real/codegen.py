# SPDX-License-Identifier: MIT
"""The executables that scripts/codegen builds: one startup object, many compilers and flags."""
import subprocess
from dataclasses import dataclass
from pathlib import Path

from machines import MACHINES, Machine
from need import Missing
from places import SCRIPTS

SCRIPT = SCRIPTS / "codegen"
NOT_BUILT = 77


@dataclass(frozen=True)
class Case:
    machine: Machine
    variant: str
    link: str

    def __str__(self) -> str:
        return f"{self.machine.name}-{self.variant}-{self.link}"

    @property
    def defect(self) -> str:
        """LLVM 19 loses the IRELATIVE entries when it packs; every other link has the strays."""
        return "lost-irelative" if self.link.startswith("lld-19.android") else "wide-bounds"


def all_cases() -> list[Case]:
    rows = subprocess.run([SCRIPT, "list"], capture_output=True, text=True, check=True).stdout
    names = [row.split() for row in rows.splitlines()]
    return [Case(MACHINES[machine], variant, link) for machine, variant, link in names]


@dataclass(frozen=True)
class Corpus:
    folder: Path

    def expected_output(self) -> str:
        return (self.folder / "expected").read_text()

    def status(self, case: Case) -> str:
        """"valid", or why the variant is no case."""
        return self._path(case.machine, f"{case.variant}.status").read_text().strip()

    def executable(self, case: Case) -> Path:
        return self._path(case.machine, f"{case.variant}.{case.link}")

    def startup_object(self, case: Case) -> Path:
        return self._path(case.machine, f"{case.variant}.o")

    def section_addresses(self, case: Case) -> dict[str, int]:
        """Where the executable has the sections of the startup object."""
        lines = self._path(case.machine, f"{case.variant}.{case.link}.sections").read_text()
        rows = (line.split(maxsplit=1) for line in lines.splitlines())
        return {name: int(address, 16) for address, name in rows}

    def _path(self, machine: Machine, name: str) -> Path:
        return self.folder / machine.name / name


def built() -> Corpus:
    result = subprocess.run([SCRIPT, "path"], capture_output=True, text=True)
    if result.returncode == NOT_BUILT:
        raise Missing(result.stderr.strip())
    assert result.returncode == 0, result.stderr
    return Corpus(Path(result.stdout.strip()))
