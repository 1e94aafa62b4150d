# SPDX-License-Identifier: MIT
"""Ends in the middle: signals to a program with several threads, pages that cannot be read."""
import os
import re
import signal
import subprocess
from pathlib import Path

import pytest
from disk.samples import sample
from disk.system_calls import Call, traced, with_fault
from elf.build import broken as hand_made
from elf.build import build
from need import command, need_root, refused_here
from sarif import run_of, text_of
from tool import BAD_FILE, HEALTHY, TIME_LIMIT, TOOL, irelfix, names_in

COUNT = 400  # more than a pipe holds the results of


@pytest.fixture
def many(tmp_path) -> Path:
    data = build(hand_made()).data
    folder = tmp_path / "many"
    folder.mkdir()
    for i in range(COUNT):
        (folder / f"f{i:03}").write_bytes(data)
    return folder


def running(folder: Path, *options: str, **more) -> subprocess.Popen:
    """A call in the middle of its work: the first file is done."""
    call = subprocess.Popen([TOOL, "-r", "-i", "--json", *options, folder],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    assert call.stdout.readline().startswith(b"{")
    return call


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("jobs", ["-j1", "-j4"])
def test_what_is_begun_is_finished(number, jobs, many):
    broken = (many / "f000").read_bytes()
    call = running(many, jobs, "--atomic")
    call.send_signal(number)
    call.communicate(timeout=TIME_LIMIT)
    assert call.returncode == -number
    assert len(names_in(many)) == COUNT, "a temporary file stayed"
    contents = {path.read_bytes() for path in many.iterdir()}
    assert broken in contents and len(contents) == 2, "it was not stopped in the middle"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", ["-j1", "-j4"])
def test_a_log_is_complete_although_the_run_is_not(number, jobs, many):
    log = b""
    with subprocess.Popen([TOOL, "-r", "--format=sarif", jobs, many],
                          stdout=subprocess.PIPE) as call:
        while b'"ruleId"' not in log:
            log += call.stdout.readline()
        call.send_signal(number)
        run = run_of(log + call.stdout.read())
    assert call.returncode == -number
    assert 0 < len(run["results"]) < COUNT, "it was not stopped in the middle"
    (invocation,) = run["invocations"]
    assert invocation["exitSignalNumber"] == number and not invocation["executionSuccessful"]
    (notification,) = invocation["toolExecutionNotifications"]
    assert "interrupted" in text_of(notification["message"])


def test_a_reader_that_leaves_stops_it(many):
    call = running(many, "-j4", "--atomic", restore_signals=True)
    call.stdout.close()
    call.wait(timeout=TIME_LIMIT)
    assert call.returncode == -signal.SIGPIPE
    assert len(names_in(many)) == COUNT


def test_signals_that_are_ignored_stay_ignored(many):
    """As below nohup."""
    ignore = lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)  # noqa: E731
    call = running(many, preexec_fn=ignore)
    call.send_signal(signal.SIGHUP)
    call.communicate(timeout=TIME_LIMIT)
    assert call.returncode == HEALTHY


# ---- errors of a walk ----


def walked(call: Call, folder: Path):
    return with_fault(call, "EIO", "-r", "-j1", folder).answer


def test_a_folder_that_cannot_be_read_to_its_end_is_reported(many):
    calls = traced("-r", "-j1", many).named("getdents64")
    assert len(calls) >= 2
    for call in calls:
        answer = walked(call, many)
        assert answer.status == BAD_FILE
        assert f"irelfix: {many}: Input/output error" in answer.err


def test_a_file_whose_first_bytes_cannot_be_read_is_reported(many):
    calls = traced("-r", "-j1", many).named("pread64")
    magic = next(call for call in calls if re.search(r", 4, 0\)", call.text))
    answer = walked(magic, many)
    assert answer.status == BAD_FILE
    assert re.fullmatch(rf"irelfix: {re.escape(str(many))}/f\d+: Input/output error\n", answer.err)


# ---- a disk with bad blocks ----


@pytest.fixture
def bad_disk(tmp_path):
    """An executable with a good beginning, on a file system that lost the blocks behind."""
    need_root()
    image, point = tmp_path / "image", tmp_path / "point"
    point.mkdir()
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run([command("mkfs.ext4"), "-q", "-O", "^has_journal", image], check=True)
    made = subprocess.run(["mount", "-o", "loop", image, point], capture_output=True, text=True)
    if made.returncode != 0:
        raise refused_here("nothing can be mounted", made.stderr)
    try:
        path = sample("wide-bounds").put(point / "in")
        lose(image, path)
        yield path
    finally:
        subprocess.run(["umount", point], check=True)


def lose(image: Path, path: Path) -> None:
    """Cuts off the device where the second 64 KiB of the file begin."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        extents = subprocess.run([command("filefrag"), "-v", "-b1024", path], check=True,
                                 capture_output=True, text=True).stdout
        first = min(int(n) for n in re.findall(r"^ *\d+: +0\.\. +\d+: +(\d+)\.\.", extents, re.M))
        subprocess.run(["sync", "-f", path], check=True)
        os.truncate(image, (first + 64) * 1024)
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@pytest.mark.parametrize("arguments", [(), ("-i",), ("-i", "--atomic"), ("-n",), ("--json",)],
                         ids=str)
def test_pages_that_cannot_be_read_are_an_error(arguments, bad_disk):
    answer = irelfix(*arguments, bad_disk)
    assert answer.status == BAD_FILE, str(answer)
    assert "Input/output error" in answer.err
