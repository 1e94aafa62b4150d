# SPDX-License-Identifier: MIT
"""
Fails every system call of a repair once, in every way, and looks at what is left. As a program,
which scripts/faults runs, it prints a table.
"""
import os
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterable, Iterator

from tool import BAD_FILE, HEALTHY, Answer, irelfix

from .attributes import attributes, dress, times
from .samples import Sample, sample
from .system_calls import KILLED, Call, shim, shimmed, traced, with_fault

ERRORS = ("EIO", "ENOSPC", "EINTR", "EACCES")
FAULTS = (*ERRORS, "KILL")
SHORTENED = ("read", "pread64", "pwrite64", "copy_file_range")
MODE = 0o755
UNFAILING = {"exit_group", "brk"}  # Linux returns no errno from these


@dataclass(frozen=True)
class Scenario:
    """One call of the program, in a folder that holds nothing but its input."""
    title: str
    arguments: tuple[str, ...]
    kind: str = "wide-bounds"
    dressed: bool = False  # setuid, with capabilities, a label, a list

    @property
    def in_place(self) -> bool:
        return "-i" in self.arguments

    @property
    def sample(self) -> Sample:
        return sample(self.kind)


SCENARIOS = (
    Scenario("irelfix in -o out", ("in", "-o", "out")),
    Scenario("irelfix -i in", ("-i", "in")),
    Scenario("irelfix -i --atomic in", ("-i", "--atomic", "in")),
    Scenario("irelfix -i -p --backup in (setuid, capabilities, ACL)",
             ("-i", "-p", "--backup", "in"), dressed=True),
)


class Folder:
    """What one call has to do with, and what it leaves."""

    def __init__(self, scenario: Scenario, path: Path) -> None:
        self.scenario, self.path = scenario, path
        self.input = scenario.sample.put(path / "in", MODE)
        if scenario.dressed:
            dress(self.input)
        os.utime(self.input, ns=(10**18, 10**18))
        self.attributes, self.times = attributes(self.input), times(self.input)

    def bytes_of(self, name: str) -> bytes | None:
        path = self.path / name
        return path.read_bytes() if path.exists() else None

    def temporary(self) -> list[str]:
        return sorted(name for name in os.listdir(self.path)
                      if name not in ("in", "out", "in~"))

    def run_again(self) -> Answer:
        arguments = [a for a in self.scenario.arguments if a != "--backup"]
        return irelfix(*arguments, cwd=self.path)


def faulty_attributes(folder: Folder) -> list[str]:
    now = attributes(folder.input)
    return [f"{name} is {now[name]}, was {before}" for name, before in folder.attributes.items()
            if now[name] != before]


def faulty_files(folder: Folder) -> Iterator[str]:
    """Whatever happened: nothing is there that is neither as before nor whole."""
    repaired, broken = folder.scenario.sample.repaired, folder.scenario.sample.broken
    if not folder.scenario.in_place and folder.bytes_of("in") != broken:
        yield "the input changed"
    if folder.bytes_of("out") not in (None, repaired):
        yield "out is there, but not whole"
    if folder.bytes_of("in~") not in (None, broken):
        yield "the backup is there, but not whole"


def faulty_success(folder: Folder) -> Iterator[str]:
    repaired = folder.scenario.sample.repaired
    if folder.bytes_of("in" if folder.scenario.in_place else "out") != repaired:
        yield "exit 0, and the result is not there"
    if "--backup" in folder.scenario.arguments and folder.bytes_of("in~") is None:
        yield "exit 0, and there is no backup"
    yield from faulty_attributes(folder)


def faulty_error(folder: Folder, answer: Answer) -> Iterator[str]:
    if not answer.err.startswith("irelfix: "):
        yield f"exit {answer.status} without a message: {answer.err!r}"
    if "cannot put back the mode or capabilities" not in answer.err:
        yield from faulty_attributes(folder)


def faulty_repetition(folder: Folder) -> Iterator[str]:
    again = folder.run_again()
    if again.status != HEALTHY:
        yield f"a second run does not complete it: {again}"
    elif list(faulty_files(folder)) or folder.bytes_of(
            "in" if folder.scenario.in_place else "out") != folder.scenario.sample.repaired:
        yield "a second run makes something else of it"


def faulty_times(folder: Folder, answer: Answer) -> Iterator[str]:
    """To be called before anything reads the file."""
    if answer.status == HEALTHY and "-p" in folder.scenario.arguments:
        if times(folder.input) != folder.times:
            yield "exit 0, and the times changed"


