# SPDX-License-Identifier: MIT
"""Standard input and output as files: `irelfix - -o -`."""
import subprocess

import pytest
from elf.build import broken, build, healthy
from files import TEXT_FILE, refused
from tool import (BAD_FILE, BROKEN, HEALTHY, REFUSED, TIME_LIMIT, TOOL, USAGE, irelfix, names_in,
                  on_a_terminal)

pytestmark = pytest.mark.fast


def data_of(spec) -> bytes:
    return bytes(build(spec).data)


def piped(*arguments, data: bytes, **more) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([TOOL, *arguments], input=data, capture_output=True,
                          timeout=TIME_LIMIT, **more)


def repaired(make, tmp_path, machine) -> bytes:
    assert irelfix("-q", make("in", broken(machine)), "-o", tmp_path / "expected").status == HEALTHY
    return (tmp_path / "expected").read_bytes()


def test_a_pipe_gives_what_files_give(machine, make, tmp_path):
    expected = repaired(make, tmp_path, machine)
    run = piped("-", "-o", "-", data=data_of(broken(machine)))
    assert run.returncode == HEALTHY
    assert run.stdout == expected
    assert run.stderr.decode().splitlines()[-1] == "   repaired (narrow) into standard output"


def test_either_end_may_be_a_file(machine, make, tmp_path):
    expected = repaired(make, tmp_path, machine)
    assert piped(tmp_path / "in", "-o", "-", data=b"").stdout == expected
    run = piped("-", "-o", tmp_path / "out", data=data_of(broken(machine)))
    assert run.returncode == HEALTHY and (tmp_path / "out").read_bytes() == expected
    assert names_in(tmp_path) == {"in", "expected", "out"}


def test_healthy_input_is_copied():
    data = data_of(healthy())
    run = piped("-", "-o", "-", data=data)
    assert (run.returncode, run.stdout) == (HEALTHY, data)
    assert run.stderr == (b"-: healthy: statically linked\n"
                          b"   copied into standard output\n")


def test_standard_input_is_diagnosed(tmp_path):
    run = piped("-", data=data_of(broken()), cwd=tmp_path)
    assert run.returncode == BROKEN
    assert run.stdout.startswith(b"-: wide-bounds: 3 stray entries") and run.stderr == b""


@pytest.mark.parametrize("data, status", [
    (data_of(refused()), REFUSED), (TEXT_FILE, BAD_FILE), (b"", BAD_FILE)],
    ids=["refused", "text", "empty"])
def test_nothing_comes_out_of_a_failure(data, status):
    run = piped("-", "-o", "-", data=data)
    assert (run.returncode, run.stdout) == (status, b"")
    assert run.stderr.startswith(b"irelfix: -: ")


def test_a_dry_run_writes_no_program():
    run = piped("-n", "-", "-o", "-", data=data_of(broken()))
    assert run.returncode == BROKEN
    assert b"ELF" not in run.stdout and b"__rela_iplt_start" in run.stdout


def test_a_full_standard_output_is_an_error(make):
    with open("/dev/full", "wb") as full:
        answer = irelfix(make("in", broken()), "-o", "-", stdout=full)
    assert answer.status == BAD_FILE
    assert "standard output cannot be written" in answer.err and "repaired" not in answer.err


def test_a_terminal_is_spared(make):
    answer, shown = on_a_terminal("stdout", make("in", broken()), "-o", "-")
    assert (answer.status, shown) == (USAGE, "")
    assert "to the terminal" in answer.err


def test_more_than_a_buffer_passes():
    data = data_of(broken()) + bytes(1 << 20)
    run = piped("-", "-o", "-", data=data)
    assert run.returncode == HEALTHY and len(run.stdout) == len(data)
    assert run.stdout[-(1 << 20):] == bytes(1 << 20) and run.stdout != data
