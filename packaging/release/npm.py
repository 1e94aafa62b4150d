# SPDX-License-Identifier: MIT
"""
npm's packages: irelfix, which everybody installs, and @irelfix/PLATFORM-ARCHITECTURE with the
program, one of which npm takes along because it is an optional dependency and fits the machine.
"""
import json
import shutil
import subprocess
from pathlib import Path

from .build import version
from .targets import TARGETS, Target, tool

HERE = Path(__file__).parent / "npm"
SHARED = ("version", "license")


def description() -> dict:
    return {**json.loads((HERE / "package.json").read_text()), "version": version()}


def write(folder: Path, package: dict) -> None:
    (folder / "package.json").write_text(json.dumps(package, indent=2) + "\n")


def everybodys(folder: Path, documents: Path) -> None:
    """All platforms of a release, whichever of them were built this time."""
    names = (f"@irelfix/{target.npm}" for target in TARGETS.values())
    write(folder, {**description(), "optionalDependencies": {n: version() for n in sorted(names)}})
    shutil.copy(HERE / "run.js", folder)
    for name in ("LICENSE", "README.md"):
        shutil.copy(documents / name, folder)


def of_target(target: Target, tree: Path, folder: Path) -> None:
    system, cpu = target.npm.split("-")
    package = {key: value for key, value in description().items() if key in SHARED}
    write(folder, {"name": f"@irelfix/{target.npm}", **package,
                   "description": f"The program of irelfix for {target.name}",
                   "os": [system], "cpu": [cpu], "preferUnplugged": True,
                   "files": ["bin", "LICENSE*"]})
    (folder / "bin").mkdir()
    shutil.copy(tree / "bin/irelfix", folder / "bin")
    for path in (tree / "share/doc/irelfix").glob("LICENSE*"):
        shutil.copy(path, folder)


def pack(folder: Path, out: Path) -> Path:
    """npm gives all files the same time."""
    name = subprocess.run([tool("npm"), "pack", "--silent", "--pack-destination", out], cwd=folder,
                          check=True, capture_output=True, text=True).stdout.strip()
    return out / name.splitlines()[-1]
