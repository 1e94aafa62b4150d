# SPDX-License-Identifier: MIT
"""Runs programs natively and under the emulator that knows every level; calls irelfix --prove."""
import os
from functools import lru_cache
from pathlib import Path

from lab.base import cached_item
from lab.runs import Outcome, execute
from machines import Machine
from tool import Answer, irelfix

FULL_MODEL = "max"


@lru_cache(maxsize=None)
def processor_flags() -> frozenset[str]:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def emulator(machine: Machine) -> str:
    return (os.environ.get(machine.emulator_variable)
            or str(cached_item("qemu") / "usr" / "bin" / machine.emulator))


def ways_to_start(machine: Machine) -> list[str]:
    return (["native"] if machine.is_native else []) + [machine.emulator]


def run(path: Path, machine: Machine, way: str, *arguments: str,
        model: str = FULL_MODEL) -> Outcome:
    argv = [path] if way == "native" else [emulator(machine), "-cpu", model, path]
    return execute(way, *argv, *arguments)


def repair_and_prove(path: Path, to: Path, machine: Machine) -> Answer:
    """--prove comes before the result gets its name."""
    os.environ[machine.emulator_variable] = emulator(machine)
    return irelfix("--json", f"--prove={','.join(machine.models)}", path, "-o", to)
