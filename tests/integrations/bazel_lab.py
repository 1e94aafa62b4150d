# SPDX-License-Identifier: MIT
"""Workspaces of a real Bazel that knows modules and needs no network."""
import os
import shutil
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lab.base import alone, cached_item
from need import command
from places import LAB, ROOT

TIME_LIMIT = 550


@dataclass(frozen=True)
class House:
    """Where Bazel finds irelfix, and where it puts what it makes."""
    root: Path
    output: Path

    def example(self, name: str) -> Path:
        return self.root / "integrations" / "bazel" / name

    @property
    def registry(self) -> Path:
        return self.output / "registry"

    @property
    def startup(self) -> list[str]:
        """A server starts sooner with one compiler of Java, and goes if a test is killed."""
        return ["--nohome_rc", f"--output_user_root={self.output}", "--max_idle_secs=120",
                "--host_jvm_args=-XX:TieredStopAtLevel=1"]


# What Bazel reads of this house.
READ = ("BUILD.bazel", "MODULE.bazel", ".bazelignore", "include", "src", "integrations/bazel",
        "tests/integrations/bazel_registry")


def house(elsewhere: Path) -> House:
    """This one; as Bazel works in no folder with a blank in its name, else a copy elsewhere."""
    bazel()
    here = House(ROOT, LAB / "bazel")
    if " " in str(ROOT):
        for name in READ:
            to = elsewhere / "irelfix" / name
            to.parent.mkdir(parents=True, exist_ok=True)
            (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, to)
        here = House(elsewhere / "irelfix", elsewhere / "output")
    with alone(here.output / "registry.lock"):
        make_registry(here)
    return here


def make_registry(here: House) -> None:
    """
    The folder bazel_registry, with Debian's rules_rust under its own few files, and with the
    example's toolchain as what toolchains_llvm makes.
    """
    shutil.rmtree(here.registry, ignore_errors=True)
    shutil.copytree(here.root / "tests/integrations/bazel_registry", here.registry)
    stubs = here.registry / "stubs"
    shutil.copytree(stubs / "rules_rust", stubs / "own")
    shutil.copytree(cached_item("bazel") / "usr/share/bazel/rules/rust", stubs / "rules_rust",
                    dirs_exist_ok=True)
    shutil.copytree(stubs / "own", stubs / "rules_rust", dirs_exist_ok=True)
    shutil.copy(here.example("example") / "toolchain" / "clang.bzl",
                stubs / "toolchains_llvm" / "toolchain")
    (stubs / "rules_rust" / "debian_rust").symlink_to(cached_item("rust") / "usr")


def bazel() -> str:
    """Debian sid's: a program that lays sid's files over this machine's for what it starts."""
    command("unshare")
    return str(cached_item("bazel") / "bazel")


# "sandboxed" is an error where no sandbox works. An action then has nothing but what it declares.
BUILDING = ["--noenable_workspace", "--lockfile_mode=off", "--spawn_strategy=sandboxed",
            "--nosandbox_debug", "--symlink_prefix=/", "--color=no", "--curses=no",
            "--noshow_progress", "--jobs=2"]


@dataclass(frozen=True)
class Workspace:
    house: House
    folder: Path
    options: tuple[str, ...] = ()  # besides those that every build has

    def command(self, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if key != "CC"}
        done = subprocess.run([bazel(), *self.house.startup, *words], cwd=self.folder,
                              env=environment, text=True, capture_output=True, timeout=TIME_LIMIT)
        assert done.returncode == status, done.stdout + done.stderr
        return done

    @property
    def building(self) -> list[str]:
        return [f"--registry=file://{self.house.registry}", *BUILDING, *self.options]

    def build(self, *targets: str, status: int = 0) -> str:
        """What Bazel says about a build."""
        return self.command("build", *self.building, *targets, status=status).stderr

    def test(self, *targets: str, status: int = 0) -> str:
        done = self.command("test", *self.building, "--test_output=all", *targets, status=status)
        return done.stdout

    def run(self, target: str, *arguments: str) -> str:
        return self.command("run", *self.building, target, *arguments).stdout

    def cquery(self, target: str, expression: str, *options: str) -> str:
        """What a Starlark expression over a target prints."""
        return self.command("cquery", *self.building, *options, target, "--output=starlark",
                            f"--starlark:expr={expression}").stdout.strip()

    def actions(self, query: str) -> list[str]:
        """What Bazel would do: a text for every action."""
        found = self.command("aquery", *self.building, query).stdout
        return [action for action in found.split("\n\n") if action]

    def shutdown(self) -> None:
        self.command("shutdown")

    @cached_property
    def output_path(self) -> Path:
        return Path(self.command("info", *self.building, "output_path").stdout.strip())

    def binary(self, name: str) -> Path:
        """What was built, of whatever configuration it is."""
        found = [*self.output_path.glob(f"*/bin/{name}")]
        assert len(found) == 1, (name, found)
        return found[0]
