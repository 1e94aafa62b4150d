# SPDX-License-Identifier: MIT
"""Files that change under the program, full disks, and things that are no files."""
import os
import resource
import subprocess
from pathlib import Path

import pytest
from disk.attributes import identity
from disk.samples import sample
from disk.system_calls import shim, shimmed, traced
from elf.build import broken as hand_made
from elf.build import build
from need import refused_here
from tool import BAD_FILE, BROKEN, HEALTHY, TOOL, Answer, irelfix, names_in

CALLS = {"diagnose": ("in",), "-o": ("in", "-o", "out"), "-i": ("-i", "in"),
         "--atomic": ("-i", "--atomic", "in")}
OPENED, REHEARSED, WRITTEN = "1", "2", "3"  # what the file is mapped for, in this order
R_X86_64_IRELATIVE, RELA_SIZE, R_INFO = 37, 24, 8
BEGUN = "write"  # all is decided, no byte is written


@pytest.fixture(scope="session")
def meddling(tmp_path_factory) -> Path:
    return shim("meddle", tmp_path_factory.mktemp("shim"))


@pytest.fixture(params=CALLS)
def arguments(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return CALLS[request.param]


@pytest.fixture
def meddle(meddling, broken):
    """Calls the program in the file's folder, where a shell command comes in between."""
    def call(arguments: tuple[str, ...], command: str, at: str = OPENED) -> Answer:
        os.utime(broken, ns=(10**18, 10**18))  # what is written now differs, whatever the clock
        return shimmed(meddling, *arguments, cwd=broken.parent, MEDDLE=command, MEDDLE_AT=at)
    return call


# ---- files that change while they are mapped ----


@pytest.mark.promise("A file that shrinks")
@pytest.mark.parametrize("at", [OPENED, REHEARSED])
@pytest.mark.parametrize("size", ["0", "4096", "400000", "+1"])
def test_another_size(arguments, at, size, meddle, broken):
    if arguments == CALLS["diagnose"] and at == REHEARSED:
        at = OPENED  # there is no other one
    answer = meddle(arguments, f"truncate -s {size} in", at)
    assert (answer.status, answer.out) == (BAD_FILE, ""), str(answer)
    assert names_in(broken.parent) == {"in"}


def test_truncated_after_it_was_written(meddle, broken):
    assert meddle(CALLS["-i"], "truncate -s 4096 in", WRITTEN).status == BAD_FILE


@pytest.mark.promise("A file that shrinks")
def test_other_contents_of_the_same_size(arguments, meddle, broken):
    """One byte, in the padding of e_ident."""
    answer = meddle(arguments, "printf x | dd of=in bs=1 seek=15 conv=notrunc status=none")
    assert (answer.status, answer.out) == (BAD_FILE, ""), str(answer)
    assert answer.err.endswith("was written while it was read\n")
    assert names_in(broken.parent) == {"in"}


WRITES = {name: arguments for name, arguments in CALLS.items() if name != "diagnose"}


def poke(at: int, value: bytes) -> str:
    """
    A command that changes bytes of `in`, of which neither its size nor its time tell: as another
    process does through a mapping.
    """
    octal = "".join(f"\\{byte:03o}" for byte in value)
    return (f"printf '{octal}' | dd of=in bs=1 seek={at} conv=notrunc status=none;"
            "touch -d @1000000000 in")


@pytest.mark.promise("A file that shrinks")
@pytest.mark.parametrize("arguments", WRITES.values(), ids=WRITES)
def test_bytes_that_change_through_a_mapping(arguments, meddle, broken):
    """The last IRELATIVE entry becomes another one: what was decided is not right any more."""
    report = irelfix("--json", "-n", broken)
    first = next(edit.offset for edit in report.edits)  # of the first entry: no slot is wrong
    at = first + (report.object["entries"] - 1) * RELA_SIZE + R_INFO
    data = bytearray(broken.read_bytes())
    assert data[at:at + 8] == R_X86_64_IRELATIVE.to_bytes(8, "little")
    answer = meddle(arguments, poke(at, b"\x08"), BEGUN)
    assert (answer.status, answer.out) == (BAD_FILE, ""), str(answer)
    assert "what was decided on is not what is there now" in answer.err
    data[at] = 8
    assert broken.read_bytes() == data and names_in(broken.parent) == {"in"}


@pytest.mark.parametrize("arguments", WRITES.values(), ids=WRITES)
def test_bytes_that_count_for_nothing(arguments, meddle, broken):
    """They are kept as they are; here in the padding of e_ident."""
    assert meddle(arguments, poke(15, b"x"), BEGUN).status == HEALTHY
    whole = bytearray(sample("wide-bounds").repaired)
    whole[15] = ord("x")
    out = broken.parent / ("out" if "out" in arguments else "in")
    assert out.read_bytes() == whole


@pytest.mark.promise("A file that shrinks")
@pytest.mark.parametrize("options", [["-i"], ["-i", "--atomic"]], ids=["ordered", "atomic"])
def test_another_file_under_the_name_is_left_alone(options, meddle, broken):
    answer = meddle((*options, "in"), "printf new > new; mv new in")
    assert answer.status == BAD_FILE
    assert answer.err.endswith("is another file now than the one that was read\n")
    assert broken.read_bytes() == b"new" and names_in(broken.parent) == {"in"}


def test_another_file_that_came_during_the_copy_is_left_alone(meddle, broken):
    answer = meddle(CALLS["--atomic"], "printf new > new; mv new in", WRITTEN)
    assert answer.status == BAD_FILE
    assert broken.read_bytes() == b"new" and names_in(broken.parent) == {"in"}


@pytest.mark.fast
def test_a_removed_file_does_not_come_back(meddle, broken):
    for arguments in (CALLS["-i"], CALLS["--atomic"]):
        sample("wide-bounds").put(broken)
        answer = meddle(arguments, "rm in")
        assert answer.status == BAD_FILE and names_in(broken.parent) == set()


def test_an_output_is_made_of_what_was_opened(meddle, broken):
    assert meddle(CALLS["-o"], "printf new > new; mv new in").status == HEALTHY
    assert (broken.parent / "out").read_bytes() == sample("wide-bounds").repaired


def test_a_folder_that_becomes_a_link(meddle, broken):
    evil = sample("wide-bounds").put(broken.parent.parent / "evil" / "in")
    path = str(broken)
    answer = meddle(("-i", path), "mv ../folder ../old; ln -s evil ../folder")
    assert answer.status == BAD_FILE
    assert evil.read_bytes() == sample("wide-bounds").broken
    assert (broken.parent.parent / "old" / "in").read_bytes() == sample("wide-bounds").broken


# ---- no room, no permission ----


@pytest.fixture
def mounted(tmp_path):
    """Mounts a file system of its own, with mount's arguments."""
    points = []

    def mount(*arguments: str | Path) -> Path:
        point = tmp_path / "mounted"
        point.mkdir()
        made = subprocess.run(["mount", *arguments, point], capture_output=True, text=True)
        if made.returncode != 0:
            raise refused_here("nothing can be mounted", made.stderr)
        points.append(point)
        return point
    yield mount
    for point in points:
        subprocess.run(["umount", point], check=True)


def fill(folder: Path) -> None:
    with open(folder / "rest", "wb", buffering=0) as rest:
        try:
            while rest.write(bytes(65536)):
                pass
        except OSError:
            pass


@pytest.fixture
def full(mounted) -> Path:
    """A broken file on a disk without any room."""
    folder = mounted("-t", "tmpfs", "-o", "size=2m", "tmpfs")
    sample("wide-bounds").put(folder / "in")
    fill(folder)
    return folder


def test_in_place_needs_no_room(full):
    assert irelfix("-i", full / "in").status == HEALTHY
    assert (full / "in").read_bytes() == sample("wide-bounds").repaired


@pytest.mark.parametrize("options", [["--atomic"], ["--backup"], ["--atomic", "--backup"]], ids=str)
def test_no_room_for_another_file(options, full):
    before = identity(full / "in")
    answer = irelfix("-i", *options, full / "in")
    assert answer.status == BAD_FILE and "No space left on device" in answer.err
    assert identity(full / "in") == before and names_in(full) == {"in", "rest"}


@pytest.mark.parametrize("arguments", [("in", "-o", "out"), ("-i", "--atomic", "in")], ids=str)
def test_a_limit_of_the_file_size(arguments, broken):
    """SIGXFSZ would end the program."""
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))
    before = broken.read_bytes()
    answer = irelfix(*arguments, cwd=broken.parent, preexec_fn=limit)
    assert answer.status == BAD_FILE and "File too large" in answer.err
    assert broken.read_bytes() == before and names_in(broken.parent) == {"in"}


