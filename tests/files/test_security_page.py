# SPDX-License-Identifier: MIT
"""
Every promise of docs/SECURITY.md is shown by tests that say so: in each file that the page names,
at least one has the mark promise(BEGINNING OF THE PROMISE), or in C the comment "Promise:
BEGINNING" above it, and it asserts something. That it is not left out is what tests/lib/need.py and
IRELFIX_NO_SKIP see to.
"""
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from places import ROOT, TESTS

# A script takes minutes; a sample of it is a test.
SAMPLES = {"scripts/faults": "tests/files/test_faults.py", "scripts/cost": "tests/cli/test_cost.py"}


def promises() -> dict[str, list[str]]:
    """What is promised, and the files that are to show it."""
    rows = [line.strip("|").split("|") for line in
            (ROOT / "docs/SECURITY.md").read_text().splitlines() if line.startswith("|")][2:]
    return {promise.strip(): re.findall(r"`((?:tests|scripts)/[\w./-]+)`", shown)
            for promise, shown in rows}


@dataclass(frozen=True)
class Shown:
    """A test with the mark."""
    beginning: str
    file: str  # below the root
    test: str
    asserts: bool

    def shows(self, promise: str, name: str) -> bool:
        """name: a file of tests, a folder of them, or a script with a sample."""
        where = SAMPLES.get(name, name)
        return promise.startswith(self.beginning) and (
            self.file == where or self.file.startswith(f"{where}/"))


def marks(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.promise":
            (beginning,) = decorator.args
            yield ast.literal_eval(beginning)


def asserts(function: ast.FunctionDef) -> bool:
    """Itself, or by a function whose name says that it does."""
    return any(isinstance(node, ast.Assert) or isinstance(node, ast.Call)
               and re.match(r"(\w+\.)?(assert_|raises)", ast.unparse(node.func))
               for node in ast.walk(function))


def shown_in(path: Path) -> Iterator[Shown]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            for beginning in marks(node):
                yield Shown(beginning, path.relative_to(ROOT).as_posix(), node.name, asserts(node))


def shown_in_c(path: Path) -> Iterator[Shown]:
    for beginning, test, body in re.findall(
            r"^(?:/\*| \*) Promise: (.*?)\s+\*/\nstatic void (test_\w+)\(.*?\n(\{.*?\n\})", path.read_text(),
            re.M | re.S):
        yield Shown(re.sub(r"\s+\*?\s*", " ", beginning), path.relative_to(ROOT).as_posix(), test,
                    bool(re.search(r"\b(assert|check)_\w+\(", body)))


@lru_cache(maxsize=None)
def all_shown() -> tuple[Shown, ...]:
    return (*(shown for path in sorted(TESTS.rglob("test_*.py")) for shown in shown_in(path)),
            *(shown for path in sorted(TESTS.rglob("test_*.c")) for shown in shown_in_c(path)))


pytestmark = pytest.mark.fast

PAIRS = [(promise, name) for promise, names in promises().items() for name in names]


def test_the_page_promises_something():
    assert len(promises()) >= 10
    assert all(promises().values())


@pytest.mark.parametrize("promise, name", PAIRS)
def test_a_promise_is_shown_by_what_the_page_names(promise, name):
    found = [shown for shown in all_shown() if shown.shows(promise, name)]
    assert found, f"no test of {name} has @pytest.mark.promise({promise[:40]!r}...)"
    assert [shown.test for shown in found if not shown.asserts] == []


@pytest.mark.parametrize("shown", all_shown(), ids=lambda shown: shown.test)
def test_a_mark_is_of_a_promise_that_names_its_file(shown):
    assert [promise for promise, names in promises().items()
            if any(shown.shows(promise, name) for name in names)], shown.beginning
