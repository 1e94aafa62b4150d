# SPDX-License-Identifier: MIT
"""Reads and permutes the dynamic relocations of a linked file."""
import random
from pathlib import Path

from elftools.elf.elffile import ELFFile

ENTRY_SIZE = 24  # Elf64_Rela
IRELATIVE = {"EM_X86_64": 37, "EM_AARCH64": 1032}


def dynamic_tags(elf: ELFFile) -> dict[str, int]:
    for segment in elf.iter_segments("PT_DYNAMIC"):
        return {tag.entry.d_tag: tag.entry.d_val for tag in segment.iter_tags()}
    return {}


def table_of(elf: ELFFile) -> tuple[int, int]:
    """File offset and size of the table that DT_RELA names; (0, 0) if there is none."""
    tags = dynamic_tags(elf)
    if "DT_RELA" not in tags:
        return 0, 0
    offset = next(elf.address_offsets(tags["DT_RELA"], tags["DT_RELASZ"]))
    return offset, tags["DT_RELASZ"]


def split_entries(table: bytes) -> list[bytes]:
    return [table[at:at + ENTRY_SIZE] for at in range(0, len(table), ENTRY_SIZE)]


def type_of(entry: bytes) -> int:
    return int.from_bytes(entry[8:12], "little")


def types_of(path: Path) -> list[int]:
    """The relocation types of the DT_RELA table, in order."""
    with path.open("rb") as file:
        offset, size = table_of(ELFFile(file))
        file.seek(offset)
        return [type_of(entry) for entry in split_entries(file.read(size))]


def shuffle_entries(path: Path) -> None:
    """Mixes the IRELATIVE entries with the others, always in the same way."""
    with path.open("r+b") as file:
        elf = ELFFile(file)
        irelative = IRELATIVE[elf["e_machine"]]
        offset, size = table_of(elf)
        file.seek(offset)
        entries = split_entries(file.read(size))
        random.Random(len(entries)).shuffle(entries)
        is_stray = [type_of(entry) != irelative for entry in entries]
        assert is_stray != sorted(is_stray, reverse=True), "IRELATIVE still stand at the tail"
        file.seek(offset)
        file.write(b"".join(entries))
