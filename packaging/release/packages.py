# SPDX-License-Identifier: MIT
"""
scripts/packages [-o FOLDER]

Makes FOLDER/npm and FOLDER/pip of the archives that scripts/release has left in FOLDER
(build/release), fills in the recipes of distributions in FOLDER/recipes, and writes SHA256SUMS
anew. Nothing is built.
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
from .targets import ROOT, TARGETS, Missing


def unpacked(path: Path, work: Path) -> Path:
    with tarfile.open(path) as tar:
        tar.extractall(work)
    (top,) = work.iterdir()
    return top


def packages(out: Path) -> None:
    found = {target: path for target in TARGETS.values()
             if (path := out / f"{archive.name_of(target)}.tar.gz").exists()}
    if not found:
        raise SystemExit(f"packages: {out} has no archives (make release)")
    for kind in ("npm", "pip", "recipes"):
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir()
    for number, (target, path) in enumerate(found.items()):
        with tempfile.TemporaryDirectory() as work:
            folders = [Path(work) / name for name in ("tree", "of-target", "everybodys")]
            for folder in folders:
                folder.mkdir()
            tree = unpacked(path, folders[0])
            made = [wheel.pack(target, tree, out / "pip")]
            npm.of_target(target, tree, folders[1])
            made.append(npm.pack(folders[1], out / "npm"))
            if number == 0:
                npm.everybodys(folders[2], tree / "share/doc/irelfix")
                made.append(npm.pack(folders[2], out / "npm"))
        print("\n".join(f"{file.name}  {file.stat().st_size}" for file in made), flush=True)
    sources = out / f"irelfix-{version()}.tar.gz"
    if sources.exists():
        recipes.fill(sources, out / "recipes")
    write_sums(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="packages", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", metavar="FOLDER", type=Path, default=ROOT / "build/release")
    try:
        packages(parser.parse_args().o.resolve())
    except (Missing, subprocess.CalledProcessError) as error:
        raise SystemExit(f"packages: {error}")


if __name__ == "__main__":
    main()
