# SPDX-License-Identifier: MIT
"""--run: a build whose links are all repaired, wherever in it they are made."""
import json
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from elf.build import build, healthy
from files import malformed, refused
from tool import BAD_FILE, HEALTHY, REFUSED, TOOL, USAGE, Answer, irelfix, names_in
from wrapped import LINKER, Bench, bench, script

pytestmark = pytest.mark.fast

TIME_LIMIT = 300
SYSTEM = ("sh", "cp", "rm", "ls", "mkdir", "sleep", "kill", "true", "python3")
REPAIRED = "irelfix: h: wide-bounds repaired\n"
ALL_REPAIRED = "irelfix: --run: of 1 linked: 1 repaired, 0 kept as they are, 0 removed\n"
NOTHING_SEEN = "irelfix: --run: has seen no program linked: "


@dataclass
class Site:
    """A place to build in. Its PATH has tools of its own and what a shell needs, and no other."""
    link: Bench
    tools: Path
    temporary: Path

    def environment(self, **more: str) -> dict[str, str]:
        own = {"PATH": f"{self.tools}:{self.link.folder / 'system'}",
               "TMPDIR": str(self.temporary)}
        return self.link.environment("h", **{**own, **more})

    def run(self, *command: str | Path, options: tuple[str, ...] = (), **more: str) -> Answer:
        return irelfix(*options, "--run", "--", *command, cwd=self.link.folder,
                       env=self.environment(**more))

    def start(self, *command: str, **more) -> subprocess.Popen:
        return subprocess.Popen([TOOL, "--run", "--", *command], cwd=self.link.folder, text=True,
                                env=self.environment(), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **more)

    def is_clean(self) -> bool:
        return names_in(self.temporary) == set()


@pytest.fixture
def site(tmp_path) -> Site:
    link = bench(tmp_path)
    for name in SYSTEM:
        path = tmp_path / "system" / name
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(shutil.which(name, path="/usr/bin:/bin"))
    (tmp_path / "temporary").mkdir()
    script(tmp_path / "tools" / "cc", LINKER)
    return Site(link, tmp_path / "tools", tmp_path / "temporary")


# ---- what is repaired ---------------------------------------------------------------------------

@pytest.mark.parametrize("command", [["cc", "-o", "h"], ["sh", "-c", "cc -o h"],
                                     ["sh", "-c", "sh -c 'cc -o h'; :"]])
def test_a_link_somewhere_in_the_build(command, site):
    answer = site.run(*command)
    assert (answer.status, answer.lines) == (HEALTHY, ["-o", "h"])
    assert answer.err == f"from the linker\n{REPAIRED}{ALL_REPAIRED}"
    assert site.link.written() == site.link.repaired
    assert site.is_clean()


def test_without_it_the_link_is_broken(site):
    irelfix("-c", "cc -o h", tool="/bin/sh", cwd=site.link.folder, env=site.environment())
    assert site.link.written() == site.link.as_linked != site.link.repaired


NAMES = ["ld", "ld.lld", "cc", "c++", "gcc", "g++", "clang", "clang++", "x86_64-linux-gnu-gcc",
         "aarch64-linux-gnu-ld", "gcc-12", "clang++-22", "ld.lld-22", "musl-gcc"]
OTHERS = ["as", "gcc-ar", "gcc-nm", "ranlib", "clang-tidy", "make", "ccache", "irelfix-cc"]


@pytest.mark.parametrize("name", NAMES)
def test_every_linker_and_driver_that_is_there(name, site):
    script(site.tools / name, LINKER)
    assert site.run("sh", "-c", f"{name} -o h").status == HEALTHY
    assert site.link.written() == site.link.repaired


