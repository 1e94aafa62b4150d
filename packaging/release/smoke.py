# SPDX-License-Identifier: MIT
"""
What a program for Linux does before it is packed: under an emulator it repairs an executable that
ld.lld broke, which crashed before and says hello afterwards.
"""
import subprocess
from functools import lru_cache
from pathlib import Path

from .targets import Linux, tool

SOURCE = '#include <stdio.h>\nint main(void) { return puts("hello") < 0; }\n'
# One shared library on the line of a static link is what it takes.
STATIC = "-static -no-pie -fuse-ld=lld -Wl,--push-state,-Bdynamic -lm -Wl,--pop-state".split()


def linked(work: Path) -> Path:
    (work / "ld").mkdir()
    (work / "ld/ld.lld").symlink_to(tool("ld.lld-22"))
    (work / "hello.c").write_text(SOURCE)
    broken = work / "hello"
    subprocess.run([tool("gcc"), work / "hello.c", "-o", broken, "-B", work / "ld", *STATIC],
                   check=True)
    return broken


@lru_cache(maxsize=None)
def sample(work: Path) -> Path:
    """An executable for this machine that crashes."""
    broken = linked(work)
    if said(broken) == "hello\n":
        raise SystemExit("release: what ld.lld-22 linked does not crash, so that no repair shows")
    return broken


def said(program: Path) -> str:
    return subprocess.run([program], capture_output=True, text=True).stdout


def repairs(target: Linux, program: Path, work: Path) -> None:
    """Fails unless @program does."""
    repaired = work / f"hello-{target.name}"
    subprocess.run([target.emulator, program, "-q", sample(work), "-o", repaired], check=True)
    if said(repaired) != "hello\n":
        raise SystemExit(f"release: what the irelfix of {target.name} repaired does not run")
