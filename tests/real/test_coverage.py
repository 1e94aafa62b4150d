# SPDX-License-Identifier: MIT
"""A sample of what docs/COVERAGE.md counts: every class and every option."""
import subprocess

import pytest
from places import SCRIPTS

CLASSES = ("wide-bounds", "lost-irelative", "biased-weak")
# ld.lld 19 gives these entries resolvers that are none, so that no repair would help.
IN_VAIN = {("lost-irelative", "loongarch64")}


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    document = tmp_path_factory.mktemp("coverage") / "COVERAGE.md"
    result = subprocess.run([SCRIPTS / "matrix", "--sample", "-j", "1", "-o", document],
                            capture_output=True, text=True)
    return result, document.read_text() if document.exists() else ""


@pytest.mark.timeout(3000)
def test_no_wrong_outcome(answer):
    result, _ = answer
    assert result.returncode == 0, result.stdout + result.stderr
    assert "WRONG" not in result.stdout


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_is_repaired(answer, name):
    _, document = answer
    rows = [[cell.strip() for cell in line.split("|")[1:5]] for line in document.splitlines()
            if line.startswith(f"| {name} ")]
    repaired = {machine: count.isdigit() for _, machine, _, count in rows}
    assert repaired, document
    assert {machine for machine, any_is in repaired.items() if not any_is} <= \
        {machine for of, machine in IN_VAIN if of == name}, document