def test_only_what_is_there(site):
    """A name that leads nowhere would mislead whoever looks for a compiler."""
    for name in NAMES + OTHERS:
        script(site.tools / name, LINKER)
    (site.tools / "tcc-cc").write_text("no program")
    (site.tools / "folder-cc").mkdir()
    (site.tools / "gone-cc").symlink_to("nothing")
    shown = site.run("sh", "-c", 'ls "${PATH%%:*}"').lines
    assert sorted(shown) == sorted({*NAMES, "cc"})


def test_the_first_of_several_folders_counts(site):
    other = site.link.folder / "other"
    script(other / "cc", "#!/bin/sh\necho other\n")
    script(other / "gcc", "#!/bin/sh\necho other gcc\n")
    path = f"{site.tools}:{other}:{site.link.folder / 'system'}"
    assert site.run("sh", "-c", "cc; gcc", PATH=path).lines == ["other gcc"]
    assert site.run("sh", "-c", "cc; gcc", PATH=f"{other}:{path}").lines == ["other", "other gcc"]


def test_folders_of_the_path_that_are_not_there(site):
    path = f"{site.link.folder / 'missing'}::{site.tools}:{site.link.folder / 'system'}:"
    assert site.run("sh", "-c", "cc -o h", PATH=path).status == HEALTHY
    assert site.link.written() == site.link.repaired


def test_a_driver_whose_linker_is_on_the_path_too(site):
    """One repair, one line, one object in the log."""
    script(site.tools / "ld", LINKER)
    script(site.tools / "cc", '#!/bin/sh\nexec ld "$@"\n')
    log = site.link.folder / "log"
    answer = site.run("sh", "-c", "cc -o h", IRELFIX_LOG=str(log))
    assert answer.err == f"from the linker\n{REPAIRED}{ALL_REPAIRED}"
    assert [json.loads(line)["verdict"] for line in log.read_text().splitlines()] == ["repaired"]
    assert site.link.written() == site.link.repaired


def test_a_linker_behind_a_driver_that_is_called_by_its_path(site):
    script(site.tools / "ld", LINKER)
    driver = script(site.link.folder / "away" / "cc", '#!/bin/sh\nexec ld "$@"\n')
    assert site.run("sh", "-c", f"{driver} -o h").status == HEALTHY
    assert site.link.written() == site.link.repaired


def test_parallel_links(site):
    names = [f"h{i}" for i in range(20)]
    text = "".join(f"TO={name} cc -o {name} & " for name in names) + "wait"
    answer = site.run("sh", "-c", text)
    assert all(site.link.written(name) == site.link.repaired for name in names)
    assert "irelfix: --run: of 20 linked: 20 repaired" in answer.err
    assert sorted(line for line in answer.err.splitlines() if line.startswith("irelfix: h")) == \
        sorted(f"irelfix: {name}: wide-bounds repaired" for name in names)


def test_a_run_in_a_run(site):
    answer = site.run("sh", "-c", f"{TOOL} --run -- sh -c 'cc -o h'")
    assert answer.err.count(REPAIRED) == 1
    assert site.link.written() == site.link.repaired
    assert site.is_clean()


# ---- what is said -------------------------------------------------------------------------------

def test_a_build_that_links_nothing_it_has_seen(site):
    answer = site.run("sh", "-c", f"{site.tools / 'cc'} -o h")
    assert site.link.written() == site.link.as_linked
    assert answer.status == HEALTHY and NOTHING_SEEN in answer.err


def test_healthy_programs_need_no_word(site):
    site.link.linked.write_bytes(build(healthy()).data)
    assert site.run("cc", "-o", "h").err == "from the linker\n"


def test_verbose_is_verbose_everywhere(site):
    answer = site.run("cc", "-o", "h", options=("-v",))
    assert "   before  " in answer.err and answer.err.endswith(ALL_REPAIRED)


@pytest.mark.parametrize("command", [["cc", "-o", "h"], ["true"]])
def test_quiet_is_quiet_everywhere(command, site):
    answer = site.run(*command, options=("-q",))
    assert "irelfix" not in answer.err


