# SPDX-License-Identifier: MIT
"""irelfix --prove: it ends when it should, and nothing is left of what it started."""
import fcntl
import os
import pty
import resource
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from disk.system_calls import shim
from machines import X86_64
from need import need_root
from tool import HEALTHY, TIME_LIMIT, UNVERIFIED
from variants.bench import read_until, results

AT_ONCE = 5  # seconds on a busy machine; a run may take 10
LIMIT_OF_A_TRACE = 10
DETACHED = "if (fork() == 0) { setsid(); if (fork() == 0) %s; _exit(0); }"
LEFT_BEHIND = {
    "child": "if (fork() == 0) pause()",
    "daemon": DETACHED % "pause()",
    "group": "if (fork() == 0) { setpgid(0, 0); pause(); }",
    "many": "for (int i = 0; i < 300; i++) if (fork() == 0) { setsid(); pause(); }",
    # ... which is somebody else whenever one looks
    "moving": DETACHED % "for (;;) { setsid(); if (fork() != 0) _exit(0); }",
}
WAITING = {"alone": "pause()", **{name: f"{text}; pause()" for name, text in LEFT_BEHIND.items()}}


@pytest.fixture(scope="session")
def no_namespaces(tmp_path_factory) -> str:
    return str(shim("unshare", tmp_path_factory.mktemp("shim")))


@pytest.fixture(params=[True, False], ids=["namespace", "none"])
def namespaces(request, monkeypatch, no_namespaces) -> bool:
    """Whether there may be one; the program itself gets nothing of the environment."""
    if not request.param:
        monkeypatch.setenv("LD_PRELOAD", no_namespaces)
    return request.param


@pytest.mark.promise("Nothing of what a proof started outlives it")
@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("model", ["native", "max"])
@pytest.mark.parametrize("what", LEFT_BEHIND)
def test_what_a_program_leaves_behind_is_ended(bench, what, model):
    bench.link(LEFT_BEHIND[what])
    start = time.monotonic()
    assert results(bench.repair(model)) == {model: "started"}
    assert time.monotonic() - start < AT_ONCE
    bench.assert_nothing_left()


@pytest.mark.usefixtures("namespaces")
@pytest.mark.parametrize("what", ["child", "daemon"])
def test_what_a_crash_leaves_behind_is_ended(bench, what):
    """It is run a second time, under a debugger's control."""
    bench.link(f"{LEFT_BEHIND[what]}; usleep(100000); abort()")
    for model in ("native", "max"):
        row, = bench.repair(model, UNVERIFIED)
        assert row["detail"].startswith("SIGABRT at 0x")
    bench.assert_nothing_left()


@pytest.mark.parametrize("what", ["alone", "child", "daemon"])
def test_who_waits_is_stopped_with_its_children(bench, what):
    bench.link(WAITING[what])
    row, = bench.repair("native", UNVERIFIED)
    assert row["detail"] == "did not reach main within 10 s"
    assert not bench.result.exists()
    bench.assert_nothing_left()


def test_a_destructor_that_does_not_end_is_ended(bench):
    bench.link_short("for (;;) pause()")
    row, = bench.repair("native", UNVERIFIED)
    assert row["detail"] == ("did not end within 10 s; main is too short for an exit, so that "
                             "destructors run, too")
    bench.assert_nothing_left()


def test_what_a_destructor_leaves_behind_is_ended(bench):
    bench.link_short(LEFT_BEHIND["daemon"])
    start = time.monotonic()
    assert results(bench.repair("native")) == {"native": "started"}
    assert time.monotonic() - start < AT_ONCE
    bench.assert_nothing_left()


# ---- who keeps the debugger ----

# The one that is traced keeps the connection alive: it answers, and never comes to an end.
GDB_STUB = """
import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
connection, _ = listener.accept()
open(sys.argv[2], "w").close()
while True:
    connection.sendall(sys.argv[3].encode())
"""


@pytest.mark.promise("Nothing of what a proof started outlives it")
@pytest.mark.parametrize("answer", ["+", "$O4c#7b", "$" + "0" * 4000], ids=["acks", "output", "long"])
def test_an_emulator_that_keeps_the_debugger_is_ended(bench, monkeypatch, answer):
    """Takes the ten seconds that a trace may take. The first run dies, so that there is a second."""
    stub = bench.folder / "stub.py"
    stub.write_text(GDB_STUB)
    stub = f'exec "{sys.executable}" "{stub}" "$2" "{bench.mark}" \'{answer}\''
    emulator = bench.script(f'[ "$1" = -g ] || kill -SEGV $$\n{stub}')
    monkeypatch.setenv(X86_64.emulator_variable, str(emulator))
    bench.link()
    start = time.monotonic()
    row, = bench.repair("max", UNVERIFIED)
    assert row["detail"] == "SIGSEGV" and bench.mark.exists()
    assert time.monotonic() - start < LIMIT_OF_A_TRACE + AT_ONCE
    bench.assert_nothing_left()


