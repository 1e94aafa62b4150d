# SPDX-License-Identifier: MIT
"""A minute of fuzzing that starts with the inputs that longer runs have found interesting."""
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


def test_a_minute():
    result = subprocess.run([HERE / "run", "60"], capture_output=True, text=True)
    found = re.fullmatch(r"(\d+) executions, 0 findings\n", result.stdout)
    assert result.returncode == 0 and found, result.stdout + result.stderr
    assert int(found[1]) > 10_000
