# SPDX-License-Identifier: MIT
"""integrations/cargo: the example with its build script and its procedural macro."""
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.runs import Outcome, run
from machines import MAJOR, Machine
from need import Missing
from places import ROOT
from rust import toolchain
from tool import TOOL

EXAMPLE = ROOT / "integrations" / "cargo" / "example"
CLANG = "clang-22"
FOREIGN = ("RUSTFLAGS", "CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "IRELFIX_CC",
           "IRELFIX_WRAP")


@dataclass(frozen=True)
class Build:
    machine: Machine
    model: str = ""  # of relocation; rustc's default, if empty

    def __str__(self) -> str:
        return f"{self.machine}-{self.model or 'default'}"

    @property
    def target(self) -> str:
        return toolchain.target(self.machine)


# The default of x86-64 is a static-PIE, that of AArch64 an ET_EXEC.
BUILDS = [Build(machine, model) for machine in MAJOR.values() for model in ("", "static")]


@dataclass(frozen=True)
class Project:
    """A private copy of the example."""
    folder: Path
    build: Build

    def cargo(self, *words: str, status: int = 0, prefix: tuple[str | Path, ...] = (),
              **variables: str) -> str:
        """What cargo says, called by the words of @prefix."""
        kept = {key: value for key, value in os.environ.items() if key not in FOREIGN}
        environment = {**kept, "PATH": f"{self.folder / 'bin'}:{kept['PATH']}",
                       "CARGO_HOME": str(self.folder / "home"), "CARGO_PROFILE_DEV_DEBUG": "0",
                       "RUSTC": toolchain.rustc(self.build.machine)}
        options = ["--offline", "--target", self.build.target,
                   "--config", f"env.IRELFIX_CC='{CLANG}'"]
        if self.build.model:
            options += ["--config", f"target.{self.build.target}.rustflags="
                                    f"['-Crelocation-model={self.build.model}']"]
        command = [*prefix, toolchain.cargo(), words[0], *options, *words[1:]]
        done = subprocess.run(command, text=True, cwd=self.folder / "example",
                              env={**environment, **variables},
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=300)
        assert (done.returncode == 0) == (status == 0), done.stdout
        return done.stdout

    @property
    def program(self) -> Path:
        return self.folder / "example" / "target" / self.build.target / "debug" / "hello"

    def outcome(self) -> Outcome:
        return run(self.program, self.build.machine)


def open_project(build: Build, folder: Path) -> Project:
    shutil.copytree(EXAMPLE, folder / "example", ignore=shutil.ignore_patterns("target"))
    (folder / "bin").mkdir()
    (folder / "bin" / "irelfix-cc").symlink_to(TOOL.resolve())
    return Project(folder, build)


@pytest.fixture(scope="module", params=BUILDS, ids=str)
def repaired(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = open_project(request.param, tmp_path_factory.mktemp("cargo"))
    project.cargo("build")
    return project


# The driver itself, in the place of irelfix-cc.
LINKERS = {f"CARGO_TARGET_{toolchain.target(machine).upper().replace('-', '_')}_LINKER": CLANG
           for machine in MAJOR.values()}


@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_crashes_without(build: Build, tmp_path: Path) -> None:
    project = open_project(build, tmp_path)
    project.cargo("build", **LINKERS)
    outcome = project.outcome()
    assert outcome.crashed and outcome.output == "", str(outcome)


@pytest.mark.parametrize("build", BUILDS, ids=str)
def test_runs_where_only_the_build_is_wrapped(build: Build, tmp_path: Path) -> None:
    project = open_project(build, tmp_path)
    said = project.cargo("build", prefix=(TOOL, "--run", "--"), **LINKERS)
    assert " linked: 1 repaired, 0 kept as they are, 0 removed\n" in said
    outcome = project.outcome()
    assert (outcome.status, outcome.output) == (0, "hello World\n"), str(outcome)


def test_runs_with(repaired: Project) -> None:
    outcome = repaired.outcome()
    assert (outcome.status, outcome.output) == (0, "hello World\n"), str(outcome)


def test_second_build_does_nothing(repaired: Project) -> None:
    """Nor does it put back the program as it was linked, of which it keeps a second name."""
    before = repaired.program.stat()
    said = repaired.cargo("build", "--verbose")
    assert said.count("Fresh ") == 3 and "Compiling" not in said and "Running" not in said
    after = repaired.program.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert after.st_nlink == 2


@pytest.mark.parametrize("repaired", BUILDS[:1], ids=str, indirect=True)
def test_edit_is_repaired_again(repaired: Project) -> None:
    source = repaired.folder / "example" / "src" / "main.rs"
    source.write_text(source.read_text().replace('"{}"', '"{}!"'))
    repaired.cargo("build")
    assert repaired.outcome().output == "hello World!\n"


NEEDS_LIBRARY = """
#[link(name = "resolv", kind = "dylib")]
extern "C" { fn ns_datetosecs(text: *const u8, error: *mut i32) -> u32; }

pub fn to(name: &str) -> String {
    let mut error = 0;
    format!("{name} {}", unsafe { ns_datetosecs(b"20260101000000\\0".as_ptr(), &mut error) })
}
"""


def test_refusal_fails_every_build(tmp_path: Path) -> None:
    """A function that only the shared library has."""
    project = open_project(BUILDS[0], tmp_path)
    (project.folder / "example" / "greeting" / "src" / "lib.rs").write_text(NEEDS_LIBRARY)
    for _ in range(2):
        said = project.cargo("build", status=1)
        assert "irelfix: " in said and "`ns_datetosecs'" in said, said
        assert not project.program.exists()


def test_fails_without_irelfix(tmp_path: Path) -> None:
    project = open_project(BUILDS[0], tmp_path)
    (project.folder / "bin" / "irelfix-cc").unlink()
    if (other := shutil.which("irelfix-cc")) is not None:
        raise Missing(f"a machine without irelfix, here is {other}")
    for _ in range(2):
        assert "linker `irelfix-cc` not found" in project.cargo("build", status=101)
        assert not project.program.exists()
