# SPDX-License-Identifier: MIT
"""-r, --files0-from and -j: whole trees and lists."""
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import time
from pathlib import Path

import pytest
from disk.samples import sample
from disk.system_calls import traced
from elf.build import broken as hand_made
from elf.build import build
from need import need_root
from schema import parsed
from unprivileged import as_nobody
from tool import BAD_FILE, BROKEN, HEALTHY, TIME_LIMIT, TOOL, irelfix, names_in, shown_on, summary

TEXT = b"#!/bin/sh\n" * 9999


@pytest.fixture
def tree(tmp_path) -> Path:
    """Two broken files, one of them under two names, and what is to be passed over."""
    top, outside = tmp_path / "tree", tmp_path / "outside"
    broken = sample("wide-bounds")
    broken.put(top / "a")
    os.link(top / "a", top / "b")
    broken.put(top / "deep" / "er" / "c")
    broken.put(outside / "victim")
    (top / "healthy").write_bytes(broken.repaired)
    (top / "script").write_bytes(TEXT)
    (top / "empty").write_bytes(b"")
    os.mkfifo(top / "fifo")
    (top / "folder").symlink_to(outside)
    (top / "link").symlink_to(outside / "victim")
    (top / "up").symlink_to("..")
    (top / "nowhere").symlink_to("missing")
    return top


def small(folder: Path, count: int) -> list[Path]:
    """Many small broken files."""
    folder.mkdir()
    data = build(hand_made()).data
    paths = [folder / f"f{i:03}" for i in range(count)]
    for path in paths:
        path.write_bytes(data)
    return paths


def files_of(answer) -> list[str]:
    return [line["file"] for line in answer.objects]


# ---- which files ----


@pytest.mark.fast
def test_each_inode_once_and_nothing_behind_links(tree):
    answer = irelfix("-r", "--json", tree)
    assert answer.status == BROKEN
    found = sorted(files_of(answer))
    assert found in ([f"{tree}/{name}", f"{tree}/deep/er/c", f"{tree}/healthy"]
                     for name in ("a", "b"))


def test_each_inode_once_over_all_arguments(tree):
    """Folders, too: what cannot be read in them is reported once."""
    answer = irelfix("-r", "--json", tree, tree / "deep", tree, tree / "healthy", tree / "b")
    inodes = [os.stat(name).st_ino for name in files_of(answer)]
    assert sorted(inodes) == sorted({os.stat(tree / name).st_ino
                                     for name in ("a", "deep/er/c", "healthy")})


def test_repaired_in_place_and_nothing_outside(tree):
    broken, repaired = sample("wide-bounds").broken, sample("wide-bounds").repaired
    assert irelfix("-r", "-i", tree).status == HEALTHY
    assert [(tree / name).read_bytes() for name in ("a", "b", "deep/er/c")] == [repaired] * 3
    assert (tree / "a").stat().st_ino == (tree / "b").stat().st_ino
    assert (tree.parent / "outside" / "victim").read_bytes() == broken
    assert (tree / "script").read_bytes() == TEXT
    assert names_in(tree) == {"a", "b", "deep", "healthy", "script", "empty", "fifo", "folder",
                              "link", "up", "nowhere"}


def test_a_link_that_is_named_is_followed(tree):
    assert irelfix("-r", "-i", tree / "link").status == HEALTHY
    assert (tree.parent / "outside" / "victim").read_bytes() == sample("wide-bounds").repaired


def test_other_files_are_left_after_four_bytes(tree):
    run = traced("-r", "-j1", tree)
    script = next(c for c in run.named("openat") if '"script"' in c.text)
    number = script.text.rpartition("= ")[2]
    since = run.calls[run.calls.index(script) + 1:]
    until = next(i for i, c in enumerate(since)
                 if c.name == "close" and c.text.startswith(f"{number})"))
    used = [c for c in since[:until] if re.match(rf"{number}\b", c.text)]
    assert [(c.name, c.text) for c in used] == [("pread64", f'{number}, "#!/b", 4, 0) = 4')]


# ---- what cannot be read ----


