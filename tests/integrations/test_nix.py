# SPDX-License-Identifier: MIT
"""flake.nix and the setup hook, with as much of nixpkgs as they name (tests/integrations/nixpkgs)."""
import json
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.toolchains import LINKERS
from need import need
from places import ROOT, TESTS
from projects import CRASH

SETTINGS = "experimental-features = nix-command flakes\nsandbox = false\nbuild-users-group =\n"
READ = ("Makefile", "docs", "flake.nix", "include", "integrations", "packaging", "scripts", "src")


@dataclass(frozen=True)
class Nix:
    """A store that the tests share, and a copy of irelfix's sources for each."""
    top: Path
    store: Path

    @property
    def sources(self) -> Path:
        return self.top / "irelfix"

    def run(self, *command: str, fails: bool = False) -> str:
        folders = {f"NIX_{name}_DIR": str(self.store / name.lower())
                   for name in ("STORE", "STATE", "LOCALSTATE", "LOG", "CONF")}
        environment = {**os.environ, **folders, "HOME": str(self.top / "home")}
        done = subprocess.run(command, cwd=self.sources, env=environment, text=True,
                              capture_output=True, timeout=500)
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stderr if fails else done.stdout.strip()

    def flake(self, command: str, what: str, *options: str) -> str:
        return self.run("nix", command, f"path:{self.sources}#{what}", "--no-write-lock-file",
                        "--override-input", "nixpkgs", f"path:{self.top}/nixpkgs", *options)

    def example(self, fails: bool = False) -> str:
        return self.run("nix-build", "--no-out-link", "integrations/packaging/example",
                        "--arg", "pkgs", f"import {self.top}/nixpkgs", fails=fails)

    def outcome(self, built: str) -> tuple[int, str]:
        done = subprocess.run([f"{built}/bin/hello", "twelve bytes"], capture_output=True, text=True)
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nix")
    (path / "conf").mkdir()
    (path / "conf" / "nix.conf").write_text(SETTINGS)
    return path


@pytest.fixture
def nix(store: Path, tmp_path: Path) -> Nix:
    need("nix", "gcc", "make")
    nix = Nix(tmp_path, store)
    shutil.copytree(TESTS / "integrations" / "nixpkgs", tmp_path / "nixpkgs")
    for name in READ:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        nix.sources.mkdir(exist_ok=True)
        copy(ROOT / name, nix.sources / name)
    linker = tmp_path / "lld" / "bin" / "ld.lld"
    linker.parent.mkdir(parents=True)
    linker.symlink_to(LINKERS["lld-22"].path())
    packages = tmp_path / "nixpkgs" / "default.nix"
    packages.write_text(packages.read_text().replace("@LLD@", str(tmp_path / "lld")))
    return nix


def test_flake_has_the_package(nix: Nix) -> None:
    built = nix.flake("build", "irelfix", "--no-link", "--json")
    out = json.loads(built)[0]["outputs"]["out"]
    said = subprocess.run([f"{out}/bin/irelfix", "--version"], capture_output=True, text=True)
    header = (ROOT / "include" / "irelfix.h").read_text()
    assert said.stdout.split()[1] in header and f"{out}/bin/irelfix-cc" in str(
        [*Path(out, "bin").iterdir()])


def test_a_change_elsewhere_builds_nothing_anew(nix: Nix) -> None:
    before = nix.flake("eval", "irelfix.drvPath")
    for name in ("README.md", "integrations/packaging/README.md", "packaging/nix/hook.nix"):
        (nix.sources / name).write_text("other\n")
    assert nix.flake("eval", "irelfix.drvPath") == before
    (nix.sources / "src" / "irelfix.c").write_text("other\n")
    assert nix.flake("eval", "irelfix.drvPath") != before


def test_hook(nix: Nix) -> None:
    assert nix.outcome(nix.example()) == (0, "hello from C, 12\n")


def test_crashes_without_the_hook(nix: Nix) -> None:
    example = nix.sources / "integrations" / "packaging" / "example" / "default.nix"
    example.write_text(example.read_text().replace('name = "hello";',
                                                   'name = "hello";\n  dontIrelfix = "1";'))
    assert nix.outcome(nix.example()) == CRASH


def test_fails_without_irelfix(nix: Nix) -> None:
    """The hook names its irelfix by its path, and does not pass where that is gone."""
    hook = nix.sources / "packaging" / "nix" / "hook.nix"
    hook.write_text(re.sub(r'"\$\{irelfix\}/bin/irelfix"', '"/gone/bin/irelfix"', hook.read_text()))
    for _ in range(2):
        assert "/gone/bin/irelfix: No such file or directory" in nix.example(fails=True)
