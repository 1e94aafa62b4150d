# SPDX-License-Identifier: MIT
"""-o: OUT appears whole or not at all, and nothing else appears."""
import os
import stat
import subprocess
from pathlib import Path

import pytest
from elf.build import broken, build, healthy
from files import ENDINGS, TEXT_FILE
from need import Missing, refused_here
from tool import BAD_FILE, HEALTHY, TOOL, irelfix, names_in
from unprivileged import as_nobody

pytestmark = pytest.mark.fast


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def fixed(make) -> bytes:
    """What comes of the broken file."""
    path = make("expected", broken())
    assert irelfix(path, "-o", path).status == HEALTHY
    data = path.read_bytes()
    path.unlink()
    return data


def test_a_healthy_file_is_copied(machine, make, tmp_path):
    path = make("in", healthy(machine))
    assert irelfix(path, "-o", tmp_path / "out").status == HEALTHY
    assert (tmp_path / "out").read_bytes() == path.read_bytes()
    assert names_in(tmp_path) == {"in", "out"}


def test_the_size_does_not_change(machine, make, tmp_path):
    path = make("in", broken(machine))
    irelfix(path, "-o", tmp_path / "out")
    assert (tmp_path / "out").stat().st_size == path.stat().st_size


@pytest.mark.parametrize("status", [status for status in ENDINGS if status != HEALTHY])
def test_a_failure_leaves_nothing(status, machine, make, tmp_path):
    path = make("in", ENDINGS[status](machine))
    assert irelfix(path, "-o", tmp_path / "out").status == status
    assert names_in(tmp_path) == {"in"}


@pytest.mark.parametrize("status", [status for status in ENDINGS if status != HEALTHY])
def test_a_failure_leaves_an_old_output_alone(status, make, tmp_path):
    out = make("out", b"old", 0o640)
    assert irelfix(make("in", ENDINGS[status]()), "-o", out).status == status
    assert out.read_bytes() == b"old" and mode_of(out) == 0o640
    assert names_in(tmp_path) == {"in", "out"}


def test_a_text_file_is_not_copied(make, tmp_path):
    assert irelfix(make("in", TEXT_FILE), "-o", tmp_path / "out").status == BAD_FILE
    assert names_in(tmp_path) == {"in"}


@pytest.mark.parametrize("mode", [0o755, 0o700, 0o644, 0o600, 0o444, 0o400, 0o777, 0o4755, 0o2755,
                                  0o1777, 0o6711], ids=oct)
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077], ids=oct)
@pytest.mark.parametrize("spec", [healthy(), broken()], ids=["healthy", "broken"])
def test_mode(mode, umask, spec, make, tmp_path):
    path, out = make("in", spec, mode), tmp_path / "out"
    assert irelfix(path, "-o", out, umask=umask).status == HEALTHY
    assert mode_of(out) == mode & 0o777
    assert mode_of(path) == mode


def test_an_old_output_is_replaced_with_the_mode_of_the_input(make, fixed):
    path, out = make("in", broken(), 0o711), make("out", b"longer than nothing" * 9999, 0o666)
    before = out.stat().st_ino
    assert irelfix(path, "-o", out).status == HEALTHY
    assert out.read_bytes() == fixed
    assert mode_of(out) == 0o711 and out.stat().st_ino != before


def test_other_links_to_an_old_output_keep_their_contents(make, tmp_path):
    out = make("out", b"old")
    os.link(out, tmp_path / "other")
    irelfix(make("in", broken()), "-o", out)
    assert (tmp_path / "other").read_bytes() == b"old"


@pytest.mark.parametrize("spelling", ["in", "./in", "../{folder}/in"])
def test_output_may_be_the_input(spelling, make, tmp_path, fixed):
    path = make("in", broken(), 0o4750)
    out = spelling.format(folder=tmp_path.name)
    assert irelfix("in", "-o", out, cwd=tmp_path).status == HEALTHY
    assert path.read_bytes() == fixed and mode_of(path) == 0o750
    assert names_in(tmp_path) == {"in"}


def test_output_may_be_a_link_to_the_input(make, tmp_path, fixed):
    path, out = make("in", broken()), tmp_path / "out"
    out.symlink_to(path)
    before = path.read_bytes()
    assert irelfix(path, "-o", out).status == HEALTHY
    assert path.read_bytes() == before
    assert not out.is_symlink() and out.read_bytes() == fixed


