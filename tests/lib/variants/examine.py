# SPDX-License-Identifier: MIT
"""Takes the program of one level through everything; what went wrong is collected, not raised."""
import signal
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from places import LAB
from tool import HEALTHY

from .build import broken_program, found_instructions, reference_program
from .levels import Level
from .running import processor_flags, repair_and_prove, run, ways_to_start


@dataclass
class Row:
    level: Level
    kind: str
    crash: str = ""
    defect: str = ""
    started: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    not_run: list[str] = field(default_factory=list)

    def check(self, fine: bool, failure: str) -> bool:
        if not fine:
            self.failures.append(f"{self.level.name} {self.kind}: {failure}")
        return fine

    def skip(self, what: str, reason: str) -> None:
        self.not_run.append(f"{self.level.name} {what}: {reason}")


def obstacle(level: Level, way: str) -> str:
    """Why the program itself cannot be run in a way in which it can be started."""
    if way != "native":
        return level.not_emulated
    lacking = sorted(level.native_flags - processor_flags())
    return f"this processor has no {' '.join(lacking)}" if lacking else ""


def show_crash(row: Row, broken: Path) -> None:
    """Whatever the level, startup needs no more than a processor of this machine."""
    signals = set()
    for way in ways_to_start(row.level.machine):
        outcome = run(broken, row.level.machine, way)
        if row.check(outcome.crashed, f"does not crash as linked: {outcome}"):
            signals.add(signal.Signals(-outcome.status).name)
    row.crash = ", ".join(sorted(signals))


def repair(row: Row, broken: Path, to: Path) -> None:
    machine = row.level.machine
    answer = repair_and_prove(broken, to, machine)
    if not row.check(answer.status == HEALTHY, f"not repaired: {answer}"):
        return
    row.defect = answer.object["class"]
    results = {proof["model"]: proof for proof in answer.object["prove"]}
    for model in machine.models:
        proof = results.get(model, {"result": "no answer", "detail": ""})
        if proof["result"] == "started":
            row.started.append(model)
        elif proof["result"] == "not run":
            row.skip(f"start on {model}", proof["detail"])
        else:
            row.check(False, f"start on {model}: {proof['result']} {proof['detail']}")


def compare_runs(row: Row, repaired: Path, reference: Path) -> None:
    machine = row.level.machine
    for way in ways_to_start(machine):
        reason = obstacle(row.level, way)
        if reason:
            row.skip(f"run, {way}", reason)
            continue
        outcome, wanted = run(repaired, machine, way), run(reference, machine, way)
        row.check(wanted.status == 0 and wanted.output != "", f"linked by GNU ld: {wanted}")
        if row.check(outcome == wanted, f"{outcome}\nlinked by GNU ld: {wanted}"):
            row.ran.append(way)


def examine(level: Level, kind: str) -> Row:
    row = Row(level, kind)
    broken, reference = broken_program(level, kind), reference_program(level, kind)
    found = found_instructions(broken, level)
    row.check(found == list(level.instructions), f"in the program's code is only {found}")
    show_crash(row, broken)
    with tempfile.TemporaryDirectory(dir=LAB) as folder:
        repaired = Path(folder) / "repaired"
        repair(row, broken, repaired)
        if repaired.exists():
            compare_runs(row, repaired, reference)
    return row
