# SPDX-License-Identifier: MIT
"""--json: an object per line, valid whatever the files and their names hold."""
import os
import subprocess

import pytest
from elf.build import RELA_DYN, Symbol, biased, broken, build, healthy, lost, slot
from files import ENDINGS, TEXT_FILE, malformed, refused, unverified
from schema import exact, parsed
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, TOOL, UNVERIFIED, irelfix

pytestmark = pytest.mark.fast


def place(machine, index: int) -> str:
    """Where an entry of the table begins."""
    return f"{RELA_DYN + index * machine.form.entry_size:#x}"


def stray(machine, index: int, kind: str) -> dict:
    """What is said of a stray entry."""
    return {"type": kind, "symbol": f"absent_{index}",
            "slot": f"{slot(machine.form, index):#x}"}


def test_a_broken_file(machine, make):
    path = make("file", broken(machine, "GGJII"))
    assert irelfix("--json", path).object == {
        "schema": 1, "file": str(path), "verdict": "broken", "class": "wide-bounds",
        "message": "3 stray entries inside the iplt bounds", "reason": None, "advice": None,
        "note": None, "output": None, "interpreter": None, "machine": machine.title, "repaired_earlier": False,
        "type": "ET_EXEC", "linker": "LLD 22.1.8", "strategy": None,
        "table": f".{machine.form.prefix}.dyn", "entries": 5, "stray": 3, "irelative": 2,
        "stray_entries": [stray(machine, 0, machine.weak_type), stray(machine, 1, machine.weak_type),
                          stray(machine, 2, machine.jump_slot_type)],
        "bounds": {"start": place(machine, 0), "end": place(machine, 5),
                   "new_start": place(machine, 3), "new_end": place(machine, 5)},
    }


def test_a_healthy_file(machine, make):
    path = make("file", healthy(machine))
    found = irelfix("--json", path).object
    assert found["verdict"] == "healthy" and found["class"] is None
    assert found["linker"] == "LLD 22.1.8" and found["stray_entries"] == []
    assert found["bounds"]["start"] == found["bounds"]["new_start"] == place(machine, 3)


def test_a_file_for_another_machine_is_not_called_healthy(machine, make):
    elf = build(broken(machine))
    elf["e_machine"] = 0xffff
    found = irelfix("--json", make("file", elf)).object
    assert found["verdict"] == "not examined" and found["machine"] is None


@pytest.mark.parametrize("spec, name", [(lost, "lost-irelative"), (biased, "biased-weak")])
def test_the_other_classes(spec, name, machine, make):
    found = irelfix("--json", make("file", spec(machine))).object
    assert (found["verdict"], found["class"]) == ("broken", name)


def test_edits_are_listed_where_they_were_asked_for(machine, make, tmp_path):
    path, out = make("in", broken(machine)), tmp_path / "out"
    assert "edits" not in irelfix("--json", path).object
    planned = irelfix("-n", "--json", path).object
    made = irelfix("--json", path, "-o", out).object
    assert planned["verdict"] == "broken" and made["verdict"] == "repaired"
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


def test_the_stray_entries_are_those_of_before(machine, make, tmp_path):
    path = make("in", broken(machine))
    found = irelfix("--json", path).object["stray_entries"]
    assert [entry["symbol"] for entry in found] == ["absent_0", "absent_1", "absent_2"]
    assert irelfix("--json", path, "-o", tmp_path / "out").object["stray_entries"] == found
    assert irelfix("--json", "-i", path).object["stray_entries"] == found


def test_a_refused_file_has_them_too(machine, make):
    found = irelfix("--json", make("in", refused(machine))).object
    assert "needed" in [entry["symbol"] for entry in found["stray_entries"]]
    assert found["reason"] == "undefined-symbol"
    assert found["advice"] in found["message"] and "--allow-undefined=needed" in found["advice"]


