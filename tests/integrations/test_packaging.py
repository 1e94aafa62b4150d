# SPDX-License-Identifier: MIT
"""integrations/packaging: what is inside a package that was built with and without the hook."""
from dataclasses import dataclass
from pathlib import Path

import pytest
from need import need
from projects import CRASH, INTEGRATIONS, Project, open_project, readme_snippet

GREETING = "hello from C, 12\n"
HOOK = "irelfix -r -i"


def debian_package(project: Project) -> Path:
    need("dh", "dpkg-deb", "gcc", "make")
    project.run("debian/rules", "binary", DEB_BUILD_OPTIONS="noautodbgsym nocheck")
    (package,) = project.source.parent.glob("hello_*.deb")
    project.run("dpkg-deb", "-R", package, "unpacked")
    return project.source / "unpacked"


def rpm_package(project: Project) -> Path:
    need("rpmbuild", "rpm2archive", "gcc", "make")
    project.run("rpmbuild", "-bb", "--nodeps", "-D", f"_topdir {project.source}/rpm",
                "-D", f"source {project.source}", "hello.spec")
    (package,) = (project.source / "rpm/RPMS").rglob("hello-*.rpm")
    project.run("rpm2archive", package)
    unpacked = project.source / "unpacked"
    unpacked.mkdir()
    project.run("tar", "-xzf", f"{package}.tgz", "-C", unpacked)
    return unpacked


# How a package is built, and the file that has the hook.
PACKAGES = {"deb": (debian_package, "debian/rules"), "rpm": (rpm_package, "hello.spec")}


BUILDS = {
    "deb": ["debian/rules", "binary"],
    "rpm": ["sh", "-c", 'rpmbuild -bb --nodeps -D "_topdir $PWD/rpm" -D "source $PWD" hello.spec'],
}


@pytest.mark.parametrize("name", PACKAGES)
def test_fails_without_irelfix(name: str, tmp_path: Path) -> None:
    need("dh", "rpmbuild", "gcc", "make")
    project = open_project("packaging", tmp_path)
    project.lose_irelfix()
    project.fails_twice(*BUILDS[name], says="irelfix: ", DEB_BUILD_OPTIONS="noautodbgsym nocheck")
    assert not [*project.source.parent.rglob("hello*.deb"), *project.source.rglob("hello*.rpm")]


@dataclass(frozen=True)
class Package:
    project: Project
    root: Path

    def outcome(self) -> tuple[int, str]:
        return self.project.outcome(self.root / "usr/bin/hello", "twelve bytes")


@pytest.fixture(scope="module", params=PACKAGES)
def repaired(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Package:
    build, _ = PACKAGES[request.param]
    project = open_project("packaging", tmp_path_factory.mktemp("packaging"))
    return Package(project, build(project))


@pytest.mark.parametrize("name", PACKAGES)
def test_crashes_without(name: str, tmp_path: Path) -> None:
    build, hook_file = PACKAGES[name]
    project = open_project("packaging", tmp_path)
    project.edit(hook_file, HOOK, ":")
    assert Package(project, build(project)).outcome() == CRASH


def test_runs(repaired: Package) -> None:
    assert repaired.outcome() == (0, GREETING)


@pytest.mark.parametrize("repaired", ["deb"], indirect=True)
def test_is_repaired_after_stripping_and_before_checksums(repaired: Package) -> None:
    assert ".symtab" not in repaired.project.run("readelf", "-SW", repaired.root / "usr/bin/hello")
    repaired.project.run("sh", "-c", "cd unpacked && md5sum --check --strict DEBIAN/md5sums")


@pytest.mark.parametrize("language, file", [
    ("make", "debian/rules"), ("spec", "hello.spec"), ("nix", "default.nix"),
])
def test_readme_shows_the_hook(language: str, file: str) -> None:
    example = (INTEGRATIONS / "packaging" / "example" / file).read_text()
    assert readme_snippet("packaging", language) in example
