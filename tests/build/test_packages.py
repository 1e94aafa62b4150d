# SPDX-License-Identifier: MIT
"""
The recipes of distributions, each by that distribution's own tool as far as Debian has it:
packaging/README.md says which. None optimizes: the program is built as any other.
"""
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from disk.samples import sample
from making import make, own_environment
from need import Missing, command, need, need_root
from places import PACKAGING, ROOT
from test_build import static_program
from test_getting_it import archive, need_checkout
from tool import VERSION, irelfix
from unprivileged import NOBODY

PROGRAMS = ("irelfix", "irelfix-cc", "irelfix-c++")


def run(*words: str | Path, **more) -> str:
    """What it prints; a failure shows all of it."""
    environment = {**own_environment(), **more.pop("environment", {})}
    result = subprocess.run(words, capture_output=True, text=True, env=environment, **more)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def sources(tmp_path_factory) -> Path:
    """The archive that all of them build."""
    need_checkout()
    folder = tmp_path_factory.mktemp("sources")
    assert make(folder, "dist").returncode == 0
    return archive(folder)


def assert_is_there(root: Path, libraries: str = "lib") -> None:
    """What a package consists of, and that it repairs."""
    usr = root / "usr"
    assert [name for name in PROGRAMS if not (usr / "bin" / name).exists()] == []
    for name in ("include/irelfix.h", f"{libraries}/libirelfix.a", f"{libraries}/libirelfix.so.1",
                 f"{libraries}/pkgconfig/irelfix.pc", "share/irelfix/irelfix.wrap",
                 "share/zsh/site-functions/_irelfix"):
        assert (usr / name).is_file(), name
    assert (usr / libraries / "libirelfix.so").readlink() == Path("libirelfix.so.1")
    path = sample("wide-bounds").put(root / "hello")
    assert irelfix("-i", path, tool=usr / "bin/irelfix").status == 0
    assert path.read_bytes() == sample("wide-bounds").repaired


# ---- RPM ----


@pytest.fixture(scope="module")
def rpms(sources: Path, tmp_path_factory) -> list[Path]:
    need("rpmbuild")
    top = tmp_path_factory.mktemp("rpm")
    run("rpmbuild", "-bb", "--nodeps", "--nocheck", "--define", f"_topdir {top}", "--define",
        f"_sourcedir {sources.parent}", "--define", "optflags -O0", "--define", "debug_package %{nil}",
        PACKAGING / "rpm/irelfix.spec")
    return sorted(top.glob("RPMS/*/*.rpm"))


def test_rpm_installs_and_is_removed(rpms: list[Path], tmp_path: Path) -> None:
    need_root()
    assert [re.sub(r"-\d.*", "", path.name) for path in rpms] == ["irelfix", "irelfix-devel",
                                                                  "irelfix-libs"]
    rpm = ("rpm", "--root", tmp_path / "root", "--dbpath", "/var/lib/rpm")
    run(*rpm, "--install", "--nodeps", "--ignoreos", *rpms)
    libraries = run("rpm", "--eval", "%{_libdir}").strip().removeprefix("/usr/")
    assert_is_there(tmp_path / "root", libraries)
    run(*rpm, "--erase", "--nodeps", "irelfix", "irelfix-libs", "irelfix-devel")
    assert not [path for path in (tmp_path / "root/usr").rglob("*") if "irelfix" in path.name]


# ---- Arch ----


def test_pkgbuild(sources: Path, public: Path) -> None:
    """makepkg refuses to run as root; pacman installs into a root of its own."""
    need_root()
    need("makepkg", "pacman", "bsdtar", "fakeroot")
    work = public / "work"
    shutil.copy(sources, work)
    address = re.compile(r'^source=.*', re.M)
    (work / "PKGBUILD").write_text(address.sub(f"source=({sources.name})",
                                               (PACKAGING / "arch/PKGBUILD").read_text()))
    settings = Path("/etc/makepkg.conf").read_text() + '\nCFLAGS=-O0\nPKGDEST=\nSRCDEST=\n'
    (work / "makepkg.conf").write_text(settings)
    run(command("makepkg"), "--config", work / "makepkg.conf", "--nodeps", "--nocheck", "--skipinteg",
        cwd=work, user=NOBODY, group=NOBODY, extra_groups=[], environment={"HOME": str(work)})
    [package] = work.glob("irelfix-*.pkg.tar*")
    root = public / "root"
    (root / "var/lib/pacman").mkdir(parents=True)
    pacman = ("pacman", "--root", root, "--noconfirm", "--config", os.devnull)
    run(*pacman, "-U", "--nodeps", "--nodeps", package)
    assert_is_there(root)
    run(*pacman, "-R", "irelfix")
    assert not [path for path in (root / "usr").rglob("*") if "irelfix" in path.name]


