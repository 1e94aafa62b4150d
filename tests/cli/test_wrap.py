# SPDX-License-Identifier: MIT
"""--wrap: what becomes of what a command links."""
import os
import stat

import pytest
from elf.build import broken, build, healthy
from files import NO_MACHINES, hopeless, malformed, refused, unverified
from need import need
from tool import BAD_FILE, HEALTHY, REFUSED, UNVERIFIED, USAGE, irelfix, names_in
from wrapped import Bench, bench, script

pytestmark = pytest.mark.fast

# How the repair of a file may fail, with its exit status: where the file is known to need it, ...
KNOWN = {"refused": (REFUSED, lambda: build(refused())),
         "unverified": (UNVERIFIED, lambda: build(unverified()))}
# ... and where it is not.
UNKNOWN = {"malformed": (BAD_FILE, malformed), "cannot start": (REFUSED, lambda: build(hopeless()))}
FAILURES = {**KNOWN, **UNKNOWN}


@pytest.fixture
def link(tmp_path) -> Bench:
    return bench(tmp_path)


def test_without_it_the_link_is_broken(link):
    answer = link.wrap("-o", "h", IRELFIX_WRAP="off")
    assert answer.status == HEALTHY, str(answer)
    assert link.written() == link.as_linked != link.repaired


def test_a_broken_output_is_repaired_in_place(link):
    answer = link.wrap("-o", "h")
    assert answer.status == HEALTHY, str(answer)
    assert link.written() == link.repaired != link.as_linked
    assert names_in(link.folder) == {"real", "linked", "h"}
    assert answer.err == "from the linker\nirelfix: h: wide-bounds repaired\n"


def test_arguments_and_output_pass_through(link):
    answer = link.wrap("-o", "h", "", "two words", "*", "-v")
    assert answer.lines == ["-o", "h", "", "two words", "*", "-v"]


def test_the_mode_stays(link):
    link.wrap("-o", "h")
    assert stat.S_IMODE((link.folder / "h").stat().st_mode) == 0o750


def test_options_of_a_repair_go_with_it(link):
    irelfix("--strategy=pad", "--backup=.old", "--wrap", "--", link.linker, "-o", "h",
            cwd=link.folder, env=link.environment("h"))
    padded = link.folder / "padded"
    irelfix("--strategy=pad", link.linked, "-o", padded)
    assert link.written() == padded.read_bytes() != link.repaired
    assert link.written("h.old") == link.as_linked


# ---- left alone ---------------------------------------------------------------------------------

def test_a_healthy_output_is_not_touched(link):
    link.linked.write_bytes(build(healthy()).data)
    os.utime(link.linked, ns=(10**18, 10**18))
    answer = link.wrap("-o", "h")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert link.written() == link.as_linked
    assert (link.folder / "h").stat().st_mtime_ns == 10**18


@pytest.mark.parametrize("content", [b"", b"\x7fEL", b"#!/bin/sh\n", b"MZ" + bytes(200)])
def test_what_is_not_elf_is_left_alone(content, link):
    link.linked.write_bytes(content)
    answer = link.wrap("-o", "h")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert link.written() == content


def test_a_failing_link(link):
    """With what a linker may leave behind, even a broken executable."""
    answer = link.wrap("-o", "h", STATUS="7")
    assert (answer.status, answer.err) == (7, "from the linker\n")
    assert link.written() == link.as_linked


def test_an_output_from_before_is_not_touched(link):
    """A probe succeeds and writes nothing."""
    (link.folder / "h").write_bytes(link.as_linked)
    answer = link.wrap("-o", "h", to="")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert link.written() == link.as_linked


def test_an_output_from_before_that_is_linked_again(link):
    """The same bytes, with the time of a file that was copied."""
    (link.folder / "h").write_bytes(link.as_linked)
    os.utime(link.folder / "h", ns=(10**18, 10**18))
    os.utime(link.linked, ns=(10**18, 10**18))
    link.wrap("-o", "h")
    assert link.written() == link.repaired


def test_an_output_that_is_written_into(link):
    """Not every linker makes a new file."""
    (link.folder / "h").write_bytes(b"old")
    into = script(link.folder / "ld", '#!/bin/sh\ncat "$FROM" >h\n')
    irelfix("--wrap", "--", into, "-o", "h", cwd=link.folder, env=link.environment("h"))
    assert link.written() == link.repaired


