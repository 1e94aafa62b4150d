# SPDX-License-Identifier: MIT
"""What people install: completions, pkg-config, the static program, the archive, the packages."""
import hashlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from machines import MACHINES
from making import make, own_environment
from need import Missing, need, need_root
from places import BUILD, PACKAGING, ROOT
from test_build import CLIENT, compiled_client, static_program
from test_house import long_options
from tool import VERSION, irelfix, names_in

COMPLETIONS = PACKAGING / "completions"
BASH, ZSH, FISH = (COMPLETIONS / name for name in ("irelfix.bash", "_irelfix", "irelfix.fish"))


def output(*command: str | Path, **more) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, **more).stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    prefix = tmp_path_factory.mktemp("installed") / "prefix"
    result = make(BUILD, "install", PREFIX=str(prefix))
    assert result.returncode == 0, result.stderr
    return prefix


# ---- completions ----


@pytest.mark.fast
@pytest.mark.parametrize("path", [BASH, ZSH, FISH], ids=lambda p: p.name)
def test_completions_name_every_option_and_model(path: Path) -> None:
    text = path.read_text().replace("-l ", "--")
    assert {option for option in long_options() if option not in text} == set()
    models = {model for machine in MACHINES.values() for model in machine.models}
    assert {model for model in models | {"help", "all"}
            if not re.search(rf"\b{model}\b", text)} == set()


@pytest.mark.fast
def test_the_usual_models_are_those_that_the_tests_try() -> None:
    declared = set(re.findall(r"^ *(\S+)  +\S", irelfix("--prove=help").out, re.M))
    assert declared == {model for machine in MACHINES.values() for model in machine.models}


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
    assert completed_by_bash("irelfix", "--stra", folder=tmp_path) == ["--strategy="]
    assert completed_by_bash("irelfix", "--strategy", "=", folder=tmp_path) == [
        "auto", "narrow", "pad"]
    assert completed_by_bash("irelfix", "--strategy", "=", "n", folder=tmp_path) == ["narrow"]
    assert completed_by_bash("irelfix", "--format", "=", "s", folder=tmp_path) == ["sarif"]
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


