# SPDX-License-Identifier: MIT
"""integrations/bazel: its rules and its examples, built by a real Bazel in its sandbox."""
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from bazel_lab import House, Workspace, house
from lab.base import alone, cached_item
from lab.runs import Outcome, run
from machines import MACHINES
from need import NoProcessor
from places import ROOT, TESTS
from projects import install
from rust import toolchain
from rust.check import assert_works
from tool import VERSION
from variants.levels import AVX512
from variants.running import processor_flags

LEVELS = ["x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4",
          "armv8-a", *(f"armv8.{n}-a" for n in range(1, 10)),
          "armv9-a", *(f"armv9.{n}-a" for n in range(1, 7))]
PROGRAMS = ["hello", "hello_pie", *(f"hello_{level}" for level in LEVELS)]

NOTHING_DONE = "INFO: 1 process: 1 internal."  # Bazel's own record of the build


def machine_of(program: Path):
    return MACHINES["aarch64" if "_armv" in program.name else "x86-64"]


def started(program: Path) -> Outcome:
    return run(program, machine_of(program))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> House:
    return house(tmp_path_factory.mktemp("bazel"))


def opened(workspace: Workspace) -> Iterator[Workspace]:
    yield workspace
    workspace.shutdown()


@pytest.fixture(scope="module")
def example(here: House) -> Iterator[Workspace]:
    workspace = Workspace(here, here.example("example"))
    workspace.build("//...")
    yield from opened(workspace)


@pytest.fixture(scope="module")
def other_place(here: House) -> Iterator[Workspace]:
    yield from opened(Workspace(here, here.output / "copy",
                                (f"--override_module=irelfix={here.root}",)))


@pytest.fixture
def copy(other_place: Workspace) -> Iterator[Workspace]:
    """The example with another output base and another server; it may be changed."""
    with alone(other_place.folder.with_name("copy.lock")):
        shutil.rmtree(other_place.folder, ignore_errors=True)
        shutil.copytree(other_place.house.example("example"), other_place.folder)
        yield other_place


def add(workspace: Workspace, *lines: str) -> None:
    """More targets for the example."""
    with open(workspace.folder / "BUILD.bazel", "a") as build:
        build.write("\n".join(["", *lines, ""]))


# ---- the example in C ----


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


def test_bazel_test(example: Workspace) -> None:
    said = example.test("//:hello_test_linked", status=3)
    assert "1 fails locally" in said and "hello from" not in said
    assert started(example.binary("hello_test_linked")).crashed
    assert "hello from hello_test\n" in example.test("//...")


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
    files = [f for f in inputs[1].split(", ") if "runfiles" not in f and "/_middlemen/" not in f]
    assert sorted(f.partition("/bin/")[2] for f in files) == ["external/irelfix~/irelfix",
                                                              "hello_linked"]
    assert outputs[1].endswith("/bin/hello") and "," not in outputs[1]
    assert "Environment" not in action


def test_runfiles_do_not_hold_the_broken_program(example: Workspace) -> None:
    names = example.binary("hello.runfiles_manifest").read_text().split()[::2]
    assert [name for name in names if "hello" in name] == ["_main/hello"]


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


def test_refusal_fails_every_build(copy: Workspace) -> None:
    """Here the program needs the shared library: tgamma is not taken from libm.a."""
    (copy.folder / "refused.c").write_text(
        "double tgamma(double);\nint main(int c, char **v) { (void)v; return (int)tgamma(c); }\n")
    add(copy, 'irelfixed(cc_binary, name = "refused", srcs = ["refused.c"], '
              'linkopts = ["-static"] + STRAY)')
    for _ in range(2):
        said = copy.build("//:refused", status=1)
        assert "refused_linked: " in said and "tgamma" in said


# ---- what comes along ----

ROUND_TRIP = """
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		printf("%s ", argv[i]);
	puts(getenv("GREETING") ? getenv("GREETING") : "no greeting");
	return 0;
}
"""


@pytest.fixture
def round_trip(copy: Workspace) -> Workspace:
    (copy.folder / "round.c").write_text(ROUND_TRIP)
    (copy.folder / "some").mkdir()
    (copy.folder / "some" / "data.txt").write_text("data\n")
    for rule, around in (("binary", "irelfixed"), ("test", "irelfixed_test")):
        add(copy, f'{around}(', f'    cc_{rule},', f'    name = "round_{rule}",',
            '    srcs = ["round.c"],',
            '    args = ["one", "$(location some/data.txt)"],', '    data = ["some/data.txt"],',
            '    env = {"GREETING": "good day"},', '    linkopts = ["-static"] + STRAY,', ')')
    return copy


