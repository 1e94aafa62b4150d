# SPDX-License-Identifier: MIT
"""What all suites have in common. Each suite's own conftest.py stands in its folder."""
import os
import resource
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

sys.dont_write_bytecode = True
pytest.register_assert_rewrite("lab", "rust", "variants")

import need  # noqa: E402
from places import LAB  # noqa: E402
from tool import TOOL  # noqa: E402
from unprivileged import NOBODY  # noqa: E402

# One worker runs all tests of such a file: they share what is dear to make.
KEPT_TOGETHER = ("integrations/", "real/test_coverage.py")


def pytest_configure():
    # A crash under test is expected; nobody wants its core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # A shell starts what is in the background with these ignored, and programs would inherit that.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


@pytest.hookimpl(tryfirst=True)  # before xdist, which looks at the marks in the same hook
def pytest_collection_modifyitems(items):
    for item in items:
        if any(name in item.nodeid for name in KEPT_TOGETHER):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_setup():
    leave_out_what_is_missing((yield))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call():
    leave_out_what_is_missing((yield))


def leave_out_what_is_missing(outcome):
    """The only place that skips a test; the reason says what is missing."""
    error = outcome.excinfo[1] if outcome.excinfo else None
    if isinstance(error, need.Missing) and need.may_leave_out(error):
        pytest.skip(str(error))


def pytest_terminal_summary(terminalreporter):
    """Names what was not run, each thing once."""
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ")
                      for report in terminalreporter.getreports("skipped"))
    for reason, count in sorted(reasons.items()):
        tests = "1 test" if count == 1 else f"{count} tests"
        terminalreporter.write_line(f"not run: {tests}: {reason}")


@pytest.fixture(scope="session", autouse=True)
def have_program_under_test():
    assert TOOL.is_file(), f"{TOOL} is not there: run make"


@pytest.fixture
def folder():
    """An empty folder that is gone after the test: the files are big and many."""
    LAB.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LAB, prefix="test-") as path:
        yield Path(path)


@pytest.fixture
def public():
    """A folder of nobody's, with a copy of the program, for calls without root's privileges."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        (path / "irelfix").write_bytes(TOOL.read_bytes())
        (path / "irelfix").chmod(0o755)
        (path / "work").mkdir()
        for each in (path, path / "work"):
            each.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(path / "work", NOBODY, NOBODY)
        yield path
