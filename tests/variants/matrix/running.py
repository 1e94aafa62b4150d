# SPDX-License-Identifier: MIT
"""Runs programs natively and under the emulator that knows every level; calls irelfix --prove."""
import os
from functools import lru_cache
from pathlib import Path

from lab.base import cached_item
from lab.runs import Outcome, execute
from lab.tool import Answer, irelfix
from lab.toolchains import Machine

# Resolvers look at the processor: each model leads them to other implementations.
MODELS = {
    "x86-64": ("native", "qemu64", "Nehalem", "Haswell", "EPYC", "max"),
    "aarch64": ("cortex-a53", "cortex-a72", "cortex-a76", "neoverse-n1", "neoverse-v1",
                "cortex-a710", "a64fx", "max"),
}
FULL_MODEL = "max"


@lru_cache(maxsize=None)
def processor_flags() -> frozenset[str]:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return frozenset(line.partition(":")[2].split())
    return frozenset()


def variable(machine: Machine) -> str:
    """The one by which irelfix is told which emulator to take."""
    return f"IRELFIX_{machine.emulator.upper().replace('-', '_')}"


def emulator(machine: Machine) -> str:
    return (os.environ.get(variable(machine))
            or str(cached_item("qemu") / "usr" / "bin" / machine.emulator))


def ways_to_start(machine: Machine) -> list[str]:
    return (["native"] if machine.is_native else []) + [machine.emulator]


def run(path: Path, machine: Machine, way: str, *arguments: str,
        model: str = FULL_MODEL) -> Outcome:
    argv = [path] if way == "native" else [emulator(machine), "-cpu", model, path]
    return execute(way, *argv, *arguments)


def repair_and_prove(path: Path, to: Path, machine: Machine) -> Answer:
    """--prove comes before the result gets its name."""
    os.environ[variable(machine)] = emulator(machine)
    return irelfix("--json", f"--prove={','.join(MODELS[machine.name])}", path, "-o", to)
