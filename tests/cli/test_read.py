# SPDX-License-Identifier: MIT
"""Inputs that cannot be read, and inputs that are no executables."""
import os
import socket

import pytest
from elf.build import broken, build
from files import TEXT_FILE
from unprivileged import as_nobody
from tool import BAD_FILE, BROKEN, HEALTHY, TOOL, irelfix

pytestmark = pytest.mark.fast


def error(path) -> str:
    answer = irelfix(path)
    assert (answer.status, answer.out) == (BAD_FILE, "")
    assert answer.err.startswith(f"irelfix: {path}: ")
    return answer.err.removeprefix(f"irelfix: {path}: ").rstrip("\n")


def test_missing(tmp_path):
    assert error(tmp_path / "missing") == "cannot open: No such file or directory"


def test_no_folder(make):
    assert error(make("in", broken()) / "x") == "cannot open: Not a directory"


def test_folder(tmp_path):
    assert error(tmp_path) == "is a directory; -r takes the ELF files in it"


def test_fifo_without_a_writer_does_not_hang(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    assert error(tmp_path / "fifo") == "is not a regular file"


def test_device():
    assert error("/dev/null") == "is not a regular file"
    assert error("/dev/zero") == "is not a regular file"


def test_socket(tmp_path):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(os.fspath(tmp_path / "socket"))
        assert error(tmp_path / "socket").startswith("cannot open: ")


def test_links(make, tmp_path):
    (tmp_path / "good").symlink_to(make("in", broken()))
    (tmp_path / "dangling").symlink_to("missing")
    (tmp_path / "loop").symlink_to("loop")
    assert irelfix(tmp_path / "good").status == BROKEN
    assert error(tmp_path / "dangling") == "cannot open: No such file or directory"
    assert error(tmp_path / "loop") == "cannot open: Too many levels of symbolic links"


def test_a_file_that_must_not_be_read(public):
    path = public / "work" / "in"
    path.write_bytes(build(broken()).data)
    path.chmod(0)
    answer = as_nobody(public, "in")
    assert answer.status == BAD_FILE
    assert answer.err == "irelfix: in: cannot open: Permission denied\n"


NO_ELF = {"empty": b"", "a-byte": b"\x7f", "three-bytes": b"\x7fEL", "script": TEXT_FILE,
          "pe": b"MZ" + bytes(100), "archive": b"!<arch>\n", "zeros": bytes(4096),
          "almost": b"\x7fELG" + bytes(60)}


@pytest.mark.parametrize("content", NO_ELF.values(), ids=NO_ELF)
def test_not_elf(content, make):
    assert error(make("file", content)) == "not an ELF file"


def test_a_file_of_proc():
    """Its size is 0, whatever it holds."""
    assert error("/proc/self/maps") == "not an ELF file"


def test_a_sparse_file_of_a_terabyte(make):
    """Nothing reads what no header names."""
    path = make("file", build(broken()))
    os.truncate(path, 1 << 40)
    assert irelfix(path).status == BROKEN


def test_the_own_program_is_healthy():
    assert irelfix(TOOL).out == f"{TOOL}: not concerned: dynamically linked\n"
    assert irelfix(TOOL).status == HEALTHY
