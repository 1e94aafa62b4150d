# SPDX-License-Identifier: MIT
"""Links programs with the defect and proves them."""
import os
import select
import subprocess
import time
from pathlib import Path

from lab.base import run_tool
from lab.links import KINDS
from lab.programs import STRAY_LIBRARY
from lab.toolchains import LINKERS
from machines import X86_64
from tool import HEALTHY, TIME_LIMIT, TOOL, irelfix
from variants.build import PROGRAMS

class Bench:
    """A proof leaves nothing behind."""

    def __init__(self, folder: Path):
        self.folder, self.result, self.mark = folder, folder / "result", folder / "mark"
        self.stage, self.broken = folder / "stage", folder / "broken"
        self.stage.mkdir()

    def compile(self, source: str, *flags: str, machine=X86_64, kind: str = "exec") -> None:
        run_tool([machine.tool("gcc"), *flags, PROGRAMS / source,
                  *LINKERS["lld-22"].link_flags(), *KINDS[kind], *STRAY_LIBRARY,
                  "-o", self.broken])

    def link(self, before: str = "", machine=X86_64, kind: str = "exec") -> None:
        """A program whose constructor runs BEFORE."""
        self.compile("before-main.c", "-O2", f"-DBEFORE={before}", f'-DMARK="{self.mark}"',
                     machine=machine, kind=kind)

    def link_short(self, after: str) -> None:
        """One whose main has no room for an exit, and whose destructor runs AFTER."""
        self.compile("after-main.c", "-Os", f"-DAFTER={after}")

    def script(self, text: str) -> Path:
        """A program that can stand for an emulator; $2 is the model."""
        path = self.folder / "script"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def prove(self, models: str, *more: str | Path, status: int = HEALTHY) -> list[dict]:
        """The proof's rows; of the file as it is, if nothing more is said."""
        answer = irelfix("--json", f"--prove={models}", self.broken, *more)
        assert answer.status == status, str(answer)
        assert list(self.stage.iterdir()) == []
        return answer.object["prove"]

    def repair(self, models: str, status: int = HEALTHY) -> list[dict]:
        return self.prove(models, "-o", self.result, status=status)

    def start(self, *arguments: str | Path, **more) -> subprocess.Popen:
        settings = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE,
                    "stderr": subprocess.PIPE, **more}
        return subprocess.Popen([TOOL, *arguments], **settings)

    def processes(self) -> list[str]:
        """The command lines that name a file of it: irelfix's, its keepers', the program's."""
        lines = []
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                lines.append(path.read_bytes().decode(errors="replace"))
            except OSError:
                continue  # has ended meanwhile
        return [line for line in lines if str(self.folder) in line]

    def wait_for_program(self) -> None:
        wait_until(lambda: any(str(self.stage) in line for line in self.processes()))

    def assert_nothing_left(self) -> None:
        """Who was killed may need a moment to be gone."""
        wait_until(lambda: not self.processes())
        assert list(self.stage.iterdir()) == []


def wait_until(condition) -> None:
    end = time.monotonic() + TIME_LIMIT
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def read_until(stream: int, text: str, seconds: float = 60) -> str:
    """What a descriptor gives, up to a text in it."""
    end, shown = time.monotonic() + seconds, ""
    while text not in shown:
        ready, _, _ = select.select([stream], [], [], max(0, end - time.monotonic()))
        assert ready, f"no {text!r} within {seconds} s, but {shown!r}"
        part = os.read(stream, 4096).decode()
        assert part, f"ended without {text!r}: {shown!r}"
        shown += part.replace("\r\n", "\n")
    return shown


def results(rows: list[dict]) -> dict[str, str]:
    return {row["model"]: row["result"] for row in rows}