@pytest.mark.parametrize("output", ["/dev/null", "-", "missing/h", "real", "fifo"])
def test_no_regular_file_as_output(output, link):
    os.mkfifo(link.folder / "fifo")
    answer = link.wrap("-o", output, to="")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert names_in(link.folder) == {"real", "linked", "fifo"}


@pytest.mark.parametrize("make", ["mkfifo", "mkdir", "ln -s /dev/null", "ln -s nothing"])
def test_something_else_is_made(make, link):
    """A FIFO must not be opened: that waits for a writer."""
    command = script(link.folder / "ld", f"#!/bin/sh\nexec {make} h\n")
    answer = irelfix("--wrap", "--", command, "-o", "h", cwd=link.folder)
    assert (answer.status, answer.err) == (HEALTHY, "")


def test_a_link_to_the_output_is_followed(link):
    (link.folder / "h").symlink_to("target")
    into = script(link.folder / "ld", '#!/bin/sh\ncat "$FROM" >h\n')
    irelfix("--wrap", "--", into, "-o", "h", cwd=link.folder, env=link.environment("h"))
    assert (link.folder / "h").is_symlink()
    assert link.written("target") == link.repaired


# ---- a repair that fails ------------------------------------------------------------------------

def assert_fails(link: Bench, failure: str, *options: str, **environment: str) -> None:
    status, content = FAILURES[failure]
    link.linked.write_bytes(content().data)
    reason = irelfix("-o", "new", link.linked, cwd=link.folder).err.partition("linked: ")[2]
    answer = link.wrap("-o", "h", options=options, **environment)
    assert answer.status == status, str(answer)
    assert f"irelfix: h: {reason}" in answer.err and reason
    assert "irelfix: h: is removed; IRELFIX_WRAP=warn would keep it\n" in answer.err
    assert names_in(link.folder) == {"real", "linked"}


def assert_warns(link: Bench, failure: str, about: str, **environment: str) -> None:
    link.linked.write_bytes(FAILURES[failure][1]().data)
    answer = link.wrap("-o", "h", **environment)
    assert answer.status == HEALTHY, str(answer)
    _, reason, kept = answer.err.splitlines()
    assert reason.startswith("irelfix: h: ")
    assert kept.startswith("irelfix: h: is kept as it is") and about in kept
    assert link.written() == link.as_linked


@pytest.mark.parametrize("failure", KNOWN)
def test_a_failed_repair_fails_the_link(failure, link):
    assert_fails(link, failure)


@pytest.mark.parametrize("failure", UNKNOWN)
def test_what_no_repair_helps_is_not_its_to_take_away(failure, link):
    """It may be no program of a C library at all, but just what was wanted."""
    assert_warns(link, failure, "IRELFIX_WRAP=strict would make the link fail")


@pytest.mark.parametrize("failure", FAILURES)
def test_a_failed_repair_can_be_a_warning(failure, link):
    assert_warns(link, failure, "because of IRELFIX_WRAP=warn", IRELFIX_WRAP="warn")


@pytest.mark.parametrize("failure", FAILURES)
def test_strict_lets_nothing_pass(failure, link):
    assert_fails(link, failure, IRELFIX_WRAP="strict")
    assert_fails(link, failure, "--strict")


def test_what_is_not_examined_is_refused_by_the_option_only(link):
    """Nobody knows that it will not start."""
    link.linked.write_bytes(build(broken(form=NO_MACHINES)).data)
    for policy in ("", "strict"):
        answer = link.wrap("-o", "h", IRELFIX_WRAP=policy)
        assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert link.wrap("-o", "h", options=("--strict",)).status == REFUSED
    assert not (link.folder / "h").exists()


def test_a_warning_is_stronger_than_strict(link):
    link.linked.write_bytes(build(refused()).data)
    assert link.wrap("-o", "h", options=("--strict",), IRELFIX_WRAP="warn").status == HEALTHY


def test_what_is_allowed_to_be_undefined(link):
    link.linked.write_bytes(build(refused()).data)
    answer = link.wrap("-o", "h", options=("--allow-undefined=needed",))
    assert (answer.status, "repaired" in answer.err) == (HEALTHY, True), str(answer)


def test_strict_does_nothing_to_what_is_healthy(link):
    link.linked.write_bytes(build(healthy()).data)
    answer = link.wrap("-o", "h", IRELFIX_WRAP="strict")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")
    assert link.written() == link.as_linked


@pytest.mark.parametrize("policy", ["warn", "strict"])
def test_each_policy_still_repairs(policy, link):
    assert link.wrap("-o", "h", IRELFIX_WRAP=policy).status == HEALTHY
    assert link.written() == link.repaired