def test_a_program_that_keeps_its_tracer_is_ended(bench):
    """It dies once, and when it is traced it stops for a signal again and again."""
    bench.link("int fd = open(MARK, O_WRONLY | O_CREAT | O_EXCL, 0600);"
               "if (fd >= 0) abort(); signal(SIGUSR1, SIG_IGN); for (;;) raise(SIGUSR1)")
    start = time.monotonic()
    row, = bench.repair("native", UNVERIFIED)
    assert row["detail"] == "SIGABRT"
    assert LIMIT_OF_A_TRACE <= time.monotonic() - start < LIMIT_OF_A_TRACE + AT_ONCE
    bench.assert_nothing_left()


# ---- what forks without end ----

LONELY = 61_113  # a user who has no processes but those of a test, and few of them at once
PROCESSES = 40


def processes_of_lonely() -> list[int]:
    return [int(path.name) for path in Path("/proc").glob("[0-9]*")
            if gone_is(lambda: path.stat().st_uid == LONELY, False)]


def gone_is(ask, answer):
    """What `ask` says of a process, unless it has ended meanwhile."""
    try:
        return ask()
    except OSError:
        return answer


def end_lonely() -> None:
    """Who is stopped forks no more."""
    for number in 5 * [signal.SIGSTOP] + [signal.SIGKILL]:
        for process in processes_of_lonely():
            gone_is(lambda: os.kill(process, number), None)


@pytest.fixture
def as_lonely(bench, public):
    """Starts a proof for that user; root could fork until the machine stands still."""
    need_root()
    work = public / "work"
    os.chown(work, LONELY, LONELY)

    def limit():
        resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))

    def start(*arguments: str):
        shutil.copy(bench.broken, work / "in")
        return subprocess.Popen([public / "irelfix", *arguments, "in"], cwd=work,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, user=LONELY, group=LONELY,
                                extra_groups=[], env={**os.environ, "TMPDIR": str(work)},
                                preexec_fn=limit)
    yield start
    end_lonely()


@pytest.mark.promise("Nothing of what a proof started outlives it")
def test_what_forks_without_end_is_ended(bench, as_lonely):
    """No round of killing is as fast; a namespace ends as a whole."""
    bench.link("if (fork() == 0) for (;;) { setsid(); fork(); }")
    out, err = as_lonely("-n", "--prove=native").communicate(timeout=TIME_LIMIT)
    assert "1 of 1 started" in out, out + err
    assert processes_of_lonely() == []


@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL])
def test_a_program_that_turns_against_its_parent(bench, number):
    bench.link(f"kill(getppid(), {int(number)}); pause()")
    call = bench.start("--json", "--prove=native", bench.broken, "-o", bench.result)
    call.communicate(timeout=TIME_LIMIT)
    assert call.returncode not in (HEALTHY, -number)
    assert not bench.result.exists()
    bench.assert_nothing_left()


# ---- signals ----


def stopped(bench, number: signal.Signals, *arguments) -> tuple[str, str]:
    """Sends it while the program runs; what was printed."""
    call = bench.start(*arguments)
    bench.wait_for_program()
    start = time.monotonic()
    call.send_signal(number)
    out, err = call.communicate(timeout=TIME_LIMIT)
    assert time.monotonic() - start < AT_ONCE
    assert call.returncode == -number
    bench.assert_nothing_left()
    return out.decode(), err.decode()


@pytest.mark.fast
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_at_once(bench, number):
    bench.link("pause()")
    out, err = stopped(bench, number, "--prove=native,max", bench.broken, "-o", bench.result)
    assert out.count("\n") == 1 and ": wide-bounds: " in out
    assert err.count("\n") == 1 and "the proof was stopped after 0 of 2 models" in err
    assert not bench.result.exists()


@pytest.mark.promise("Nothing of what a proof started outlives it")
@pytest.mark.parametrize("what", WAITING)
@pytest.mark.parametrize("model", ["native", "max"])
def test_a_signal_ends_whatever_was_started(bench, what, model):
    bench.link(WAITING[what])
    _, err = stopped(bench, signal.SIGINT, "-n", f"--prove={model}", bench.broken)
    assert "the proof was stopped after 0 of 1 models" in err


