# SPDX-License-Identifier: MIT
"""The example of the README for rustc."""
import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

from machines import X86_64
from places import ROOT
from rust.toolchain import linker_flags, rustc
from tool import TOOL

HELLO = 'fn main() {\n    println!("hello from Rust");\n}\n'


def without_numbers(text: str) -> str:
    return re.sub(r"\d+(\.\d+)*", "N", text)


def console() -> list[str]:
    text = (ROOT / "README.md").read_text()
    return re.search(r"<!-- rust -->\n```console\n(.*?)```", text, re.S)[1].splitlines()


def said(command: str, folder: Path) -> list[str]:
    """As a shell says it; of a signal, what an interactive one says."""
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True,
                          env={**os.environ, "PATH": f"{TOOL.parent}:{os.environ['PATH']}"})
    killed = ["Segmentation fault"] if done.returncode == 128 + signal.SIGSEGV else []
    return done.stdout.splitlines() + killed


def test_what_the_readme_shows(tmp_path: Path) -> None:
    """With rustc's own linker, where it has one; the numbers are those of its libraries."""
    lines = console()
    build, run, repair = (line[2:] for line in lines if line.startswith("$ "))
    (tmp_path / "hello.rs").write_text(HELLO)
    flags = shlex.join(map(str, linker_flags(X86_64)))
    assert build.startswith("rustc ")
    assert said(f"{rustc(X86_64)} {flags} {build.removeprefix('rustc ')}", tmp_path) == []
    printed = ["$ " + build, "$ " + run, *said(run + "\nexit $?", tmp_path), "$ " + repair,
               *said(repair, tmp_path)]
    assert [without_numbers(line) for line in printed] == [without_numbers(line) for line in lines]
