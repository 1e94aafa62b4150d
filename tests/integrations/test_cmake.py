# SPDX-License-Identifier: MIT
"""integrations/cmake, in C and C++, with Ninja and with Makefiles."""
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from lab.base import alone
from making import make
from need import need
from places import BUILD, ROOT
from projects import (CRASH, INTEGRATIONS, NEEDS_LIBRARY, REASON, Project, edited, install,
                      open_project, readme, readme_snippets)
from tool import TOOL

GENERATORS = {"Ninja": "ninja", "Unix Makefiles": "make"}
PROGRAMS = {"hello": "hello from C, 12\n", "hello++": "hello from C++\n"}

IN_THE_SOURCES = f"-Direlfix_DIR={INTEGRATIONS / 'cmake'}"
GIVEN = f"-DIRELFIX_EXECUTABLE={TOOL}"
FORMS = {
    "without": ("OFF", ""),
    "target": ("ON", ""),
    "launcher": ("OFF", "env;irelfix;--wrap;--"),
}


def configure(project: Project, generator: str, *definitions: str, fails: bool = False) -> str:
    need("cmake", GENERATORS[generator])
    return project.run("cmake", "-G", generator, "-S", ".", "-B", "build", *definitions,
                       fails=fails)


def switch_to(project: Project, form: str) -> None:
    repair, launcher = FORMS[form]
    project.run("cmake", f"-DREPAIR={repair}", f"-DCMAKE_C_LINKER_LAUNCHER={launcher}",
                f"-DCMAKE_CXX_LINKER_LAUNCHER={launcher}", "build")


def build(project: Project, fails: bool = False) -> str:
    return project.run("cmake", "--build", "build", fails=fails)


def outcomes(project: Project) -> dict[str, tuple[int, str]]:
    return {name: project.outcome(f"build/{name}", "twelve bytes") for name in PROGRAMS}


def stamps(project: Project) -> list[tuple[int, int]]:
    return [project.stamp(f"build/{name}") for name in PROGRAMS]


