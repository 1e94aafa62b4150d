# SPDX-License-Identifier: MIT
"""File systems in a mount namespace of their own, which is gone with all of them after the test."""
import subprocess
from pathlib import Path

from need import command, need_root, refused_here
from tool import TIME_LIMIT, TOOL, Answer


class Mounts:
    """A context. What is mounted in it is seen by what run() and irelfix() start."""

    def __init__(self, folder: Path):
        self.folder = folder

    def __enter__(self) -> "Mounts":
        need_root()
        self.holder = subprocess.Popen(
            [command("unshare"), "--mount", "--propagation", "private", "sh", "-c",
             "echo ready; exec cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        if self.holder.stdout.readline() != "ready\n":
            raise refused_here("no mount namespaces", self.holder.communicate()[1])
        return self

    def __exit__(self, *_) -> None:
        self.holder.communicate(timeout=TIME_LIMIT)

    def path(self, name: str) -> Path:
        """Where this process sees a file below the folder as it is mounted."""
        return Path(f"/proc/{self.holder.pid}/root{self.folder}/{name}")

    def run(self, *argv: str | Path) -> subprocess.CompletedProcess:
        """In the folder as it is there."""
        return subprocess.run(["nsenter", f"--target={self.holder.pid}", "--mount", "sh", "-c",
                               'cd "$0" && exec "$@"', self.folder, *argv],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=TIME_LIMIT)

    def mount(self, *argv: str | Path) -> None:
        """By mount or a program of FUSE, whose name and arguments these are."""
        made = self.run(command(argv[0]), *argv[1:])
        if made.returncode != 0:
            raise refused_here("nothing can be mounted", made.stderr or made.stdout)

    def irelfix(self, *arguments: str | Path, before: tuple[str, ...] = ()) -> Answer:
        """`before` is a command that runs it."""
        made = self.run(*before, TOOL, *arguments)
        return Answer(made.returncode, made.stdout, made.stderr)
