# SPDX-License-Identifier: MIT
"""
A minute of fuzzing that starts with the inputs that longer runs have found interesting. It is the
same minute every time, as far as time allows; to find something new is what longer runs are for.
"""
import os
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from need import Missing, need

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


def test_oss_fuzz_builds_it(tmp_path):
    """As OSS-Fuzz calls it, with libFuzzer, which takes its seeds and dictionary."""
    need("clang-14")
    need("clang++-14")
    setting = {"CC": "clang-14", "CXX": "clang++-14", "CFLAGS": "-fsanitize=fuzzer-no-link",
               "CXXFLAGS": "", "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer", "OUT": str(tmp_path)}
    build = subprocess.run([HERE / "oss-fuzz" / "build.sh"], env={**os.environ, **setting},
                           capture_output=True, text=True)
    assert build.returncode == 0, build.stderr
    zipfile.ZipFile(tmp_path / "fuzz_repair_seed_corpus.zip").extractall(tmp_path / "seeds")
    run = subprocess.run([tmp_path / "fuzz_repair", f"-dict={tmp_path / 'fuzz_repair.dict'}",
                          "-runs=1000", "-seed=1", tmp_path / "seeds"],
                         cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    entries = len(re.findall("^[a-z]", (HERE / "fuzz_repair.dict").read_text(), re.M))
    assert f"Dictionary: {entries} entries" in run.stderr
    run = subprocess.run([tmp_path / "fuzz_decode", "-runs=1000", "-seed=1"],
                         cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0 and " x86-64, " in run.stderr, run.stderr