def test_a_read_only_file_system(mounted, tmp_path):
    folder = mounted("-t", "tmpfs", "tmpfs")
    path = sample("wide-bounds").put(folder / "in")
    subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
    for arguments in (("-i", path), ("-i", "--atomic", path), (path, "-o", folder / "out")):
        answer = irelfix(*arguments)
        assert answer.status == BAD_FILE and "Read-only file system" in answer.err
    assert irelfix(path).status == BROKEN
    assert irelfix(path, "-o", tmp_path / "out").status == HEALTHY


# ---- no files, and odd ones ----


def pipe(path: Path) -> None:
    os.mkfifo(path)


@pytest.mark.parametrize("make", [Path.mkdir, pipe, Path.touch], ids=["folder", "fifo", "empty"])
@pytest.mark.parametrize("options", [["-i"], ["-i", "--atomic"], ["-i", "--backup"]], ids=str)
def test_nothing_to_repair(make, options, tmp_path):
    path = tmp_path / "in"
    make(path)
    before = path.lstat()
    answer = irelfix(*options, path)
    assert answer.status == BAD_FILE and answer.err.startswith(f"irelfix: {path}: ")
    after = path.lstat()
    assert (before.st_ino, before.st_mode, before.st_ctime_ns) == (
        after.st_ino, after.st_mode, after.st_ctime_ns)
    assert names_in(tmp_path) == {"in"}


