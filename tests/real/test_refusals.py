# SPDX-License-Identifier: MIT
"""What cannot be repaired with certainty is refused by name, and nothing is written."""
import re

import pytest
from checks import parameters
from lab.cases import NOT_PIC, LACKS_LIBRARY, NEEDS_LIBRARY, REL_ALONE, REL_FORMAT
from lab.links import link
from lab.runs import run
from tool import REFUSED, irelfix

SIN = r"`sin'.*the archive instead of libm\.so\.6"
UNTOUCHED = "must stay as it is"


def assert_refused(case, folder, named, verdict="refused"):
    """Refuses in every form of the call; the reason is on stderr and in the JSON object."""
    path = link(case)
    outcome = run(path, case.machine)
    # On s390x a call through an empty slot may run the ELF header, print it and end with 0.
    assert outcome.crashed or outcome.output != case.program.expected_output()
    for arguments in ([], ["-o", folder / "new"], ["-n"]):
        answer = irelfix(path, *arguments)
        assert answer.status == REFUSED, str(answer)
        assert re.search(named, answer.err), str(answer)
    report = irelfix("--json", path).object
    assert report["verdict"] == verdict and re.search(named, report["message"]), report
    return path


def assert_nothing_written(path, folder):
    assert list(folder.iterdir()) == []
    existing = folder / "existing"
    existing.write_text(UNTOUCHED)
    assert irelfix(path, "-o", existing).status == REFUSED
    assert existing.read_text() == UNTOUCHED
    assert list(folder.iterdir()) == [existing]


@pytest.mark.parametrize("case", parameters(NEEDS_LIBRARY))
def test_global_undefined_symbol(case, folder):
    """The program calls a function that only the shared library has."""
    assert_nothing_written(assert_refused(case, folder, SIN), folder)


@pytest.mark.parametrize("case", parameters(LACKS_LIBRARY))
def test_global_undefined_symbol_outside_the_bounds(case, folder):
    """Not this defect, but whoever asks why it crashes is told."""
    assert_nothing_written(assert_refused(case, folder, SIN, "cannot start"), folder)


@pytest.mark.parametrize("case", parameters(NOT_PIC))
def test_canonical_plt(case, folder):
    """Without PIC the address of a weak function is that of its PLT entry, and never null."""
    assert_nothing_written(assert_refused(case, folder, r"\blgamma\b.*\bPLT entry\b"), folder)


@pytest.mark.parametrize("case", parameters([*REL_FORMAT, *REL_ALONE]))
def test_rel_format(case, folder):
    """-z rel: entries without addends, which glibc does not read on these machines."""
    assert_nothing_written(assert_refused(case, folder, r"\bREL\b.*link without -z rel\b"), folder)
