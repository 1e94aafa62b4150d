# SPDX-License-Identifier: MIT
"""Where things lie."""
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TESTS = ROOT / "tests"
PROGRAMS = TESTS / "programs"
PACKAGING = ROOT / "packaging"
SCRIPTS = ROOT / "scripts"
BUILD = ROOT / "build"
LAB = BUILD / "lab"
CACHE = Path(os.environ.get("IRELFIX_CACHE") or BUILD / "cache").resolve()
