# SPDX-License-Identifier: MIT
"""
Every allocation fails once, those of the C library among them: what comes of it is the same as
without, or a message and exit 3. An object of --json is whole or not there, as a file is. Of those
that the same calls lead to, as the passes of a loop, the first and the last fail.
"""
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from cost.attacks import strays
from disk.samples import sample
from disk.system_calls import shim, shimmed
from elf.build import build, healthy
from tool import BAD_FILE, Answer

NOT_RUN = 126  # what env and nohup say when a command cannot be run

LINKER = "#!/bin/sh\ncp in linked\n"


@dataclass(frozen=True)
class Scenario:
    arguments: str
    kind: str = "wide-bounds"
    machine: str = "x86-64"

    def __str__(self) -> str:
        return f"{self.arguments} ({self.kind}, {self.machine})"


SCENARIOS = [
    *(Scenario(arguments) for arguments in (
        "in", "-v in", "--json in many none", "-n many", "-n --json many", "in -o out",
        "healthy -o out", "-i in", "-i --json in many", "-i --atomic --backup -p in", "-r tree",
        "-r --json -j 3 tree", "-r -i tree", "--files0-from list", "--prove=native in",
        "--prove=native,qemu64 --json in -o out",
        "--wrap -- ./ld @words", "--run -- ./ld", "--explain=all",
        "--format=sarif in many", "--format=github in many none", "--help", "--version")),
    Scenario("-n --json in", "biased-weak"),
    Scenario("-n --json in", "lost-irelative"),
    Scenario("-n --json in", "wide-bounds", "aarch64"),
    Scenario("-n in", "biased-weak", "aarch64"),
]


@lru_cache(maxsize=None)
def healthy_bytes() -> bytes:
    return bytes(build(healthy()).data)


class Folder:
    """What one call has to do with."""

    def __init__(self, scenario: Scenario, path: Path) -> None:
        path.mkdir()
        self.scenario, self.path = scenario, path
        self.sample = sample(scenario.kind, scenario.machine)
        self.sample.put(path / "in")
        strays(60).write(path / "many")
        (path / "healthy").write_bytes(healthy_bytes())
        for name in ("tree/a", "tree/deep/b"):
            self.sample.put(path / name)
        (path / "list").write_bytes(b"in\0many\0tree/a\0")
        (path / "words").write_text("-o linked")
        (path / "ld").write_text(LINKER)
        (path / "ld").chmod(0o755)

    def run(self, library: Path, nth: int) -> Answer:
        return shimmed(library, *self.scenario.arguments.split(), cwd=self.path,
                       STARVE=f"{nth}:{self.path}/note")

    @property
    def allocations(self) -> list[int]:
        """Those that are to fail, from 1: the first and the last of each place."""
        places = [*enumerate((self.path / "note").read_text().split(), 1)]
        last = {place: nth for nth, place in places}
        first = {place: nth for nth, place in reversed(places)}
        return sorted({*first.values(), *last.values()})

    def contents(self) -> dict[str, bytes]:
        return {path.relative_to(self.path).as_posix(): path.read_bytes()
                for path in self.path.rglob("*") if path.is_file() and path.name != "note"}


def in_order(answer: Answer) -> Answer:
    """Threads tell what they have found when they have found it."""
    return Answer(answer.status, "".join(sorted(answer.out.splitlines(True))), answer.err)


def faults(answer: Answer, usual: Answer, arguments: str) -> Iterator[str]:
    if in_order(answer) == in_order(usual):
        return
    if answer.status != (NOT_RUN if "cannot run" in answer.err and "--" in arguments.split()
                         else BAD_FILE):
        yield f"exit {answer.status}"
    if "irelfix: " not in answer.err:
        yield "no message"
    if "--json" in arguments:
        yield from torn(answer.out)


def torn(out: str) -> Iterator[str]:
    """An object is whole, and has its end of line."""
    if out and not out.endswith("\n"):
        yield f"an object is cut: {out[-80:]}"
    for line in out.splitlines():
        try:
            json.loads(line)
        except ValueError:
            yield f"no object: {line[-80:]}"


def files_that_are_neither(before: dict[str, bytes], now: dict[str, bytes],
                           after: dict[str, bytes]) -> Iterator[str]:
    """Each is as it was, or as it is to become."""
    for name, content in now.items():
        if content not in (before.get(name), after.get(name)):
            yield name
    yield from (name for name in before if name not in now)


@pytest.mark.promise("An allocation that fails")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=str)
def test_every_allocation_fails_once(scenario, tmp_path):
    library = shim("starve", tmp_path)
    folder = Folder(scenario, tmp_path / "usual")
    before = folder.contents()
    usual, after = folder.run(library, 0), folder.contents()
    chosen, found = folder.allocations, []
    for nth in chosen:
        folder = Folder(scenario, tmp_path / str(nth))
        answer = folder.run(library, nth)
        wrong = [*faults(answer, usual, scenario.arguments),
                 *files_that_are_neither(before, folder.contents(), after)]
        found += [f"allocation {nth}: {text}: {answer}" for text in wrong]
    assert chosen and found == []
