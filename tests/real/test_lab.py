# SPDX-License-Identifier: MIT
"""The judges can say no: each is shown something wrong."""
import shutil

import pytest
from elf.fields import Elf
from lab.base import LinkFailed, kept, run_tool
from lab.cases import BROKEN, is_fast
from lab.judges import changed_offsets, new_complaints
from lab.links import link
from lab.relocations import shuffle_entries, types_of

pytestmark = pytest.mark.fast

@pytest.fixture
def copy(folder):
    case = next(case for case in BROKEN if is_fast(case))
    return link(case), shutil.copy(link(case), folder / "copy")


def overwrite(path, offset, data):
    with open(path, "r+b") as file:
        file.seek(offset)
        file.write(data)


def test_changed_bytes_are_seen(copy):
    original, changed = copy
    assert changed_offsets(original, changed) == set()
    overwrite(changed, 0x10000, bytes([original.read_bytes()[0x10000] ^ 1]))
    assert changed_offsets(original, changed) == {0x10000}


def test_damage_is_complained_about(copy):
    original, changed = copy
    assert new_complaints(original, changed) == []
    elf = Elf.open(changed, writable=True)
    elf["entry[0].r_info"] = elf.form.info(0xffff, elf.entries()[0].kind)
    assert new_complaints(original, changed) != []


def test_shuffling_keeps_the_entries(copy):
    original, changed = copy
    shuffle_entries(changed)
    assert types_of(changed) != types_of(original)
    assert sorted(types_of(changed)) == sorted(types_of(original))


def test_a_failed_link_leaves_nothing(folder):
    with pytest.raises(LinkFailed):
        kept("links/impossible", ["test"], lambda out: run_tool(["false", out]))
    assert not list(link(BROKEN[0]).parent.glob("impossible*"))
