# SPDX-License-Identifier: MIT
"""docs/FAQ.md: how a repair is undone, by a backup or by examples/undo.py and a record."""
import json
import os
import subprocess
from pathlib import Path

import pytest
from disk.samples import sample
from lab.cases import one_of_each
from lab.links import link
from places import ROOT
from tool import HEALTHY, irelfix

UNDO = ROOT / "examples/undo.py"
CASES = one_of_each()


def undo(record: Path, *files: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["/usr/bin/python3", UNDO, record, *files], capture_output=True, text=True)


def repair(path: Path, record: Path, *options: str) -> None:
    answer = irelfix("--json", "-i", *options, path)
    assert answer.status == HEALTHY, str(answer)
    with record.open("a") as log:
        log.write(answer.out)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_byte_comes_back(case, tmp_path: Path) -> None:
    path, record = tmp_path / "program", tmp_path / "record"
    before = link(case).read_bytes()
    path.write_bytes(before)
    path.chmod(0o750)
    repair(path, record)
    assert path.read_bytes() != before
    done = undo(record, path)
    assert (done.returncode, done.stderr) == (0, "")
    assert path.read_bytes() == before and path.stat().st_mode & 0o777 == 0o750


def test_of_a_record_of_wrapped_links(tmp_path: Path) -> None:
    """IRELFIX_LOG, of a link that does nothing but copy."""
    broken = sample("wide-bounds").put(tmp_path / "broken")
    record, path = tmp_path / "record", tmp_path / "program"
    answer = irelfix("--wrap", "--", "ld", "-o", path, broken, env={
        **os.environ, "IRELFIX_LOG": str(record), "PATH": f"{copying_linker(tmp_path)}:{os.environ['PATH']}"})
    assert answer.status == 0 and path.read_bytes() == sample("wide-bounds").repaired, str(answer)
    assert undo(record, path).returncode == 0
    assert path.read_bytes() == sample("wide-bounds").broken


def copying_linker(folder: Path) -> Path:
    linker = folder / "bin/ld"
    linker.parent.mkdir()
    linker.write_text('#!/bin/sh\nexec cp -p "$3" "$2"\n')
    linker.chmod(0o755)
    return linker.parent


@pytest.mark.parametrize("spoiled", ["changed", "never repaired", "another file"])
def test_what_the_repair_did_not_leave_stays(spoiled: str, tmp_path: Path) -> None:
    path, record = sample("wide-bounds").put(tmp_path / "program"), tmp_path / "record"
    repair(path, record)
    if spoiled == "changed":
        data = bytearray(path.read_bytes())
        data[json.loads(record.read_text())["edits"][-1]["offset"]] ^= 1
        path.write_bytes(data)
    elif spoiled == "never repaired":
        sample("wide-bounds").put(path)
    else:
        path = sample("wide-bounds").put(tmp_path / "another")
    before = path.read_bytes()
    done = undo(record, path)
    assert done.returncode == 1 and done.stderr.startswith("undo: ")
    assert path.read_bytes() == before and not (tmp_path / "program.undo").exists()


def test_a_backup_is_what_there_was(tmp_path: Path) -> None:
    path = sample("wide-bounds").put(tmp_path / "program")
    assert irelfix("-i", "--backup", path).status == HEALTHY
    os.replace(f"{path}~", path)
    assert path.read_bytes() == sample("wide-bounds").broken
