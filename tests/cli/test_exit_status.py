# SPDX-License-Identifier: MIT
"""How a call ends, for one file and for several."""
import itertools
from pathlib import Path

import pytest
from elf.build import broken, healthy
from files import ENDINGS, TEXT_FILE, malformed, refused, unverified
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, UNVERIFIED, irelfix, summary

pytestmark = pytest.mark.fast

# Without -o: what is wrong with a result is not known before there is one.
DIAGNOSED = {HEALTHY: healthy, BROKEN: broken, BAD_FILE: malformed, REFUSED: refused}


@pytest.mark.parametrize("status", DIAGNOSED)
def test_diagnosis(status, machine, make):
    assert irelfix(make("file", DIAGNOSED[status](machine))).status == status


@pytest.mark.parametrize("status", ENDINGS)
def test_repair(status, machine, make, tmp_path):
    answer = irelfix(make("in", ENDINGS[status](machine)), "-o", tmp_path / "out")
    assert answer.status == status, str(answer)


def test_repaired_is_success(machine, make, tmp_path):
    assert irelfix(make("in", broken(machine)), "-o", tmp_path / "out").status == HEALTHY


def test_diagnosis_of_what_will_not_verify(machine, make):
    path = make("file", unverified(machine))
    assert irelfix(path).status == BROKEN
    assert irelfix("-n", path).status == UNVERIFIED


@pytest.mark.parametrize("worse, better", itertools.permutations(DIAGNOSED, 2))
def test_the_highest_of_two_wins_and_both_are_reported(worse, better, make):
    first, second = make("first", DIAGNOSED[worse]()), make("second", DIAGNOSED[better]())
    answer = irelfix(first, second)
    assert answer.status == max(worse, better)
    assert str(first) in answer.out + answer.err
    assert str(second) in answer.out + answer.err


def test_a_failure_does_not_stop_the_others(make, tmp_path):
    good = make("good", broken())
    answer = irelfix(tmp_path / "missing", make("text", TEXT_FILE), make("bad", malformed()),
                     make("no", refused()), good)
    assert answer.status == REFUSED
    assert len(answer.err.splitlines()) == 4
    line, counts = answer.lines
    assert line.startswith(str(good)) and counts == summary(broken=1, refused=1, errors=3)


@pytest.mark.parametrize("option", ["-q", "-v", "-vv", "-n", "--json", "-nv", "-nq"])
@pytest.mark.parametrize("status", DIAGNOSED)
def test_how_much_is_printed_does_not_matter(option, status, make):
    assert irelfix(option, make("file", DIAGNOSED[status]())).status == status


def test_a_dry_run_of_a_broken_file_tells_that_it_is_broken(machine, make, tmp_path):
    path = make("in", broken(machine))
    assert irelfix("-n", path).status == BROKEN
    assert irelfix("-n", path, "-o", tmp_path / "out").status == BROKEN
    assert not (tmp_path / "out").exists()


def test_the_same_file_twice(make):
    path = make("file", broken())
    answer = irelfix(path, path)
    assert answer.status == BROKEN
    assert answer.lines == [answer.lines[0]] * 2 + [summary(broken=2)]


def test_a_relative_path(make, tmp_path):
    make("file", broken())
    answer = irelfix("file", cwd=tmp_path)
    assert answer.status == BROKEN
    assert answer.out.startswith("file: wide-bounds: ")


def test_input_is_never_changed(machine, make, tmp_path):
    path: Path = make("in", broken(machine))
    before, times = path.read_bytes(), path.stat()
    for call in ([path], ["-n", path], ["-v", path], [path, "-o", tmp_path / "out"]):
        irelfix(*call)
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == times.st_mtime_ns
    assert path.stat().st_ino == times.st_ino
