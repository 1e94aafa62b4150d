# SPDX-License-Identifier: MIT
"""irelfix --prove: what it runs, how it is bounded, and what follows when a model fails."""
import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from lab.base import run_tool
from lab.links import KINDS
from lab.programs import STRAY_LIBRARY
from lab.toolchains import LINKERS
from machines import MACHINES
from tool import BAD_FILE, BROKEN, HEALTHY, TIME_LIMIT, UNVERIFIED, irelfix, TOOL
from variants.build import PROGRAMS
from variants.running import emulator

CASES = [pytest.param(machine, kind, id=f"{machine}-{kind}")
         for machine in MACHINES.values() for kind in KINDS]
X86_64 = MACHINES["x86-64"]


class Bench:
    """Links programs with the defect and proves them; a proof leaves nothing behind."""

    def __init__(self, folder: Path):
        self.result, self.mark, self.stage = folder / "result", folder / "mark", folder / "stage"
        self.broken = folder / "broken"
        self.stage.mkdir()

    def compile(self, source: str, *flags: str, machine=X86_64, kind: str = "exec") -> None:
        run_tool([machine.tool("gcc"), *flags, PROGRAMS / source,
                  *LINKERS["lld-22"].link_flags(), *KINDS[kind], *STRAY_LIBRARY,
                  "-o", self.broken])

    def link(self, before: str = "", machine=X86_64, kind: str = "exec") -> None:
        self.compile("before-main.c", "-O2", f"-DBEFORE={before}", f'-DMARK="{self.mark}"',
                     machine=machine, kind=kind)

    def prove(self, models: str, *more: str | Path, status: int = HEALTHY) -> list[dict]:
        """The proof's rows; of the file as it is, if nothing more is said."""
        answer = irelfix("--json", f"--prove={models}", self.broken, *more)
        assert answer.status == status, str(answer)
        assert list(self.stage.iterdir()) == []
        return answer.object["prove"]

    def repair(self, models: str, status: int = HEALTHY) -> list[dict]:
        return self.prove(models, "-o", self.result, status=status)


@pytest.fixture
def bench(tmp_path, monkeypatch):
    for machine in MACHINES.values():
        monkeypatch.setenv(machine.emulator_variable, emulator(machine))
    bench = Bench(tmp_path)
    monkeypatch.setenv("TMPDIR", str(bench.stage))
    return bench


def results(rows: list[dict]) -> dict[str, str]:
    return {row["model"]: row["result"] for row in rows}


@pytest.mark.parametrize("machine, kind", CASES)
def test_main_is_not_run(bench, machine, kind):
    bench.link(machine=machine, kind=kind)
    models = machine.models
    assert results(bench.repair(",".join(models))) == dict.fromkeys(models, "started")
    assert not bench.mark.exists()


def test_main_of_another_c_library_is_found_by_its_symbol(bench):
    run_tool(["musl-gcc", "-O2", "-static", "-DBEFORE=", f'-DMARK="{bench.mark}"',
              PROGRAMS / "before-main.c", "-o", bench.broken])
    assert results(bench.prove("native,max")) == dict.fromkeys(("native", "max"), "started")
    assert not bench.mark.exists()
    run_tool([X86_64.tool("strip"), bench.broken])
    assert "main was not found" in irelfix("--prove=native", bench.broken).err


@pytest.mark.parametrize("machine, kind", CASES)
def test_main_is_found_without_symbols(bench, machine, kind):
    bench.link(machine=machine, kind=kind)
    run_tool([machine.tool("strip"), bench.broken])
    assert results(bench.repair("max")) == {"max": "started"}
    assert not bench.mark.exists()


def place_of(machine, path: Path, name: str) -> tuple[int, int]:
    """Address and size of a function."""
    row = next(row.split() for row in run_tool([machine.tool("nm"), "-S", path]).splitlines()
               if row.endswith(f" {name}"))
    return int(row[0], 16), int(row[1], 16)


@pytest.mark.parametrize("stripped", [False, True], ids=["symbols", "stripped"])
@pytest.mark.parametrize("body", ["0", "work(),0"])
@pytest.mark.parametrize("machine, kind", CASES)
def test_what_stands_behind_a_short_main_is_not_touched(bench, machine, kind, body, stripped):
    bench.compile("short-main.c", "-Os", f"-DBODY={body}", machine=machine, kind=kind)
    start, size = place_of(machine, bench.broken, "main")
    assert size <= 24 and place_of(machine, bench.broken, "behind_main")[0] == start + size
    if stripped:
        run_tool([machine.tool("strip"), bench.broken])
    assert results(bench.repair("max")) == {"max": "started"}


DIES_IN = {"exec": "__libc_message", "static-pie": "_init"}


@pytest.mark.parametrize("machine, kind", CASES)
def test_diagnosis_shows_how_the_file_dies(bench, machine, kind):
    bench.link(machine=machine, kind=kind)
    row, = bench.prove("max", status=BROKEN)
    assert row["result"] == "failed"
    assert row["detail"].startswith("SIGSEGV at 0x")
    assert f" in {DIES_IN[kind]}+0x" in row["detail"], row["detail"]


@pytest.mark.fast
def test_the_function_in_which_it_dies_is_named(bench):
    bench.link()
    for row in bench.prove("native,max", status=BROKEN):
        assert re.fullmatch(r"SIGSEGV at 0x\w+ in __libc_message\+0x\w+", row["detail"])


