# SPDX-License-Identifier: MIT
"""
What a test needs of its machine. What is not here is a Missing with its name; a test that meets one
is left out and says why. With IRELFIX_NO_SKIP=1, as on CI, it fails instead: nothing may be green
because it was not run. tests/conftest.py does both.
"""
import os
import shutil
import subprocess
from pathlib import Path


class Missing(Exception):
    """Something is not on this machine; says what, and what would bring it."""
    may_be_left_out = False  # on CI


class NoProcessor(Missing):
    """
    AVX-512 only: no emulator has it, and most machines have not. The one thing that CI may leave
    out; what needs it is built, repaired and proved to start all the same.
    """
    may_be_left_out = True


def may_leave_out(missing: Missing) -> bool:
    return missing.may_be_left_out or os.environ.get("IRELFIX_NO_SKIP", "") in ("", "0")


def command(name: str) -> str:
    """The path of an installed program."""
    path = shutil.which(name)
    if path is None:
        raise Missing(f"{name} is not installed (make setup)")
    return path


def need(*programs: str) -> None:
    for program in programs:
        command(program)


def need_file(path: str | Path, package: str) -> Path:
    if not Path(path).exists():
        raise Missing(f"{package} is not installed (make setup): no {path}")
    return Path(path)


def need_header(name: str, package: str) -> None:
    """Where the compiler looks, wherever that is."""
    asked = subprocess.run([command("gcc"), "-E", "-include", name, "-x", "c", os.devnull],
                           capture_output=True)
    if asked.returncode != 0:
        raise Missing(f"{package} is not installed (make setup): no {name}")


def need_root() -> None:
    if os.geteuid() != 0:
        raise Missing("root: only it gives files away, mounts, and sets labels and capabilities")


def refused_here(what: str, error: OSError | str) -> Missing:
    """What this kernel or container does not let anybody do; of a tool's words the last."""
    if isinstance(error, OSError):
        return Missing(f"{what}: {error.strerror}")
    return Missing(f"{what}: {error.strip().splitlines()[0].rpartition(': ')[2]}")
