# SPDX-License-Identifier: MIT
"""What all suites have in common. Each suite's own conftest.py stands in its folder."""
import resource
import signal
import sys
import tempfile
from pathlib import Path

import pytest

sys.dont_write_bytecode = True

from lab.base import LAB, Missing  # noqa: E402
from lab.tool import program_under_test  # noqa: E402

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
def pytest_runtest_call():
    """What is not on this machine is a skip with its reason, wherever a test came upon it."""
    outcome = yield
    if outcome.excinfo and isinstance(outcome.excinfo[1], Missing):
        pytest.skip(str(outcome.excinfo[1]))


@pytest.fixture(scope="session", autouse=True)
def have_program_under_test():
    path = program_under_test()
    assert path.is_file(), f"{path} is not there: run make"


@pytest.fixture
def folder():
    """An empty folder that is gone after the test: the files are big and many."""
    LAB.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=LAB, prefix="test-") as path:
        yield Path(path)
