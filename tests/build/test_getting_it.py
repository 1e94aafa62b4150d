# SPDX-License-Identifier: MIT
"""What people install: completions, pkg-config, the static program, the archive, the packages."""
import hashlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_build import ROOT, make, need
from test_house import long_options

COMPLETIONS = ROOT / "packaging/completions"
BASH, ZSH, FISH = (COMPLETIONS / name for name in ("irelfix.bash", "_irelfix", "irelfix.fish"))


def output(*command: str | Path, **more) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


def version() -> str:
    header = (ROOT / "include/irelfix.h").read_text()
    return re.search(r'#define IRELFIX_VERSION "(.*)"', header)[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    prefix = tmp_path_factory.mktemp("installed") / "prefix"
    result = make(ROOT / "build", "install", PREFIX=str(prefix))
    assert result.returncode == 0, result.stderr
    return prefix


# ---- completions ----


@pytest.mark.fast
@pytest.mark.parametrize("path", [BASH, ZSH, FISH], ids=lambda p: p.name)
def test_completions_name_every_option_and_model(path: Path) -> None:
    text = path.read_text().replace("-l ", "--")
    assert {option for option in long_options() if option not in text} == set()
    models = {model for source in (ROOT / "src/arch").glob("*.c")
              for list_ in re.findall(r'\.models = ((?:\s*"[^"]*")+)', source.read_text())
              for model in re.sub(r'["\s]', "", list_).split(",")}
    assert len(models) > 8
    assert {model for model in models if not re.search(rf"\b{model}\b", text)} == set()


def completed_by_bash(*words: str, folder: Path) -> list[str]:
    quoted = " ".join(f"'{word}'" for word in words)
    return output("bash", "-c", f"""
        compopt() {{ :; }}
        . '{BASH}'
        COMP_WORDS=({quoted}) COMP_CWORD={len(words) - 1}
        _irelfix
        printf '%s\\n' "${{COMPREPLY[@]}}" """, cwd=folder).split()


@pytest.mark.fast
def test_bash_completes(tmp_path: Path) -> None:
    (tmp_path / "program.elf").touch()
    assert completed_by_bash("irelfix", "--str", folder=tmp_path) == ["--strategy="]
    assert completed_by_bash("irelfix", "--strategy", "=", folder=tmp_path) == [
        "auto", "narrow", "pad"]
    assert completed_by_bash("irelfix", "--strategy", "=", "n", folder=tmp_path) == ["narrow"]
    assert "cortex-a53" in completed_by_bash("irelfix", "--prove", "=", "c", folder=tmp_path)
    assert completed_by_bash("irelfix", "-i", "prog", folder=tmp_path) == ["program.elf"]
    assert completed_by_bash("irelfix", "--output", "=", "prog", folder=tmp_path) == [
        "program.elf"]


def completed_by_fish(line: str, folder: Path) -> list[str]:
    text = output("fish", "--no-config", "-c", f"source '{FISH}'; complete -C '{line}'", cwd=folder)
    return [row.split("\t")[0] for row in text.splitlines()]


def test_fish_completes(tmp_path: Path) -> None:
    need("fish")
    (tmp_path / "program.elf").touch()
    assert "--strategy" in completed_by_fish("irelfix --str", tmp_path)
    assert set(completed_by_fish("irelfix --strategy=", tmp_path)) >= {
        "--strategy=auto", "--strategy=narrow", "--strategy=pad"}
    assert "--prove=cortex-a53" in completed_by_fish("irelfix --prove=cor", tmp_path)
    assert "program.elf" in completed_by_fish("irelfix -i prog", tmp_path)


def test_zsh_reads_its_completions() -> None:
    need("zsh")
    output("zsh", "-n", ZSH)


# ---- the library, the program ----


@pytest.mark.parametrize("compiler, suffix", [("gcc", ".c"), ("g++", ".cc"), ("clang-14", ".c")])
def test_pkg_config(compiler: str, suffix: str, installed: Path, tmp_path: Path) -> None:
    need("pkg-config")
    source, client = tmp_path / f"client{suffix}", tmp_path / "client"
    source.write_text('#include <irelfix.h>\n#include <stdio.h>\n'
                      'int main(void) { puts(irelfix_version()); return 0; }\n')
    folder = {"PKG_CONFIG_PATH": str(installed / "lib/pkgconfig"), "PATH": "/usr/bin:/bin"}
    flags = output("pkg-config", "--cflags", "--libs", "irelfix", env=folder).split()
    output(compiler, "-Wall", "-Wextra", "-Werror", source, "-o", client, *flags)
    modversion = output("pkg-config", "--modversion", "irelfix", env=folder).strip()
    assert output(client).strip() == modversion == version()


def test_the_library_shows_its_face_only(installed: Path) -> None:
    """A program that links it has names of its own."""
    symbols = {row.split()[-1] for row in output(
        "nm", "-g", "--defined-only", installed / "lib/libirelfix.a").splitlines() if " T " in row}
    declared = set(re.findall(r"\b(irelfix_\w+)\(", (ROOT / "include/irelfix.h").read_text()))
    assert symbols == declared


@pytest.mark.fast
def test_version_is_one_line_for_machines() -> None:
    assert output(ROOT / "build/irelfix", "--version") == f"irelfix {version()}\n"


def test_static(tmp_path: Path) -> None:
    result = make(ROOT / "build", "static")
    assert result.returncode == 0, result.stderr
    program = ROOT / "build/irelfix-static"
    assert "NEEDED" not in output("readelf", "-d", program)
    assert output(program, "-V") == output(ROOT / "build/irelfix", "-V")
    assert "healthy: statically linked" in output(program, program)


# ---- the archive, the packages ----


def test_dist_is_reproducible(tmp_path: Path) -> None:
    sums = set()
    for build in (tmp_path / "a", tmp_path / "b"):
        assert make(build, "dist").returncode == 0
        sums.add(hashlib.sha256((build / f"irelfix-{version()}.tar.gz").read_bytes()).digest())
    assert len(sums) == 1


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    need("dh")
    build = tmp_path_factory.mktemp("packages")
    result = make(build, "deb")
    assert result.returncode == 0, result.stdout + result.stderr
    return build / "deb"


def test_packages_are_lintian_clean(packages: Path) -> None:
    need("lintian")
    [changes] = packages.glob("*.changes")
    result = subprocess.run(["lintian", "--allow-root", "--fail-on", "warning", changes],
                            capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "")


def test_packages_install_and_are_removed(packages: Path) -> None:
    names = ("irelfix", "libirelfix-dev")
    before = shutil.which("irelfix")
    output("dpkg", "-i", *(next(packages.glob(f"{name}_*.deb")) for name in names))
    try:
        assert output("/usr/bin/irelfix", "-V") == f"irelfix {version()}\n"
        assert output("pkg-config", "--modversion", "irelfix").strip() == version()
    finally:
        output("dpkg", "--purge", *names)
    assert shutil.which("irelfix") == before
    assert not Path("/usr/include/irelfix.h").exists()
