#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
python3 undo.py RECORD FILE...

Gives each FILE the bytes back that it had before a repair. RECORD is what `irelfix --json` printed
then, or IRELFIX_LOG. A file that is not as the repair left it stays as it is.
"""
import json
import os
import shutil
import sys


def undone(data: bytes, edits: list[dict]) -> bytes:
    result = bytearray(data)
    for edit in edits:
        old, new = bytes.fromhex(edit["old"]), bytes.fromhex(edit["new"])
        place = slice(edit["offset"], edit["offset"] + len(new))
        if data[place] != new:
            sys.exit(f"undo: at {edit['offset']:#x} there is not what the repair wrote")
        result[place] = old
    return bytes(result)


def replace(name: str, data: bytes) -> None:
    with open(f"{name}.undo", "wb") as file:
        file.write(data)
    shutil.copystat(name, f"{name}.undo")
    os.replace(f"{name}.undo", name)


if len(sys.argv) < 3:
    sys.exit("usage: undo.py RECORD FILE...")
with open(sys.argv[1], encoding="utf-8") as lines:
    repairs = [record for record in map(json.loads, lines) if record["verdict"] == "repaired"]
for name in sys.argv[2:]:
    found = [repair for repair in repairs if repair["output"] == name]
    if not found:
        sys.exit(f"undo: {sys.argv[1]} has no repair that wrote {name}")
    with open(name, "rb") as file:
        replace(name, undone(file.read(), found[-1]["edits"]))
