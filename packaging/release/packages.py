# SPDX-License-Identifier: MIT
"""
scripts/packages [-o FOLDER] [--owner OWNER]

Makes FOLDER/npm and FOLDER/pip of the archives that scripts/release has left in FOLDER
(build/release), fills in the recipes of distributions in FOLDER/recipes (OWNER publishes the
release), and writes SHA256SUMS anew. Nothing is built.
"""
import argparse
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from . import archive, npm, recipes, wheel
from .__main__ import write_sums
from .build import version
from .targets import ROOT, TARGETS, Missing, Target


def unpacked(path: Path, work: Path) -> Path:
    with tarfile.open(path) as tar:
        tar.extractall(work)
    (top,) = work.iterdir()
    return top


def archives(out: Path) -> dict[Target, Path]:
    found = {target: path for target in TARGETS.values()
             if (path := out / f"{archive.name_of(target)}.tar.gz").exists()}
    if not found:
        raise SystemExit(f"packages: {out} has no archives (make release)")
    return found


def of_target(target: Target, tree: Path, out: Path) -> list[Path]:
    with tempfile.TemporaryDirectory() as work:
        npm.of_target(target, tree, Path(work))
        return [wheel.pack(target, tree, out / "pip"), npm.pack(Path(work), out / "npm")]


def everybodys(tree: Path, out: Path) -> Path:
    with tempfile.TemporaryDirectory() as work:
        npm.everybodys(Path(work), tree / "share/doc/irelfix")
        return npm.pack(Path(work), out / "npm")


def packages(out: Path, owner: str) -> None:
    found = archives(out)
    for kind in ("npm", "pip", "recipes"):
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir()
    for target, path in found.items():
        with tempfile.TemporaryDirectory() as work:
            tree = unpacked(path, Path(work))
            made = of_target(target, tree, out)
            if target is next(iter(found)):
                made.append(everybodys(tree, out))
        print("\n".join(f"{file.name}  {file.stat().st_size}" for file in made), flush=True)
    sources = out / f"irelfix-{version()}.tar.gz"
    if sources.exists():
        recipes.fill(sources, out / "recipes", owner)
    write_sums(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="packages", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", metavar="FOLDER", type=Path, default=ROOT / "build/release")
    parser.add_argument("--owner", metavar="OWNER", default="OWNER", help="of the project's page")
    arguments = parser.parse_args()
    try:
        packages(arguments.o.resolve(), arguments.owner)
    except (Missing, subprocess.CalledProcessError) as error:
        raise SystemExit(f"packages: {error}")


if __name__ == "__main__":
    main()