def test_a_refusal_fails_its_link(site):
    site.link.linked.write_bytes(build(refused()).data)
    answer = site.run("sh", "-c", "cc -o h || exit 7")
    assert answer.status == 7 and not (site.link.folder / "h").exists()
    assert answer.err.endswith("of 1 linked: 0 repaired, 0 kept as they are, 1 removed\n")


def test_the_policy_reaches_the_links(site):
    site.link.linked.write_bytes(build(refused()).data)
    answer = site.run("sh", "-c", "cc -o h", IRELFIX_WRAP="warn")
    assert answer.status == HEALTHY and site.link.written() == site.link.as_linked
    assert answer.err.endswith("of 1 linked: 0 repaired, 1 kept as they are, 0 removed\n")
    site.link.linked.write_bytes(malformed().data)
    assert site.run("sh", "-c", "cc -o h", IRELFIX_WRAP="strict").status != HEALTHY


def test_off_is_the_build_alone(site):
    answer = site.run("sh", "-c", 'cc -o h; echo "$PATH"', IRELFIX_WRAP="off")
    assert answer.err == "from the linker\n"
    assert answer.lines[-1] == site.environment()["PATH"]
    assert site.link.written() == site.link.as_linked


@pytest.mark.parametrize("variable", ["IRELFIX_WRAP", "IRELFIX_VERBOSE"])
def test_an_unknown_value_runs_nothing(variable, site):
    answer = site.run("sh", "-c", "cc -o h", **{variable: "maybe"})
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err.startswith(f"irelfix: maybe: is no value of {variable}, ")


def test_the_log_is_one_file_for_all_folders(site):
    site.run("sh", "-c", "cc -o h; mkdir sub; cd sub; cc -o h", IRELFIX_LOG="log")
    found = [json.loads(line) for line in (site.link.folder / "log").read_text().splitlines()]
    assert [each["file"] for each in found] == [str(site.link.folder / "h"),
                                                str(site.link.folder / "sub" / "h")]


# ---- the command --------------------------------------------------------------------------------

@pytest.mark.parametrize("status", [0, 1, 2, 77, 255])
def test_the_exit_status_is_the_builds(status, site):
    assert site.run("sh", "-c", f"cc -o h; exit {status}").status == status
    assert site.is_clean()


def test_a_build_that_removes_the_folder(site):
    """What it has linked cannot be known; where it fails itself, that counts."""
    answer = site.run("sh", "-c", 'rm -r "$IRELFIX_RUN"')
    assert (answer.status, answer.out) == (BAD_FILE, "")
    assert re.fullmatch(r"irelfix: \S+/irelfix-run-\w+: cannot be removed: No such file or "
                        r"directory\n",
                        answer.err)
    assert site.run("sh", "-c", 'rm -r "$IRELFIX_RUN"; exit 7').status == 7


@pytest.mark.parametrize("command, status", [("missing", 127), ("./linked", 126)])
def test_a_build_that_cannot_be_run(command, status, site):
    site.link.linked.chmod(0o644)
    answer = site.run(command)
    assert answer.status == status
    assert answer.err.startswith(f"irelfix: {command}: cannot run: ")
    assert site.is_clean()


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGTERM])
def test_it_dies_of_what_the_build_died_of(number, site):
    assert site.run("sh", "-c", f"kill -{int(number)} $$").status == -number
    assert site.is_clean()


PASSED_ON = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]


@pytest.mark.parametrize("number", PASSED_ON)
def test_a_signal_ends_both_and_nothing_stays(number, site):
    process = site.start("sh", "-c", "echo $$; exec sleep 60")
    child = int(process.stdout.readline())
    assert not site.is_clean()
    process.send_signal(number)
    process.communicate(timeout=TIME_LIMIT)
    assert process.returncode == -number
    assert site.is_clean()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize("number", PASSED_ON)
