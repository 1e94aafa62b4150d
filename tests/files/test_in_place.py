# SPDX-License-Identifier: MIT
"""-i changes the bytes that are wrong, and nothing else about the file."""
import ctypes
import errno
import os
import signal
import subprocess
from pathlib import Path

import pytest
from disk.attributes import attributes, dress, identity, set_extended, times
from disk.samples import ORDERED, sample
from disk.system_calls import traced
from machines import MAJOR
from need import Missing, command, need_root, refused_here
from tool import BAD_FILE, BROKEN, HEALTHY, irelfix, names_in
from unprivileged import NOBODY, as_nobody

LONG_AGO = (10**18, 10**18 + 123456789)
PTRACE_TRACEME = 0


@pytest.fixture
def repaired() -> bytes:
    return sample("wide-bounds").repaired


@pytest.fixture
def own(public) -> Path:
    """A broken file of nobody's, in a folder of nobody's."""
    need_root()
    path = sample("wide-bounds").put(public / "work" / "in")
    os.chown(path, NOBODY, NOBODY)
    return path


def backup_of(path: Path) -> Path:
    return path.with_name(path.name + "~")


# ---- what stays ----


@pytest.mark.fast
@pytest.mark.parametrize("machine", MAJOR)
@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
def test_the_bytes_are_those_of_an_output(kind, machine, options, tmp_path):
    path = sample(kind, machine).put(tmp_path / "in")
    assert irelfix("-i", *options, path).status == HEALTHY
    assert path.read_bytes() == sample(kind, machine).repaired
    assert names_in(tmp_path) == {"in"}


@pytest.mark.fast
@pytest.mark.promise("Hard links stay links of one file")
@pytest.mark.parametrize("kind", ORDERED)
def test_hard_links_and_the_inode_stay(kind, tmp_path):
    path, other = sample(kind).put(tmp_path / "in"), tmp_path / "other"
    os.link(path, other)
    before = path.stat()
    assert irelfix("-i", path).status == HEALTHY
    assert other.read_bytes() == sample(kind).repaired
    assert (path.stat().st_ino, path.stat().st_nlink) == (before.st_ino, 2)


@pytest.mark.parametrize("kind, options", [("wide-bounds", ["--atomic"]), ("lost-irelative", [])])
def test_hard_links_are_not_separated(kind, options, tmp_path):
    path, other = sample(kind).put(tmp_path / "in"), tmp_path / "other"
    os.link(path, other)
    before = identity(path)
    answer = irelfix("-i", *options, path)
    assert answer.status == BAD_FILE and "has 2 hard links" in answer.err
    assert identity(path) == before and names_in(tmp_path) == {"in", "other"}


@pytest.mark.promise("Owner, mode with special bits")
@pytest.mark.parametrize("kind, options", [("wide-bounds", []), ("biased-weak", []),
                                           ("wide-bounds", ["--atomic"]), ("lost-irelative", [])])
@pytest.mark.parametrize("mode", [0o755, 0o4755, 0o2755, 0o6711, 0o1777, 0o444], ids=oct)
def test_owner_mode_and_attributes_stay(kind, options, mode, tmp_path):
    path = sample(kind).put(tmp_path / "in")
    dress(path, mode)
    before = attributes(path)
    assert "security.capability" in before["extended"]
    assert irelfix("-i", *options, path).status == HEALTHY
    assert path.read_bytes() == sample(kind).repaired
    assert attributes(path) == before


@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
@pytest.mark.parametrize("mode", [0o4755, 0o2755, 0o6711, 0o750], ids=oct)
def test_an_owner_keeps_the_special_bits(mode, options, own, public, repaired):
    """A write by somebody without privileges clears them."""
    own.chmod(mode)
    set_extended(own, "user.note")
    before = attributes(own)
    assert as_nobody(public, "-i", *options, "in").status == HEALTHY
    assert own.read_bytes() == repaired and attributes(own) == before


@pytest.mark.promise("Owner, mode with special bits")
def test_capabilities_that_would_be_lost_are_an_error(own, public):
    set_extended(own, "security.capability")
    before, content = attributes(own), own.read_bytes()
    for options in ([], ["--atomic"]):
        answer = as_nobody(public, "-i", *options, "in")
        assert answer.status == BAD_FILE
        assert "capabilit" in answer.err
        assert attributes(own) == before and own.read_bytes() == content
        assert names_in(own.parent) == {"in"}