@pytest.fixture(scope="module", params=GENERATORS)
def configured(request: pytest.FixtureRequest,
               tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = open_project("cmake", tmp_path_factory.mktemp("cmake"))
    configure(project, request.param, IN_THE_SOURCES,
              f"-DIRELFIX_EXECUTABLE={project.tools / 'irelfix'}")
    return project


@pytest.fixture(params=["target", "launcher"])
def repaired(configured: Project, request: pytest.FixtureRequest) -> Project:
    """A project that is built in one of the forms."""
    switch_to(configured, request.param)
    build(configured)
    return configured


def test_crashes_without(configured: Project) -> None:
    switch_to(configured, "without")
    build(configured)
    assert outcomes(configured) == {name: CRASH for name in PROGRAMS}


def test_runs(repaired: Project) -> None:
    assert outcomes(repaired) == {name: (0, text) for name, text in PROGRAMS.items()}


def test_second_build_does_nothing(repaired: Project) -> None:
    before = stamps(repaired)
    assert "Linking" not in build(repaired)
    assert stamps(repaired) == before


def test_relinks_and_repairs_after_a_change(repaired: Project) -> None:
    change = ("hello", "goodbye")
    with edited(repaired, "hello.c", change), edited(repaired, "hello.cc", change):
        build(repaired)
        assert outcomes(repaired) == {name: (0, text.replace(*change))
                                      for name, text in PROGRAMS.items()}


def test_refusal_fails_every_build(repaired: Project) -> None:
    """The first failure must not leave a file behind that passes for built."""
    with edited(repaired, "hello.c", *NEEDS_LIBRARY):
        repaired.fails_twice("cmake", "--build", "build", says=REASON, absent="build/hello")


@pytest.mark.parametrize("repaired", ["target"], indirect=True)
def test_a_new_irelfix_relinks(repaired: Project) -> None:
    before = stamps(repaired)
    repaired.renew_irelfix()
    assert "Linking" in build(repaired)
    assert not set(stamps(repaired)) & set(before)


def test_readme_shows_what_is_tested() -> None:
    for name in ("C", "CXX"):
        assert f"-DCMAKE_{name}_LINKER_LAUNCHER='{FORMS['launcher'][1]}'" in readme("cmake")
    for line in ("find_package(irelfix REQUIRED)", "irelfix_target(hello hello++)"):
        assert line in readme("cmake")
        assert line in (INTEGRATIONS / "cmake" / "example" / "CMakeLists.txt").read_text()


# ---- what is told to the configuration --------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Project:
    need("gcc")
    return open_project("cmake", tmp_path)


def test_a_static_library_is_an_error(project: Project) -> None:
    project.edit("CMakeLists.txt", "irelfix_target(hello hello++)",
                 "add_library(part STATIC hello.c)\nirelfix_target(part)")
    said = configure(project, "Ninja", IN_THE_SOURCES, GIVEN, fails=True)
    assert "irelfix_target: part is no executable (STATIC_LIBRARY)" in " ".join(said.split())


def test_an_unknown_target_is_an_error(project: Project) -> None:
    project.edit("CMakeLists.txt", "irelfix_target(hello hello++)", "irelfix_target(helo)")
    said = configure(project, "Ninja", IN_THE_SOURCES, GIVEN, fails=True)
    assert "irelfix_target: there is no target helo (yet)" in said


@pytest.mark.parametrize("generator", GENERATORS)
def test_fetch_content(generator: str, project: Project) -> None:
    """irelfix is built with the project, and as if the project said nothing about its links."""
    lines = readme_snippets("cmake", "cmake")[1]
    declared = re.sub("URL .*", f'SOURCE_DIR "{ROOT}")', lines)
    assert declared != lines
    project.edit("CMakeLists.txt", "find_package(irelfix REQUIRED)\n", declared)
    project.lose_irelfix()
    configure(project, generator)
    build(project)
    assert outcomes(project) == {name: (0, text) for name, text in PROGRAMS.items()}
    before = stamps(project)
    assert "Linking" not in build(project)
    assert stamps(project) == before


def test_fetch_content_for_another_machine(project: Project) -> None:
    project.edit("CMakeLists.txt", "find_package(irelfix REQUIRED)",
                 f'add_subdirectory("{ROOT}" irelfix)')
    said = configure(project, "Ninja", "-DCMAKE_SYSTEM_NAME=Linux",
                     "-DCMAKE_SYSTEM_PROCESSOR=aarch64", fails=True)
    assert "irelfix runs on the machine that builds" in said


# ---- without irelfix --------------------------------------------------------------------------


def test_configuring_fails_without_irelfix(project: Project) -> None:
    source_tree(project.source / "tree")
    project.lose_irelfix()
    for _ in range(2):
        said = configure(project, "Ninja", f"-Direlfix_DIR={project.source}/tree/integrations/cmake",
                         fails=True)
        assert "The program irelfix was not found, and static executables would" in " ".join(
            said.split())


@pytest.mark.parametrize("form", ["target", "launcher"])
@pytest.mark.parametrize("generator", GENERATORS)
def test_building_fails_without_irelfix(form: str, generator: str, project: Project) -> None:
    configure(project, generator, IN_THE_SOURCES,
              f"-DIRELFIX_EXECUTABLE={project.tools / 'irelfix'}")
    switch_to(project, form)
    project.lose_irelfix()
    project.fails_twice("cmake", "--build", "build", says="irelfix", absent="build/hello")


# ---- find_package -----------------------------------------------------------------------------

def search(folder: Path, *definitions: str, version: str = "", fails: bool = False) -> str:
    """What a project without languages, and without irelfix in its PATH, prints as found."""
    need("cmake", "ninja")
    project = open_project("cmake", folder)
    project.lose_irelfix()
    (project.source / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.13)\nproject(probe LANGUAGES NONE)\n"
        f"find_package(irelfix {version} REQUIRED)\n"
        'get_target_property(program irelfix::irelfix IMPORTED_LOCATION)\n'
        'message(STATUS "found ${program} ${irelfix_VERSION}")\n')
    return configure(project, "Ninja", *definitions, fails=fails)


