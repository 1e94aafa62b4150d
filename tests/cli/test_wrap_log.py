# SPDX-License-Identifier: MIT
"""What is said of a wrapped link: on standard error, and in the file that IRELFIX_LOG names."""
import json
import re
import subprocess
from pathlib import Path

import pytest
from elf.build import build, healthy
from files import malformed, refused, threadless
from need import command
from tool import HEALTHY, REFUSED, TOOL, USAGE, irelfix
from wrapped import Bench, alias, bench

pytestmark = pytest.mark.fast

LINE = "irelfix: h: wide-bounds repaired\n"
PARALLEL = 8


@pytest.fixture
def link(tmp_path) -> Bench:
    return bench(tmp_path)


def said(answer) -> str:
    """Without what the linker says."""
    return answer.err.removeprefix("from the linker\n")


def with_options(link: Bench, *options: str, **more: str):
    return irelfix(*options, "--wrap", "--", link.linker, "-o", "h", cwd=link.folder,
                   env=link.environment("h", **more))


# ---- standard error -----------------------------------------------------------------------------

def test_a_repair_is_a_line(link):
    assert said(link.wrap("-o", "h")) == LINE


@pytest.mark.parametrize("name, variable", [("ld.lld", "IRELFIX_LD"), ("irelfix-cc", "IRELFIX_CC")])
def test_so_it_is_under_another_name(name, variable, link):
    tool = alias(link.folder / "bin" / name)
    assert said(link.call(tool, "-o", "h", **{variable: str(link.linker)})) == LINE


def test_the_line_names_the_output_as_the_command_does(link):
    (link.folder / "a b").mkdir()
    answer = link.wrap("-o", "a b/h", to="a b/h")
    assert said(answer) == "irelfix: a b/h: wide-bounds repaired\n"


def test_no_link_is_reported_twice(link):
    link.wrap("-o", "h")
    link.linked.write_bytes(link.written())
    assert said(link.wrap("-o", "h")) == ""


@pytest.mark.parametrize("options, said_once", [((), 1), (("-v",), 1), (("-q",), 0)])
def test_what_no_repair_can_mend_is_said(options, said_once, link):
    link.linked.write_bytes(threadless().data)
    answer = with_options(link, *options)
    assert answer.status == HEALTHY
    assert answer.err.count("note: `pthread_create' is weak and undefined") == said_once


def reports(link: Bench) -> dict[int, str]:
    """What -i says with that many -v."""
    texts = {}
    for level in (1, 2):
        copy = link.folder / "h"
        copy.write_bytes(link.as_linked)
        texts[level] = irelfix(*["-v"] * level, "-i", "h", cwd=link.folder).out
        copy.unlink()
    return texts


@pytest.mark.parametrize("level", [1, 2])
def test_verbose_shows_what_in_place_shows(level, link):
    expected = reports(link)[level]
    assert "before" in expected and ("  entry" in expected) == (level == 2)
    for answer in (with_options(link, *["-v"] * level),
                   link.wrap("-o", "h", IRELFIX_VERBOSE=str(level))):
        assert answer.lines == ["-o", "h"]  # nothing on standard output
        assert said(answer) == LINE + expected


def test_verbose_tells_of_what_is_healthy(link):
    link.linked.write_bytes(build(healthy()).data)
    assert said(link.wrap("-o", "h", IRELFIX_VERBOSE="1")).startswith("h: healthy")


def test_quiet_repairs_without_a_word(link):
    for answer in (with_options(link, "-q"), link.wrap("-o", "h", IRELFIX_VERBOSE="0")):
        assert said(answer) == ""
        assert link.written() == link.repaired


def test_quiet_is_not_for_errors(link):
    link.linked.write_bytes(build(refused()).data)
    answer = link.wrap("-o", "h", IRELFIX_VERBOSE="0")
    assert answer.status == REFUSED and "irelfix: h: wide-bounds: refused: " in said(answer)


def test_an_option_is_stronger_than_the_environment(link):
    assert said(with_options(link, "-q", IRELFIX_VERBOSE="2")) == ""
    assert said(with_options(link, "-v", IRELFIX_VERBOSE="0")) == LINE + reports(link)[1]


