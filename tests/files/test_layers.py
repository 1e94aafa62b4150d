# SPDX-License-Identifier: MIT
"""File systems that lie over others: overlayfs, and one in another process (FUSE)."""
import os
from pathlib import Path

import pytest
from disk.attributes import identity
from disk.mounts import Mounts
from disk.samples import sample
from disk.system_calls import strace
from need import need_file
from tool import BAD_FILE, BROKEN, HEALTHY


@pytest.fixture
def mounts(tmp_path):
    with Mounts(tmp_path) as mounts:
        yield mounts


def put(path: Path, *links: str) -> None:
    sample("wide-bounds").put(path)
    for name in links:
        os.link(path, path.with_name(name))


@pytest.fixture
def overlay(mounts):
    """`all` has two names of one file, and a file of its own, all in the lower layer."""
    for name in ("lower", "upper", "work", "all"):
        (mounts.folder / name).mkdir()
    put(mounts.folder / "lower/in", "other")
    put(mounts.folder / "lower/alone")
    mounts.mount("mount", "-t", "overlay", "overlay", "all", "-o",
                 "lowerdir=lower,upperdir=upper,workdir=work,index=off")
    return mounts


def is_old(path: Path) -> bool:
    return path.read_bytes() == sample("wide-bounds").broken


def is_new(path: Path) -> bool:
    return path.read_bytes() == sample("wide-bounds").repaired


# ---- overlayfs ----


@pytest.mark.promise("Hard links stay links of one file")
@pytest.mark.parametrize("options", [[], ["--atomic"], ["--backup"]], ids=str)
def test_links_in_a_lower_layer_are_not_separated(options, overlay):
    """Again and again: the first try must not make what the second finds."""
    before = identity(overlay.path("all/in"))
    for _ in range(3):
        answer = overlay.irelfix("-i", *options, "all/in")
        assert answer.status == BAD_FILE and "has 2 hard links" in answer.err, str(answer)
        assert identity(overlay.path("all/in")) == before
    assert is_old(overlay.path("all/in")) and is_old(overlay.path("all/other"))
    assert list((overlay.folder / "upper").iterdir()) == []


def test_links_in_a_lower_layer_are_separated_in_words(overlay):
    """A kernel before 6.6 does not tell the layer, so that only opening it shows what happens."""
    before = strace(), "-qq", "-o", os.devnull, "-e", "inject=name_to_handle_at:error=EOPNOTSUPP"
    answer = overlay.irelfix("-i", "all/in", before=before)
    assert answer.status == BAD_FILE
    assert "from which its file system separated it when it was opened" in answer.err
    assert is_old(overlay.path("all/in")) and is_old(overlay.path("all/other"))


def test_each_name_has_a_way_out(overlay):
    for name in ("in", "other"):
        assert overlay.irelfix(f"all/{name}", "-o", f"all/{name}").status == HEALTHY
        assert is_new(overlay.path(f"all/{name}"))
    assert is_old(overlay.folder / "lower/in")


@pytest.mark.parametrize("options", [[], ["--atomic"], ["--backup"]], ids=str)
def test_a_file_of_a_lower_layer(options, overlay):
    assert overlay.irelfix("-i", *options, "all/alone").status == HEALTHY
    assert is_new(overlay.path("all/alone")) and is_old(overlay.folder / "lower/alone")


def test_links_in_the_upper_layer_stay(overlay):
    """Which is where a build in a container makes them."""
    put(overlay.path("all/new"), "newer")
    before = overlay.path("all/new").stat()
    assert overlay.irelfix("-i", "all/new").status == HEALTHY
    after = overlay.path("all/newer").stat()
    assert is_new(overlay.path("all/new")) and is_new(overlay.path("all/newer"))
    assert (after.st_ino, after.st_nlink) == (before.st_ino, 2)


# ---- FUSE ----


@pytest.fixture
def fuse(mounts):
    """`seen` shows what is in `kept`: two names of one file."""
    need_file("/dev/fuse", "FUSE")
    (mounts.folder / "seen").mkdir()
    put(mounts.folder / "kept/in", "other")
    mounts.mount("bindfs", "kept", "seen")
    yield mounts
    mounts.run("fusermount3", "-u", "seen")


@pytest.mark.promise("Hard links stay links of one file")
def test_links_over_fuse_stay(fuse):
    before = (fuse.folder / "kept/in").stat()
    assert fuse.irelfix("-i", "seen/in").status == HEALTHY
    after = (fuse.folder / "kept/other").stat()
    assert is_new(fuse.folder / "kept/in") and (after.st_ino, after.st_nlink) == (before.st_ino, 2)


def test_what_a_name_remembers_is_no_change(fuse):
    """Each name has its own memory of the file's time, which the kernel believes for a second."""
    assert fuse.irelfix("seen/other").status == BROKEN
    assert fuse.irelfix("-i", "seen/in").status == HEALTHY
    answer = fuse.irelfix("seen/other")
    assert answer.status == HEALTHY, str(answer)


@pytest.mark.parametrize("options", [["--atomic"], ["--atomic", "--backup"]], ids=str)
def test_links_over_fuse_are_not_separated(options, fuse):
    answer = fuse.irelfix("-i", *options, "seen/in")
    assert answer.status == BAD_FILE and "has 2 hard links" in answer.err
    assert is_old(fuse.folder / "kept/in") and is_old(fuse.folder / "kept/other")


@pytest.mark.parametrize("arguments", [("-i", "seen/in"), ("-i", "--atomic", "seen/in"),
                                       ("-i", "--backup", "seen/in"),
                                       ("seen/in", "-o", "seen/in")], ids=str)
def test_a_file_over_fuse(arguments, fuse):
    (fuse.folder / "kept/other").unlink()
    assert fuse.irelfix(*arguments).status == HEALTHY
    assert is_new(fuse.folder / "kept/in")
