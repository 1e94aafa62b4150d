# SPDX-License-Identifier: MIT
"""Calls of make as a user would type them."""
import os
import re
import subprocess
from pathlib import Path

from places import ROOT

# A build must not inherit what this one was told.
FOREIGN = re.compile("(MAKEFLAGS|MAKELEVEL|MFLAGS|CC|CXX|(C|CXX|LD)FLAGS|COMPILER_PATH|IRELFIX.*)$")


def own_environment() -> dict[str, str]:
    return {key: value for key, value in os.environ.items() if not FOREIGN.match(key)}


def make(build: Path, *targets: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """In this house; make has no word for a folder with a blank, but for the way to it."""
    settings = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        ["make", "-s", "-C", ROOT, f"BUILD={os.path.relpath(build, ROOT)}", *settings, *targets],
        env=own_environment(), capture_output=True, text=True)
