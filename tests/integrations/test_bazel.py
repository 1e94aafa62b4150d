# SPDX-License-Identifier: MIT
"""integrations/bazel: the example for every level, built by a real Bazel in its sandbox."""
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from bazel_lab import House, Workspace, house
from lab.base import alone
from lab.runs import Outcome, run
from machines import MACHINES
from places import ROOT

LEVELS = ["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4",
          "armv8-a", *(f"armv8.{n}-a" for n in range(1, 10)),
          "armv9-a", *(f"armv9.{n}-a" for n in range(1, 7))]
PROGRAMS = ["hello", "hello_pie", *(f"hello_{level}" for level in LEVELS)]

NOTHING_DONE = "INFO: 1 process: 1 internal."  # Bazel's own record of the build


def started(program: Path) -> Outcome:
    return run(program, MACHINES["aarch64" if "_armv" in program.name else "x86-64"])


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house(tmp_path_factory.mktemp("bazel"))


@pytest.fixture(scope="module")
def example(here: House) -> Iterator[Workspace]:
    workspace = Workspace(here, here.example)
    workspace.build("//...")
    yield workspace
    workspace.shutdown()


@pytest.fixture(scope="module")
def other_place(here: House) -> Iterator[Workspace]:
    workspace = Workspace(here, here.output / "copy",
                          (f"--override_repository=irelfix={here.root}",))
    yield workspace
    workspace.shutdown()


@pytest.fixture
def copy(other_place: Workspace) -> Iterator[Workspace]:
    """The example with another output base and another server; it may be changed."""
    other_place.folder.mkdir(parents=True, exist_ok=True)
    with alone(other_place.folder.with_name("copy.lock")):
        shutil.copytree(other_place.house.example, other_place.folder, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("bazel-*"))
        yield other_place


@pytest.mark.parametrize("name", PROGRAMS)
def test_crashes_as_linked(example: Workspace, name: str) -> None:
    outcome = started(example.binary(f"{name}_linked"))
    assert outcome.crashed and outcome.output == "", str(outcome)


@pytest.mark.parametrize("name", PROGRAMS)
def test_runs(example: Workspace, name: str) -> None:
    outcome = started(example.binary(name))
    assert (outcome.status, outcome.output) == (0, f"hello from {name}\n"), str(outcome)


def test_bazel_run(example: Workspace) -> None:
    assert "hello from hello\n" == example.run("//:hello")


def test_second_build_does_nothing(example: Workspace) -> None:
    example.build("//...")
    assert NOTHING_DONE in example.build("//...")


def test_every_level_reaches_the_compiler(example: Workspace) -> None:
    actions = example.actions('mnemonic("CppCompile", deps(//...))')
    for level in LEVELS:
        compiles = [a for a in actions if f"Target: //:hello_{level}_linked\n" in a]
        assert compiles
        assert all(re.findall(r"-march=([\w.-]+)", action) == [level] for action in compiles)


def test_action_declares_what_it_touches(example: Workspace) -> None:
    """Two files in, one out, nothing of the environment: it can run on another machine."""
    [action] = example.actions('mnemonic("Irelfix", //:hello)')
    inputs = re.search(r"Inputs: \[(.*)\]", action)
    outputs = re.search(r"Outputs: \[(.*)\]", action)
    assert inputs and outputs, action
    files = [f for f in inputs[1].split(", ") if "/_middlemen/" not in f]
    assert sorted(f.partition("/bin/")[2] for f in files) == ["external/irelfix/irelfix",
                                                              "hello_linked"]
    assert outputs[1].endswith("/bin/hello") and "," not in outputs[1]
    assert "Environment" not in action


def test_runfiles_do_not_hold_the_broken_program(example: Workspace) -> None:
    names = example.binary("hello.runfiles_manifest").read_text().split()[::2]
    assert names == ["example/hello"]


def test_same_bytes_in_another_place(example: Workspace, copy: Workspace) -> None:
    names = ["hello", "hello_pie", "hello_armv9.6-a"]
    copy.build(*(f"//:{name}" for name in names))
    for name in names:
        assert example.binary(name).read_bytes() == copy.binary(name).read_bytes()


def test_edit_is_repaired_again(copy: Workspace) -> None:
    copy.build("//:hello")
    source = copy.folder / "hello.c"
    source.write_text(source.read_text().replace("hello from", "good day from"))
    copy.build("//:hello")
    assert started(copy.binary("hello")).output == "good day from hello\n"


def test_refusal_fails_the_build(copy: Workspace) -> None:
    """Here the program needs the shared library: tgamma is not taken from libm.a."""
    (copy.folder / "refused.c").write_text(
        "double tgamma(double);\nint main(int c, char **v) { (void)v; return (int)tgamma(c); }\n")
    build = copy.folder / "BUILD.bazel"
    build.write_text(build.read_text() + 'irelfix_cc_binary(name = "refused", '
                     'srcs = ["refused.c"], linkopts = ["-static"] + STRAY)\n')
    said = copy.build("//:refused", status=1)
    assert "refused_linked: " in said and "tgamma" in said


@pytest.mark.fast
def test_module_has_the_version_of_the_library() -> None:
    module = (ROOT / "MODULE.bazel").read_text()
    header = (ROOT / "include" / "irelfix.h").read_text()
    version = re.search(r'IRELFIX_VERSION "(.*)"', header)
    assert version and f'version = "{version[1]}",' in module
