# SPDX-License-Identifier: MIT
"""--wrap: the command has the signals, the streams and the environment as without it."""
import os
import pty
import signal
import subprocess
from pathlib import Path

import pytest
from tool import TOOL, irelfix

pytestmark = pytest.mark.fast

TIME_LIMIT = 300
COUNTS = """
import signal, sys, time
seen = []
for number in {signals}:
    signal.signal(number, lambda number, frame: seen.append(number))
print("ready", flush=True)
end = time.monotonic() + {patience}
while not seen and time.monotonic() < end:
    time.sleep(0.01)
time.sleep(0.3)  # for a second one
print(*seen, flush=True)
sys.exit(40 + len(seen))
"""


def counting(*signals: int, patience: float = 20) -> list[str]:
    """A command that prints the signals it gets, and ends with their number and 40."""
    text = COUNTS.format(signals=[int(s) for s in signals], patience=patience)
    return ["/usr/bin/python3", "-c", text]


def start(*command: str | Path, **more) -> subprocess.Popen:
    return subprocess.Popen([TOOL, "--wrap", "--", *command], text=True,
                            stdout=subprocess.PIPE, **more)


PASSED_ON = [signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM]


@pytest.mark.parametrize("number", PASSED_ON)
def test_a_signal_reaches_the_command(number):
    process = start(*counting(number))
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    out, _ = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, out.strip()) == (41, str(int(number)))


@pytest.mark.parametrize("number", PASSED_ON)
def test_and_ends_both_where_it_is_not_caught(number):
    process = start("sh", "-c", "echo $$; exec sleep 60")
    child = int(process.stdout.readline())
    process.send_signal(number)
    process.communicate(timeout=TIME_LIMIT)
    assert process.returncode == -number
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.mark.parametrize("own_group, seen", [(False, [signal.SIGINT]), (True, [])])
def test_what_a_terminal_sends_is_not_sent_again(own_group, seen):
    """It goes to all of the process group; a command that has left it does not get it."""
    parent, terminal = pty.openpty()
    command = counting(signal.SIGINT, patience=2 if own_group else 20)
    if own_group:
        command[2] = "import os; os.setpgid(0, 0)\n" + command[2]
    process = start(*command, stdin=terminal, preexec_fn=take_terminal)
    assert process.stdout.readline() == "ready\n"
    os.write(parent, b"\x03")
    out, _ = process.communicate(timeout=TIME_LIMIT)
    os.close(parent)
    os.close(terminal)
    assert (process.returncode, [int(n) for n in out.split()]) == (40 + len(seen), seen)


def take_terminal() -> None:
    os.setsid()
    os.close(os.open(os.ttyname(0), os.O_RDWR))  # the first one becomes the controlling one


def test_an_ignored_signal_stays_ignored():
    """nohup: it does not reach even a command that catches it."""
    process = start(*counting(signal.SIGHUP, patience=1),
                    preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGHUP)
    out, _ = process.communicate(timeout=TIME_LIMIT)
    assert (process.returncode, out.strip()) == (40, "")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL,
                                    signal.SIGTERM, signal.SIGINT, signal.SIGPIPE])
def test_it_dies_of_what_the_command_died_of(number, tmp_path):
    answer = irelfix("--wrap", "--", "sh", "-c", f"kill -{int(number)} $$", cwd=tmp_path)
    assert (answer.status, answer.err) == (-number, "")


def block() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])


def test_the_mask_of_signals_is_inherited():
    wrapped = irelfix("--wrap", "--", "grep", "SigBlk", "/proc/self/status", preexec_fn=block)
    alone = irelfix("SigBlk", "/proc/self/status", tool="grep", preexec_fn=block)
    assert wrapped.out == alone.out != irelfix("SigBlk", "/proc/self/status", tool="grep").out


def test_it_dies_of_a_signal_that_it_blocks():
    text = ("import os, signal\n"
            "signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])\n"
            "os.kill(os.getpid(), signal.SIGTERM)")
    answer = irelfix("--wrap", "--", "/usr/bin/python3", "-c", text, preexec_fn=block)
    assert answer.status == -signal.SIGTERM, str(answer)


def test_where_children_are_not_waited_for(tmp_path):
    answer = irelfix("--wrap", "--", "sh", "-c", "exit 5", cwd=tmp_path,
                     preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert answer.status == 5


@pytest.mark.parametrize("status", [0, 1, 2, 127, 255])
def test_the_exit_status_is_the_commands(status, tmp_path):
    assert irelfix("--wrap", "--", "sh", "-c", f"exit {status}", cwd=tmp_path).status == status


def test_the_streams_are_the_commands(tmp_path):
    data = bytes(range(256)) * 1000
    command = "tee /dev/stderr; exit 1"  # or irelfix would say something, too
    answer = subprocess.run([TOOL, "--wrap", "--", "sh", "-c", command], input=data,
                            capture_output=True, cwd=tmp_path, timeout=TIME_LIMIT)
    assert answer.stdout == data and answer.stderr == data


def test_closed_streams_stay_closed(tmp_path):
    process = start("sh", "-c", "ls -l /proc/self/fd", stderr=subprocess.DEVNULL, cwd=tmp_path,
                    preexec_fn=lambda: os.close(0))
    out, _ = process.communicate(timeout=TIME_LIMIT)
    assert {line.split()[8] for line in out.splitlines()[1:]} == {"0", "1", "2"}
    assert "/proc/" in next(line for line in out.splitlines()[1:] if line.split()[8] == "0")


def test_nothing_else_is_inherited(tmp_path):
    (tmp_path / "rsp").write_text("x")
    alone = irelfix("/proc/self/fd", tool="ls", cwd=tmp_path)
    assert irelfix("--wrap", "--", "ls", "/proc/self/fd", cwd=tmp_path).out == alone.out


def test_the_environment_gets_one_more(tmp_path):
    alone = set(irelfix("-0", tool="env", cwd=tmp_path).out.split("\0"))
    wrapped = set(irelfix("--wrap", "--", "env", "-0", cwd=tmp_path).out.split("\0"))
    assert wrapped - alone == {"IRELFIX_DEPTH=1"} and alone - wrapped == set()
