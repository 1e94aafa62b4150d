# SPDX-License-Identifier: MIT
"""The schema of --format=json, and whether the documents say the same."""
import copy
import re

import pytest
from disk.samples import sample
from places import ROOT
from schema import faults, fields, read
from test_house import failure_classes
from tool import irelfix

pytestmark = pytest.mark.fast

MANUAL, TEXT = ROOT / "docs/irelfix.1", ROOT / "docs/JSON.md"


def section(text: str, title: str) -> str:
    """Of the manual page."""
    return re.search(rf"^\.Sh {title}\n(.*?)(?=^\.Sh )", text, re.S | re.M)[1]


def described(path) -> set[str]:
    """The fields that a document has a row or an item of."""
    text = path.read_text()
    if path == MANUAL:
        return set(re.findall(r"^\.It Li (\w+)$", section(text, "JSON"), re.M))
    tables = re.findall(r"^\| member \|.*\n\|[-|]+\n((?:\|.*\n)+)", text, re.M)
    return set(re.findall(r"^\| `(\w+)` \| \S", "".join(tables), re.M))


@pytest.mark.parametrize("path", [MANUAL, TEXT], ids=lambda path: path.name)
def test_every_field_is_described_and_no_other(path):
    names = {name for name in fields(read()) if not name.endswith("_bytes")}
    assert len(names) > 30
    assert described(path) == names
    assert "_bytes" in path.read_text()


def reasons() -> set[str]:
    rows = re.findall(r'^REASON\(\w+, "([a-z-]*)"', (ROOT / "src/base/reasons.def").read_text(),
                      re.M)
    return set(rows) - {""}


def test_the_schema_knows_every_word():
    said = read()["properties"]
    assert set(said["reason"]["enum"]) == reasons() | {None}
    assert set(said["class"]["enum"]) == failure_classes() | {None}


def test_every_reason_is_described():
    rows = re.findall(r"^\| `([a-z-]+)` \| \S", TEXT.read_text().partition("## Reasons")[2], re.M)
    assert set(rows) == reasons() and len(rows) == len(set(rows))


@pytest.mark.parametrize("path", [MANUAL, TEXT], ids=lambda path: path.name)
def test_every_verdict_is_described(path):
    text = path.read_text()
    missing = [word for word in read()["properties"]["verdict"]["enum"] if word not in text]
    assert missing == []


# ---- a schema that takes everything would judge nothing ----


@pytest.fixture
def answer(tmp_path) -> dict:
    """One with something in every member."""
    path = sample("wide-bounds").put(tmp_path / "in")
    found = irelfix("--json", "-n", "--prove=native", path).object
    assert faults(found) == [] and found["edits"] and found["prove"] and found["stray_entries"]
    return found


PLACES = {
    "the answer": lambda answer: answer, "bounds": lambda answer: answer["bounds"],
    "a stray entry": lambda answer: answer["stray_entries"][0],
    "an edit": lambda answer: answer["edits"][0], "a proof": lambda answer: answer["prove"][0],
}


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_an_unknown_member_is_noticed(place, answer):
    place(answer)["frobnicate"] = 1
    assert any("frobnicate" in fault for fault in faults(answer))


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_whatever_is_left_out_is_noticed(place, answer):
    may_be_missing = {"edits", "prove"} if place(answer) is answer else set()
    for name in set(place(answer)) - may_be_missing:
        without = copy.deepcopy(answer)
        del place(without)[name]
        assert faults(without), name


@pytest.mark.parametrize("change", [
    {"schema": 2}, {"verdict": "healthy"}, {"verdict": "fine"}, {"reason": "whim"},
    {"verdict": "repaired"}, {"verdict": "refused"}, {"output": "out"}, {"class": "odd"},
    {"class": None}, {"entries": -1}, {"entries": "5"}, {"file": None}, {"file_bytes": "f"},
    {"stray_entries": None}, {"bounds": {}},
], ids=str)
def test_what_contradicts_itself_is_noticed(change, answer):
    assert faults({**answer, **change})