def test_a_setgid_bit_that_would_be_lost_is_an_error(own, public):
    os.chown(own, NOBODY, 0)
    own.chmod(0o2755)
    before, content = attributes(own), own.read_bytes()
    answer = as_nobody(public, "-i", "in")
    assert answer.status == BAD_FILE and "the setuid or setgid bit" in answer.err
    assert attributes(own) == before and own.read_bytes() == content


def test_a_default_list_of_the_folder_lets_nobody_in(broken):
    """A new file in such a folder gets the list; the old one had none."""
    subprocess.run([command("setfacl"), "-d", "-m", "u:33:rwx", broken.parent], check=True)
    assert irelfix("-i", "--atomic", broken).status == HEALTHY
    assert attributes(broken)["extended"] == {}


@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
def test_links_are_followed_and_stay(options, broken, tmp_path, repaired):
    near, far = tmp_path / "near", tmp_path / "far"
    near.symlink_to(broken)
    far.symlink_to("near")
    assert irelfix("-i", *options, far).status == HEALTHY
    assert broken.read_bytes() == repaired and not broken.is_symlink()
    assert (os.readlink(far), os.readlink(near)) == ("near", str(broken))
    assert names_in(tmp_path) == {"near", "far", "folder"}
    assert names_in(broken.parent) == {"in"}


# ---- what is not touched ----


@pytest.mark.promise("Owner, mode with special bits")
@pytest.mark.parametrize("options", [[], ["--atomic"], ["--backup"], ["-p"]], ids=str)
def test_a_healthy_file_is_not_touched(options, kind, tmp_path):
    path = tmp_path / "in"
    path.write_bytes(sample(kind).repaired)
    before = identity(path)
    assert irelfix("-i", *options, path).status == HEALTHY
    assert identity(path) == before and names_in(tmp_path) == {"in"}


@pytest.mark.fast
def test_a_second_run_does_not_touch_it(broken):
    assert irelfix("-i", broken).status == HEALTHY
    before = identity(broken)
    assert irelfix("-i", broken).status == HEALTHY
    assert identity(broken) == before


@pytest.mark.parametrize("name, text", [("security.ima", "an IMA signature"),
                                        ("security.evm", "an EVM signature")])
def test_a_signed_file_is_refused(name, text, broken):
    need_root()
    try:
        os.setxattr(broken, name, b"\3\2\4" + bytes(64))
    except OSError as error:
        raise refused_here(f"{name} cannot be set", error)
    before = identity(broken)
    answer = irelfix("-i", broken)
    assert answer.status == BAD_FILE
    assert answer.err.endswith(f"is protected by {text}, which a changed file would not match\n")
    assert identity(broken) == before


def test_an_immutable_file_is_refused(broken):
    need_root()
    made = subprocess.run([command("chattr"), "+i", broken], capture_output=True, text=True)
    if made.returncode != 0:
        raise refused_here("no immutable files", made.stderr)
    try:
        before = identity(broken)
        answer = irelfix("-i", broken)
        assert answer.status == BAD_FILE and "protected by the immutable flag" in answer.err
        assert identity(broken) == before
    finally:
        subprocess.run(["chattr", "-i", broken], check=True)


# ---- backup, dates ----


@pytest.mark.parametrize("option, name", [("--backup", "in~"), ("--backup=.orig", "in.orig")])
@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
def test_the_backup_is_the_original(option, name, options, broken, repaired):
    dress(broken)
    os.utime(broken, ns=LONG_AGO)
    before, dates = attributes(broken), times(broken)
    assert irelfix("-i", option, *options, broken).status == HEALTHY
    backup = broken.with_name(name)
    assert times(backup) == dates
    assert backup.read_bytes() == sample("wide-bounds").broken
    assert broken.read_bytes() == repaired
    assert attributes(backup) == before and attributes(broken) == before
    assert names_in(broken.parent) == {"in", name}


def plant_file(path: Path) -> None:
    path.write_bytes(b"precious")


def plant_link(path: Path) -> None:
    path.symlink_to("victim")


