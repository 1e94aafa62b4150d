# SPDX-License-Identifier: MIT
import pytest
from machines import MACHINES
from variants.bench import Bench
from variants.running import emulator


@pytest.fixture
def bench(tmp_path, monkeypatch):
    for machine in MACHINES.values():
        monkeypatch.setenv(machine.emulator_variable, emulator(machine))
    bench = Bench(tmp_path)
    monkeypatch.setenv("TMPDIR", str(bench.stage))
    return bench