def test_a_build_may_catch_a_signal(number, site):
    name = signal.Signals(number).name.removeprefix("SIG")
    process = site.start("sh", "-c", f"trap 'echo caught; exit 5' {name}; echo ready; "
                                     "while :; do sleep 0.05; done")
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, out) == (5, "caught\n")
    assert site.is_clean()


def test_whenever_a_signal_comes_nothing_stays(site):
    """Also while the links are made or taken away."""
    for i in range(40):
        process = site.start("sleep", "0.02")
        time.sleep(i * 0.001)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIME_LIMIT)
        assert process.returncode in (0, -signal.SIGTERM)
        assert site.is_clean(), i


def test_the_build_has_the_signals_as_they_were(site):
    """Those that wait while links are made are blocked for irelfix only."""
    text = "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    assert site.run("python3", "-c", text).lines == ["set()"]


def test_the_streams_are_the_builds(site):
    data = bytes(range(256)) * 100
    text = "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    done = subprocess.run([TOOL, "-q", "--run", "--", "python3", "-c", text], input=data,
                          capture_output=True, env=site.environment(), timeout=TIME_LIMIT)
    assert (done.stdout, done.stderr) == (data, b"")


# ---- the folder ---------------------------------------------------------------------------------

def test_links_are_what_is_in_it(site):
    shown = site.run("sh", "-c", 'ls -l "${PATH%%:*}"').lines
    assert shown[1].endswith(f"cc -> {TOOL.resolve()}")


def test_a_part_of_the_build_may_be_somebody_elses(site):
    """Who gives up root's rights finds the tools all the same."""
    assert site.run("sh", "-c", 'ls -ld "${PATH%%:*}"').out.startswith("drwxr-xr-x")


def test_the_path_behind_it_is_as_it_was(site):
    (line,) = site.run("sh", "-c", 'echo "${PATH#*:}"').lines
    assert line == site.environment()["PATH"]


def test_a_temporary_folder_that_no_path_can_hold(site):
    place = site.link.folder / "with:colon"
    place.mkdir()
    answer = site.run("sh", "-c", 'cc -o h; echo "${PATH%%:*}"', TMPDIR=str(place))
    assert answer.lines[-1].startswith("/tmp/irelfix-run-")
    assert site.link.written() == site.link.repaired


def test_a_temporary_folder_by_a_relative_name(site):
    site.run("sh", "-c", "mkdir sub; cd sub; cc -o h", TMPDIR="temporary")
    assert (site.link.folder / "sub" / "h").read_bytes() == site.link.repaired
    assert site.is_clean()


def test_no_place_for_the_folder(site):
    answer = site.run("cc", "-o", "h", TMPDIR=str(site.link.folder / "linked"))
    assert answer.status != HEALTHY and "cannot be made: " in answer.err
    assert not (site.link.folder / "h").exists()


def test_ccache_is_told_how_to_tell_compilers_apart(site):
    """All links have the time of one file."""
    assert site.run("sh", "-c", 'echo "$CCACHE_COMPILERCHECK"').lines == ["%compiler% -v"]
    kept = site.run("sh", "-c", 'echo "$CCACHE_COMPILERCHECK"', CCACHE_COMPILERCHECK="content")
    assert kept.lines == ["content"]


# ---- usage --------------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, text", [
    (["--run"], "no command is named"),
    (["--run", "--"], "no command is named"),
    (["--run", "make", "-j2"], "its command stands behind --"),
    (["-i", "--run", "--", "make"], "--run goes with -q and -v only"),
    (["--prove", "--run", "--", "make"], "--run goes with -q and -v only"),
    (["--json", "--run", "--", "make"], "--run goes with -q and -v only"),
    (["--wrap", "--run", "--", "make"], "--wrap and --run exclude each other"),
    (["-q", "-v", "--run", "--", "make"], "-q and -v exclude each other"),
])
def test_usage_errors(arguments, text, tmp_path):
    answer = irelfix(*arguments, cwd=tmp_path)
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err.startswith("irelfix: ") and text in answer.err
