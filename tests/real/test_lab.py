# SPDX-License-Identifier: MIT
"""The judges can say no: each is shown something wrong."""
import shutil

import pytest
from elftools.elf.elffile import ELFFile
from lab.base import LinkFailed, kept, run_tool
from lab.cases import BROKEN, is_fast
from lab.judges import changed_offsets, new_complaints
from lab.links import link
from lab.relocations import shuffle_entries, table_of, types_of

pytestmark = pytest.mark.fast

R_SYM = 12  # the offset of the symbol's index in an Elf64_Rela, little endian


@pytest.fixture
def copy(folder):
    case = next(case for case in BROKEN if is_fast(case))
    return link(case), shutil.copy(link(case), folder / "copy")


def offset_of_table(path):
    with open(path, "rb") as file:
        return table_of(ELFFile(file))[0]


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
    overwrite(changed, offset_of_table(changed) + R_SYM, b"\xff\xff\x00\x00")
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
