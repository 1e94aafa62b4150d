# SPDX-License-Identifier: MIT
"""integrations/README.md: where an affected linker comes from, and what is tried."""
import re
from pathlib import Path

import pytest
from need import need
from projects import CRASH, INTEGRATIONS, open_project, readme

EXAMPLES = sorted(path.parent.name for path in INTEGRATIONS.glob("*/README.md")
                  if path.parent.name != "recipes")
STATIC = "-static -fuse-ld=lld -Wl,--push-state,-Bdynamic -lresolv -Wl,--pop-state"


@pytest.mark.fast
@pytest.mark.parametrize("name", EXAMPLES)
def test_example_says_where_an_affected_linker_comes_from(name: str) -> None:
    assert "(../README.md#an-affected-linker)" in re.sub(r"\s+", "", readme(name))
    assert "\n## An affected linker\n" in (INTEGRATIONS / "README.md").read_text()


@pytest.mark.fast
def test_table_has_every_folder() -> None:
    rows = re.findall(r"^\| \[(\w+)\]\(\1\)", (INTEGRATIONS / "README.md").read_text(), re.M)
    assert sorted(rows) == EXAMPLES


def test_the_linker_of_the_readme_is_affected(tmp_path: Path) -> None:
    need("gcc", "ld.lld-22")
    project = open_project("compiler", tmp_path)
    (project.tools / "ld.lld").unlink()
    block = re.search(r"```sh\n(apt-get .*?)```", (INTEGRATIONS / "README.md").read_text(), re.S)
    assert block
    commands = block[1].partition("\n")[2]  # without the installation
    said = project.run("sh", "-ec", f"{commands}ld.lld --version\ngcc {STATIC} hello.c -o hello")
    assert int(re.search(r"LLD (\d+)", said)[1]) >= 19
    assert project.outcome("hello", "x") == CRASH