def test_arguments_and_environment(round_trip: Workspace) -> None:
    assert round_trip.run("//:round_binary") == "one some/data.txt good day\n"
    assert "one some/data.txt good day\n" in round_trip.test("//:round_test")


def test_runfiles(round_trip: Workspace) -> None:
    round_trip.build("//:round_binary")
    names = round_trip.binary("round_binary.runfiles_manifest").read_text().split()[::2]
    assert {"_main/some/data.txt", "_main/round_binary"} <= set(names)
    assert "_main/round_binary_linked" not in names


def test_output_groups_and_coverage(round_trip: Workspace) -> None:
    groups = 'dir(providers(target)["OutputGroupInfo"])'
    files = 'providers(target)["InstrumentedFilesInfo"].instrumented_files.to_list()'
    for target in ("//:round_binary", "//:round_test"):
        assert "compilation_outputs" in round_trip.cquery(target, groups)
        assert "round.c" in round_trip.cquery(
            target, files, "--collect_code_coverage", "--instrument_test_targets",
            "--instrumentation_filter=.*",
            "--override_repository=bazel_tools~remote_coverage_tools_extension~"
            f"remote_coverage_tools={round_trip.house.registry}/stubs/remote_coverage_tools")


# ---- the tool ----

PREBUILT = """
load("@irelfix//integrations/bazel:defs.bzl", "irelfix_toolchain")

irelfix_toolchain(name = "prebuilt_irelfix", irelfix = "tool/irelfix")

toolchain(
    name = "prebuilt",
    toolchain = ":prebuilt_irelfix",
    toolchain_type = "@irelfix//integrations/bazel:toolchain_type",
)
"""


@pytest.fixture
def prebuilt(copy: Workspace, example: Workspace) -> Workspace:
    """The example with a program that was built elsewhere, and that says so."""
    (copy.folder / "tools").mkdir()
    (copy.folder / "tools" / "BUILD.bazel").write_text(PREBUILT)
    tool = copy.folder / "tools" / "tool" / "irelfix"
    tool.parent.mkdir()
    shutil.copy(example.binary("external/irelfix~/irelfix"), tool)
    with open(copy.folder / "MODULE.bazel", "a") as module:
        module.write('\nregister_toolchains("//tools:prebuilt")\n')
    return copy


def test_prebuilt_tool(prebuilt: Workspace) -> None:
    """The program is not built from source, and the result is the same."""
    [action] = prebuilt.actions('mnemonic("Irelfix", //:hello)')
    assert "tools/tool/irelfix" in action and "external/irelfix" not in action
    prebuilt.build("//:hello")
    assert started(prebuilt.binary("hello")).output == "hello from hello\n"


def test_missing_tool_fails_every_build(prebuilt: Workspace) -> None:
    (prebuilt.folder / "tools" / "tool" / "irelfix").unlink()
    add(prebuilt, 'irelfix_binary(name = "other", src = ":hello_linked")')
    for _ in range(2):
        said = prebuilt.build("//:other", status=1)
        assert "missing input file '//tools:tool/irelfix'" in said
        assert not [*prebuilt.output_path.glob("*/bin/other")]


def test_installed_module(copy: Workspace) -> None:
    """
    What make install puts below share/irelfix/bazel takes the program that was installed. Not
    below /tmp: a sandbox has its own.
    """
    prefix = copy.house.output / "prefix"
    shutil.rmtree(prefix, ignore_errors=True)
    install(prefix)
    module = prefix / "share/irelfix/bazel"
    user = Workspace(copy.house, copy.folder, (f"--override_module=irelfix={module}",))
    [action] = user.actions('mnemonic("Irelfix", //:hello)')
    assert "external/irelfix~/irelfix," in action or "external/irelfix~/irelfix]" in action
    assert not user.actions('mnemonic("CppCompile", deps(@irelfix//...))')
    user.build("//:hello")
    assert started(user.binary("hello")).output == "hello from hello\n"


# ---- rules_rust ----


