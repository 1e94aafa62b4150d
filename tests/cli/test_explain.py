# SPDX-License-Identifier: MIT
"""--explain, and the man page, which holds the same."""
import re
import subprocess

import pytest
from need import need
from places import ROOT, SCRIPTS
from tool import HEALTHY, USAGE, irelfix

pytestmark = pytest.mark.fast

CLASSES = {name for path in (ROOT / "src/defect").glob("*.c")
           for name in re.findall(r'\.name = "([a-z-]+)"', path.read_text())}
REASONS = set(re.findall(r'^REASON\(\w+, "([a-z0-9-]+)"',
                         (ROOT / "src/base/reasons.def").read_text(), re.M))


def parts(text: str) -> dict[str, str]:
    """By heading, each as one line."""
    return {heading: re.sub(r"\s+", " ", rest)
            for heading, rest in re.findall(r"^  (\w+) +(.*(?:\n {12}.*)*)", text, re.M)}


def test_there_is_something_to_explain():
    assert len(CLASSES) == 4 and len(REASONS) > 40


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_every_class_has_all_parts(name):
    answer = irelfix("--explain", name)
    assert (answer.status, answer.err) == (HEALTHY, "")
    assert answer.out.startswith(f"{name}: ")
    assert parts(answer.out).keys() == {"happens", "cause", "versions", "repair", "avoid"}
    assert re.search(r"\bglibc\b", parts(answer.out)["versions"])


@pytest.mark.parametrize("name", sorted(REASONS))
def test_every_reason_has_a_text(name):
    answer = irelfix(f"--explain={name}")
    assert (answer.status, answer.err) == (HEALTHY, "")
    assert answer.out.startswith(f"{name}: ")
    assert {"cause", "repair", "avoid"} <= parts(answer.out).keys()
    assert all(len(text) >= len("UPX.") for text in parts(answer.out).values())


def test_all_is_each_of_them():
    topics = irelfix("--explain=all").out.rstrip("\n").split("\n\n")
    assert {topic.partition(":")[0] for topic in topics} == CLASSES | REASONS
    assert len(topics) == len(CLASSES) + len(REASONS)
    for topic in topics:
        assert irelfix("--explain", topic.partition(":")[0]).out == topic + "\n"


def test_lines_fit_a_terminal():
    texts = [line for line in irelfix("--explain=all").lines if line.startswith("  ")]
    assert len(texts) > 100 and max(map(len, texts)) <= 79
    assert max(map(len, irelfix("--explain=x").err.splitlines())) <= 80


def test_an_unknown_name_lists_the_names():
    answer = irelfix("--explain", "wide-bonds")
    assert (answer.status, answer.out) == (USAGE, "")
    first, _, rest = answer.err.partition("\n")
    assert first == ("irelfix: --explain: there is no class or reason 'wide-bonds'; "
                     "did you mean wide-bounds?")
    assert set(re.findall(r"[a-z0-9-]+", rest)) >= CLASSES | REASONS | {"all"}


def test_an_unknown_name_cannot_control_the_terminal():
    assert "\x1b" not in irelfix("--explain", "\x1b[31mred").err


def test_the_manual_page_holds_the_same():
    result = subprocess.run([SCRIPTS / "manual", "--check"], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")


def test_the_manual_page_shows_the_same():
    """Whatever scripts/manual does to the words, this is what a reader sees."""
    need("mandoc")
    page = subprocess.run(["mandoc", "-T", "ascii", ROOT / "docs/irelfix.1"], check=True,
                          capture_output=True, text=True).stdout
    shown = re.sub(r"\s+", "", re.sub(".\b", "", page))
    for text in parts(irelfix("--explain=all").out).values():
        assert re.sub(r"\s+", "", text) in shown
