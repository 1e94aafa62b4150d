# SPDX-License-Identifier: MIT
"""ccache and sccache in front of irelfix and behind it: no loop, the right program, real hits."""
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from lab.toolchains import LINKERS
from need import command
from places import PROGRAMS
from tool import TOOL

SOURCE = PROGRAMS / "weak.c"
STATIC = ("-static -no-pie -fuse-ld=lld -Wl,--push-state,--no-as-needed,-Bdynamic -l:libm.so.6 "
          "-Wl,--pop-state")
BUILD = f'$CC -O2 -c {SOURCE} -o weak.o && $CC {STATIC} weak.o -o weak'
RUN = [TOOL, "--run", "--"]
LINE = "irelfix: weak: wide-bounds repaired\n"
TIME_LIMIT = 240


@dataclass
class Cache:
    """One of them, its masquerade folder, and a PATH without it on which irelfix-cc is."""
    name: str
    folder: Path
    environment: dict[str, str]

    @property
    def path(self) -> str:
        return self.environment["PATH"]

    @property
    def masquerade(self) -> Path:
        return self.folder / "masquerade"

    def call(self, *arguments: str) -> str:
        return subprocess.run([command(self.name), *arguments], env=self.environment, text=True,
                              capture_output=True, check=True).stdout

    def hits(self) -> int:
        if self.name == "ccache":
            counts = dict(line.split("\t") for line in self.call("--print-stats").splitlines())
            return int(counts["direct_cache_hit"]) + int(counts["preprocessed_cache_hit"])
        (line,) = [line for line in self.call("--show-stats").splitlines()
                   if line.startswith("Cache hits  ")]
        return int(line.split()[-1])

    def build(self, words: list[str | Path], **more: str) -> str:
        """Builds, and returns what was said of the program on standard error."""
        for name in ("weak.o", "weak"):
            (self.folder / name).unlink(missing_ok=True)
        done = subprocess.run([str(word) for word in words], cwd=self.folder, text=True,
                              env={**self.environment, **more}, capture_output=True,
                              timeout=TIME_LIMIT)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stderr

    def outcome(self) -> tuple[int, str]:
        done = subprocess.run([self.folder / "weak"], text=True, capture_output=True, timeout=60)
        return done.returncode, done.stdout


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_server(program: str, environment: dict[str, str]) -> None:
    """sccache waits ten seconds for it, which may be too few on a busy machine."""
    for _ in range(6):
        environment["SCCACHE_SERVER_PORT"] = str(free_port())
        started = subprocess.run([program, "--start-server"], env=environment, text=True,
                                 capture_output=True)
        if started.returncode == 0:
            return
    pytest.fail(started.stderr)


@pytest.fixture(params=["ccache", "sccache"])
def cache(request: pytest.FixtureRequest, folder: Path) -> Iterator[Cache]:
    program = command(request.param)
    for name in ("masquerade", "bin"):
        (folder / name).mkdir()
    for name in ("gcc", "cc"):
        if request.param == "ccache":
            (folder / "masquerade" / name).symlink_to(program)
        else:  # it tells its name from what it really is
            shutil.copy(program, folder / "masquerade" / name)
    (folder / "bin" / "irelfix-cc").symlink_to(TOOL.resolve())
    (folder / "bin" / "ld.lld").symlink_to(LINKERS["lld-22"].path())
    kept = {key: value for key, value in os.environ.items() if "CACHE" not in key}
    cache = Cache(request.param, folder, {
        **kept, "PATH": f"{folder / 'bin'}:/usr/bin:/bin", "CC": "gcc", "HOME": str(folder),
        "CCACHE_DIR": str(folder / "cache"), "SCCACHE_DIR": str(folder / "cache")})
    if request.param == "sccache":
        start_server(program, cache.environment)
    yield cache
    if request.param == "sccache":
        subprocess.run([program, "--stop-server"], env=cache.environment, capture_output=True)


def behind(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    """The folder of irelfix comes first, then that of the cache."""
    return [*RUN, "sh", "-c", BUILD], {"PATH": f"{cache.masquerade}:{cache.path}"}


def before(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    """The build puts the cache in front of all."""
    return [*RUN, "sh", "-c", f'PATH="{cache.masquerade}:$PATH"; {BUILD}'], {}


def as_a_prefix(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    return [*RUN, "sh", "-c", BUILD], {"CC": f"{cache.name} gcc"}


def around_irelfix_cc(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    return ["sh", "-c", BUILD], {"CC": f"{cache.name} irelfix-cc"}


def inside_irelfix_cc(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    return ["sh", "-c", BUILD], {"CC": "irelfix-cc", "IRELFIX_CC": f"{cache.name} gcc"}


def behind_wrap(cache: Cache) -> tuple[list[str | Path], dict[str, str]]:
    return ["sh", "-c", BUILD], {"CC": f"{TOOL} --wrap -- {cache.name} gcc"}


WAYS = [behind, before, as_a_prefix, around_irelfix_cc, inside_irelfix_cc, behind_wrap]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_the_program_is_repaired_and_objects_are_found_again(way, cache):
    words, more = way(cache)
    cache.build(words, **more, IRELFIX_WRAP="off")
    assert cache.outcome()[0] < 0
    for hits in (0, 1):
        found = cache.hits()
        said = cache.build(words, **more)
        assert said.count(LINE) == 1, said
        assert cache.outcome() == (0, SOURCE.with_suffix(".out").read_text())
        assert cache.hits() - found == hits or hits == 0  # the first may find what off has left


@pytest.mark.parametrize("way", [behind, before, as_a_prefix], ids=lambda way: way.__name__)
def test_another_compiler_is_another_object(way, cache):
    """irelfix is one file for both of them."""
    made_by = {}
    for version in ("11", "12"):
        tools = cache.folder / version
        tools.mkdir()
        (tools / "gcc").symlink_to(command(f"gcc-{version}"))
        words, more = way(cache)
        path = more.get("PATH", cache.path).removesuffix(cache.path) + f"{tools}:{cache.path}"
        cache.build(words, **{**more, "PATH": path})
        comment = subprocess.run(["readelf", "-p", ".comment", cache.folder / "weak.o"], text=True,
                                 capture_output=True, check=True).stdout
        made_by[version] = comment
    assert f") 11." in made_by["11"] and f") 12." in made_by["12"]
