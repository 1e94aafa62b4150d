# SPDX-License-Identifier: MIT
"""docs/LLD.md: its reproducer, with each linker of its table."""
import re
import subprocess
from pathlib import Path

import pytest
from lab.toolchains import LINKERS, Linker
from places import CACHE, ROOT

PAGE = (ROOT / "docs/LLD.md").read_text()
# Those of make setup, and of scripts/toolchain matrix whatever was fetched.
LLDS = [linker for linker in LINKERS.values() if linker.flavour == "lld"
        and (linker.item in (None, "lld-18") or (CACHE / linker.item).is_dir())]
LAST_GOOD = 18


def block(name: str) -> str:
    return re.search(rf"<!-- {re.escape(name)} -->\n```\w+\n(.*?)```", PAGE, re.S)[1]


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    """What the page assembles, in a folder with a link for the linker of its commands."""
    (tmp_path / "iplt.s").write_text(block("iplt.s"))
    (tmp_path / "bin").mkdir()
    return tmp_path


def reproduce(folder: Path, linker: Linker, commands: str) -> tuple[int, str]:
    """How the commands of the page end with this linker, and what readelf prints."""
    (folder / "bin/ld.lld").symlink_to(linker.path())
    done = subprocess.run(["bash", "-c", f"PATH=$PWD/bin:$PATH\n{commands}"], cwd=folder,
                          capture_output=True, text=True)
    ran = subprocess.run([folder / "iplt"]).returncode
    assert done.stderr == "", done.stderr
    return ran, done.stdout


@pytest.mark.parametrize("how", ["as it stands", "without -static"])
@pytest.mark.parametrize("linker", LLDS, ids=lambda linker: linker.name)
def test_reproducer(linker: Linker, how: str, objects: Path) -> None:
    commands = block("commands")
    if how != "as it stands":
        assert "ld.lld -static " in commands
        commands = commands.replace("ld.lld -static ", "ld.lld ")
    status, relocations = reproduce(objects, linker, commands)
    assert status == (linker.major > LAST_GOOD)
    assert re.findall(r"R_X86_64_\w+", relocations) == ["R_X86_64_GLOB_DAT", "R_X86_64_IRELATIV"]
    headers = subprocess.run(["readelf", "-l", "-d", objects / "iplt"], capture_output=True,
                             text=True).stdout
    assert "NEEDED" not in headers and "INTERP" not in headers
    [row] = [row for row in PAGE.splitlines()
             if row.startswith("| LLD ") and re.search(rf"\b{linker.major}\b", row)]
    assert (row.split("|")[2].strip(" *") == "1") == (status == 1)


def test_reproducer_with_mold(objects: Path) -> None:
    status, relocations = reproduce(objects, LINKERS["mold"], block("commands"))
    symbols = subprocess.run(["nm", objects / "iplt"], capture_output=True, text=True).stdout
    bounds = dict(re.findall(r"^(\w+) . __rela_iplt_(start|end)$", symbols, re.M))
    assert status == 0 and list(bounds) == ["0" * 16] and "R_X86_64_IRELATIV" in relocations


@pytest.mark.parametrize("name", ["bfd", "gold"])
def test_others_refuse(name: str, objects: Path) -> None:
    done = subprocess.run(["bash", "-c", block("commands").replace("ld.lld", f"ld.{name}")], cwd=objects,
                          capture_output=True, text=True)
    assert not (objects / "iplt").exists() and "libany.so" in done.stderr


def test_reproducer_is_short() -> None:
    assert len(block("iplt.s").splitlines()) == 20