@pytest.mark.promise("A link at OUT is replaced")
@pytest.mark.parametrize("plant", [plant_file, plant_link, Path.mkdir])
@pytest.mark.parametrize("fault", [None, "EPERM"], ids=["hard-links", "no-hard-links"])
def test_nothing_under_the_name_of_the_backup_is_replaced(plant, fault, broken):
    plant(backup_of(broken))
    before, planted = identity(broken), backup_of(broken).lstat()
    assert backing_up(broken, fault) == BAD_FILE
    assert identity(broken) == before
    assert backup_of(broken).lstat().st_ino == planted.st_ino
    assert names_in(broken.parent) == {"in", "in~"}


def backing_up(path: Path, fault: str | None) -> int:
    """The exit status; with a fault, in a folder where link(2) is not supported, as on FAT."""
    options = ("-e", "trace=linkat", "-e", f"inject=linkat:error={fault}") if fault else ()
    run = traced("-i", "--backup", path, options=options)
    assert run.injected == bool(fault)
    return run.answer.status


@pytest.mark.parametrize("fault", ["EPERM", "EOPNOTSUPP", "EMLINK"])
def test_the_backup_needs_no_hard_links(fault, broken, repaired):
    assert backing_up(broken, fault) == HEALTHY
    assert backup_of(broken).read_bytes() == sample("wide-bounds").broken
    assert broken.read_bytes() == repaired
    assert names_in(broken.parent) == {"in", "in~"}


@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
def test_dates_stay_on_request(options, broken):
    os.utime(broken, ns=LONG_AGO)
    assert irelfix("-i", "-p", *options, broken).status == HEALTHY
    assert times(broken) == LONG_AGO


@pytest.mark.parametrize("options", [[], ["--atomic"]], ids=["ordered", "atomic"])
def test_dates_advance_otherwise(options, broken):
    os.utime(broken, ns=LONG_AGO)
    assert irelfix("-i", *options, broken).status == HEALTHY
    assert times(broken)[1] > LONG_AGO[1]


# ---- files that cannot be opened for writing ----


@pytest.fixture
def running(broken):
    """The file is being executed: stopped before its first instruction, as it would soon die."""
    child = os.fork()
    if child == 0:
        ctypes.CDLL(None).ptrace(PTRACE_TRACEME, 0, 0, 0)
        os.execv(broken, [str(broken)])
    _, status = os.waitpid(child, 0)
    assert os.WIFSTOPPED(status)
    yield broken
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def test_a_running_file_is_replaced(running, repaired):
    try:
        os.close(os.open(running, os.O_RDWR))
        raise Missing("this kernel lets running files be written")
    except OSError as error:
        assert error.errno == errno.ETXTBSY
    before = running.stat().st_ino
    assert irelfix("-i", running).status == HEALTHY
    assert running.read_bytes() == repaired and running.stat().st_ino != before
    assert names_in(running.parent) == {"in"}


def test_a_running_file_with_two_links_is_left_alone(running):
    os.link(running, running.with_name("other"))
    before = identity(running)
    answer = irelfix("-i", running)
    assert answer.status == BAD_FILE
    assert "not written into because Text file busy" in answer.err
    assert identity(running) == before


def test_a_read_only_file_is_replaced(own, public, repaired):
    own.chmod(0o444)
    before = own.stat().st_ino
    assert as_nobody(public, "-i", "in").status == HEALTHY
    assert own.read_bytes() == repaired and own.stat().st_ino != before
    assert own.stat().st_mode & 0o7777 == 0o444 and names_in(own.parent) == {"in"}


def test_a_read_only_file_in_a_read_only_folder_stays(own, public):
    own.chmod(0o444)
    own.parent.chmod(0o555)
    before = identity(own)
    answer = as_nobody(public, "-i", "in")
    assert answer.status == BAD_FILE
    assert "cannot create a file beside in: Permission denied" in answer.err
    assert identity(own) == before and names_in(own.parent) == {"in"}


def test_a_file_of_somebody_else_is_not_taken_over(own, public):
    """Its owner could not be kept."""
    os.chown(own, 0, 0)
    before = identity(own)
    answer = as_nobody(public, "-i", "in")
    assert answer.status == BAD_FILE and "the owner would be lost" in answer.err
    assert identity(own) == before and names_in(own.parent) == {"in"}


def test_diagnosis_touches_nothing(broken):
    before = identity(broken)
    for options in ([], ["-n", "-i"], ["-v"], ["--json"]):
        assert irelfix(*options, broken).status == BROKEN
    assert identity(broken) == before and names_in(broken.parent) == {"in"}
