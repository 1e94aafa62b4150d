# SPDX-License-Identifier: MIT
"""A sample of what docs/COVERAGE.md counts: every class and every option."""
import subprocess

import pytest
from places import SCRIPTS

CLASSES = ("wide-bounds", "lost-irelative", "biased-weak")


@pytest.fixture(scope="module")
def answer(tmp_path_factory):
    document = tmp_path_factory.mktemp("coverage") / "COVERAGE.md"
    result = subprocess.run([SCRIPTS / "matrix", "--sample", "-j", "1", "-o", document],
                            capture_output=True, text=True)
    return result, document.read_text() if document.exists() else ""


@pytest.mark.timeout(1200)
def test_no_wrong_outcome(answer):
    result, _ = answer
    assert result.returncode == 0, result.stdout + result.stderr
    assert "WRONG" not in result.stdout


@pytest.mark.parametrize("name", CLASSES)
def test_every_class_is_repaired(answer, name):
    _, document = answer
    repaired = [line.split("|")[4].strip() for line in document.splitlines()
                if line.startswith(f"| {name} ")]
    assert repaired and all(count.isdigit() for count in repaired), document
