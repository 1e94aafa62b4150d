# SPDX-License-Identifier: MIT
"""irelfix --prove: what it runs, how it is bounded, and what follows when a model fails."""
import os
import re
import subprocess
from pathlib import Path

import pytest
from lab.base import run_tool
from lab.links import KINDS
from machines import AARCH64, MACHINES, MAJOR, OTHERS, X86_64
from tool import BAD_FILE, BROKEN, HEALTHY, UNVERIFIED, irelfix, TOOL
from variants.bench import results
from variants.build import PROGRAMS

CASES = [pytest.param(machine, kind, id=f"{machine}-{kind}")
         for machine in MAJOR.values() for kind in KINDS]
ELSEWHERE = [pytest.param(machine, id=str(machine)) for machine in OTHERS.values()
             if machine.has_gcc]


@pytest.mark.parametrize("machine, kind", CASES)
def test_main_is_not_run(bench, machine, kind):
    bench.link(machine=machine, kind=kind)
    models = machine.models
    assert results(bench.repair(",".join(models))) == dict.fromkeys(models, "started")
    assert not bench.mark.exists()


@pytest.mark.parametrize("machine", ELSEWHERE)
def test_main_is_not_run_elsewhere(bench, machine):
    bench.link(machine=machine)
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


@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
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
    ("exit 1", "The selected x86 CPU does not support 64 bit mode"),
    ("exit 1", "qemu: can't apply global cpu.abacus=on: Property 'cpu.abacus' not found"),
    ("kill -ABRT $$", "ERROR:gdbstub/gdbstub.c:497:find: code should not be reached"),
])
def test_refused_model_was_not_run(bench, monkeypatch, end, words):
    """qemu's words differ from machine to machine."""
    refusing = bench.script(f'cat >&2 <<"END"\n**\n{words}\n**\nEND\n{end}')
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
    row, = bench.repair("max", BAD_FILE)
    assert (row["result"], row["detail"]) == ("not run", "no no-such-emulator was found in PATH")
    assert not bench.result.exists()


@pytest.mark.parametrize("name, started", [
    ("{}", True), ("{}-static", True), ("{}-shared", False)])
@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
def test_the_emulator_is_found_under_both_names(bench, monkeypatch, machine, name, started):
    folder = bench.folder / "bin"
    folder.mkdir()
    (folder / name.format(machine.emulator)).symlink_to(os.environ[machine.emulator_variable])
    monkeypatch.setenv(machine.emulator_variable, "")
    bench.link(machine=machine)
    monkeypatch.setenv("PATH", str(folder))
    row, = bench.repair("max", HEALTHY if started else BAD_FILE)
    assert row["result"] == ("started" if started else "not run")
    assert row["detail"] == ("" if started else f"no {machine.emulator} was found in PATH")


def test_a_variable_that_names_an_emulator_is_taken_at_its_word(bench, monkeypatch):
    folder = bench.folder / "bin"
    folder.mkdir()
    (folder / "other-static").symlink_to(os.environ[X86_64.emulator_variable])
    monkeypatch.setenv(X86_64.emulator_variable, "other")
    bench.link()
    monkeypatch.setenv("PATH", str(folder))
    assert results(bench.repair("max", BAD_FILE)) == {"max": "not run"}


def test_a_folder_is_no_emulator(bench, monkeypatch):
    (bench.folder / "bin" / X86_64.emulator).mkdir(parents=True)
    monkeypatch.setenv(X86_64.emulator_variable, "")
    bench.link()
    monkeypatch.setenv("PATH", str(bench.folder / "bin"))
    row, = bench.repair("max", BAD_FILE)
    assert row["detail"] == f"no {X86_64.emulator} was found in PATH"


def test_other_machine_is_not_native(bench):
    bench.link(machine=AARCH64)
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


# ---- all that an emulator has ----


def listed(machine) -> list[str]:
    """What qemu's own list calls a model of its own."""
    shown = subprocess.run([os.environ[machine.emulator_variable], "-cpu", "help"], text=True,
                           stdout=subprocess.PIPE).stdout
    rows = shown.split("\n\n")[0].splitlines()[1:]
    return [row.split()[0] for row in rows if "(alias" not in row]


@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
def test_all_models_of_the_emulator(bench, machine):
    bench.link(machine=machine)
    rows = bench.repair("all")
    assert [row["model"] for row in rows if row["model"] != "native"] == listed(machine)
    assert ("native" in results(rows)) == machine.is_native
    assert set(results(rows).values()) <= {"started", "not run"}
    assert {row["detail"] for row in rows if row["result"] == "not run"} <= {
        "The selected x86 CPU does not support 64 bit mode"}


@pytest.mark.parametrize("text, models", [
    # qemu 7.2 and 11.1 on x86-64, AArch64, PowerPC, s390x and RISC-V
    ("x86 486    (alias configured by machine type)\nx86 486-v1\nx86 max  All\n\nFlags:\n  sse\n",
     ["486-v1", "max"]),
    ("Available CPUs:\n  486   (alias of 486-v1)\n  486-v1\n  max\n\nRecognized flags:\n  sse\n",
     ["486-v1", "max"]),
    ("Available CPUs:\n  a64fx\n  max", ["a64fx", "max"]),
    ("  mpc5xx           PVR 00020020\n  rcpu             (alias for mpc5xx)\n", ["mpc5xx"]),
    ("PowerPC 601_v1           PVR 00010001\nPowerPC 601 (alias for 601_v2)\n", ["601_v1"]),
    ("s390 z900-base       IBM zSeries 900 GA1                 (static, migration-safe)\n",
     ["z900-base"]),
    ("any\nrv64\n", ["any", "rv64"]),
], ids=["x86-64-7.2", "x86-64", "aarch64", "powerpc", "powerpc-7.2", "s390x-7.2", "riscv64-7.2"])
def test_lists_of_other_emulators(bench, monkeypatch, text, models):
    lists = bench.script(f'[ "$2" != help ] || {{ cat <<"END"\n{text}\nEND\nexit 1; }}\n'
                         'exit 113')
    monkeypatch.setenv(X86_64.emulator_variable, str(lists))
    bench.link()
    assert results(bench.repair("all")) == dict.fromkeys(["native", *models], "started")


def test_without_an_emulator_all_is_the_usual_set(bench, monkeypatch):
    monkeypatch.setenv(X86_64.emulator_variable, "no-such-emulator")
    bench.link()
    rows = results(bench.repair("all"))
    assert list(rows) == list(X86_64.models)
    assert [model for model, result in rows.items() if result == "started"] == ["native"]


# ---- help ----


@pytest.mark.fast
def test_help_lists_the_usual_models_and_what_they_stand_for():
    answer = irelfix("--prove=help", "no-such-file")
    assert (answer.status, answer.err) == (HEALTHY, "")
    parts = answer.out.split("\n\n")
    for machine in MACHINES.values():
        part, = (part for part in parts if part.startswith(f"{machine.title}, "))
        title, *rows = part.splitlines()
        assert machine.emulator in title and machine.emulator_variable in title
        names = tuple(row.split()[0] for row in rows)
        assert names == tuple(model for model in machine.models if model != "native")
        assert all(re.fullmatch(r"  \S+ +\S.{10,50}", row) for row in rows)
