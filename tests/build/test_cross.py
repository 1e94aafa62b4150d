# SPDX-License-Identifier: MIT
"""The library and the program for another machine than the one that builds."""
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from making import make, own_environment
from need import command
from places import ROOT, SCRIPTS

DECLARED = set(re.findall(r"\b(irelfix_\w+)\(", (ROOT / "include/irelfix.h").read_text()))
GCC = "aarch64-linux-gnu-gcc"


@dataclass(frozen=True)
class Cross:
    name: str
    compiler: str
    cflags: str = "-O2"
    ldflags: str = ""

    def __str__(self) -> str:
        return self.name

    def make(self, build: Path, *targets: str, **more: str) -> subprocess.CompletedProcess[str]:
        settings = {"CC": self.compiler, "CFLAGS": self.cflags, "LDFLAGS": self.ldflags, **more}
        return make(build, *targets, **settings)


# The target, and which linker there is for it, can be told in every one of these variables.
WAYS = [
    Cross("gcc", GCC),
    Cross("clang-in-cflags", "clang-14", "--target=aarch64-linux-gnu"),
    Cross("clang-in-two-words", "clang-14", "-O2 -target aarch64-linux-gnu"),
    Cross("clang-in-cc", "clang-14 --target=aarch64-linux-gnu", ldflags="-fuse-ld=lld"),
    Cross("gcc-in-cc", f"{GCC} -mbranch-protection=standard", '-DTWO_WORDS="two words" -g',
          "-Wl,--gc-sections -static-libgcc"),
]


def shown(archive: Path) -> set[str]:
    """The functions that a program can reach."""
    rows = subprocess.run([command("aarch64-linux-gnu-nm"), "-g", "--defined-only", archive],
                          capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^[0-9a-f]+ \w (.*)$", rows, re.M))


def runs(program: Path) -> bool:
    argv = [command("qemu-aarch64"), "-L", "/usr/aarch64-linux-gnu", program, "--version"]
    return subprocess.run(argv, capture_output=True, text=True).stdout.startswith("irelfix ")


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_builds(way: Cross, tmp_path: Path) -> None:
    for tool in (way.compiler.split()[0], "aarch64-linux-gnu-ld"):
        command(tool)
    result = way.make(tmp_path, "all")
    assert (result.returncode, result.stderr) == (0, "")
    assert shown(tmp_path / "libirelfix.a") == DECLARED
    assert runs(tmp_path / "irelfix")


# ---- the archive alone ----

LIBRARY = """
int inner(void) { return 1; }
int irelfix_open(void) { return inner(); }
"""
# Records the partial link; says that a tool is ANSWER where ASKED matches.
COMPILER = """#!/bin/sh
case " $* " in
*" -r "*) echo "$*" >>"{log}"; {partial} ;;
*-print-prog-name={asked}*) echo "{answer}"; exit ;;
esac
exec {compiler} "$@"
"""
SPOILS = """#!/bin/sh
for last; do :; done
exec objcopy --localize-symbol=irelfix_open "$last"
"""


def script(path: Path, text: str) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


@dataclass
class Archive:
    """Made with a compiler that tells what is wanted of it."""
    folder: Path
    compiler: str = "gcc"

    def make(self, *, cflags: str = "", ldflags: str = "", partial: str = ":",
             asked: str = "nothing", answer: str = "", **environment: str) -> str:
        """What is printed."""
        cc = script(self.folder / "cc", COMPILER.format(
            log=self.folder / "log", partial=partial, asked=asked, answer=answer,
            compiler=command(self.compiler)))
        source, self.object = self.folder / "library.c", self.folder / "library.o"
        source.write_text(LIBRARY)
        subprocess.run([cc, "-c", source, "-o", self.object], check=True)
        done = subprocess.run([SCRIPTS / "archive", self.path, self.object], text=True,
                              capture_output=True, env={**own_environment(), "CC": str(cc),
                                                        "CFLAGS": cflags, "LDFLAGS": ldflags,
                                                        **environment})
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    @property
    def path(self) -> Path:
        return self.folder / "libirelfix.a"

    @property
    def partial_link(self) -> list[str]:
        (line,) = (self.folder / "log").read_text().splitlines()
        return line.split()

    def is_hidden(self) -> bool:
        functions = shown(self.path)
        assert "irelfix_open" in functions
        return functions == {"irelfix_open"}


def test_what_names_the_target_reaches_the_partial_link(tmp_path: Path) -> None:
    archive = Archive(tmp_path, GCC)
    archive.make(cflags="-O2 -march=armv8.1-a -fsanitize=undefined",
                 ldflags="--sysroot=/ -B/nowhere -pie -s -Wl,--gc-sections -lm")
    assert {"-march=armv8.1-a", "--sysroot=/", "-B/nowhere"} <= set(archive.partial_link)
    assert not {"-fsanitize=undefined", "-pie", "-s", "-Wl,--gc-sections", "-lm"} & set(
        archive.partial_link)
    assert archive.is_hidden()


NO_OBJCOPY = "its inner functions are visible, too: no objcopy for this target"


@pytest.mark.parametrize("objcopy", [SPOILS, "#!/bin/sh\nexit 1\n", '#!/bin/sh\ncp "$4" "$5"\n'],
                         ids=["spoils", "fails", "hides-nothing"])
def test_an_objcopy_that_cannot_do_it(objcopy: str, tmp_path: Path) -> None:
    """Mach-O is of this kind: its names begin with an underscore."""
    archive = Archive(tmp_path)
    tool = script(tmp_path / "objcopy", objcopy)
    assert NO_OBJCOPY in archive.make(asked="*objcopy", answer=str(tool))
    assert not archive.is_hidden()
    assert archive.make(OBJCOPY=str(tool)) == "", "the compiler's own is still there"
    assert archive.is_hidden()


@pytest.mark.parametrize("settings, reason", [
    ({"cflags": "-O2 -flto"}, "there is no machine code yet"),
    ({"partial": "exit 1"}, "the compiler does not link objects to an object"),
], ids=["lto", "no-partial-link"])
def test_objects_that_stay_as_they_are(settings: dict, reason: str, tmp_path: Path) -> None:
    archive = Archive(tmp_path)
    assert reason in archive.make(**settings)
    assert not archive.is_hidden()
    assert [p.name for p in tmp_path.glob("irelfix*.o")] == []


# ---- the static program ----

TELLS = """#!/bin/sh
[ "$1" = --version ] || { echo "$@" >"%s"; cp "$1" "$3"; }
"""


def test_the_targets_program_does_not_repair_itself_here(tmp_path: Path) -> None:
    """Some machines do run it, by way of an emulator: then that is no other machine."""
    way = WAYS[0]
    result = way.make(tmp_path, "static")
    assert result.returncode == 0, result.stderr
    program = tmp_path / "irelfix-static"
    if subprocess.run(["sh", "-c", f"{tmp_path}/irelfix -V"], capture_output=True).returncode:
        assert "as it was linked" in result.stderr and "IRELFIX= names one" in result.stderr
    assert runs(program) and not program.with_suffix(".linked").exists()


def test_a_program_of_this_machine_repairs_it(tmp_path: Path) -> None:
    tool = script(tmp_path / "irelfix-here", TELLS % (tmp_path / "told"))
    result = WAYS[0].make(tmp_path / "build", "static", IRELFIX=str(tool))
    assert (result.returncode, result.stderr) == (0, "")
    assert "irelfix-static.linked -o" in (tmp_path / "told").read_text()
    assert runs(tmp_path / "build/irelfix-static")