@pytest.mark.promise("A link at OUT is replaced")
@pytest.mark.parametrize("target", ["target", "missing", "folder/missing", "out"])
def test_a_symbolic_link_is_replaced_and_not_followed(target, make, tmp_path, fixed):
    """Also one that leads nowhere, and one to itself."""
    make("target", b"untouched")
    out = tmp_path / "out"
    out.symlink_to(target)
    assert irelfix(make("in", broken()), "-o", out).status == HEALTHY
    assert not out.is_symlink() and out.read_bytes() == fixed
    assert names_in(tmp_path) == {"target", "in", "out"}
    assert (tmp_path / "target").read_bytes() == b"untouched"


def fifo(path: Path) -> None:
    os.mkfifo(path)


def device(path: Path) -> None:
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except PermissionError:
        raise Missing("device nodes cannot be made here: not root, or a container")


@pytest.mark.parametrize("create", [Path.mkdir, fifo, device], ids=["folder", "fifo", "device"])
def test_what_is_no_file_is_not_replaced(create, make, tmp_path):
    path, out = make("in", broken()), tmp_path / "out"
    create(out)
    before = out.lstat()
    answer = irelfix(path, "-o", out)
    assert answer.status == BAD_FILE
    assert answer.err.startswith(f"irelfix: {path}: wide-bounds: cannot write ")
    assert answer.err.endswith("out: it is not a regular file\n")
    after = out.lstat()
    assert (after.st_mode, after.st_ino) == (before.st_mode, before.st_ino)
    assert names_in(tmp_path) == {"in", "out"}
    if out.is_dir():
        assert names_in(out) == set()


@pytest.mark.parametrize("out", ["missing/out", "in/out", "out/", "", "missing/"])
def test_places_where_nothing_can_be(out, make, tmp_path):
    before = make("in", broken()).read_bytes()
    answer = irelfix("in", "-o", out, cwd=tmp_path)
    assert answer.status == BAD_FILE, str(answer)
    assert answer.err.startswith("irelfix: in: wide-bounds: cannot ")
    assert names_in(tmp_path) == {"in"}
    assert (tmp_path / "in").read_bytes() == before


def test_a_name_that_is_too_long(make, tmp_path):
    answer = irelfix(make("in", broken()), "-o", tmp_path / ("x" * 256))
    assert answer.status == BAD_FILE
    assert "File name too long" in answer.err
    assert names_in(tmp_path) == {"in"}


def test_the_longest_name_is_possible(make, tmp_path, fixed):
    """The temporary file's name has nothing of OUT's in it."""
    out = tmp_path / ("x" * 255)
    assert irelfix(make("in", broken()), "-o", out).status == HEALTHY
    assert out.read_bytes() == fixed


def test_a_folder_that_must_not_be_written(public):
    (public / "work" / "in").write_bytes(build(broken()).data)
    (public / "work").chmod(0o555)
    answer = as_nobody(public, "in", "-o", "out")
    assert answer.status == BAD_FILE
    assert answer.err == ("irelfix: in: wide-bounds: cannot create a file beside out: "
                          "Permission denied\n")
    assert names_in(public / "work") == {"in"}


def test_a_read_only_input_without_privileges(public, fixed):
    path = public / "work" / "in"
    path.write_bytes(build(broken()).data)
    path.chmod(0o444)
    assert as_nobody(public, "in", "-o", "out").status == HEALTHY
    assert (public / "work" / "out").read_bytes() == fixed
    assert mode_of(public / "work" / "out") == 0o444


def test_nothing_stays_when_the_disk_is_full(make, tmp_path):
    """A folder with less room than the file needs."""
    small = tmp_path / "small"
    small.mkdir()
    mount = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", small],
                           capture_output=True, text=True)
    if mount.returncode != 0:
        raise refused_here("no small file system can be mounted", mount.stderr)
    try:
        path = make("in", broken())
        answer = irelfix(path, "-o", small / "out")
        assert answer.status == BAD_FILE
        assert "No space left on device" in answer.err
        assert names_in(small) == set()
    finally:
        subprocess.run(["umount", small], check=True)


def test_several_at_once_do_no_harm(make, tmp_path, fixed):
    path, out = make("in", broken()), tmp_path / "out"
    calls = [subprocess.Popen([TOOL, "-q", path, "-o", out]) for _ in range(8)]
    assert [call.wait(timeout=60) for call in calls] == [0] * 8
    assert out.read_bytes() == fixed
    assert names_in(tmp_path) == {"in", "out"}
