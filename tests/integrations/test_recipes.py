# SPDX-License-Identifier: MIT
"""integrations/recipes, and the hooks at the top: what repairs in them is run on what crashes."""
import ast
import os
import re
import shutil
import tomllib
from pathlib import Path

import pytest
import yaml
from need import need
from places import BUILD, ROOT
from projects import CRASH, INTEGRATIONS, Project, open_project
from tool import VERSION

RECIPES = INTEGRATIONS / "recipes"
STATIC = "-O2 -static -fuse-ld=lld -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"
GREETING = (0, "hello from C, 12\n")


def outcome(project: Project) -> tuple[int, str]:
    return project.outcome("bin/hello", "twelve bytes")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """bin/hello, which crashes."""
    need("gcc")
    project = open_project("compiler", tmp_path)
    (project.source / "bin").mkdir()
    project.run("sh", "-c", f"gcc {STATIC} hello.c -o bin/hello")
    assert outcome(project) == CRASH
    return project


# ---- the GitHub action ----


class Action:
    """Runs the steps of action.yml as GitHub does."""
    DEFINITION = yaml.safe_load((ROOT / "action.yml").read_text())

    def __init__(self, project: Project) -> None:
        self.project = project
        self.runner = project.source / "runner"
        self.runner.mkdir()

    def run(self, step: dict, inputs: dict[str, str], fails: bool) -> str:
        given = {"github.action_path": str(ROOT), "runner.temp": str(self.runner),
                 **{f"inputs.{name}": inputs.get(name, row["default"])
                    for name, row in self.DEFINITION["inputs"].items()}}
        variables = {name: re.sub(r"\$\{\{ (.*?) \}\}", lambda match: given[match[1]], text)
                     for name, text in step["env"].items()}
        assert step["shell"] == "bash" and "${{" not in step["run"]
        return self.project.run(
            "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], fails=fails,
            RUNNER_TEMP=str(self.runner), GITHUB_PATH=str(self.runner / "path"),
            GITHUB_OUTPUT=str(self.runner / "output"), **variables)

    def install(self) -> None:
        self.run(self.DEFINITION["runs"]["steps"][0], {}, False)

    def repair(self, fails: bool = False, **inputs: str) -> str:
        return self.run(self.DEFINITION["runs"]["steps"][1], inputs, fails)


@pytest.fixture
def action(project: Project) -> Action:
    """Installed. What is compiled already need not be once more."""
    action = Action(project)
    project.lose_irelfix()
    shutil.copytree(BUILD / "obj", action.runner / "irelfix-build" / "obj")
    action.install()
    return action


def test_action_puts_irelfix_on_the_path(action: Action) -> None:
    folder = (action.runner / "path").read_text().strip()
    version = action.project.run(f"{folder}/irelfix", "--version")
    assert (action.runner / "output").read_text() == f"version={version.split()[1]}\n"
    assert {"irelfix-cc", "irelfix-c++"} <= set(os.listdir(folder))


@pytest.mark.parametrize("paths, prove", [("bin/hello", "false"), ("bin/\n", "true")])
def test_action_repairs(paths: str, prove: str, action: Action) -> None:
    said = action.repair(paths=paths, prove=prove)
    assert outcome(action.project) == GREETING
    assert ("started" in said) == (prove == "true")


def test_action_only_checks(action: Action) -> None:
    for _ in range(2):
        assert "bin/hello: wide-bounds" in action.repair(paths="bin", check="true", fails=True)
    assert outcome(action.project) == CRASH


def test_action_fails_where_nothing_is(action: Action) -> None:
    for _ in range(2):
        said = action.repair(paths="bin target/none", fails=True)
        assert "::error::irelfix: target/none is not there, and nothing was repaired" in said
    assert outcome(action.project) == CRASH


def test_action_without_paths_only_installs(action: Action) -> None:
    assert action.repair() == ""


def test_recipes_use_the_inputs_that_the_action_has() -> None:
    workflow = yaml.safe_load((RECIPES / "github/workflow.yml").read_text())
    (step,) = [step for step in workflow["jobs"]["server"]["steps"]
               if "OWNER/irelfix" in step.get("uses", "")]
    assert set(step["with"]) <= set(Action.DEFINITION["inputs"])


# ---- pre-commit ----


@pytest.fixture
def repository(project: Project) -> Project:
    """A repository with the configuration of the recipe, and the file in its index."""
    need("git", "pre-commit")
    hooks = project.source.parent / "hooks"
    hooks.mkdir()
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    project.environment.update({
        f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "a"), ("EMAIL", "a@example.net"))})
    for folder in (hooks, project.source):
        project.run("git", "init", "-q", folder)
    project.run("git", "-C", hooks, "add", ".")
    project.run("git", "-C", hooks, "commit", "-q", "-m", "hooks")
    project.run("git", "-C", hooks, "tag", f"v{VERSION}")
    text = (RECIPES / "pre-commit/pre-commit-config.yaml").read_text()
    (project.source / ".pre-commit-config.yaml").write_text(
        text.replace("https://github.com/OWNER/irelfix", str(hooks)))
    project.run("git", "add", ".")
    return project


