# SPDX-License-Identifier: MIT
"""The program of every level is repaired and runs; scripts/variants shows the same as a table."""
import os
import shlex
import signal
import subprocess

import pytest
from lab.links import KINDS
from need import NoProcessor
from places import SCRIPTS
from tool import TOOL
from variants.build import broken_program, found_instructions, reference_program
from variants.examine import examine
from variants.levels import LEVELS
from variants.running import run

FAST = ("x86-64-v3", "armv8.1-a")
CASES = [pytest.param(level, kind, id=f"{level.name}-{kind}",
                      marks=pytest.mark.fast if level.name in FAST and kind == "exec" else ())
         for level in LEVELS for kind in KINDS]
AARCH64 = [level for level in LEVELS if level.machine.name == "aarch64"]
NEIGHBOURS = [pytest.param(lower, level, id=level.name)
              for lower, level in zip(AARCH64, AARCH64[1:])]

# A processor of the level below.
MODEL_BELOW = {"x86-64-v2": "qemu64", "x86-64-v3": "Nehalem", "x86-64-v4": "Haswell"}


@pytest.mark.parametrize("level, kind", CASES)
def test_level(level, kind):
    row = examine(level, kind)
    assert not row.failures, "\n".join(row.failures)
    assert row.crash
    assert row.started == list(level.machine.models)
    if not row.ran:
        assert level.not_emulated, row.not_run
        raise NoProcessor(f"repaired and proved to start; {', '.join(row.not_run)}")


@pytest.mark.parametrize("lower, level", NEIGHBOURS)
def test_level_below_has_no_name_for_the_instructions(lower, level):
    """Otherwise finding them would say nothing about the level."""
    version = lower.name.removeprefix("arm").replace("-a", "a")
    assert found_instructions(broken_program(level, "exec"), level, f"+{version}") == []


@pytest.mark.parametrize("level", [level for level in LEVELS if level.name in MODEL_BELOW],
                         ids=lambda level: level.name)
def test_processor_of_the_level_below_does_not_run_it(level):
    """LLVM's disassembler of x86-64 knows every instruction, whatever the level."""
    outcome = run(reference_program(level, "exec"), level.machine, level.machine.emulator,
                  model=MODEL_BELOW[level.name])
    assert outcome.status == -signal.SIGILL, str(outcome)


def test_what_cannot_be_run_is_named(monkeypatch):
    monkeypatch.setattr("variants.examine.processor_flags", frozenset)
    level = next(level for level in LEVELS if level.not_emulated)
    row = examine(level, "exec")
    assert row.failures == [] and row.ran == []
    assert row.started == list(level.machine.models)
    assert len(row.not_run) == 2 and "this processor has no avx512" in row.not_run[0]


def variants(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run([SCRIPTS / "variants", *arguments], text=True, capture_output=True,
                          env={**os.environ, **environment})


def test_script_prints_a_table():
    result = variants("--markdown", "x86-64-v2", "armv8.8-a")
    assert result.returncode == 0, result.stdout + result.stderr
    lines = result.stdout.splitlines()
    assert [line.split(" | ")[0] for line in lines[2:4]] == ["| x86-64-v2", "| armv8.8-a"]
    assert lines[-1].startswith("4 programs of 2 levels: 4 crash as linked, 4 repaired, 28 ")


# Called with --json --prove=MODELS IN -o OUT.
# What it says is true of another file than the one it hands over.
COPIES_AND_CLAIMS = """#!/bin/sh
{tool} "$1" "$2" "$3" -o "$5.repaired"
cp "$3" "$5"
"""


def test_script_does_not_believe_the_tool(tmp_path):
    tool = tmp_path / "irelfix"
    tool.write_text(COPIES_AND_CLAIMS.format(tool=shlex.quote(str(TOOL))))
    tool.chmod(0o755)
    result = variants("armv8-a", IRELFIX=str(tool))
    assert result.returncode == 1
    assert "failed: armv8-a exec: qemu-aarch64: status -11" in result.stdout
    assert "16 startups proved, 0 runs" in result.stdout


def test_script_fails_where_nothing_could_be_run(tmp_path):
    result = variants("armv8-a", IRELFIX_CACHE=str(tmp_path), IRELFIX_QEMU_AARCH64="")
    assert result.returncode == 1
    assert "not run: armv8-a all: qemu was not fetched" in result.stdout