def test_off_still_runs_the_command(link):
    answer = link.wrap("-o", "h", IRELFIX_WRAP="off", STATUS="3")
    assert (answer.status, answer.lines) == (3, ["-o", "h"])


def test_an_empty_policy_is_none(link):
    assert link.wrap("-o", "h", IRELFIX_WRAP="").status == HEALTHY
    assert link.written() == link.repaired


def test_an_unknown_policy_runs_nothing(link):
    answer = link.wrap("-o", "h", IRELFIX_WRAP="maybe")
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err == ("irelfix: maybe: is no value of IRELFIX_WRAP, "
                          "which are off, warn, strict\n")
    assert names_in(link.folder) == {"real", "linked"}


def test_a_name_cannot_reach_the_terminal(link):
    link.linked.write_bytes(build(refused()).data)
    answer = link.wrap("-o", "h\x1b[2J", to="h\x1b[2J")
    assert answer.status == REFUSED and "\x1b" not in answer.err


# ---- what is no link -----------------------------------------------------------------------------

def assert_points_to_run(command: str, *arguments: str, folder) -> None:
    answer = irelfix("--wrap", "--", command, *arguments, cwd=folder)
    assert answer.status == HEALTHY, str(answer)
    assert answer.err.startswith(f"irelfix: {command}: is neither a linker nor a compiler driver")
    assert "irelfix --run -- " in answer.err and answer.err.count("\n") == 1


@pytest.mark.parametrize("command", ["true", "sh -c true", "make --version", "ccache --version"])
def test_a_build_is_told_from_a_link(command, tmp_path):
    need(command.split()[0])
    assert_points_to_run(*command.split(), folder=tmp_path)


def test_a_build_that_links_somewhere_is_not_taken_for_wrapped(link):
    """make -C elsewhere: what it has linked is broken."""
    build = script(link.folder / "build", '#!/bin/sh\ncp "$FROM" elsewhere\n')
    answer = irelfix("--wrap", "--", build, cwd=link.folder, env=link.environment("h"))
    assert link.written("elsewhere") == link.as_linked
    assert "irelfix --run -- " in answer.err


def test_an_unknown_command_that_says_what_it_links(tmp_path):
    link = bench(tmp_path, "some-launcher")
    assert link.wrap("-o", "h").err == "from the linker\nirelfix: h: wide-bounds repaired\n"


def test_a_build_that_fails_has_said_enough(tmp_path):
    answer = irelfix("--wrap", "--", "false", cwd=tmp_path)
    assert (answer.status, answer.err) == (1, "")


@pytest.mark.parametrize("name", ["ld", "cc"])
def test_a_link_that_links_nothing_says_nothing(name, tmp_path):
    answer = bench(tmp_path, name).wrap("-o", "h", to="")
    assert (answer.status, answer.err) == (HEALTHY, "from the linker\n")


# ---- usage --------------------------------------------------------------------------------------

@pytest.mark.parametrize("arguments, text", [
    (["--wrap"], "no command is named"),
    (["--wrap", "--"], "no command is named"),
    (["--wrap", "cc", "-o", "h"], "its command stands behind --"),
    (["-i", "--wrap", "--", "cc"], "--wrap goes with"),
    (["-n", "--wrap", "--", "cc"], "--wrap goes with"),
    (["--json", "--wrap", "--", "cc"], "--wrap goes with"),
    (["-j2", "--wrap", "--", "cc"], "--wrap goes with"),
    (["-q", "-v", "--wrap", "--", "cc"], "-q and -v exclude each other"),
])
def test_usage_errors(arguments, text, tmp_path):
    answer = irelfix(*arguments, cwd=tmp_path)
    assert (answer.status, answer.out) == (USAGE, "")
    assert answer.err.startswith("irelfix: ") and text in answer.err


@pytest.mark.parametrize("command, status", [("missing", 127), ("./linked", 126), ("real", 127),
                                             ("./real", 126)])
def test_a_command_that_cannot_be_run(command, status, link):
    link.linked.chmod(0o644)
    for arguments in ([command, "-o", "h"], [command, "-c"]):
        answer = irelfix("--wrap", "--", *arguments, cwd=link.folder,
                         env={"PATH": "/usr/bin:/bin"})  # all of which can be read
        assert answer.status == status, str(answer)
        assert answer.err.startswith(f"irelfix: {command}: cannot run: ")
