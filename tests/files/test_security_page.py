# SPDX-License-Identifier: MIT
"""docs/SECURITY.md names what shows each promise; that has to be there."""
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def promises() -> list[list[str]]:
    """The cells of the table's rows, below its head."""
    rows = [line for line in (ROOT / "docs/SECURITY.md").read_text().splitlines()
            if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_every_promise_is_shown_by_something():
    assert len(promises()) >= 10
    for promise, shown in promises():
        assert re.search(r"`(tests|scripts)/", shown), promise


def test_what_is_named_is_there():
    text = (ROOT / "docs/SECURITY.md").read_text()
    for name in re.findall(r"`((?:tests|scripts)/[\w./-]+)`", text):
        assert (ROOT / name).exists(), name
