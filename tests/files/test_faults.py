# SPDX-License-Identifier: MIT
"""A sample of what scripts/faults does in full: no failing system call is lost."""
from pathlib import Path

import pytest
from disk.faults import SCENARIOS, Folder, Scenario, examine, judge
from disk.system_calls import KILLED
from tool import BAD_FILE, HEALTHY, Answer

REPAIR, IN_PLACE = SCENARIOS[:2]


@pytest.mark.promise("No failing system call is lost")
@pytest.mark.promise("`-i`: stopped anywhere")
@pytest.mark.promise("`-o`: OUT is whole")
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.title)
def test_no_fault_is_lost(scenario: Scenario):
    tally = examine(scenario, whole=False)
    assert tally.lost == []
    assert tally.faults["KILL"] > 20 and tally.faults["short"] > 5
    assert tally.endings["done"] > 0 and tally.endings["refused"] > 0


def wrong(scenario: Scenario, path: Path, answer: Answer, **files: bytes) -> list[str]:
    """What is wrong with an ending that left these files."""
    folder = Folder(scenario, path)
    for name, content in files.items():
        (path / name).write_bytes(content)
    return judge(folder, answer)[1]


def test_the_judge_accepts_a_repair(tmp_path):
    whole = REPAIR.sample.repaired
    assert wrong(REPAIR, tmp_path, Answer(HEALTHY, "", ""), out=whole) == []


def test_the_judge_sees_half_an_output(tmp_path):
    half = REPAIR.sample.repaired[:-1]
    assert wrong(REPAIR, tmp_path, Answer(KILLED, "", ""), out=half)


def test_the_judge_sees_a_missing_output(tmp_path):
    assert wrong(REPAIR, tmp_path, Answer(HEALTHY, "", ""))


def test_the_judge_sees_a_missing_message(tmp_path):
    assert wrong(REPAIR, tmp_path, Answer(BAD_FILE, "", ""))
    assert wrong(REPAIR, tmp_path, Answer(BAD_FILE, "", "irelfix: in: x\n")) == []


def test_the_judge_sees_what_stays_after_an_error(tmp_path):
    assert wrong(REPAIR, tmp_path, Answer(BAD_FILE, "", "irelfix: in: x\n"), rest=b"")


def test_the_judge_sees_a_changed_input(tmp_path):
    assert wrong(REPAIR, tmp_path, Answer(KILLED, "", ""), **{"in": REPAIR.sample.repaired})


def test_the_judge_sees_what_cannot_be_completed(tmp_path):
    spoilt = bytearray(IN_PLACE.sample.broken)
    spoilt[len(spoilt) // 2] ^= 1
    assert wrong(IN_PLACE, tmp_path, Answer(KILLED, "", ""), **{"in": bytes(spoilt)})


def test_the_judge_sees_another_exit_status(tmp_path):
    assert wrong(REPAIR, tmp_path, Answer(-11, "", ""))
