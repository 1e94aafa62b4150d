# SPDX-License-Identifier: MIT
"""Nobody gets at a file, or at privileges, by way of the program: see docs/SECURITY.md."""
import os
import re
import subprocess
from pathlib import Path

import pytest
from disk.attributes import attributes, set_extended
from disk.samples import sample
from disk.system_calls import Call, Traced, traced
from need import command, need_root
from unprivileged import NOBODY, as_nobody
from tool import HEALTHY, irelfix, names_in

WAYS = {"-o": ("in", "-o", "out"), "--atomic": ("-i", "--atomic", "in"),
        "--backup": ("-i", "--backup", "in")}
TEMPORARY = re.compile(r'"(\.irelfix-[0-9a-f]{16})"')


@pytest.fixture(params=WAYS)
def run(request: pytest.FixtureRequest, broken) -> Traced:
    """A call that makes a new file, where nothing in the mask of the process protects that."""
    trace = traced(*WAYS[request.param], cwd=broken.parent, umask=0)
    assert trace.answer.status == HEALTHY, str(trace.answer)
    return trace


def created(run: Traced) -> list[Call]:
    return [call for call in run.named("openat", "open", "creat") if "O_CREAT" in call.text]


def on_descriptor(run: Traced, call: Call) -> list[Call]:
    """What happens to the descriptor that the call returned, until it is closed."""
    number = call.text.rpartition("= ")[2]
    since = run.calls[run.calls.index(call) + 1:]
    end = next(i for i, c in enumerate(since) if c.name == "close" and c.text.startswith(number))
    return [c for c in since[:end] if re.search(rf"\b{number}\b", c.text)]


# ---- new files ----


@pytest.mark.promise("A new file has a random name")
def test_a_new_file_is_exclusive_private_and_no_link(run):
    (call,) = created(run)
    flags, mode = re.search(r"(O_[A-Z_|]+), (\d+)\)", call.text).groups()
    assert {"O_CREAT", "O_EXCL", "O_NOFOLLOW", "O_CLOEXEC"} <= set(flags.split("|"))
    assert mode == "0600"


@pytest.mark.promise("A new file has a random name")
def test_its_name_is_random(broken):
    names = set()
    for _ in range(5):
        sample("wide-bounds").put(broken)
        (call,) = created(traced("-i", "--atomic", broken))
        names.add(TEMPORARY.search(call.text)[1])
    assert len(names) == 5


@pytest.mark.promise("A new file has a random name")
def test_others_may_read_it_when_it_is_whole_only(run):
    (call,) = created(run)
    used = [c.name for c in on_descriptor(run, call)]
    assert used.count("fchmod") == 1
    after = used[used.index("fchmod"):]
    assert not {"pwrite64", "copy_file_range", "ftruncate"} & set(after)
    assert "fsync" in after, "it gets its name before it is on disk"


def test_the_directory_is_synced_last(run):
    named = [i for i, c in enumerate(run.calls) if c.name in ("renameat", "linkat")]
    assert any(c.name == "fsync" for c in run.calls[named[-1]:])


@pytest.mark.promise("A new file has a random name")
def test_names_are_only_used_in_an_open_directory(run):
    """Whoever exchanges a folder on the way does not get the file elsewhere."""
    assert run.named("rename", "link", "unlink", "chmod", "chown", "open", "creat", "symlink") == []
    for call in run.named("renameat", "linkat", "unlinkat", "fchmodat"):
        assert "AT_FDCWD" not in call.text
    assert "AT_FDCWD" not in created(run)[0].text


# ---- the input ----


def opened(run: Traced) -> list[Call]:
    return [call for call in run.named("openat", "open") if '"in"' in call.text]


@pytest.mark.promise("`-o`: OUT is whole")
def test_the_input_of_an_output_is_opened_once(broken):
    run = traced("in", "-o", "out", cwd=broken.parent)
    (call,) = opened(run)
    assert "O_RDONLY" in call.text
    assert '"in"' not in "".join(c.text for c in run.named("newfstatat", "stat", "lstat"))


def test_in_place_the_second_descriptor_is_compared_with_the_first(broken):
    run = traced("-i", "in", cwd=broken.parent)
    first, second = opened(run)
    assert "O_RDONLY" in first.text
    assert "O_RDWR" in second.text and "O_NOFOLLOW" in second.text
    assert "AT_FDCWD" not in second.text
    assert on_descriptor(run, second)[0].name in ("newfstatat", "fstat")


def test_diagnosis_opens_nothing_for_writing(broken):
    run = traced("-v", broken)
    assert [c for c in run.named("openat", "open") if "O_RDONLY" not in c.text] == []


# ---- privileges ----


def test_privileges_are_back_before_the_disk_has_the_edits(broken):
    """Without them only between a write and the next sync."""
    need_root()
    broken.chmod(0o4755)
    set_extended(broken, "security.capability")
    before = attributes(broken)
    run = traced("-i", broken)
    names = [c.name for c in run.calls if c.name in ("pwrite64", "fsetxattr", "fsync")]
    syncs = [i for i, name in enumerate(names) if name == "fsync"]
    assert len(syncs) >= 3 and all(names[i - 1] == "fsetxattr" for i in syncs)
    assert attributes(broken) == before


@pytest.fixture
def teller(public) -> Path:
    """A static program in a folder of nobody's that tells who runs it."""
    need_root()
    path = public / "work" / "teller"
    subprocess.run([command("gcc"), "-static", "-o", path, Path(__file__).with_name("euid.c")],
                   check=True)
    return path


def told(folder: Path) -> list[int]:
    return [int(word) for word in (folder / "told").read_text().split()]


@pytest.mark.promise("`--prove` runs a private copy")
def test_a_proof_gains_nothing_from_a_setuid_bit(teller, public):
    teller.chmod(0o6755)
    subprocess.run([teller], cwd=teller.parent, check=True, user=NOBODY)
    assert told(teller.parent)[:2] == [NOBODY, 0], "the bit has no effect here"
    (teller.parent / "told").unlink()
    answer = as_nobody(public, "--prove=native", "teller")
    assert answer.status == HEALTHY, str(answer)
    assert told(teller.parent)[:2] == [NOBODY, NOBODY]


@pytest.mark.promise("`--prove` runs a private copy")
def test_a_proof_takes_on_nobody_elses_identity(teller):
    os.chown(teller, NOBODY, NOBODY)
    teller.chmod(0o4755)
    assert irelfix("--prove=native", teller, cwd=teller.parent).status == HEALTHY
    assert told(teller.parent)[:2] == [0, 0]


@pytest.mark.promise("`--prove` runs a private copy")
def test_a_proof_hands_down_the_captured_output_only(teller):
    assert irelfix("--prove=native", teller, cwd=teller.parent).status == HEALTHY
    assert told(teller.parent)[2] == 2


@pytest.mark.promise("`--prove` runs a private copy")
def test_the_copy_for_a_proof_is_private_and_goes(teller, tmp_path):
    run = traced("--prove=native", teller, cwd=teller.parent, umask=0,
                 env={**os.environ, "TMPDIR": str(tmp_path)})
    assert run.answer.status == HEALTHY, str(run.answer)
    (folder,) = run.named("mkdir", "mkdirat")
    assert folder.text.rstrip(" =0").endswith(", 0700)")
    (copy,) = created(run)
    assert "O_EXCL" in copy.text and ", 0700)" in copy.text
    assert run.named("fchmod", "chmod", "fchmodat", "fchown", "chown") == []
    assert names_in(tmp_path) == set()