@pytest.fixture(scope="module")
def rust_example(here: House) -> Iterator[Workspace]:
    workspace = Workspace(here, here.example("rules_rust"))
    workspace.build("//...")
    yield from opened(workspace)


@pytest.mark.parametrize("level", LEVELS)
def test_rust_crashes_as_linked_and_runs(rust_example: Workspace, level: str) -> None:
    linked = started(rust_example.binary(f"hello/hello_{level}_linked"))
    assert linked.crashed and linked.output == "", str(linked)
    repaired = started(rust_example.binary(f"hello/hello_{level}"))
    assert (repaired.status, repaired.output) == (0, "hello from Rust\n"), str(repaired)


# Each compiles Tokio once more: the first and the last of each machine.
SEED_LEVELS = ["x86-64", "x86-64-v4", "armv8-a", "armv9.6-a"]


@pytest.fixture(scope="module")
def seed(here: House) -> Iterator[Workspace]:
    """The program of tests/seed, Tokio on mimalloc, with the settings of the example."""
    folder = here.output / "seed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(TESTS / "integrations" / "bazel_seed", folder)
    shutil.copytree(TESTS / "seed" / "program" / "src", folder / "src")
    shutil.copytree(here.example("rules_rust") / "platforms", folder / "platforms")
    shutil.copy(here.example("rules_rust") / "settings.bzl", folder)
    workspace = Workspace(here, folder, (
        f"--override_module=irelfix={here.root}", f"--repo_env=CRATES={toolchain.crates()}",
        f"--repo_env=MIMALLOC={cached_item('mimalloc')}"))
    workspace.build(*(f"//:seed_{level}" for level in SEED_LEVELS))
    yield from opened(workspace)


@pytest.mark.parametrize("level", SEED_LEVELS)
def test_seed_crashes_as_linked_and_works(seed: Workspace, level: str) -> None:
    linked = started(seed.binary(f"seed_{level}_linked"))
    assert linked.crashed and linked.output == "", str(linked)
    repaired = seed.binary(f"seed_{level}")
    if level == "x86-64-v4" and not AVX512 <= processor_flags():
        raise NoProcessor("this processor has no AVX-512")
    assert_works(repaired, machine_of(repaired))


# ---- Bazel 8 and 9, the registry, the form ----


# What Bazel 9 no longer gives to every file.
GIVEN_BY_RULES_CC = re.compile(r"\b(cc_(?:common|binary|library|test|toolchain|import)|CcInfo|"
                               r"CcToolchainConfigInfo)\b(?!\.bzl)")


@pytest.mark.fast
def test_loads_what_newer_bazels_do_not_give() -> None:
    """Nor is there a WORKSPACE."""
    assert not [*ROOT.glob("WORKSPACE*"), *(ROOT / "integrations").rglob("WORKSPACE*")]
    files = [ROOT / "BUILD.bazel", *(path for pattern in ("*.bzl", "*.bazel")
                                     for path in (ROOT / "integrations").rglob(pattern))]
    used_by = {path: code_of(path) for path in files}
    assert sum("cc_binary" in text for text in used_by.values()) >= 2
    for path, text in used_by.items():
        loaded = set(re.findall(r'^load\("@rules_cc//[\w/]+:\w+\.bzl", "(\w+)"\)$', text, re.M))
        rest = re.sub(r"^load\(.*?\)$", "", text, flags=re.M)
        assert set(GIVEN_BY_RULES_CC.findall(rest)) <= loaded, path


def code_of(path: Path) -> str:
    """Without its comments and its texts in prose."""
    return re.sub(r'#.*|(?:doc = )?"""(.|\n)*?"""|doc = ".*"', "", path.read_text())


def test_this_module_builds(here: House) -> None:
    """Nothing in it belongs to another module."""
    workspace = Workspace(here, here.root)
    workspace.build("//...")
    assert "irelfix 1." in subprocess.run([workspace.binary("irelfix"), "--version"], text=True,
                                          capture_output=True).stdout
    workspace.shutdown()


def archive_of(house: House, folder: Path) -> Path:
    """What make dist makes, of the files as they are."""
    tree = folder / f"irelfix-{VERSION}"
    for name in (".bazelignore", "BUILD.bazel", "MODULE.bazel", "include", "src", "integrations"):
        tree.mkdir(exist_ok=True)
        (shutil.copytree if (house.root / name).is_dir() else shutil.copy)(
            house.root / name, tree / name)
    archive = folder / f"irelfix-{VERSION}.tar.gz"
    subprocess.run(["tar", "-czf", archive, "-C", folder, tree.name], check=True)
    return archive


