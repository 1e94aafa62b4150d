# SPDX-License-Identifier: MIT
"""
irelfix-VERSION-TARGET.tar.gz: one folder, which may be unpacked into /usr/local or stay what it is.
"""
import gzip
import io
import shutil
import tarfile
from pathlib import Path

from .build import epoch, installed, version
from .targets import ROOT, Linux, Target

# What is for who builds against the library, whose machine has a compiler and the sources.
LEFT_OUT = ("lib/libirelfix.a", "lib/pkgconfig", "include/irelfix.h")
DOCUMENTS = ("LICENSE", "README.md", "CHANGELOG.md")


def name_of(target: Target) -> str:
    return f"irelfix-{version()}-{target.name}"


def tree(target: Target, work: Path) -> Path:
    """What the archive holds."""
    root = installed(target, work)
    for name in LEFT_OUT:
        path = root / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    documents = root / "share/doc/irelfix"
    documents.mkdir(parents=True)
    for name in DOCUMENTS:
        shutil.copy(ROOT / name, documents)
    if isinstance(target, Linux):
        shutil.copy(Path(__file__).parent / "LICENSE.musl", documents)
    return root


def entry(path: Path, name: str) -> tarfile.TarInfo:
    """Nothing in it is of this machine: no owner, no time, no umask."""
    info = tarfile.TarInfo(name)
    info.mtime = epoch()
    if path.is_symlink():
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, str(path.readlink()), 0o777
    elif path.is_dir():
        info.type, info.mode = tarfile.DIRTYPE, 0o755
    else:
        info.size = path.stat().st_size
        info.mode = 0o755 if path.stat().st_mode & 0o100 else 0o644
    return info


def pack(root: Path, top: str, out: Path) -> None:
    """Writes @out, in which everything below @root is called @top/..."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for path in [root, *sorted(root.rglob("*"))]:
            info = entry(path, f"{top}/{path.relative_to(root)}".removesuffix("/."))
            if info.isreg():
                tar.addfile(info, io.BytesIO(path.read_bytes()))
            else:
                tar.addfile(info)
    with open(out, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as file:
        file.write(packed.getvalue())
