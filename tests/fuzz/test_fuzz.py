# SPDX-License-Identifier: MIT
"""
A minute of fuzzing that starts with the inputs that longer runs have found interesting. It is the
same minute every time, as far as time allows; to find something new is what longer runs are for.
"""
import re
import subprocess
from pathlib import Path

import pytest
from need import Missing

HERE = Path(__file__).parent
MISSING = 77


@pytest.mark.promise("No input makes it crash")
def test_a_minute():
    result = subprocess.run([HERE / "run", "60", "-seed=1"], capture_output=True, text=True)
    if result.returncode == MISSING:
        raise Missing(result.stderr.strip())
    found = re.fullmatch(r"(\d+) executions, 0 findings\n", result.stdout)
    assert result.returncode == 0 and found, result.stdout + result.stderr
    assert int(found[1]) > 5_000  # several times the inputs it starts with
