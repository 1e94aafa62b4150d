# SPDX-License-Identifier: MIT
"""Workspaces of a real Bazel that needs no network."""
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from need import need
from places import LAB, ROOT

TIME_LIMIT = 300


@dataclass(frozen=True)
class House:
    """Where Bazel finds irelfix, and where it puts what it makes."""
    root: Path
    output: Path

    @property
    def example(self) -> Path:
        return self.root / "integrations" / "bazel" / "example"

    @property
    def offline(self) -> list[str]:
        """Bazel fetches these for every build; here each is a few lines."""
        folders = sorted((self.root / "tests/integrations/bazel_offline").iterdir())
        return [f"--override_repository={folder.name}={folder}" for folder in folders]

    @property
    def startup(self) -> list[str]:
        """A server starts sooner with one compiler of Java, and goes if a test is killed."""
        return ["--nohome_rc", f"--output_user_root={self.output}", "--max_idle_secs=120",
                "--host_jvm_args=-XX:TieredStopAtLevel=1"]


# What Bazel reads of this house.
READ = ("BUILD.bazel", "MODULE.bazel", "WORKSPACE", ".bazelignore", "include", "src",
        "integrations/bazel", "tests/integrations/bazel_offline")


def house(elsewhere: Path) -> House:
    """This one; as Bazel works in no folder with a blank in its name, else a copy elsewhere."""
    if " " not in str(ROOT):
        return House(ROOT, LAB / "bazel")
    for name in READ:
        to = elsewhere / "irelfix" / name
        to.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, to)
    return House(elsewhere / "irelfix", elsewhere / "output")


# "sandboxed" is an error where no sandbox works. An action then has nothing but what it declares.
BUILDING = ["--spawn_strategy=sandboxed", "--nosandbox_debug", "--symlink_prefix=/",
            "--color=no", "--curses=no", "--noshow_progress"]


@dataclass(frozen=True)
class Workspace:
    house: House
    folder: Path
    options: tuple[str, ...] = ()  # besides those that every build has

    def command(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        need("bazel")
        environment = {key: value for key, value in os.environ.items() if key != "CC"}
        done = subprocess.run(["bazel", *self.house.startup, *words], cwd=self.folder, env=environment,
                              text=True, capture_output=True, timeout=TIME_LIMIT)
        assert done.returncode == status, done.stderr
        return done

    def build(self, *targets: str, status: int = 0) -> str:
        """What Bazel says about a build."""
        return self.command("build", *self.house.offline, *self.options, *BUILDING, *targets,
                            status=status).stderr

    def run(self, target: str) -> str:
        return self.command("run", *self.house.offline, *self.options, *BUILDING, target).stdout

    def actions(self, query: str) -> list[str]:
        """What Bazel would do: a text for every action."""
        found = self.command("aquery", *self.house.offline, *self.options, query).stdout
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