def test_a_signal_ends_a_trace(bench):
    """The second run, in which the program does not die."""
    bench.link("int fd = open(MARK, O_WRONLY | O_CREAT | O_EXCL, 0600);"
               "if (fd >= 0) abort(); pause()")
    call = bench.start("--prove=native", bench.broken, "-o", bench.result)
    while not bench.mark.exists():
        time.sleep(0.01)
    time.sleep(0.5)
    call.send_signal(signal.SIGINT)
    call.communicate(timeout=AT_ONCE)
    assert call.returncode == -signal.SIGINT
    bench.assert_nothing_left()


def test_a_signal_that_comes_twice_at_once_is_one(bench):
    """timeout(1) sends it to the process and to its group."""
    bench.link("pause()")
    start = time.monotonic()
    call = bench.start("-n", "--prove=native", bench.broken)
    bench.wait_for_program()
    for _ in range(2):
        call.send_signal(signal.SIGINT)
        time.sleep(0.002)
    _, err = call.communicate(timeout=TIME_LIMIT)
    assert time.monotonic() - start < AT_ONCE
    assert call.returncode == -signal.SIGINT and b"the proof was stopped" in err
    bench.assert_nothing_left()


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_a_signal_ends_the_proofs_of_several_files(bench, jobs):
    bench.link("pause()")
    before = bench.broken.read_bytes()
    other = bench.folder / "other"
    other.write_bytes(before)
    stopped(bench, signal.SIGINT, jobs, "-i", "--prove=native", bench.broken, other)
    assert bench.broken.read_bytes() == before == other.read_bytes()


def test_a_stopped_proof_is_a_whole_object(bench):
    bench.link("pause()")
    out, _ = stopped(bench, signal.SIGINT, "--json", "--prove=native", bench.broken, "-o",
                     bench.result)
    assert out.endswith("}\n") and '"verdict":"error"' in out and '"prove":[]' in out


def test_a_wrapped_link_ends_as_well(bench):
    bench.link("pause()")
    new = bench.folder / "new"
    _, err = stopped(bench, signal.SIGINT, "--prove=native", "--wrap", "--", "sh", "-c",
                     'cp "$1" "$3"', "sh", bench.broken, "-o", new)
    assert "the proof was stopped" in err
    assert not new.exists()


@pytest.mark.promise("Nothing of what a proof started outlives it")
@pytest.mark.usefixtures("namespaces")
def test_it_ends_when_irelfix_is_killed(bench):
    """Only its folder stays."""
    bench.link(WAITING["daemon"])
    call = bench.start("-n", "--prove=native", bench.broken)
    bench.wait_for_program()
    call.kill()
    call.communicate(timeout=TIME_LIMIT)
    end = time.monotonic() + AT_ONCE
    while bench.processes():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_ignores_its_children_is_answered(bench):
    """As a shell's trap '' CHLD does."""
    bench.link()
    start = time.monotonic()
    call = bench.start("--prove=native", bench.broken, "-o", bench.result,
                       preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    out, _ = call.communicate(timeout=TIME_LIMIT)
    assert call.returncode == HEALTHY and b"1 of 1 started" in out
    assert time.monotonic() - start < AT_ONCE


# ---- the terminal ----


def on_own_terminal(bench, *arguments) -> tuple[subprocess.Popen, int]:
    ours, theirs = pty.openpty()
    call = bench.start(*arguments, stdin=theirs, stdout=theirs, stderr=theirs,
                       start_new_session=True,
                       preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
    os.close(theirs)
    return call, ours


def test_the_interrupt_key_ends_it(bench):
    bench.link("pause()")
    call, terminal = on_own_terminal(bench, "--color=always", "-n", "--prove=native,max",
                                     bench.broken)
    before = termios.tcgetattr(terminal)
    shown = read_until(terminal, "wide-bounds")
    bench.wait_for_program()
    os.write(terminal, b"\x03")
    shown += read_until(terminal, "stopped after 0 of 2 models\n")
    assert call.wait(AT_ONCE) == -signal.SIGINT
    assert termios.tcgetattr(terminal) == before
    assert shown.count("\x1b[31m") == shown.count("\x1b[0m")
    bench.assert_nothing_left()


def test_the_program_does_not_get_at_the_terminal(bench):
    bench.link('if (open("/dev/tty", O_RDWR) >= 0) abort()')
    call, terminal = on_own_terminal(bench, "--color=never", "--prove=native", bench.broken, "-o",
                                     bench.result)
    shown = read_until(terminal, "\n   repaired")
    assert "   1 of 1 started\n" in shown, shown
    assert call.wait(TIME_LIMIT) == HEALTHY