# ---- Alpine: its own tool is not here, its shell is ----

ABUILD = """
. ./APKBUILD
for name in pkgname pkgver pkgrel pkgdesc url arch license source; do
	eval "test -n \\"\\$$name\\"" || { echo "$name is empty" >&2; exit 1; }
done
cd "$pkgname-$pkgver"
build && package
"""


def test_apkbuild(sources: Path, tmp_path: Path) -> None:
    """What abuild calls, in that order."""
    run("tar", "-xzf", sources, "-C", tmp_path)
    shutil.copy(PACKAGING / "alpine/APKBUILD", tmp_path)
    run("sh", "-eu", "-c", ABUILD, cwd=tmp_path,
        environment={"pkgdir": str(tmp_path / "root"), "CFLAGS": "-O0"})
    assert_is_there(tmp_path / "root")


# ---- Homebrew: its own tool is not here, its language is ----

FORMULA = """
class Formula
  def self.method_missing(name, *words) = (@said ||= {})[name] = words.first
  def self.respond_to_missing?(*) = true
  def self.said = @said
  def self.test = nil
  attr_accessor :prefix
  def system(*words) = Kernel.system(*words) || abort
end
require ARGV[0]
formula = Irelfix.new
formula.prefix = ARGV[1]
formula.install
puts Irelfix.said.slice(:url, :license, :homepage).values
"""


def test_formula(tmp_path: Path) -> None:
    """Its install runs, here of what is built already."""
    need("ruby")
    said = run("ruby", "-w", "-e", FORMULA, PACKAGING / "homebrew/irelfix.rb", tmp_path / "usr", cwd=ROOT)
    assert_is_there(tmp_path)
    assert said.splitlines()[-3:] == [
        f"https://github.com/OWNER/irelfix/releases/download/v{VERSION}/irelfix-{VERSION}.tar.gz", "MIT",
        "https://github.com/OWNER/irelfix"]


# ---- Docker ----


def test_image(tmp_path: Path) -> None:
    """Of an archive's folder; the image has nothing but the program."""
    need_root()
    need("buildah")
    tree = tmp_path / "tree"
    for name in ("bin", "share/doc/irelfix"):
        (tree / name).mkdir(parents=True)
    shutil.copy(static_program(), tree / "bin/irelfix")
    for path in (ROOT / "LICENSE", PACKAGING / "release/LICENSE.musl"):
        shutil.copy(path, tree / "share/doc/irelfix")
    buildah = ("buildah", "--storage-driver", "vfs", "--root", tmp_path / "images", "--runroot",
               tmp_path / "run")
    alone = ("--isolation", "chroot")
    try:
        run(*buildah, "bud", *alone, "-t", "irelfix", "-f", PACKAGING / "docker/Dockerfile", tree)
        run(*buildah, "from", "--name", "irelfix-here", "irelfix")
    except AssertionError as error:
        if "not permitted" in str(error):
            raise Missing("a container that may start containers") from None
        raise
    sample("wide-bounds").put(tmp_path / "work/hello")
    run(*buildah, "run", *alone, "-v", f"{tmp_path}/work:/work", "irelfix-here", "--",
        "/bin/irelfix", "-i", "hello")
    assert (tmp_path / "work/hello").read_bytes() == sample("wide-bounds").repaired
    entry = run(*buildah, "inspect", "-f", "{{.OCIv1.Config.Entrypoint}}", "irelfix-here")
    assert entry == "[/bin/irelfix]"


# ---- one version ----

# Whose version it is not, or of when it tells.
OTHERS = ("CHANGELOG.md", "integrations/cargo/example/", "tests/")


@pytest.mark.fast
def test_one_version() -> None:
    assert run(ROOT / "scripts/version") == f"{VERSION}\n"


def test_one_command_renews_it(tmp_path: Path) -> None:
    """Nothing in the sources goes on saying the old one."""
    names = [name for name in run("git", "-C", ROOT, "ls-files").splitlines()
             if (ROOT / name).is_file() and not name.startswith(OTHERS)]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name, follow_symlinks=False)
    assert run(tmp_path / "scripts/version", "98.7.65") == "98.7.65\n"
    # Bazel's module of that name has versions of its own.
    old = re.compile(rf"(?<!\"platforms\", version = \")(?<![\d.]){re.escape(VERSION)}(?![\d.])")
    assert [name for name in names if old.search((tmp_path / name).read_text(errors="replace"))] == []
    (tmp_path / "MODULE.bazel").write_text('module(\n    name = "irelfix",\n    version = "1.2.3",\n)\n')
    stale = subprocess.run([tmp_path / "scripts/version"], capture_output=True, text=True)
    assert (stale.returncode, stale.stdout) == (1, "98.7.65\n") and "MODULE.bazel says 1.2.3" in stale.stderr
