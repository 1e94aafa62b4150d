# SPDX-License-Identifier: MIT
"""irelfix --run over the example projects, none of which then knows of irelfix."""
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import test_go
import test_languages
from need import need
from projects import CRASH, Project, open_project

STATIC = "-static -fuse-ld=lld -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"
LANGUAGES = test_languages.commands()
CONFIGURE = "cmake -G Ninja -S . -B build -DREPAIR=OFF"


@dataclass(frozen=True)
class Build:
    """A whole build, without irelfix, and what it makes."""
    system: str
    tools: tuple[str, ...]
    line: str
    programs: dict[str, str]
    before: str = ":"  # what was done beforehand
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, project: Project, *prefix: str) -> str:
        """Nothing is left of what was built before."""
        project.run("sh", "-ec", f"rm -rf build {' '.join(self.programs)}; {self.before}")
        return project.run(*prefix, "sh", "-ec", self.line, STATIC=STATIC, **self.variables)


def language(compiler: str) -> Build:
    option, greeting = test_languages.LANGUAGES[compiler]
    return Build("languages", (compiler, "gcc"), LANGUAGES[compiler].replace(option, ""),
                 {"hello": greeting})


def in_c(system: str, tools: str, line: str, program: str = "hello", **more: str) -> Build:
    return Build(system, (*tools.split(), "gcc"), line, {program: "hello from C, 12\n"}, **more)


CMAKE = {"build/hello": "hello from C, 12\n", "build/hello++": "hello from C++\n"}
GO = test_go.ONE_LINER.replace(test_go.EXTLD, "").replace("-static", test_go.STATIC)
BUILDS = {
    "gcc": in_c("compiler", "", "gcc -O2 $STATIC hello.c -o hello"),
    "clang": in_c("compiler", "clang-22", "clang-22 -O2 $STATIC hello.c -o hello"),
    "make": in_c("make", "make", "rm -f hello.o; make REPAIR=no"),
    "autotools": in_c("autotools", "autoreconf libtoolize make",
                      "autoreconf -i; ./configure; make CCLD=gcc"),
    "cmake": Build("cmake", ("cmake", "ninja"), f"{CONFIGURE}; cmake --build build", CMAKE),
    "cmake, configured before": Build("cmake", ("cmake", "ninja"), "cmake --build build", CMAKE,
                                      before=CONFIGURE),
    "meson": in_c("meson", "meson ninja", "meson setup build -Drepair=false; ninja -C build",
                  "build/hello"),
    "meson, configured before": in_c("meson", "meson ninja", "ninja -C build", "build/hello",
                                     before="meson setup build -Drepair=false"),
    "go": Build("go", ("go", "gcc"), f"{GO} -o hello", {"hello": "hello from Go, 12\n"},
                variables={"GOFLAGS": "-buildvcs=false", "GOPROXY": "off"}),
    **{compiler: language(compiler) for compiler in LANGUAGES},
}


@pytest.fixture(params=BUILDS)
def build(request: pytest.FixtureRequest) -> Build:
    need(*BUILDS[request.param].tools)
    return BUILDS[request.param]


@pytest.fixture
def run(build: Build, tmp_path: Path) -> Callable[..., dict[str, tuple[int, str]]]:
    """What the programs of the build do, as it was called by the words in front of it."""
    project = open_project(build.system, tmp_path)

    def run(*prefix: str) -> dict[str, tuple[int, str]]:
        said = build.run(project, *prefix)
        counted = f" linked: {len(build.programs)} repaired, 0 kept as they are, 0 removed\n"
        assert (counted in said) == bool(prefix), said
        return {name: project.outcome(name, "twelve bytes") for name in build.programs}
    return run


def test_crashes_without_and_runs_with(build: Build, run: Callable) -> None:
    assert run() == {name: CRASH for name in build.programs}
    assert run("irelfix", "--run", "--") == {name: (0, text)
                                             for name, text in build.programs.items()}


def test_what_is_configured_below_it_is_not_built_without(tmp_path: Path) -> None:
    """CMake writes down where its compilers were."""
    build = BUILDS["cmake"]
    need(*build.tools)
    project = open_project(build.system, tmp_path)
    build.run(project, "irelfix", "--run", "--")
    project.edit("hello.c", "hello", "goodbye")
    project.fails_twice("cmake", "--build", "build", says="/irelfix-run-")
