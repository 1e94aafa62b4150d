# SPDX-License-Identifier: MIT
"""Looks at the dynamic relocations of a linked file, and mixes them."""
import random
from pathlib import Path

from elf.fields import Elf


def types_of(path: Path) -> list[int]:
    """The relocation types of the table that DT_RELA or DT_REL names, in order."""
    return [entry.kind for entry in Elf.open(path).entries()]


def shuffle_entries(path: Path) -> None:
    """Mixes the IRELATIVE entries with the others, always in the same way."""
    elf = Elf.open(path, writable=True)
    entries, size = elf.entries(), elf.form.entry_size
    raw = [(elf.is_irelative(entry), elf.data[entry.at:entry.at + size]) for entry in entries]
    random.Random(len(raw)).shuffle(raw)
    order = [irelative for irelative, _ in raw]
    assert order != sorted(order), "IRELATIVE still stand at the tail"
    start = entries[0].at
    elf.data[start:start + size * len(raw)] = b"".join(data for _, data in raw)