def judge(folder: Folder, answer: Answer) -> tuple[str, list[str]]:
    """How it ended, and what is wrong with that; nothing, for a fault that was not lost."""
    left = folder.temporary()
    wrong = [*faulty_times(folder, answer), *faulty_files(folder)]
    if answer.status == HEALTHY:
        return "done", wrong + list(faulty_success(folder)) + [f"left: {n}" for n in left]
    if answer.status == BAD_FILE:
        wrong += [*faulty_error(folder, answer), *faulty_repetition(folder)]
        return "refused", wrong + [f"left: {name}" for name in left]
    if answer.status == KILLED:
        bare = bool(faulty_attributes(folder))
        wrong += faulty_repetition(folder)
        return "killed, and " + ("a temporary file stayed" if left else
                                 "without its privileges" if bare else "all in order"), wrong
    return f"exit {answer.status}", wrong + [f"unexpected: {answer}"]


@dataclass
class Tally:
    """What came of one scenario."""
    calls: int = 0
    faults: Counter = field(default_factory=Counter)
    endings: Counter = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def add(self, what: str, fault: str, ending: str, wrong: Iterable[str]) -> None:
        self.faults[fault] += 1
        self.endings[ending] += 1
        self.lost += [f"{what}: {fault}: {text}" for text in wrong]


def recorded(scenario: Scenario) -> list[Call]:
    """The calls from the one that opens the input on; those before are the C library's."""
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(scenario, Path(path))
        calls = traced(*scenario.arguments, cwd=folder.path).calls
    first = next(i for i, call in enumerate(calls)
                 if call.name == "openat" and '"in"' in call.text)
    return [call for call in calls[first:] if call.name not in UNFAILING]


def ends(calls: list[Call]) -> list[Call]:
    """The first and the last of each name."""
    return [call for call in calls
            if call.nth in (min(c.nth for c in calls if c.name == call.name),
                            max(c.nth for c in calls if c.name == call.name))]


def all_faults(calls: list[Call]) -> list[tuple[Call, str]]:
    return [(call, fault) for call in calls for fault in FAULTS]


def some_faults(calls: list[Call]) -> list[tuple[Call, str]]:
    """A sample: the ends, each with a kill and two of the errors."""
    return [(call, fault) for i, call in enumerate(ends(calls))
            for fault in ("KILL", ERRORS[i % 4], ERRORS[(i + 1) % 4])]


def fail_one(scenario: Scenario, call: Call, fault: str, tally: Tally) -> None:
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(scenario, Path(path))
        run = with_fault(call, fault, *scenario.arguments, cwd=folder.path)
        ending, wrong = judge(folder, run.answer)
        if not run.injected:
            wrong.append("the call was not reached")
        tally.add(f"{call.name}:{call.nth}", fault, ending, wrong)


def shorten_one(scenario: Scenario, library: Path, order: str, tally: Tally) -> None:
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(scenario, Path(path))
        ending, wrong = judge(folder, shimmed(library, *scenario.arguments,
                                              cwd=folder.path, SHORT=order))
        if ending != "done":
            wrong.append("was not continued")
        tally.add(order, "short", ending, wrong)


def orders(calls: list[Call]) -> list[str]:
    """Each call that transfers bytes, and all of a name at once."""
    names = [name for name in SHORTENED if any(call.name == name for call in calls)]
    each = []
    for name in names:
        before = min(call.nth for call in calls if call.name == name) - 1  # not interposed
        each += [f"{name}:{call.nth - before}" for call in calls if call.name == name]
    return each + [f"{name}:0" for name in names]


def examine(scenario: Scenario, whole: bool = True) -> Tally:
    """Fails every call in every way, or a sample of that."""
    calls = recorded(scenario)
    tally = Tally(calls=len(calls))
    for call, fault in all_faults(calls) if whole else some_faults(calls):
        fail_one(scenario, call, fault, tally)
    with tempfile.TemporaryDirectory() as path:
        library = shim("short", Path(path))
        every = orders(calls)
        for order in every if whole else every[::5] + every[-len(SHORTENED):]:
            shorten_one(scenario, library, order, tally)
    return tally


def print_table() -> int:
    columns = (*ERRORS, "KILL", "short")
    total = Tally()
    print(f"| call | system calls | {' | '.join(columns)} | lost |")
    print("|---|" + "--:|" * (len(columns) + 2))
    for scenario in SCENARIOS:
        tally = examine(scenario)
        cells = [str(tally.calls), *(str(tally.faults[c]) for c in columns), str(len(tally.lost))]
        print(f"| `{scenario.title}` | {' | '.join(cells)} |", flush=True)
        total.calls += tally.calls
        total.faults += tally.faults
        total.endings += tally.endings
        total.lost += tally.lost
    print(f"\n{total.calls} calls × {len(FAULTS)} faults, and {total.faults['short']} short "
          f"transfers: {total.faults.total()} runs, lost: {len(total.lost)}\n")
    for ending, count in total.endings.most_common():
        print(f"- {count} {ending}")
    for text in total.lost:
        print(f"lost: {text}", file=sys.stderr)
    return 1 if total.lost else 0


if __name__ == "__main__":
    sys.exit(print_table())