def test_what_was_written_is_named(make, tmp_path):
    out = tmp_path / "out"
    path, well = make("in", broken()), make("well", healthy())

    def output(*arguments):
        return irelfix("--json", *arguments).object["output"]

    assert output(path) is output("-n", path) is output("-n", "-i", path) is None
    assert output(path, "-o", out) == str(out) == output(well, "-o", out)
    assert output(make("bad", refused()), "-o", out) is None
    assert output("-i", path) == str(path)
    assert output("-i", path) is output("-i", well) is None


@pytest.mark.parametrize("make_file, status, word", [
    (malformed, BAD_FILE, "error"), (refused, REFUSED, "refused"),
    (unverified, UNVERIFIED, "unverified"), (lambda: TEXT_FILE, BAD_FILE, "error"),
])
def test_failures_are_objects_too(make_file, status, word, make):
    path = make("file", make_file())
    answer = irelfix("--json", "-n", path)
    assert answer.status == status
    found = answer.object
    assert (found["file"], found["verdict"]) == (str(path), word)
    assert found["reason"]
    assert found["message"] and found["message"] in answer.err


def test_a_missing_file_is_an_object(tmp_path):
    found = irelfix("--json", tmp_path / "missing").object
    assert found["verdict"] == "error" and "No such file" in found["message"]
    assert found["reason"] == "system"


def test_one_line_per_file_in_their_order(make):
    paths = [make(f"file{i}", spec()) for i, spec in enumerate(ENDINGS.values())]
    assert [o["file"] for o in irelfix("--json", *paths).objects] == [str(p) for p in paths]


NAMES = {
    "quotes": b'a"b\\c', "newline": b"a\nb", "controls": bytes(range(1, 0x20)).replace(b"/", b""),
    "delete": b"a\x7fb", "utf8": "größe-€-𝄞".encode(), "latin1": b"gr\xf6\xdfe",
    "truncated": b"a\xe2\x82", "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80",
    "line-separators": "a\u2028b\u2029c\x85d".encode(),
    "beyond-unicode": b"\xf5\x80\x80\x80", "lone-continuation": b"\x80\xbf",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("content, status", [(broken(), BROKEN), (TEXT_FILE, BAD_FILE)],
                         ids=["broken", "text"])
def test_odd_file_names(name, content, status, make):
    path = os.fsencode(make(os.fsdecode(name), content))
    result = subprocess.run([TOOL, "--json", path], capture_output=True, timeout=60)
    assert result.returncode == status
    assert len(result.stdout.decode("utf-8").splitlines()) == 1  # strict: must be UTF-8
    found = parsed(result.stdout)
    assert exact(found, "file") == path
    assert ("file_bytes" in found) == ("\ufffd" in found["file"])


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_odd_symbol_names(name, make):
    spec = broken()
    spec.symbols[0] = Symbol(name.decode(errors="surrogateescape"))
    path = make("file", spec)
    result = subprocess.run([TOOL, "--json", "-n", path], capture_output=True, timeout=60)
    assert result.returncode == BROKEN
    found = parsed(result.stdout)
    assert name in [exact(edit, "symbol") for edit in found["edits"] if edit["symbol"]]
    assert name == exact(found["stray_entries"][0], "symbol")


@pytest.mark.parametrize("name", [b"out", b"\xff\n"])
def test_odd_names_of_output(name, make, tmp_path):
    out = os.fsencode(tmp_path) + b"/" + name
    assert exact(irelfix("--json", make("in", broken()), "-o", out).object, "output") == out


def test_quiet_json_is_still_json(make):
    path = make("file", broken())
    assert irelfix("-q", "--json", path).object["verdict"] == "broken"


def test_no_verdict_is_missing(make, tmp_path):
    words = {irelfix("--json", make("in", spec()), "-o", tmp_path / "out").object["verdict"]
             for spec in (*ENDINGS.values(), broken)}
    assert words == {"healthy", "repaired", "error", "refused", "unverified"}
    assert irelfix("--json", make("in", broken())).status == BROKEN != HEALTHY
