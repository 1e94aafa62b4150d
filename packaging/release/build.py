# SPDX-License-Identifier: MIT
"""Calls make for a target, and says of what time and version everything is."""
import os
import re
import subprocess
from functools import lru_cache
from pathlib import Path

from .targets import ROOT, Target

FOREIGN = re.compile("(MAKEFLAGS|MAKELEVEL|MFLAGS|CC|AR|OBJCOPY|(C|LD)FLAGS|DESTDIR|PREFIX)$")


@lru_cache(maxsize=None)
def version() -> str:
    header = (ROOT / "include/irelfix.h").read_text()
    return re.search(r'^#define IRELFIX_VERSION "(.*)"', header, re.M)[1]


@lru_cache(maxsize=None)
def epoch() -> int:
    """
    SOURCE_DATE_EPOCH; else the time of the commit, which in an archive is that of its files.
    """
    if said := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(said)
    if (ROOT / ".git").exists():
        return int(subprocess.run(["git", "-C", ROOT, "log", "-1", "--format=%ct"], check=True,
                                  capture_output=True, text=True).stdout)
    return int((ROOT / "include/irelfix.h").stat().st_mtime)


def make(*targets: str, **variables: str) -> None:
    """make in the sources, which is told nothing of what this one was told."""
    environment = {key: value for key, value in os.environ.items() if not FOREIGN.match(key)}
    settings = (f"{key}={value}" for key, value in variables.items())
    result = subprocess.run(
        ["make", "-s", f"-j{os.cpu_count()}", "-C", ROOT, *settings, *targets],
        env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"release: make {' '.join(targets)} failed\n{result.stderr}")


def installed(target: Target, work: Path) -> Path:
    """The folder in which `make install` has put everything for @target."""
    build, root = work / target.name, work / f"{target.name}.root"
    build.mkdir(parents=True, exist_ok=True)
    settings = {"BUILD": os.path.relpath(build, ROOT), **target.settings(work)}
    make("all", **settings)
    make("install", DESTDIR=str(root), PREFIX="/", **settings)
    return root