def test_what_cannot_be_read_is_reported_and_the_rest_is_done(public):
    need_root()
    work = public / "work"
    for name in ("closed", "open", "shut/x"):
        sample("wide-bounds").put(work / name)
        os.chown(work / name, 65534, 65534)
    (work / "closed").chmod(0)
    (work / "shut").chmod(0)
    answer = as_nobody(public, "-r", "-i", ".")
    assert answer.status == BAD_FILE
    assert sorted(answer.err.splitlines()) == ["irelfix: ./closed: Permission denied",
                                               "irelfix: ./shut: Permission denied"]
    assert (work / "open").read_bytes() == sample("wide-bounds").repaired
    assert (work / "closed").read_bytes() == sample("wide-bounds").broken
    assert answer.lines[-1].endswith(", 2 errors")
    objects = as_nobody(public, "-r", "--json", ".", ".").objects
    assert sorted((o["file"], o["message"]) for o in objects if o["verdict"] == "error") == [
        ("./closed", "Permission denied"), ("./shut", "Permission denied")]


def test_a_missing_folder_is_reported_and_the_rest_is_done(tree):
    answer = irelfix("-r", "-i", tree / "missing", tree)
    assert answer.status == BAD_FILE
    assert answer.err.startswith(f"irelfix: {tree}/missing: ")
    assert answer.err.endswith("No such file or directory\n") and answer.err.count("\n") == 1
    assert (tree / "deep/er/c").read_bytes() == sample("wide-bounds").repaired


def test_names_of_folders_cannot_control_the_terminal(public):
    need_root()
    (public / "work" / "a\x1b[31m\rb").mkdir(mode=0)
    assert as_nobody(public, "-r", ".").err == "irelfix: ./a?[31m?b: Permission denied\n"


# ---- lists ----


def test_names_of_lists_cannot_control_the_terminal(tmp_path):
    answer = irelfix("--files0-from=no\x1b[31mlist", cwd=tmp_path)
    assert (answer.status, answer.err) == (
        BAD_FILE, "irelfix: no?[31mlist: No such file or directory\n")


def listed(*names: str | Path, options: tuple[str, ...] = (), **more):
    data = b"".join(os.fsencode(name) + b"\0" for name in names)
    return irelfix("--files0-from=-", "--json", *options, input=data, **more)


def test_a_list_on_standard_input(tree):
    answer = listed(tree / "a", tree / "healthy")
    assert files_of(answer) == [f"{tree}/a", f"{tree}/healthy"] and answer.status == BROKEN


def test_a_list_in_a_file(tree, tmp_path):
    (tmp_path / "list").write_bytes(os.fsencode(tree / "a") + b"\0")
    answer = irelfix(f"--files0-from={tmp_path}/list", "-i")
    assert answer.status == HEALTHY
    assert (tree / "b").read_bytes() == sample("wide-bounds").repaired


def test_each_inode_of_a_list_once(tree):
    answer = listed(*(tree / name for name in ("a", "b", "a", "healthy", "link", "a")))
    assert files_of(answer) == [f"{tree}/{name}" for name in ("a", "healthy", "link")]


@pytest.mark.parametrize("name", [b"new\nline", b"-i", b"--", b" ", b"\xff\xfe"])
def test_any_name_can_be_listed(name, tmp_path):
    (tmp_path / os.fsdecode(name)).write_bytes(sample("wide-bounds").broken)
    answer = irelfix("--files0-from=-", "-i", input=name + b"\0", cwd=tmp_path)
    assert answer.status == HEALTHY, str(answer)
    assert (tmp_path / os.fsdecode(name)).read_bytes() == sample("wide-bounds").repaired


def test_what_is_missing_in_a_list_is_reported_and_the_rest_is_done(tree):
    answer = listed(tree / "missing", tree / "a", options=("-i",))
    assert answer.status == BAD_FILE
    assert (tree / "a").read_bytes() == sample("wide-bounds").repaired


def test_the_last_name_needs_no_nul(tree):
    answer = irelfix("--files0-from=-", "--json", input=os.fsencode(tree / "a"))
    assert files_of(answer) == [f"{tree}/a"]


def test_an_empty_list_is_no_mistake():
    assert listed().status == HEALTHY


def test_folders_can_be_listed(tree):
    answer = listed(tree / "deep", options=("-r",))
    assert files_of(answer) == [f"{tree}/deep/er/c"]


