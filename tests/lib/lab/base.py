# SPDX-License-Identifier: MIT
"""How commands are run, and how a result is kept between runs."""
import fcntl
import hashlib
import os
import subprocess
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Callable, Iterator, Sequence

from need import Missing
from places import CACHE, LAB, ROOT


class LinkFailed(Exception):
    """The linker refused; holds what it printed."""


def cached_item(name: str) -> Path:
    """The folder that scripts/toolchain fetched an item into."""
    path = CACHE / name
    if not path.is_dir():
        raise Missing(f"{name} was not fetched (make setup, or scripts/toolchain {name})")
    return path


@lru_cache(maxsize=None)
def version_of(*argv: str) -> str:
    return subprocess.run(argv, capture_output=True, text=True, check=True).stdout


def run_tool(argv: Sequence[str | Path], cwd: Path = ROOT, **environment: str) -> str:
    """Runs a compiler or linker; its failure is an exception with all it printed."""
    result = subprocess.run([str(a) for a in argv], cwd=cwd, env={**os.environ, **environment},
                            capture_output=True, text=True)
    if result.returncode != 0:
        raise LinkFailed(f"{' '.join(map(str, argv))}\n{result.stdout}{result.stderr}")
    return result.stdout


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time is in here; the file @lock stands for what they share."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with open(lock, "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def kept(name: str, made_of: Sequence[object], make: Callable[[Path], object]) -> Path:
    """
    build/lab/NAME.KEY, made once: the key covers everything in made_of, and what is under its
    name is always complete. Who comes while another process makes it waits for that.
    """
    key = hashlib.sha256("\0".join(map(str, made_of)).encode()).hexdigest()[:12]
    path = LAB / f"{name}.{key}"
    if path.exists():
        return path
    with alone(path.with_name(f".{path.name}.lock")):
        if not path.exists():
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
                new = Path(folder) / path.name
                make(new)
                new.rename(path)
    return path


def contents_key(*paths: Path) -> str:
    return hashlib.sha256(b"\0".join(p.read_bytes() for p in paths)).hexdigest()