def test_pre_commit_repairs(repository: Project) -> None:
    """As other hooks that edit: it fails once, and what it has written is to be added."""
    assert "files were modified by this hook" in repository.run("pre-commit", "run", fails=True)
    assert outcome(repository) == GREETING
    repository.run("git", "add", ".")
    repository.run("pre-commit", "run")


def test_pre_commit_checks(repository: Project) -> None:
    repository.edit(".pre-commit-config.yaml", "id: irelfix", "id: irelfix-check")
    repository.run("git", "add", ".")
    repository.fails_twice("pre-commit", "run", says="bin/hello: wide-bounds")
    assert outcome(repository) == CRASH


def test_pre_commit_fails_without_irelfix(repository: Project) -> None:
    repository.lose_irelfix()
    repository.fails_twice("pre-commit", "run", says="Executable `irelfix` not found")


# ---- the others ----


def goreleaser() -> str:
    (build,) = yaml.safe_load((RECIPES / "goreleaser/goreleaser.yaml").read_text())["builds"]
    (hook,) = build["hooks"]["post"]
    return hook["cmd"].replace("{{ .Path }}", "bin/hello")


def yocto() -> str:
    text = (RECIPES / "yocto/classes/irelfix.bbclass").read_text()
    body = re.search(r"^irelfix_repair\(\) \{\n(.*?)^\}", text, re.M | re.S)
    assert body and 'PACKAGEBUILDPKGD:append = " irelfix_repair"' in text
    return body[1]


def buildroot() -> str:
    return str(RECIPES / "buildroot/board/post-build.sh")


def zigbuild() -> str:
    text = (RECIPES / "README.md").read_text()
    line = re.search(r"^cargo zigbuild .* && (irelfix .*)$", text, re.M)
    assert line
    return re.sub(r"target/\S+", "bin/hello", line[1])


@pytest.mark.parametrize("recipe", [goreleaser, yocto, buildroot, zigbuild])
def test_recipe_repairs_and_fails_without_irelfix(recipe, project: Project) -> None:
    host = project.source / "host" / "bin"
    host.parent.mkdir()
    host.symlink_to(project.tools)  # Buildroot's own folder of tools
    variables = {"PKGD": str(project.source / "bin"), "TARGET_DIR": str(project.source / "bin"),
                 "HOST_DIR": str(host.parent)}
    broken = (project.source / "bin/hello").read_bytes()
    project.run("sh", "-c", recipe(), **variables)
    assert outcome(project) == GREETING
    (project.source / "bin/hello").write_bytes(broken)
    project.lose_irelfix()
    project.fails_twice("sh", "-c", recipe(), says="irelfix: not found", **variables)


def test_shell(tmp_path: Path) -> None:
    need("shellcheck")
    steps = Action.DEFINITION["runs"]["steps"]
    files = [tmp_path / f"step-{n}.sh" for n in range(len(steps))]
    for file, step in zip(files, steps):
        file.write_text(f"#!/bin/bash\n{step['run']}")
    open_project("compiler", tmp_path).run(
        "shellcheck", *files, RECIPES / "buildroot/board/post-build.sh",
        ROOT / "packaging/nix/irelfix-hook.sh", ROOT / "tests/integrations/nixpkgs/stdenv.sh")


def test_cargo_dist_links_as_the_example() -> None:
    """Which tests/integrations/test_cargo.py builds."""
    recipe = tomllib.loads((RECIPES / "cargo-dist/config.toml").read_text())
    example = tomllib.loads((INTEGRATIONS / "cargo/example/.cargo/config.toml").read_text())
    (target,) = recipe["target"]
    for key, value in recipe["target"][target].items():
        mine = example["target"][target][key]
        assert value == mine or set(value) <= set(mine)
    workspace = tomllib.loads((RECIPES / "cargo-dist/dist-workspace.toml").read_text())
    assert workspace["dist"]["targets"] == [target]


def test_conan_recipe_is_python_and_packages_what_make_installs() -> None:
    text = (RECIPES / "conan/conanfile.py").read_text()
    ast.parse(text)
    assert "make install PREFIX=" in text and '"lib", "cmake", "irelfix"' in text


@pytest.mark.fast
def test_recipes_have_the_version() -> None:
    of_others = ("action.yml", "packaging/nix/package.nix", "packaging/bazel/MODULE.bazel")
    found = {path: set(re.findall(r'(?:irelfix(?:@v|/|_|-)|version = ")(\d+\.\d+\.\d+)',
                                  path.read_text()))
             for path in [*(ROOT / name for name in of_others),
                          *(path for path in RECIPES.rglob("*") if path.is_file())]}
    assert all(found[ROOT / name] == {VERSION} for name in of_others), found
    assert all(versions <= {VERSION} for versions in found.values()), found