def flags_of(prefix: Path, *what: str) -> list[str]:
    environment = {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig"), "PATH": "/usr/bin:/bin"}
    return shlex.split(output("pkg-config", *what, "irelfix", env=environment))


@pytest.mark.parametrize("compiler, suffix", [("gcc", ".c"), ("g++", ".cc"), ("clang-14", ".c")])
def test_pkg_config(compiler: str, suffix: str, installed: Path, tmp_path: Path) -> None:
    need("pkg-config", compiler)
    source, client = tmp_path / f"client{suffix}", tmp_path / "client"
    source.write_text(CLIENT)
    output(compiler, "-Wall", "-Wextra", "-Werror", source, "-o", client,
           *flags_of(installed, "--cflags", "--libs"))
    assert [output(client).strip()] == flags_of(installed, "--modversion") == [VERSION]


def test_pkg_config_of_a_folder_with_a_blank(tmp_path: Path) -> None:
    need("pkg-config")
    prefix = tmp_path / "my tools"
    assert make(BUILD, "install", PREFIX=str(prefix)).returncode == 0
    client = compiled_client(tmp_path, *flags_of(prefix, "--cflags", "--libs"))
    assert output(client).strip() == VERSION


def test_the_library_shows_its_face_only(installed: Path) -> None:
    """A program that links it has names of its own."""
    symbols = {row.split()[-1] for row in output(
        "nm", "-g", "--defined-only", installed / "lib/libirelfix.a").splitlines() if " T " in row}
    declared = set(re.findall(r"\b(irelfix_\w+)\(", (ROOT / "include/irelfix.h").read_text()))
    assert symbols == declared


@pytest.mark.fast
def test_version_is_one_line_for_machines() -> None:
    assert output(BUILD / "irelfix", "--version") == f"irelfix {VERSION}\n"


def test_static() -> None:
    program = static_program()
    assert "NEEDED" not in output("readelf", "-d", program)
    assert output(program, "-V") == output(BUILD / "irelfix", "-V")
    assert "healthy: statically linked" in output(program, program)


# ---- the archive, the packages ----


def archive(build: Path) -> Path:
    return build / f"irelfix-{VERSION}.tar.gz"


def test_dist_is_reproducible(tmp_path: Path) -> None:
    need_checkout()
    sums = set()
    for build in (tmp_path / "a", tmp_path / "b"):
        assert make(build, "dist").returncode == 0
        sums.add(hashlib.sha256(archive(build).read_bytes()).digest())
        assert names_in(build) == {archive(build).name}
    assert len(sums) == 1


def need_checkout() -> None:
    if not (ROOT / ".git").exists():
        raise Missing("a checkout: what is made of a commit is not made of an archive")


@pytest.mark.parametrize("around", ["nothing", "another-repository"])
def test_dist_of_no_checkout_fails_and_replaces_nothing(around: str, tmp_path: Path) -> None:
    """An archive that was unpacked, perhaps in a repository of something else."""
    tree = tmp_path / "tree"
    for name in ("include", "Makefile", "src"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        tree.mkdir(exist_ok=True)
        copy(ROOT / name, tree / name)
    if around != "nothing":
        output("git", "init", "-q", tmp_path)
        output("git", "-C", tmp_path, "-c", "user.name=a", "-c", "user.email=a@example.net",
               "commit", "-q", "--allow-empty", "-m", "other")
    old = archive(tree / "build")
    old.parent.mkdir()
    old.write_bytes(b"old")
    result = subprocess.run(["make", "-s", "-C", tree, "dist"], capture_output=True, text=True,
                            env={**own_environment(), "GIT_CEILING_DIRECTORIES": "/"})
    assert result.returncode != 0
    assert old.read_bytes() == b"old" and names_in(old.parent) == {old.name}


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """
    Built of the archive, as who gets it builds them; what dh does runs its fast tests, which takes
    minutes where other programs run.
    """
    need("dh")
    need_checkout()
    folder = tmp_path_factory.mktemp("packages")
    assert make(folder, "dist").returncode == 0
    output("tar", "-xzf", archive(folder), "-C", folder)
    tree = folder / f"irelfix-{VERSION}"
    result = subprocess.run(["make", "-C", tree, "deb", "OWNER=someone"], env=own_environment(),
                            capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^\d+ passed, 0 failed", result.stdout, re.M)
    return tree / "build/deb"


@pytest.mark.timeout(3000)
def test_packages_are_lintian_clean(packages: Path) -> None:
    need("lintian")
    [changes] = packages.glob("*.changes")
    result = subprocess.run(["lintian", "--allow-root", "--fail-on", "warning", changes],
                            capture_output=True, text=True)
    assert (result.returncode, result.stdout) == (0, "")


@pytest.mark.timeout(3000)
def test_packages_say_where_they_come_from(packages: Path) -> None:
    control = output("dpkg-deb", "-f", next(packages.glob("irelfix_*.deb")), "Homepage")
    assert control == "https://github.com/someone/irelfix\n"
    sources = (packages / f"irelfix-{VERSION}/debian/control").read_text()
    assert "\nVcs-Git: https://github.com/someone/irelfix.git\n" in sources


def test_packages_of_nobody_name_no_page(tmp_path: Path) -> None:
    """What make would run, without what builds them."""
    need_checkout()
    [line] = [line for line in output("make", "-s", "-C", ROOT, "-n", "deb").splitlines() if "sed " in line]
    control = shutil.copy(PACKAGING / "debian/control", tmp_path / "control")
    output("sh", "-c", f"{line.rpartition(' ')[0]} {control}")
    assert not re.search("OWNER|Homepage|Vcs", control.read_text())


@pytest.mark.timeout(3000)
def test_packages_install_and_are_removed(packages: Path, tmp_path: Path) -> None:
    """In a root of their own: the tests install nothing on this machine."""
    need_root()
    root, names = tmp_path / "root", ("irelfix", "libirelfix1", "libirelfix-dev")
    database = root / "var/lib/dpkg"
    for folder in ("info", "updates", "triggers"):
        (database / folder).mkdir(parents=True)
    (database / "status").touch()
    dpkg = ("dpkg", f"--root={root}", "--force-depends", "--log=/dev/null")
    output(*dpkg, "-i", *(next(packages.glob(f"{name}_*.deb")) for name in names))
    assert output(root / "usr/bin/irelfix", "-V") == f"irelfix {VERSION}\n"
    links = output(root / "usr/bin/irelfix", "--print-dir").strip()
    assert links == str(root / "usr/libexec/irelfix") and names_in(Path(links)) == {"ld", "ld.lld"}
    assert [*root.glob("usr/lib/*/libirelfix.a")] and (root / "usr/include/irelfix.h").exists()
    for name in ("include/irelfix.mk", "lib/cmake/irelfix/irelfix-config.cmake",
                 "share/irelfix/irelfix.wrap", "share/irelfix/bazel/irelfix"):
        assert (root / "usr" / name).exists()
    output(*dpkg, "--purge", *names)
    assert not [path for path in root.rglob("*") if "irelfix" in path.name]
