# SPDX-License-Identifier: MIT
"""
The harnesses of tests/proof, which CBMC runs: it tries every input within the limits that a harness
states. The head of a harness says how:

    cbmc: OPTIONS             besides those below
    sources: FILE...          of the product, linked with it
    mutant: FILE: OLD -> NEW  a change of the product by which it must fail: tests/proof/mutants
"""
import re
import subprocess
from pathlib import Path

from lab.base import cached_item
from need import need
from places import ROOT

FOLDER = "tests/proof"
CHECKS = ("--bounds-check", "--pointer-check", "--pointer-overflow-check", "--conversion-check",
          "--signed-overflow-check", "--undefined-shift-check", "--unwinding-assertions",
          "--slice-formula", "-D_POSIX_C_SOURCE=200809L")
HARNESSES = sorted(path.stem for path in (ROOT / FOLDER).glob("*.c"))


def said(harness: str, what: str) -> list[str]:
    """The lines of its head that begin with a word."""
    return re.findall(rf"^ \* {what}: *(.*)$", (ROOT / FOLDER / f"{harness}.c").read_text(), re.M)


def words(harness: str, what: str) -> list[str]:
    return " ".join(said(harness, what)).split()


def check(harness: str, root: Path = ROOT, *more: str) -> subprocess.CompletedProcess:
    """Of the product in a tree; with more options."""
    if "cadical" in words(harness, "cbmc"):  # of some formulas it needs a quarter of the time
        need("cadical")
    sources = [path for pattern in words(harness, "sources") for path in sorted(root.glob(pattern))]
    return subprocess.run([cached_item("cbmc") / "cbmc", *CHECKS, *words(harness, "cbmc"), *more,
                           root / FOLDER / f"{harness}.c", *sources],
                          capture_output=True, text=True, cwd=root)


def failures(run: subprocess.CompletedProcess) -> list[str]:
    """Also of one that stopped at the first."""
    return re.findall(r"^\[.*: FAILURE$|^Violated property:\n.*\n.*$", run.stdout, re.M)