def found_program(output: str) -> Path:
    match = re.search("^-- found (.*) .*$", output, re.M)
    assert match, output
    return Path(match[1]).resolve()


@pytest.mark.parametrize("libraries", ["lib", "lib/x86_64-linux-gnu"])
def test_found_where_it_is_installed(libraries: str, tmp_path: Path) -> None:
    prefix = tmp_path / "prefix"
    install(prefix, f"LIBDIR={prefix}/{libraries}")
    output = search(tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}",
                    "-DCMAKE_LIBRARY_ARCHITECTURE=x86_64-linux-gnu")
    assert found_program(output) == prefix / "bin" / "irelfix"


CLIENT = """
cmake_minimum_required(VERSION 3.13)
project(client LANGUAGES C)
find_package(irelfix REQUIRED)
add_executable(hello hello.c)
target_link_libraries(hello PRIVATE irelfix::TARGET)
"""


@pytest.mark.parametrize("target, shared", [("libirelfix", False), ("libirelfix_shared", True)])
def test_the_library_is_a_target(target: str, shared: bool, project: Project, tmp_path: Path) -> None:
    install(tmp_path / "prefix")
    with alone(BUILD / ".shared.lock"):
        assert make(BUILD, "install-shared", PREFIX=str(tmp_path / "prefix")).returncode == 0
    (project.source / "CMakeLists.txt").write_text(CLIENT.replace("TARGET", target))
    (project.source / "hello.c").write_text("#include <irelfix.h>\n#include <stdio.h>\n"
                                            "int main(void) { puts(irelfix_version()); }\n")
    configure(project, "Ninja", f"-DCMAKE_PREFIX_PATH={tmp_path / 'prefix'}")
    build(project)
    answer = subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=True)
    assert project.outcome("build/hello") == (0, answer.stdout.removeprefix("irelfix "))
    needed = subprocess.run(["readelf", "-d", project.source / "build/hello"], capture_output=True,
                            text=True).stdout
    assert ("libirelfix.so.1" in needed) == shared


# The machine may have irelfix installed.
NOWHERE_ELSE = (f"-DCMAKE_MAKE_PROGRAM={shutil.which('ninja')}",
                "-DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF",
                "-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF")


def source_tree(folder: Path) -> Path:
    """The part of the sources that find_package looks at, without a program."""
    shutil.copytree(INTEGRATIONS / "cmake", folder / "integrations" / "cmake")
    return folder / "integrations" / "cmake"


def test_found_in_the_source_tree(tmp_path: Path) -> None:
    package = source_tree(tmp_path / "tree")
    built = tmp_path / "tree" / "build" / "irelfix"
    built.parent.mkdir()
    shutil.copy(TOOL, built)
    assert found_program(search(tmp_path, f"-Direlfix_DIR={package}")) == built


def test_says_what_is_missing(tmp_path: Path) -> None:
    package = source_tree(tmp_path / "tree")
    output = search(tmp_path, f"-Direlfix_DIR={package}", *NOWHERE_ELSE, fails=True)
    assert "run make first" in output


def test_version_is_that_of_the_program(tmp_path: Path) -> None:
    answer = subprocess.run([TOOL, "--version"], capture_output=True, text=True, check=True)
    version = answer.stdout.split()[1]
    output = search(tmp_path, IN_THE_SOURCES, GIVEN, version=f"{version} EXACT")
    assert f"-- found {TOOL} {version}\n" in output


@pytest.mark.parametrize("wanted, fails", [("0.0.9", False), ("0.0.9 EXACT", True), ("99", True)])
def test_version_is_compared(wanted: str, fails: bool, tmp_path: Path) -> None:
    search(tmp_path, IN_THE_SOURCES, GIVEN, version=wanted, fails=fails)