@pytest.mark.parametrize("path", ["/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem",
                                  "/proc/self/status", "/proc/self/fd/0"])
def test_devices_and_files_of_proc(path):
    answer = irelfix("-i", path, timeout=20)
    assert answer.status == BAD_FILE and answer.err.startswith(f"irelfix: {path}: ")


def test_proc_below_a_folder():
    """Nothing there can be repaired, and nothing there hangs. Not everybody may read all of it."""
    answer = irelfix("-r", "-i", "/proc/self/fdinfo", "/proc/self/net", timeout=20)
    assert all(line.endswith(": Permission denied") for line in answer.err.splitlines())
    assert answer.status == (BAD_FILE if answer.err else HEALTHY), str(answer)


@pytest.mark.parametrize("arguments", [("in", "-o", "out"), ("-i", "in"), ("-i", "--atomic", "in"),
                                       ("-i", "--backup", "in")], ids=str)
def test_a_sparse_terabyte(arguments, broken):
    """Holes stay holes, and cost no time."""
    os.truncate(broken, 1 << 40)
    assert irelfix(*arguments, cwd=broken.parent, timeout=20).status == HEALTHY
    result = broken.parent / ("out" if "-o" in arguments else "in")
    assert result.stat().st_size == 1 << 40
    assert sum(path.stat().st_blocks * 512 for path in broken.parent.iterdir()) < 4 << 20
    with open(result, "rb") as file:
        repaired = sample("wide-bounds").repaired
        assert file.read(len(repaired)) == repaired


def test_a_terabyte_is_not_read(broken):
    os.truncate(broken, 1 << 40)
    read = [call for call in traced("-i", broken).named("read", "pread64", "copy_file_range")]
    assert len(read) < 200


@pytest.mark.parametrize("size", [1 << 63, (1 << 64) - 1, (1 << 63) - 1], ids=hex)
@pytest.mark.parametrize("field, diagnosed, repaired", [
    ("PT_LOAD[0].p_filesz", BAD_FILE, BAD_FILE), ("PT_LOAD[0].p_memsz", BAD_FILE, BAD_FILE),
    ("PT_DYNAMIC.p_filesz", BAD_FILE, BAD_FILE), ("PT_LOAD[1].p_offset", BAD_FILE, BAD_FILE),
    ("e_shoff", BROKEN, HEALTHY),  # which startup does not read
])
def test_headers_that_claim_eight_exbibytes(field, diagnosed, repaired, size, tmp_path):
    elf = build(hand_made())
    elf[field] = size
    path = tmp_path / "in"
    for options, status in (([], diagnosed), (["-i"], repaired), (["-i", "--atomic"], repaired)):
        path.write_bytes(elf.data)
        answer = irelfix(*options, path, timeout=20)
        assert answer.status == status, str(answer)
        assert names_in(tmp_path) == {"in"} and path.stat().st_size == len(elf.data)


# ---- closed streams ----


@pytest.mark.promise("Names and symbols cannot control")
def test_nothing_is_printed_into_files(tmp_path):
    """With closed streams the next files that are opened would get their numbers."""
    paths = [sample("wide-bounds").put(tmp_path / f"f{i}") for i in range(12)]
    status = subprocess.run(["sh", "-c", 'exec "$0" -v -i -j4 "$@" <&- >&- 2>&-',
                             TOOL, *paths], timeout=60).returncode
    assert status == BAD_FILE, "what could not be printed is an error"
    assert {path.read_bytes() for path in paths} == {sample("wide-bounds").repaired}


def test_a_list_on_a_closed_stream_is_an_error(tmp_path):
    run = subprocess.run(["sh", "-c", 'exec "$0" --files0-from=- <&-', TOOL],
                         capture_output=True, text=True, timeout=60)
    assert run.returncode == BAD_FILE and "irelfix: -: " in run.stderr
