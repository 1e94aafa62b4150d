# SPDX-License-Identifier: MIT
"""What is missing is named, and on CI a failure: tests/lib/need.py and tests/conftest.py."""
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT, TESTS

pytestmark = pytest.mark.fast

SUITE = """
import pytest
from need import Missing, NoProcessor, need

@pytest.fixture
def absent():
    need("no-such-program")

def test_passes(): pass
def test_misses_a_program(): need("no-such-program")
def test_misses_it_while_it_is_set_up(absent): pass
def test_has_no_such_processor(): raise NoProcessor("this processor has no AVX-512")
"""
NAMED = "no-such-program is not installed (make setup)"


def run(folder: Path, **environment: str) -> str:
    """What pytest says of a suite that has this one's conftest.py."""
    suite = folder / "test_suite.py"
    suite.write_text(SUITE)
    return subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-c", TESTS / "pytest.ini", "-p", "conftest",
         "-o", f"cache_dir={folder}/cache", suite], text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS / "lib")]),
             "IRELFIX_NO_SKIP": "", **environment}).stdout


def test_what_is_missing_is_named_once(tmp_path: Path) -> None:
    lines = run(tmp_path).splitlines()
    assert lines[-1].startswith("1 passed, 3 skipped")
    assert f"not run: 2 tests: {NAMED}" in lines
    assert "not run: 1 test: this processor has no AVX-512" in lines


def test_on_ci_it_is_a_failure_but_for_the_processor(tmp_path: Path) -> None:
    text = run(tmp_path, IRELFIX_NO_SKIP="1")
    assert re.match("1 failed, 1 passed, 1 skipped, 1 error", text.splitlines()[-1])
    assert len(re.findall(f"^E +need.Missing: {re.escape(NAMED)}$", text, re.M)) == 2


def test_no_test_leaves_itself_out() -> None:
    """Whatever would is neither named nor a failure on CI."""
    for path in TESTS.rglob("*.py"):
        if path != Path(__file__) and path != TESTS / "conftest.py":
            assert not re.search(r"pytest\.(skip|importorskip)|mark\.(skip|skipif|xfail)\b",
                                 path.read_text()), path
    assert (TESTS / "conftest.py").read_text().count("pytest.skip") == 1


def test_nothing_edits_the_path_of_python() -> None:
    """pytest.ini and the scripts put tests/lib on it."""
    for path in (*TESTS.rglob("*.py"), *(ROOT / "scripts").iterdir()):
        if path.is_file() and path != Path(__file__):
            assert "sys.path" not in path.read_text(), path


def test_ci_leaves_nothing_out() -> None:
    assert "IRELFIX_NO_SKIP=1 exec make -s setup check" in (ROOT / ".ci/run").read_text()
    assert re.search("^    make setup check$", (ROOT / "README.md").read_text(), re.M)