def test_registry_files(copy: Workspace, tmp_path: Path) -> None:
    """packaging/bcr as publish-to-bcr fills it in, served to a project that asks for a version."""
    module = tmp_path / "registry" / "modules" / "irelfix"
    version = module / VERSION
    version.mkdir(parents=True)
    packaging = ROOT / "packaging" / "bcr"
    archive = archive_of(copy.house, tmp_path)
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-binary", archive], check=True,
                            capture_output=True).stdout
    source = json.loads((packaging / "source.json").read_text())
    assert source["url"].endswith("/irelfix-{VERSION}.tar.gz")
    source["url"] = f"file://{archive}"
    source["strip_prefix"] = source["strip_prefix"].format(VERSION=VERSION)
    source["integrity"] = "sha256-" + subprocess.run(
        ["base64", "-w0"], input=digest, capture_output=True, check=True).stdout.decode()
    (version / "source.json").write_text(json.dumps(source))
    shutil.copy(copy.house.root / "MODULE.bazel", version)
    metadata = json.loads((packaging / "metadata.json").read_text())
    (module / "metadata.json").write_text(json.dumps({**metadata, "versions": [VERSION]}))
    text = (copy.folder / "MODULE.bazel").read_text()
    asked = re.sub(r'bazel_dep\(name = "irelfix"\)\nlocal_path_override\(.*?\n\)\n',
                   f'bazel_dep(name = "irelfix", version = "{VERSION}")\n', text, flags=re.S)
    assert asked != text
    (copy.folder / "MODULE.bazel").write_text(asked)
    user = Workspace(copy.house, copy.folder, (f"--registry=file://{tmp_path}/registry",))
    user.build("//:hello")
    assert started(user.binary("hello")).output == "hello from hello\n"


def test_presubmit_builds_the_example_with_every_bazel() -> None:
    presubmit = yaml.safe_load((ROOT / "packaging" / "bcr" / "presubmit.yml").read_text())
    of_project = presubmit["bcr_test_module"]
    assert (ROOT / of_project["module_path"] / "MODULE.bazel").exists()
    for matrix in (presubmit["matrix"], of_project["matrix"]):
        assert matrix["bazel"] == ["7.x", "8.x", "9.x"]


def test_form_of_the_files() -> None:
    """But that a rule is the first argument of irelfixed, as if it were a function's name."""
    buildifier = cached_item("buildifier") / "buildifier-linux_amd64"
    files = [path for folder in (ROOT / "integrations", TESTS / "integrations")
             for pattern in ("*.bzl", "*.bazel") for path in folder.rglob(pattern)]
    assert len(files) > 15
    result = subprocess.run(
        [buildifier, "-mode=check", "-lint=warn", "-warnings=-positional-args",
         ROOT / "BUILD.bazel", ROOT / "MODULE.bazel", *files], text=True, capture_output=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_documentation_can_be_extracted(copy: Workspace) -> None:
    """What stardoc, and the page of a registry, shows: a text for each rule and attribute."""
    (copy.folder / "docs").mkdir()
    (copy.folder / "docs" / "BUILD.bazel").write_text(
        'starlark_doc_extract(name = "doc", src = "@irelfix//integrations/bazel:defs.bzl")\n')
    copy.build("//docs:doc.textproto")
    text = copy.binary("docs/doc.textproto").read_text()
    for name in ("irelfixed", "irelfixed_test"):
        assert f'function_name: "{name}"' in text
    blocks = re.findall(r"^  attribute \{\n(.*?)^  \}", text, re.M | re.S)
    names = {re.search(r'name: "(.*)"', block)[1] for block in blocks}
    assert names == {"name", "data", "irelfix", "platform", "src"}
    assert all("doc_string: " in block for block in blocks)


@pytest.mark.fast
def test_module_has_the_version_of_the_library() -> None:
    module = (ROOT / "MODULE.bazel").read_text()
    header = (ROOT / "include" / "irelfix.h").read_text()
    version = re.search(r'IRELFIX_VERSION "(.*)"', header)
    assert version and f'version = "{version[1]}",' in module
    installed = (ROOT / "packaging" / "bazel" / "MODULE.bazel").read_text()
    assert f'version = "{version[1]}",' in installed
