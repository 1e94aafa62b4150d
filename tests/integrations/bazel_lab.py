# SPDX-License-Identifier: MIT
"""Workspaces of a real Bazel that needs no network."""
import os
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from need import need
from places import LAB, ROOT

EXAMPLE = ROOT / "integrations" / "bazel" / "example"
OUTPUT = LAB / "bazel"
TIME_LIMIT = 300

# Bazel fetches these for every build; here each is a few lines.
OFFLINE = [f"--override_repository={folder.name}={folder}"
           for folder in sorted((Path(__file__).parent / "bazel_offline").iterdir())]

# A server starts sooner with one compiler of Java, and goes by itself if a test is killed.
STARTUP = ["--nohome_rc", f"--output_user_root={OUTPUT}", "--max_idle_secs=120",
           "--host_jvm_args=-XX:TieredStopAtLevel=1"]

# "sandboxed" is an error where no sandbox works. An action then has nothing but what it declares.
BUILDING = ["--spawn_strategy=sandboxed", "--nosandbox_debug", "--symlink_prefix=/",
            "--color=no", "--curses=no", "--noshow_progress"]


@dataclass(frozen=True)
class Workspace:
    folder: Path
    options: tuple[str, ...] = ()  # besides those that every build has

    def command(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        need("bazel")
        environment = {key: value for key, value in os.environ.items() if key != "CC"}
        done = subprocess.run(["bazel", *STARTUP, *words], cwd=self.folder, env=environment,
                              text=True, capture_output=True, timeout=TIME_LIMIT)
        assert done.returncode == status, done.stderr
        return done

    def build(self, *targets: str, status: int = 0) -> str:
        """What Bazel says about a build."""
        return self.command("build", *OFFLINE, *self.options, *BUILDING, *targets,
                            status=status).stderr

    def run(self, target: str) -> str:
        return self.command("run", *OFFLINE, *self.options, *BUILDING, target).stdout

    def actions(self, query: str) -> list[str]:
        """What Bazel would do: a text for every action."""
        found = self.command("aquery", *OFFLINE, *self.options, query).stdout
        return [action for action in found.split("\n\n") if action]

    def shutdown(self) -> None:
        self.command("shutdown")

    @cached_property
    def output_path(self) -> Path:
        return Path(self.command("info", "output_path").stdout.strip())

    def binary(self, name: str) -> Path:
        """What was built, of whatever configuration it is."""
        found = [*self.output_path.glob(f"*/bin/{name}")]
        assert len(found) == 1, (name, found)
        return found[0]