@pytest.mark.parametrize("value", ["3", "-1", "yes", "01", " 1"])
def test_an_unknown_verbosity_runs_nothing(value, link):
    answer = link.wrap("-o", "h", IRELFIX_VERBOSE=value)
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err == (f"irelfix: {value}: is no value of IRELFIX_VERBOSE, "
                          "which are 0, 1, 2\n")


def writes(trace: Path) -> list[str]:
    """What was written to standard error, by each write(2) of irelfix itself."""
    return re.findall(r'^write\(2, "(.*?)"(?:\.\.\.)?, \d+\)', trace.read_text(), re.M)


def test_lines_of_parallel_links_do_not_mix(link):
    """Each is one write."""
    link.linked.write_bytes(build(refused()).data)
    trace = link.folder / "trace"
    subprocess.run([command("strace"), "-e", "trace=write", "-s", "400", "-o", trace, TOOL, "--wrap", "--",
                    link.linker, "-o", "h"], cwd=link.folder, env=link.environment("h"),
                   capture_output=True)
    lines = writes(trace)
    assert len(lines) == 2
    assert all(line.startswith("irelfix: h: ") and line.endswith("\\n") for line in lines)


# ---- the log ------------------------------------------------------------------------------------

def objects_in(log: Path) -> list[dict]:
    text = log.read_text()
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


def test_the_log_has_the_object_of_json(link):
    log = link.folder / "log"
    link.wrap("-o", "h", IRELFIX_LOG=str(log))
    copy = link.folder / "h"
    copy.write_bytes(link.as_linked)
    expected = irelfix("--json", "-i", copy, cwd=link.folder).object
    assert objects_in(log) == [expected]
    assert expected["verdict"] == "repaired" and expected["edits"]


@pytest.mark.parametrize("content, verdict, exit_status", [
    (lambda: build(healthy()), "healthy", HEALTHY),
    (lambda: build(refused()), "refused", REFUSED),
    (malformed, "error", HEALTHY),
])
def test_whatever_was_looked_at_is_in_the_log(content, verdict, exit_status, link):
    link.linked.write_bytes(content().data)
    log = link.folder / "log"
    assert link.wrap("-o", "h", IRELFIX_LOG=str(log)).status == exit_status
    (found,) = objects_in(log)
    assert (found["file"], found["verdict"]) == (str(link.folder / "h"), verdict)


def test_the_log_grows(link):
    log = link.folder / "log"
    log.write_text("{}\n")
    for _ in range(2):
        link.wrap("-o", "h", IRELFIX_LOG=str(log))
    assert [found.get("verdict") for found in objects_in(log)] == [None, "repaired", "repaired"]


@pytest.mark.parametrize("arguments, to", [(["-c", "-o", "h"], "h"), (["-o", "h"], "")])
def test_what_links_nothing_is_not_in_the_log(arguments, to, tmp_path):
    link = bench(tmp_path, "cc")
    link.wrap(*arguments, to=to, IRELFIX_LOG=str(tmp_path / "log"))
    assert not (tmp_path / "log").exists()


@pytest.mark.parametrize("log", ["missing/log", "real", "/dev/full"])
def test_a_log_that_cannot_be_written_fails_no_link(log, link):
    answer = link.wrap("-o", "h", IRELFIX_LOG=log)
    assert answer.status == HEALTHY, str(answer)
    assert f"irelfix: {log}: cannot be written: " in answer.err
    assert link.written() == link.repaired


def test_parallel_links_write_whole_lines(link):
    """Long ones, of several links at a time that are repeated."""
    log = link.folder / "log"
    link.linked.write_bytes(build(refused()).data)
    script = 'for i in 1 2 3 4 5 6 7 8; do "$0" --wrap -- "$1" -o "$2"; done'
    names = [f"{i:0>100}" for i in range(PARALLEL)]
    running = [subprocess.Popen(["sh", "-c", script, TOOL, link.linker, name], cwd=link.folder,
                                env=link.environment(name, IRELFIX_LOG=str(log)),
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
               for name in names]
    assert all(process.wait(timeout=300) == REFUSED for process in running)
    found = sorted(Path(each["file"]).name for each in objects_in(log))
    assert found == sorted(names * 8)
