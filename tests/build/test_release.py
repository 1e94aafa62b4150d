# SPDX-License-Identifier: MIT
"""
The archives of a release and the packages that are made of them: what is in them, that they are
reproducible, and that they work.
"""
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from disk.samples import sample
from making import own_environment
from need import Missing, command
from npm_registry import manifest, serving
from places import CACHE, ROOT
from release import smoke
from release.targets import TARGETS, Linux, tool
from release.targets import Missing as NotHere
from tool import VERSION, irelfix, names_in

# One of each kind; scripts/release makes all of them, and tries each.
BUILT = ("x86_64-linux", "s390x-linux", "aarch64-macos")
TWICE = ("x86_64-linux", "aarch64-macos")
EPOCH = {"SOURCE_DATE_EPOCH": "1800000000"}
MACHINES = {"x86_64-linux": "Advanced Micro Devices X86-64", "s390x-linux": "IBM S/390"}


def called(script: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([script, *arguments], capture_output=True, text=True,
                          env={**own_environment(), "IRELFIX_CACHE": str(CACHE), **environment})


def need_tools(work: Path) -> None:
    try:
        for name in BUILT:
            TARGETS[name].settings(work)
        tool("ld.lld-22")
    except NotHere as missing:
        raise Missing(str(missing)) from None


@pytest.fixture(scope="module")
def release(tmp_path_factory) -> Path:
    need_tools(tmp_path_factory.mktemp("settings"))
    folder = tmp_path_factory.mktemp("release")
    result = called(ROOT / "scripts/release", "-o", folder, *BUILT, **EPOCH)
    assert result.returncode == 0, result.stderr
    return folder


def archive(folder: Path, target: str) -> Path:
    return folder / f"irelfix-{VERSION}-{target}.tar.gz"


def test_has_what_was_asked_for(release: Path) -> None:
    sources = {f"irelfix-{VERSION}.tar.gz"} if (ROOT / ".git").exists() else set()
    assert names_in(release) == {*(archive(release, name).name for name in BUILT), *sources,
                                 "SHA256SUMS", f"irelfix-{VERSION}.spdx.json"}


def test_sums(release: Path) -> None:
    check = [command("sha256sum"), "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=release).returncode == 0
    listed = {line.split("  ")[1] for line in (release / "SHA256SUMS").read_text().splitlines()}
    assert listed == names_in(release) - {"SHA256SUMS"}


def test_two_folders_give_the_same_bytes(release: Path, tmp_path: Path) -> None:
    """The other one is no checkout, and its name has another length."""
    tree = tmp_path / "somewhere" / "else"
    shutil.copytree(ROOT, tree, ignore=lambda folder, names: [
        name for name in names if name == ".git" or Path(folder, name) == ROOT / "build"])
    result = called(tree / "scripts/release", "-o", tmp_path / "out", *TWICE, **EPOCH)
    assert result.returncode == 0, result.stderr
    for name in TWICE:
        assert archive(tmp_path / "out", name).read_bytes() == archive(release, name).read_bytes()


def members(path: Path) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    with tarfile.open(path) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.isreg() else None
            yield member, file.read() if file else b""


@pytest.mark.parametrize("target", BUILT)
def test_an_archive(target: str, release: Path) -> None:
    top = f"irelfix-{VERSION}-{target}/"
    found = {member.name.removeprefix(top): member for member, _ in members(archive(release, target))}
    documents = {f"share/doc/irelfix/{name}" for name in ("LICENSE", "README.md", "CHANGELOG.md")}
    completions = {"share/bash-completion/completions/irelfix", "share/zsh/site-functions/_irelfix",
                   "share/fish/vendor_completions.d/irelfix.fish"}
    assert set(found) >= {"bin/irelfix", "share/man/man1/irelfix.1", *documents, *completions}
    assert ("share/doc/irelfix/LICENSE.musl" in found) == target.endswith("linux")
    assert found["bin/irelfix"].mode == 0o755 and found["bin/irelfix-cc"].linkname == "irelfix"
    assert {(m.uid, m.gid, m.uname, m.mtime) for m in found.values()} == {
        (0, 0, "", int(EPOCH["SOURCE_DATE_EPOCH"]))}


@pytest.mark.parametrize("target", BUILT)
def test_nothing_in_it_is_of_this_machine(target: str, release: Path) -> None:
    here = (str(ROOT).encode(), str(CACHE).encode(), str(release.parent).encode())
    for member, data in members(archive(release, target)):
        assert not [path for path in here if path in data], member.name


@pytest.mark.parametrize("target", MACHINES)
def test_a_program_for_linux_needs_nothing(target: str, release: Path, tmp_path: Path) -> None:
    with tarfile.open(archive(release, target)) as tar:
        tar.extractall(tmp_path)
    program = tmp_path / f"irelfix-{VERSION}-{target}/bin/irelfix"
    asked = subprocess.run(["readelf", "-h", "-l", "-d", program], capture_output=True, text=True,
                           check=True).stdout
    assert MACHINES[target] in asked and "NEEDED" not in asked and "INTERP" not in asked
    emulated = TARGETS[target]
    assert isinstance(emulated, Linux)
    said = subprocess.run([emulated.emulator, program, "--version"], capture_output=True, text=True)
    assert said.stdout == f"irelfix {VERSION}\n"


def test_a_program_that_repairs_nothing_is_no_release(tmp_path: Path) -> None:
    """This irelfix under another name does not: it copies the file."""
    target = TARGETS["x86_64-linux"]
    copy = tmp_path / "copy"
    source = ('#include <unistd.h>\nint main(int n, char **words)\n'
              '{ (void)n; return execl("/bin/cp", "cp", words[2], words[4], (char *)0); }\n')
    subprocess.run(["gcc", "-x", "c", "-", "-o", copy], input=source, text=True, check=True)
    with pytest.raises(SystemExit, match="x86_64-linux repaired does not run"):
        smoke.repairs(target, copy, tmp_path)


def test_bill_of_materials(release: Path) -> None:
    """Each archive with its sums, and what is in the programs beside irelfix."""
    document = json.loads((release / f"irelfix-{VERSION}.spdx.json").read_text())
    assert (document["spdxVersion"], document["dataLicense"]) == ("SPDX-2.3", "CC0-1.0")
    sums = {f["fileName"]: {c["algorithm"]: c["checksumValue"] for c in f["checksums"]}
            for f in document["files"]}
    assert set(sums) == {f"./{path.name}" for path in release.glob("*.tar.gz")}
    for name, of_file in sums.items():
        data = (release / name).read_bytes()
        assert of_file == {"SHA1": hashlib.sha1(data).hexdigest(),
                           "SHA256": hashlib.sha256(data).hexdigest()}
    known = {entry["SPDXID"] for entry in [document, *document["packages"], *document["files"]]}
    links = {(r["spdxElementId"], r["relatedSpdxElement"]) for r in document["relationships"]}
    assert {end for link in links for end in link} == known
    musl = next(p for p in document["packages"] if p["name"] == "musl")
    assert musl["licenseDeclared"] == "MIT" and musl["versionInfo"].startswith("1.2.")
    assert len([link for link in links if link[1] == musl["SPDXID"]]) == 2


# ---- npm and pip ----


@pytest.fixture(scope="module")
def packages(release: Path, tmp_path_factory) -> Path:
    command("npm")
    folder = tmp_path_factory.mktemp("packages") / "release"
    shutil.copytree(release, folder)
    result = called(ROOT / "scripts/packages", "-o", folder, "--owner", "someone", **EPOCH)
    assert result.returncode == 0, result.stderr
    return folder


def test_packages_are_reproducible(packages: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    shutil.copytree(packages, again)
    assert called(ROOT / "scripts/packages", "-o", again, "--owner", "someone", **EPOCH).returncode == 0
    assert (again / "SHA256SUMS").read_text() == (packages / "SHA256SUMS").read_text()
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=again).returncode == 0
    assert names_in(again / "npm") == {
        f"irelfix-{name}{VERSION}.tgz" for name in ("", "linux-x64-", "linux-s390x-", "darwin-arm64-")}


def npm(*words: str | Path, folder: Path) -> str:
    result = subprocess.run(
        [command(words[0]), *words[1:]], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "npm_config_cache": str(folder / "cache"), "npm_config_audit": "false",
             "npm_config_fund": "false", "npm_config_update_notifier": "false"})
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def by_npm(packages: Path, tmp_path_factory) -> Path:
    """npm install irelfix, of a registry that has the packages."""
    project = tmp_path_factory.mktemp("npm")
    with serving(packages / "npm") as address:
        npm("npm", "install", "--registry", address, "irelfix", folder=project)
    return project


def test_npm_takes_the_package_of_this_machine(by_npm: Path) -> None:
    assert names_in(by_npm / "node_modules/@irelfix") == {"linux-x64"}
    assert npm("npx", "irelfix", "--version", folder=by_npm) == f"irelfix {VERSION}\n"


def test_npm_repairs(by_npm: Path, tmp_path: Path) -> None:
    path = sample("wide-bounds").put(tmp_path / "hello")
    assert "repaired" in npm("npx", "irelfix", "-i", path, folder=by_npm)
    assert path.read_bytes() == sample("wide-bounds").repaired


@pytest.mark.parametrize("file, status", [("broken", 1), ("missing", 3)])
def test_npm_passes_the_status_on(file: str, status: int, by_npm: Path, tmp_path: Path) -> None:
    sample("wide-bounds").put(tmp_path / "broken")
    answer = irelfix(tmp_path / file, tool=by_npm / "node_modules/.bin/irelfix")
    assert answer.status == status == irelfix(tmp_path / file).status


def test_npm_wraps_a_compiler(by_npm: Path) -> None:
    answer = irelfix("--version", tool=by_npm / "node_modules/.bin/irelfix-cc")
    assert answer.out == subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout


def test_npm_without_the_package_of_this_machine(by_npm: Path, tmp_path: Path) -> None:
    shutil.copytree(by_npm / "node_modules/irelfix", tmp_path / "node_modules/irelfix")
    answer = irelfix("--version", tool=tmp_path / "node_modules/irelfix/run.js")
    assert answer.status == 3 and "@irelfix/linux-x64 is not installed" in answer.err


def test_npm_knows_every_program_of_a_release(packages: Path) -> None:
    main = manifest(packages / "npm" / f"irelfix-{VERSION}.tgz")
    assert main["optionalDependencies"] == {f"@irelfix/{t.npm}": VERSION for t in TARGETS.values()}
    assert len(main["optionalDependencies"]) == 9


@pytest.fixture(scope="module")
def by_pip(packages: Path, tmp_path_factory) -> Path:
    """The folder of programs of an environment in which pip installed the wheel of this machine."""
    environment = tmp_path_factory.mktemp("pip") / "environment"
    python = "/usr/bin/python3"
    subprocess.run([python, "-m", "venv", "--without-pip", environment], check=True)
    if subprocess.run([python, "-m", "pip", "--version"], capture_output=True).returncode != 0:
        raise Missing("python3-pip is not installed (make setup)")
    result = subprocess.run([python, "-m", "pip", "--python", environment, "install", "--no-index",
                             "--find-links", packages / "pip", "irelfix"], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return environment / "bin"


def test_pip_installs(by_pip: Path) -> None:
    assert irelfix("-V", tool=by_pip / "irelfix").out == f"irelfix {VERSION}\n"
    assert irelfix("-m", "irelfix", "-V", tool=by_pip / "python").out == f"irelfix {VERSION}\n"
    answer = irelfix("--version", tool=by_pip / "irelfix-cc")
    assert answer.out == subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout


def test_pip_repairs(by_pip: Path, tmp_path: Path) -> None:
    path = sample("wide-bounds").put(tmp_path / "hello")
    assert irelfix("-i", path, tool=by_pip / "irelfix").status == 0
    assert path.read_bytes() == sample("wide-bounds").repaired


def test_pip_takes_a_wheel_of_another_machine_for_that_one_only(packages: Path, tmp_path: Path) -> None:
    [wheel] = (packages / "pip").glob("*_s390x.whl")
    result = subprocess.run(["/usr/bin/python3", "-m", "pip", "install", "--no-index", "--target",
                             tmp_path, wheel], capture_output=True, text=True)
    assert result.returncode != 0 and "not a supported wheel on this platform" in result.stderr


# ---- recipes of distributions ----


def test_recipes_are_filled_in(packages: Path) -> None:
    """The sum of the archive of the sources, and whose page it is on."""
    sources = packages / f"irelfix-{VERSION}.tar.gz"
    if not sources.exists():
        raise Missing("a checkout: there is no archive of the sources to sum up")
    data = sources.read_bytes()
    for name, kind in (("APKBUILD", "sha512"), ("PKGBUILD", "sha256"), ("irelfix.rb", "sha256")):
        text = (packages / "recipes" / name).read_text()
        assert hashlib.new(kind, data).hexdigest() in text and "scripts/packages" not in text
        assert "/someone/irelfix" in text and "OWNER" not in text