def test_a_list_that_is_missing_or_a_folder(tmp_path):
    for path in (tmp_path / "missing", tmp_path):
        answer = irelfix(f"--files0-from={path}")
        assert answer.status == BAD_FILE and answer.err.startswith(f"irelfix: {path}: ")


# ---- many at a time ----


def test_threads_find_the_same(tree, tmp_path):
    small(tree / "many", 60)
    os.unlink(tree / "b")  # which of two names is found first may differ
    one, four = (irelfix("-r", "--json", f"-j{n}", tree) for n in (1, 4))
    assert one.status == four.status == BROKEN
    assert sorted(one.out.splitlines()) == sorted(four.out.splitlines())
    assert len(one.objects) == 63


@pytest.mark.fast
def test_threads_repair_all(tmp_path):
    paths = small(tmp_path / "many", 300)
    answer = irelfix("-r", "-i", "-j8", tmp_path / "many")
    assert answer.status == HEALTHY, str(answer)
    assert len({path.read_bytes() for path in paths}) == 1
    assert answer.lines[-1] == summary(repaired=300)
    assert irelfix("-r", tmp_path / "many").status == HEALTHY
    assert len(names_in(tmp_path / "many")) == 300


# ---- what is said meanwhile ----


def test_a_summary_comes_last(tree):
    answer = irelfix("-r", tree)
    assert answer.lines[-1] == summary(healthy=1, broken=2)
    assert irelfix("-r", "-i", tree).lines[-1] == summary(healthy=1, repaired=2)
    assert irelfix("-r", tree).lines == [summary(healthy=3)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so(number, tree):
    with subprocess.Popen([TOOL, "-i", "--files0-from=-"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as run:
        run.stdin.write(os.fsencode(tree / "a") + b"\0")
        run.stdin.flush()
        limit = time.monotonic() + TIME_LIMIT
        while (tree / "a").read_bytes() != sample("wide-bounds").repaired:
            assert time.monotonic() < limit
            time.sleep(0.01)
        run.send_signal(number)
        out = run.communicate(timeout=TIME_LIMIT)[0].decode()
    assert run.returncode == -number
    assert out.splitlines()[-1] == "interrupted after " + summary(repaired=1)


def test_no_progress_in_a_pipe(tmp_path):
    small(tmp_path / "many", 200)
    assert irelfix("-r", "-i", tmp_path / "many").err == ""


LINE = re.compile(r"\r\x1b\[K(\d+) files?, \d+/s, (\d+\.\d) s: ([^\r]*)")


def test_progress_on_a_terminal(tree):
    """It moves although nothing does: the list goes on after a while."""
    begun, wait = time.monotonic(), 1.6
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    with subprocess.Popen([TOOL, "-r", "--files0-from=-"], stdin=subprocess.PIPE,
                          stdout=subprocess.DEVNULL, stderr=theirs) as run:
        os.close(theirs)
        run.stdin.write(os.fsencode(tree) + b"\0")
        run.stdin.flush()
        time.sleep(wait)
        run.communicate(timeout=TIME_LIMIT)
    took = time.monotonic() - begun
    shown = shown_on(ours)
    lines = LINE.findall(shown)
    times = [0.0, *(float(seconds) for _, seconds, _ in lines)]
    assert {files for files, _, _ in lines} == {"3"}
    assert all(0 < later - earlier < 1 for earlier, later in zip(times, times[1:]))
    assert wait - 1 < times[-1] <= took + 0.1
    assert all(place and str(tree / "deep/er").endswith(place) for _, _, place in lines)
    assert all(len(line) < 60 for line in shown.split("\r\x1b[K"))
    assert shown.endswith("\r\x1b[K")


def test_objects_come_while_it_runs(tree):
    with subprocess.Popen([TOOL, "--files0-from=-", "--json"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE) as run:
        for name in ("a", "healthy"):
            run.stdin.write(os.fsencode(tree / name) + b"\0")
            run.stdin.flush()
            if name == "a":
                assert parsed(run.stdout.readline())["file"] == f"{tree}/a"
        rest = run.communicate(timeout=TIME_LIMIT)[0]
    assert parsed(rest)["file"] == f"{tree}/healthy"
