# SPDX-License-Identifier: MIT
"""What a report names of really linked files: stray entries, and what is absent."""
import re
import subprocess
from pathlib import Path

import pytest
from need import command, need
from tool import irelfix

SHOWN = 96


def linked(folder: Path, names: list[str], *options: str) -> Path:
    """A program that tests these weak symbols, linked with a shared library on the line."""
    need("gcc", "readelf")
    source, program = folder / "many.c", folder / "many"
    source.write_text("".join(f"extern int {name} __attribute__((weak));\n" for name in names)
                      + "int *volatile seen;\nint main(void)\n{\n"
                      + "".join(f"\tseen = &{name};\n" for name in names) + "\treturn 0;\n}\n")
    if not (folder / "ld.lld").exists():
        (folder / "ld.lld").symlink_to(command("ld.lld-22"))
    subprocess.run(["gcc", "-fPIE", source, "-o", program, f"-B{folder}", "-fuse-ld=lld", *options,
                    "-Wl,--push-state,-Bdynamic", "-lm", "-Wl,--pop-state"], check=True)
    return program


def entries_of(program: Path) -> list[dict]:
    """What readelf says of .rela.dyn, where no entry that is IRELATIVE or RELATIVE has a symbol."""
    text = subprocess.run(["readelf", "-rW", program], check=True, capture_output=True,
                          text=True).stdout
    rows = re.findall(r"^([0-9a-f]+) +[0-9a-f]+ (R_X86_64_\w+) +[0-9a-f]+ (\w+) \+ 0$", text, re.M)
    # In a static-PIE a JUMP_SLOT is in .rela.plt and does no harm: nothing compares its slot.
    return [{"type": kind, "symbol": name, "slot": f"{int(slot, 16):#x}"}
            for slot, kind, name in rows if kind != "R_X86_64_JUMP_SLOT"]


@pytest.mark.fast
@pytest.mark.parametrize("options, name", [(["-static", "-no-pie"], "wide-bounds"),
                                           (["-static-pie"], "biased-weak")])
@pytest.mark.parametrize("symbols", [1, 200])
def test_the_first_ones_are_named(options, name, symbols, tmp_path):
    program = linked(tmp_path, [f"absent_{i}" for i in range(symbols)], *options)
    found = irelfix("--json", program).object
    assert (found["verdict"], found["class"]) == ("broken", name)
    expected = entries_of(program)
    assert found["stray"] == len(expected) > symbols
    assert found["stray_entries"] == expected[:SHOWN]


@pytest.mark.fast
def test_absent_functions_of_threads_are_noted(tmp_path):
    """Of several the first of the list: who lacks pthread_create has no threads at all."""
    names = ["absent", "pthread_detach", "pthread_create"]
    for symbols in (names, names[:2], names[:1]):
        program = linked(tmp_path, symbols, "-static", "-no-pie")
        note = irelfix("--json", program).object["note"]
        known = sorted(name for name in symbols if "pthread" in name)
        assert note.startswith(f"`{known[0]}' is weak and undefined") if known else note is None
        assert ("note:" in irelfix(program).out) == bool(known)
