# SPDX-License-Identifier: MIT
"""--json: an object per line, valid whatever the files and their names hold."""
import json
import os
import subprocess

import pytest
from elf.build import RELA_DYN, Symbol, biased, broken, healthy, lost
from elf.layout import Form
from files import ENDINGS, TEXT_FILE, malformed, refused, unverified
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, TOOL, UNVERIFIED, irelfix

pytestmark = pytest.mark.fast

NO_MACHINES = Form(32, "big")  # of which no machine is known with these numbers


def place(machine, index: int) -> str:
    """Where an entry of the table begins."""
    return f"{RELA_DYN + index * machine.form.entry_size:#x}"


def test_a_broken_file(machine, make):
    path = make("file", broken(machine))
    assert irelfix("--json", path).object == {
        "file": str(path), "status": "broken", "class": "wide-bounds", "reason": "",
        "message": "3 stray entries inside the iplt bounds", "machine": machine.title,
        "type": "ET_EXEC", "linker": "LLD 22.1.8", "strategy": None,
        "table": f".{machine.form.prefix}.dyn", "entries": 5, "stray": 3, "irelative": 2,
        "bounds": {"start": place(machine, 0), "end": place(machine, 5),
                   "new_start": place(machine, 3), "new_end": place(machine, 5)},
    }


def test_a_healthy_file(machine, make):
    path = make("file", healthy(machine))
    found = irelfix("--json", path).object
    assert found["status"] == "healthy" and found["class"] is None
    assert found["bounds"]["start"] == found["bounds"]["new_start"] == place(machine, 3)


def test_a_file_for_another_machine_is_not_called_healthy(machine, make):
    found = irelfix("--json", make("file", broken(machine, form=NO_MACHINES))).object
    assert found["status"] == "not examined" and found["machine"] is None


@pytest.mark.parametrize("spec, name", [(lost, "lost-irelative"), (biased, "biased-weak")])
def test_the_other_classes(spec, name, machine, make):
    found = irelfix("--json", make("file", spec(machine))).object
    assert (found["status"], found["class"]) == ("broken", name)


def test_edits_are_listed_where_they_were_asked_for(machine, make, tmp_path):
    path, out = make("in", broken(machine)), tmp_path / "out"
    assert "edits" not in irelfix("--json", path).object
    planned = irelfix("-n", "--json", path).object
    made = irelfix("--json", path, "-o", out).object
    assert planned["status"] == "broken" and made["status"] == "repaired"
    assert planned["strategy"] == made["strategy"] == "narrow"
    assert planned["edits"] == made["edits"] != []


@pytest.mark.promise("Only the planned bytes change")
def test_the_edits_are_all_that_changes(machine, make, tmp_path):
    path, out = make("in", broken(machine, "IGIAGI")), tmp_path / "out"
    data = bytearray(path.read_bytes())
    for edit in irelfix("--json", path, "-o", out).object["edits"]:
        at, old, new = edit["offset"], bytes.fromhex(edit["old"]), bytes.fromhex(edit["new"])
        assert len(old) == len(new) == edit["size"] and old != new
        assert data[at:at + len(old)] == old
        data[at:at + len(old)] = new
    assert out.read_bytes() == data


@pytest.mark.parametrize("make_file, status, word", [
    (malformed, BAD_FILE, "error"), (refused, REFUSED, "refused"),
    (unverified, UNVERIFIED, "unverified"), (lambda: TEXT_FILE, BAD_FILE, "error"),
])
def test_failures_are_objects_too(make_file, status, word, make):
    path = make("file", make_file())
    answer = irelfix("--json", "-n", path)
    assert answer.status == status
    found = answer.object
    assert (found["file"], found["status"]) == (str(path), word)
    assert found["message"] and found["message"] in answer.err


def test_a_missing_file_is_an_object(tmp_path):
    found = irelfix("--json", tmp_path / "missing").object
    assert found["status"] == "error" and "No such file" in found["message"]


def test_one_line_per_file_in_their_order(make):
    paths = [make(f"file{i}", spec()) for i, spec in enumerate(ENDINGS.values())]
    assert [o["file"] for o in irelfix("--json", *paths).objects] == [str(p) for p in paths]


NAMES = {
    "quotes": b'a"b\\c', "newline": b"a\nb", "controls": bytes(range(1, 0x20)).replace(b"/", b""),
    "delete": b"a\x7fb", "utf8": "größe-€-𝄞".encode(), "latin1": b"gr\xf6\xdfe",
    "truncated": b"a\xe2\x82", "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80",
    "beyond-unicode": b"\xf5\x80\x80\x80", "lone-continuation": b"\x80\xbf",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("content, status", [(broken(), BROKEN), (TEXT_FILE, BAD_FILE)],
                         ids=["broken", "text"])
def test_odd_file_names(name, content, status, make):
    path = os.fsencode(make(os.fsdecode(name), content))
    result = subprocess.run([TOOL, "--json", path], capture_output=True, timeout=60)
    assert result.returncode == status
    assert result.stdout.count(b"\n") == 1
    found = json.loads(result.stdout.decode("utf-8"))  # strict: must be UTF-8
    try:
        assert found["file"] == path.decode("utf-8")
    except UnicodeDecodeError:
        assert "\ufffd" in found["file"]


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_odd_symbol_names(name, make):
    spec = broken()
    spec.symbols[0] = Symbol(name.decode(errors="surrogateescape"))
    path = make("file", spec)
    result = subprocess.run([TOOL, "--json", "-n", path], capture_output=True, timeout=60)
    assert result.returncode == BROKEN
    symbols = [edit["symbol"] for edit in json.loads(result.stdout.decode("utf-8"))["edits"]]
    assert any("\ufffd" in symbol or symbol == name.decode(errors="replace")
               for symbol in symbols if symbol)


def test_quiet_json_is_still_json(make):
    path = make("file", broken())
    assert irelfix("-q", "--json", path).object["status"] == "broken"


def test_no_status_word_is_missing(make, tmp_path):
    words = {irelfix("--json", make("in", spec()), "-o", tmp_path / "out").object["status"]
             for spec in (*ENDINGS.values(), broken)}
    assert words == {"healthy", "repaired", "error", "refused", "unverified"}
    assert irelfix("--json", make("in", broken())).status == BROKEN != HEALTHY
