# SPDX-License-Identifier: MIT
"""
The rows of src/arch/machines.def name the machines; whatever else does says the same. What each row
holds is read off its folder's machine.c.
"""
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from machines import ARCHS, MACHINES
from places import ROOT, TESTS

pytestmark = pytest.mark.fast

ARCH = ROOT / "src" / "arch"
README, MANUAL = ROOT / "README.md", ROOT / "docs" / "irelfix.1"


@dataclass(frozen=True)
class Row:
    folder: str
    source: str

    def text(self, field: str) -> str:
        """The words of a field, of which there may be several strings."""
        found = re.search(rf'\.{field} = ((?:\s*"[^"]*")+)', self.source)
        assert found, f"{self.folder} has no .{field}"
        return re.sub(r'["\s]', "", found[1])

    def number(self, field: str, otherwise: int | None = None) -> int | None:
        found = re.search(rf"\.{field} = (\d+|true|false|RELOC_ABSENT)", self.source)
        assert found, f"{self.folder} has no .{field}"
        return otherwise if found[1] == "RELOC_ABSENT" else {"true": 1, "false": 0}.get(
            found[1]) if found[1].isalpha() else int(found[1])

    @property
    def name(self) -> str:
        return self.text("name")

    @property
    def models(self) -> list[str]:
        """Of the emulator: a table of names and what they stand for."""
        table = re.search(r"arch_model models\[\] = \{\n(.*?)\n\};", self.source, re.S)
        assert table, f"{self.folder} has no table of models"
        return re.findall(r'^\t\{ "([^"]+)", "[^"]+" \},$', table[1], re.M)

    @property
    def variable(self) -> str:
        return f"IRELFIX_QEMU_{self.name.upper().replace('-', '_')}"


ROWS = [Row(folder, (ARCH / folder / "machine.c").read_text())
        for folder in re.findall(r"^MACHINE\((\w+)\)", (ARCH / "machines.def").read_text(), re.M)]
OF_ROWS = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.folder)


def test_there_are_rows() -> None:
    assert len(ROWS) >= 9
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_the_tests_have_the_same_rows_in_the_same_order() -> None:
    assert [machine.folder for machine in ARCHS.values()] == [row.folder for row in ROWS]


@OF_ROWS
def test_the_tests_have_the_same_numbers(row: Row) -> None:
    for machine in (m for m in MACHINES.values() if m.folder == row.folder):
        assert machine.title == row.name
        assert (machine.number, machine.form.bits == 64, machine.form.rela) == (
            row.number("machine"), bool(row.number("is64")), bool(row.number("rela")))
        assert machine.form.order == {"ORDER_LITTLE": "little", "ORDER_BIG": "big"}[
            re.search(r"\.order = (\w+)", row.source)[1]]
        for kind in ("none", "absolute", "jump_slot", "relative", "irelative"):
            assert getattr(machine, kind) == row.number(kind), kind
        assert machine.glob_dat == row.number("glob_dat", otherwise=machine.absolute)
        assert (machine.emulator, machine.emulator_variable) == (row.text("emulator"), row.variable)
        assert list(machine.emulated) == row.models
        prefix = machine.form.prefix
        assert (row.text("start_symbol"), row.text("end_symbol")) == (
            f"__{prefix}_iplt_start", f"__{prefix}_iplt_end")


@OF_ROWS
def test_a_folder_opens_with_its_abi(row: Row) -> None:
    """In the header where there is one; the data otherwise."""
    header = ARCH / row.folder / f"{row.folder}.h"
    text = header.read_text() if header.exists() else row.source
    sketch = re.search(r"\n/\*\n(.*?)\*/", text, re.S)
    assert sketch and "psABI" in sketch[1] and sketch[1].count("\n") >= 6


@OF_ROWS
def test_a_machine_has_its_unit_test(row: Row) -> None:
    tests = "".join(path.read_text() for path in (TESTS / "unit").glob("test_*.c"))
    assert f"arch_{row.folder}" in tests


@OF_ROWS
def test_a_machine_is_in_the_census(row: Row) -> None:
    assert f'{{.name = "{row.name}"' in (TESTS / "decoder" / "machines.h").read_text()


COMPLETIONS = sorted((ROOT / "packaging" / "completions").iterdir())


@pytest.mark.parametrize("path", COMPLETIONS, ids=lambda path: path.name)
def test_completions_have_the_models_of_all_machines(path: Path) -> None:
    models = ["help", "all", "native",
              *dict.fromkeys(model for row in ROWS for model in row.models)]
    listed = re.search(r"(?:--prove\) echo|models=\(|--prove=\" )([^;)]*)", path.read_text())
    assert listed, f"{path} lists no models"
    assert listed[1].replace("\\\n", " ").split() == models


def sentence(text: str, beginning: str) -> str:
    """The words from a beginning to the next full stop that ends a line."""
    found = re.search(rf"{re.escape(beginning)}(.*?)\.\n", text, re.S)
    assert found, f"no sentence begins with '{beginning}'"
    return " ".join(found[1].split())


def listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


def test_the_manual_names_the_machines_and_what_the_environment_says_of_them() -> None:
    text = MANUAL.read_text()
    assert sentence(text, "Executables of these machines are examined:\n") == listed(
        [row.name for row in ROWS])
    variables = re.search(r"^\.It Ev (IRELFIX_QEMU_(?:.*\\\n)*.*)", text, re.M)
    assert variables
    assert re.findall(r"IRELFIX_\w+", variables[1]) == sorted(row.variable for row in ROWS)


def test_the_readme_has_a_table_of_the_machines() -> None:
    table = re.search(r"^\| machine \|.*\n\|[-|:]+\|\n((?:\|.*\n)+)", README.read_text(), re.M)
    assert table, "README.md has no table of machines"
    cells = [[cell.strip() for cell in line.strip("|\n").split("|")]
             for line in table[1].splitlines()]
    assert [(row[0], row[-1]) for row in cells] == [
        (row.name, f"`{row.text('emulator')}`") for row in ROWS]


WORDS = re.compile(r"\b(x86[-_]64|aarch64|riscv64|i386|s390x|ppc64le|loongarch64|ppc32|power"
                   r"|armv\d)\b", re.I)


def test_nothing_else_in_the_library_depends_on_a_machine() -> None:
    """Comments may give examples, and the table of e_machine has numbers."""
    for path in sorted((ROOT / "src").rglob("*.[ch]")):
        if ARCH in path.parents:
            continue
        code = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
        assert not WORDS.search(code), f"{path} names a machine"
