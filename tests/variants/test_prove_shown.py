# SPDX-License-Identifier: MIT
"""irelfix --prove: what a person sees, and when."""
import os
import pty
import re

import pytest
from lab.links import link, product
from machines import ARCHS, MACHINES
from tool import BAD_FILE, BROKEN, HEALTHY, TIME_LIMIT, UNVERIFIED, irelfix, summary
from variants.bench import read_until

X86_64, AARCH64 = MACHINES["x86-64"], MACHINES["aarch64"]


@pytest.fixture
def slow(bench, monkeypatch):
    """Lets an emulator wait; it goes on when the file is there."""
    gate = bench.folder / "gate"
    script = bench.script(f'[ "$2" != slow ] || until [ -e "{gate}" ]; do sleep 0.01; done\n'
                          '[ "$2" != bad ] || exit 1\nexit 113')
    monkeypatch.setenv(X86_64.emulator_variable, str(script))
    yield gate
    gate.touch()


def stream_of(kind: str) -> tuple[int, int]:
    """Both ends of a pipe or of a terminal, ours first."""
    return pty.openpty() if kind == "terminal" else os.pipe()


@pytest.mark.fast
@pytest.mark.parametrize("kind", ["terminal", "pipe"])
def test_each_run_is_shown_as_it_ends(bench, slow, kind):
    bench.link()
    ours, theirs = stream_of(kind)
    call = bench.start("--color=never", "--prove=quick,bad,slow,last", bench.broken, "-o",
                       bench.result, stdout=theirs)
    os.close(theirs)
    shown = read_until(ours, "bad          FAILED: exit status 1 before main\n")
    assert re.fullmatch(rf"{bench.broken}: wide-bounds: .*\n"
                        r"   quick        started\n"
                        r"   bad          FAILED: exit status 1 before main\n", shown)
    slow.touch()
    assert read_until(ours, "failed\n") == ("   slow         started\n"
                                            "   last         started\n"
                                            "   3 of 4 started, 1 failed\n")
    assert call.wait(TIME_LIMIT) == UNVERIFIED
    error = call.stderr.read().decode()
    assert error.count("\n") == 1 and "main is not reached: 1 of 4 runs failed" in error
    assert not bench.result.exists()


def test_what_is_shown_before_the_runs(bench, slow):
    """Table and edits stand above them, where they are asked for."""
    bench.link()
    call = bench.start("-v", "-n", "--prove=slow", bench.broken)
    shown = read_until(call.stdout.fileno(), "start bound")
    assert "   before " in shown and "slow" not in shown
    slow.touch()
    assert "1 of 1 started" in call.communicate(timeout=TIME_LIMIT)[0].decode()


def rows_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("   ")]


@pytest.mark.fast
def test_a_repair_ends_with_what_was_written(bench):
    bench.link()
    answer = irelfix("--prove=native,max", bench.broken, "-o", bench.result)
    assert answer.status == HEALTHY, str(answer)
    assert rows_of(answer.out) == [
        "   native       started", "   max          started", "   2 of 2 started",
        f"   repaired (narrow) into {bench.result}"]


def test_verdict_counts_what_was_not_run(bench):
    bench.link()
    answer = irelfix("--prove=max,abacus,beads", bench.broken, "-o", bench.result)
    assert answer.status == BAD_FILE
    assert rows_of(answer.out)[-1] == "   1 of 3 started, 2 not run"
    assert answer.err.count("\n") == 1 and "2 of 3 models could not be run" in answer.err


def test_errors_alone_bring_their_runs_along(bench):
    """With -q nothing was shown before."""
    bench.link("abort()")
    answer = irelfix("-q", "--prove=native", bench.broken, "-o", bench.result)
    assert (answer.status, answer.out) == (UNVERIFIED, "")
    assert rows_of(answer.err)[0].startswith("   native       FAILED: SIGABRT at ")
    assert rows_of(answer.err)[1:] == ["   0 of 1 started, 1 failed"]


def test_each_of_several_files_has_a_verdict(bench):
    bench.link()
    for jobs in ("-j1", "-j2"):
        answer = irelfix(jobs, "--prove=native", bench.broken, bench.broken)
        assert answer.status == BROKEN
        assert answer.out.count(": wide-bounds: ") == 2
        assert answer.out.count("   native       FAILED: SIGSEGV at ") == 2
        assert answer.out.count("   0 of 1 started, 1 failed\n") == 2


def test_healthy_files_of_a_tree_are_not_shown(bench):
    bench.link()
    irelfix("-i", bench.broken)
    answer = irelfix("-r", "-j1", "--prove=native", bench.broken.parent)
    assert answer.status == HEALTHY
    assert answer.lines == [summary(healthy=1)]


# ---- the emulator that is not there ----


@pytest.mark.parametrize("machine", [X86_64, AARCH64], ids=str)
def test_what_brings_the_emulator_is_said_once(bench, monkeypatch, machine):
    monkeypatch.delenv(machine.emulator_variable)
    bench.link(machine=machine)
    monkeypatch.setenv("PATH", str(bench.stage))
    answer = irelfix("--prove", bench.broken, "-o", bench.result)
    lacking = [model for model in machine.models if model != "native"]
    rows = rows_of(answer.out)
    assert answer.status == (HEALTHY if machine.is_native else BAD_FILE)
    for model in lacking:
        assert f"   {model:12} not run: no {machine.emulator} was found in PATH" in rows
    started = len(machine.models) - len(lacking)
    assert f"   {started} of {len(machine.models)} started, {len(lacking)} not run" in rows
    assert [row for row in rows if "note" in row] == [
        f"   note: {machine.emulator} is in Debian's package qemu-user; "
        f"{machine.emulator_variable} may name another one"]


EVERYWHERE = product(("weak",), tuple(ARCHS), ("lld-22",), ("2.41",), ("default",))


@pytest.mark.parametrize("case", EVERYWHERE, ids=str)
def test_each_machines_variable_is_read(case, monkeypatch, tmp_path):
    machine = case.machine
    for other in ARCHS.values():
        monkeypatch.setenv(other.emulator_variable, f"/no/{other.emulator}")
    model = machine.emulated[-1]
    answer = irelfix(f"--prove={model}", link(case), "-o", tmp_path / "out")
    assert answer.status == BAD_FILE
    assert f"   {model:12} not run: no /no/{machine.emulator} was found" in rows_of(answer.out)


def test_a_variable_that_leads_nowhere_is_named(bench, monkeypatch):
    monkeypatch.setenv(X86_64.emulator_variable, "/no/such/emulator")
    bench.link()
    answer = irelfix("--prove=max", bench.broken, "-o", bench.result)
    assert answer.status == BAD_FILE
    assert rows_of(answer.out) == [
        "   max          not run: no /no/such/emulator was found",
        "   0 of 1 started, 1 not run",
        f"   note: /no/such/emulator is what {X86_64.emulator_variable} names; without it "
        "qemu-user's is taken"]