@pytest.mark.parametrize("machine", MACHINES.values(), ids=str)
def test_who_called_into_nowhere_is_named(bench, machine):
    """A static-PIE is loaded somewhere, and dies at addresses of the file all the same."""
    bench.link(machine=machine, kind="static-pie")
    for row in bench.prove("native,max" if machine is X86_64 else "max", status=BROKEN):
        assert re.fullmatch(r"SIGSEGV at 0x0 in the ELF header, called from 0x\w+ in "
                            r"_init\+0x\w+", row["detail"]), row["detail"]


def test_without_symbols_there_are_addresses(bench):
    bench.link(kind="static-pie")
    run_tool([X86_64.tool("strip"), bench.broken])
    row, = bench.prove("native", status=BROKEN)
    assert re.fullmatch(r"SIGSEGV at 0x0 in the ELF header, called from 0x\w+", row["detail"])


def test_usual_models(bench):
    bench.link()
    answer = irelfix("--json", "--prove", bench.broken, "-o", bench.result)
    assert results(answer.object["prove"]) == dict.fromkeys(X86_64.models, "started")


@pytest.mark.fast
def test_what_does_not_start_is_not_written(bench):
    bench.link("abort()")
    rows = bench.repair("native,max", UNVERIFIED)
    assert results(rows) == {"native": "failed", "max": "failed"}
    assert all(row["detail"].startswith("SIGABRT") for row in rows)
    assert not bench.result.exists()


def test_unknown_model_was_not_run(bench):
    bench.link()
    rows = bench.repair("max,abacus", BAD_FILE)
    assert results(rows) == {"max": "started", "abacus": "not run"}
    assert "abacus" in rows[1]["detail"]
    assert not bench.result.exists()


@pytest.mark.parametrize("end, words", [
    ("exit 1", "qemu: unable to find CPU model 'abacus'"),
    ("exit 1", "qemu: Some features requested in the CPU model are not available"),
    ("exit 1", "qemu: Selected CPU generation is too new. Maximum supported model: 'gen15a'"),
    ("exit 1", "Selected CPU does not support little-endian."),
    ("exit 1", "qemu: can't apply global cpu.abacus=on: Property 'cpu.abacus' not found"),
    ("kill -ABRT $$", "ERROR:gdbstub/gdbstub.c:497:find: code should not be reached"),
])
def test_refused_model_was_not_run(bench, tmp_path, monkeypatch, end, words):
    """qemu's words differ from machine to machine."""
    refusing = tmp_path / "refusing"
    refusing.write_text(f'#!/bin/sh\ncat >&2 <<"END"\n**\n{words}\n**\nEND\n{end}\n')
    refusing.chmod(0o755)
    monkeypatch.setenv(X86_64.emulator_variable, str(refusing))
    bench.link()
    row, = bench.repair("abacus", BAD_FILE)
    assert (row["result"], row["detail"]) == ("not run", words)


def test_no_model_is_passed_over(bench):
    bench.link()
    rows = bench.repair(f"max,{'long' * 16}", BAD_FILE)
    assert [row["result"] for row in rows] == ["started", "not run"]
    for models in (",", ",".join(["native"] * 65)):
        assert "processor models are named" in irelfix(f"--prove={models}", bench.broken).err
    assert not bench.result.exists()


def test_without_an_emulator_nothing_was_run(bench, monkeypatch):
    monkeypatch.setenv(X86_64.emulator_variable, "no-such-emulator")
    bench.link()
    assert results(bench.repair("max", BAD_FILE)) == {"max": "not run"}
    assert not bench.result.exists()


def test_other_machine_is_not_native(bench):
    bench.link(machine=MACHINES["aarch64"])
    assert results(bench.repair("native", BAD_FILE)) == {"native": "not run"}


def test_constructors_run(bench):
    """The manual page says so."""
    bench.link("close(open(MARK, O_WRONLY | O_CREAT, 0600))")
    assert results(bench.repair("native")) == {"native": "started"}
    assert bench.mark.exists()


def test_environment_input_and_output_are_the_proofs_own(bench):
    bench.link('char byte; if (getenv("SECRET") || read(0, &byte, 1) != 0) abort();'
               'for (int i = 0; i < 100000; i++) puts("bounded")')
    call = [TOOL, "--prove=native", bench.broken, "-o", bench.result]
    proof = subprocess.run(call, input="typed", env={**os.environ, "SECRET": "seen"}, text=True,
                           capture_output=True)
    assert proof.returncode == HEALTHY, proof.stderr
    assert "bounded" not in proof.stdout + proof.stderr


def processes_below(folder: Path) -> list[str]:
    """The command lines that name a file below a folder."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().decode(errors="replace"))
        except OSError:
            continue  # has ended meanwhile
    return [line for line in lines if line.startswith(str(folder))]


def test_who_waits_is_stopped_with_its_children(bench):
    bench.link("fork(); pause()")
    row, = bench.repair("native", UNVERIFIED)
    assert row["detail"] == "did not reach main within 10 s"
    assert not bench.result.exists()
    end = time.monotonic() + TIME_LIMIT
    while processes_below(bench.stage):  # who was killed may need a moment to be gone
        assert time.monotonic() < end
        time.sleep(0.01)


