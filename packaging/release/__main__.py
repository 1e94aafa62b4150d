# SPDX-License-Identifier: MIT
"""
scripts/release [-o FOLDER] [TARGET...]

Builds the programs of a release, or those of some targets, lets each one for Linux repair a
program, and packs them into FOLDER (build/release): archives, SHA256SUMS, an SPDX document. Two
runs of the same commit with the same tools give the same bytes, in whatever folder.
"""
import argparse
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import archive, sbom, smoke
from .build import make, version
from .targets import ROOT, TARGETS, Linux, Missing, Target


def sources(out: Path) -> dict[Path, None]:
    """The archive of the sources; where this is one, there is nothing to make it of."""
    if not (ROOT / ".git").exists():
        return {}
    make("dist", BUILD=os.path.relpath(out, ROOT))
    return {out / f"irelfix-{version()}.tar.gz": None}


def pack(target: Target, out: Path, work: Path) -> Path:
    name = archive.name_of(target)
    path = out / f"{name}.tar.gz"
    tree = archive.tree(target, work)
    if isinstance(target, Linux):
        smoke.repairs(target, tree / "bin/irelfix", work)
    archive.pack(tree, name, path)
    print(f"{path.name}  {path.stat().st_size}", flush=True)
    return path


def write_sums(out: Path) -> None:
    """Of everything in the folder, as `sha256sum -c` reads it."""
    rows = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out)}\n"
            for path in sorted(out.rglob("*")) if path.is_file() and path.name != "SHA256SUMS"]
    (out / "SHA256SUMS").write_text("".join(rows))


def release(out: Path, targets: list[Target]) -> None:
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    archives = sources(out)
    with tempfile.TemporaryDirectory() as work:
        archives |= {pack(target, out, Path(work)): target for target in targets}
    (out / f"irelfix-{version()}.spdx.json").write_text(sbom.document(archives))
    write_sums(out)


def main() -> None:
    parser = argparse.ArgumentParser(prog="release", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", metavar="FOLDER", type=Path, default=ROOT / "build/release")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    arguments = parser.parse_args()
    if unknown := set(arguments.targets) - set(TARGETS):
        parser.error(f"no target {', '.join(sorted(unknown))}")
    try:
        release(arguments.o.resolve(), [TARGETS[t] for t in arguments.targets or TARGETS])
    except (Missing, subprocess.CalledProcessError) as error:
        raise SystemExit(f"release: {error}")


if __name__ == "__main__":
    main()
