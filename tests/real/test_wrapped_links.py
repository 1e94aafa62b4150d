# SPDX-License-Identifier: MIT
"""Links that crash by themselves and run where irelfix is around the linker or the driver."""
import json
import os
import re
import shlex
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Callable

import pytest
from checks import assert_crashes, assert_works, parameters
from lab.base import cached_item, kept, run_tool
from lab.cases import HEALTHY, LOOK_BROKEN, defect_of, is_fast, product
from lab.links import KINDS, Case, link_command
from lab.links import link as linked
from lab.programs import STRAY_LIBRARY, objects
from lab.toolchains import LINKERS, RUST_TARGET, takes_own_linker
from machines import MAJOR
from need import command
from places import PROGRAMS
from tool import BAD_FILE, REFUSED, TOOL

Words = list[str | Path]


@dataclass
class Link:
    """A link command without its output, and what it needs around it."""
    words: Words
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, folder: Path, *output: str, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, **self.environment, **more}
        return subprocess.run([*map(str, self.words), *output], cwd=folder, env=environment,
                              capture_output=True, text=True, timeout=300)


def alias(path: Path) -> Path:
    """A name under which irelfix is called."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.is_symlink():
        path.symlink_to(TOOL.resolve())
    return path


def inputs(case: Case) -> list[str]:
    return [*KINDS[case.kind], *objects(case.program, case.machine, case.kind, ()),
            *case.program.libraries, *case.program.stray]


def gcc(case: Case) -> str:
    return case.machine.tool(case.program.driver)


# ---- every way around a linker or a driver ------------------------------------------------------

def by_option(case: Case, _: Path) -> Link:
    tool = TOOL.resolve()
    return Link([tool, "--wrap", "--", gcc(case), *case.linker.link_flags(), *inputs(case)])


def as_driver(case: Case, folder: Path) -> Link:
    name = alias(folder / "bin" / "irelfix-cc")
    return Link([name, *case.linker.link_flags(), *inputs(case)], {"IRELFIX_CC": gcc(case)})


def as_driver_with_arguments(case: Case, folder: Path) -> Link:
    words = shlex.join([gcc(case), *case.linker.link_flags()])
    return Link([alias(folder / "bin" / "irelfix-c++"), *inputs(case)], {"IRELFIX_CXX": words})


def for_gcc(case: Case, folder: Path) -> Link:
    alias(folder / "bin" / "ld.lld")
    return Link([gcc(case), f"-B{folder / 'bin'}", "-fuse-ld=lld", *inputs(case)],
                {"IRELFIX_LD": str(case.linker.path())})


def for_gcc_as_ld(case: Case, folder: Path) -> Link:
    """Without -fuse-ld gcc looks for ld."""
    alias(folder / "bin" / "ld")
    return Link([gcc(case), "-B", folder / "bin", *inputs(case)],
                {"IRELFIX_LD": str(case.linker.path())})


def for_gcc_by_environment(case: Case, folder: Path) -> Link:
    """The real linker is the next one on the path."""
    path = os.pathsep.join([str(case.linker.path().parent), os.environ["PATH"]])
    alias(folder / "bin" / "ld.lld")
    return Link([gcc(case), "-fuse-ld=lld", *inputs(case)],
                {"COMPILER_PATH": str(folder / "bin"), "PATH": path})


def for_gcc_by_path(case: Case, folder: Path) -> Link:
    alias(folder / "bin" / "ld.lld")
    path = os.pathsep.join(map(str, [folder / "bin", case.linker.path().parent]))
    return Link([gcc(case), "-fuse-ld=lld", *inputs(case)],
                {"PATH": os.pathsep.join([path, os.environ["PATH"]])})


def with_a_generic_lld(case: Case, folder: Path) -> Link:
    """lld itself, which asks argv[0] as which linker it is to work."""
    link = for_gcc(case, folder)
    link.environment["IRELFIX_LD"] = str(case.linker.path().resolve().with_name("lld"))
    return link


def for_gcc_with_a_response_file(case: Case, folder: Path) -> Link:
    """gcc then makes one of its own for the linker, and deletes it."""
    link = for_gcc(case, folder)
    (folder / "rsp").write_text("".join(f'"{word}"\n' for word in [*inputs(case), "-o", "h"]))
    return Link([*link.words[:3], "@rsp"], link.environment)


def for_clang(case: Case, folder: Path) -> Link:
    name = alias(folder / "bin" / "linker" / "ld.lld")
    return Link([command("clang-22"), f"--ld-path={name}", *inputs(case)],
                {"IRELFIX_LD": str(case.linker.path())})


def for_clang_by_folder(case: Case, folder: Path) -> Link:
    alias(folder / "bin" / "ld.lld")
    return Link([command("clang-22"), f"-B{folder / 'bin'}", "-fuse-ld=lld", *inputs(case)],
                {"IRELFIX_LD": str(case.linker.path())})


def both(case: Case, folder: Path) -> Link:
    inner = for_gcc(case, folder)
    return Link([TOOL.resolve(), "--wrap", "--", *inner.words],
                inner.environment)


WAYS: list[Callable[[Case, Path], Link]] = [
    by_option, as_driver, as_driver_with_arguments, for_gcc, for_gcc_as_ld,
    for_gcc_by_environment, for_gcc_by_path, with_a_generic_lld, for_gcc_with_a_response_file,
    for_clang, for_clang_by_folder, both,
]
CASES = [
    *product(("weak",), MAJOR, ("lld-19", "lld-22"), ("2.36",), ("default",)),
    *product(("weak",), ("x86-64",), ("lld-22",), ("2.36",), ("default",), ("static-pie",)),
    *product(("threads",), ("x86-64",), ("lld-22",), ("2.36",), ("default",)),
]
(CASE,) = product(("weak",), ("x86-64",), ("lld-22",), ("2.36",), ("default",))
PAIRS = [*((way, CASE) for way in WAYS), *((way, c) for way in (by_option, for_gcc) for c in CASES)]


def assert_succeeded(result: subprocess.CompletedProcess[str], *lines: str) -> None:
    """And irelfix has said just these lines; other tools name it where a folder is called so."""
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.findall("^irelfix: .*$", result.stderr, re.M) == [*lines], result.stderr


def repaired(case: Case, name: str = "h") -> str:
    return f"irelfix: {name}: {defect_of(case)} repaired"


def assert_crashes_without_and_runs_with(link: Link, case: Case, folder: Path,
                                         is_heard: bool = True) -> None:
    assert_succeeded(link.run(folder, "-o", "h", IRELFIX_WRAP="off"))
    assert_crashes(folder / "h", case)
    result = link.run(folder, "-o", "h", IRELFIX_LOG=str(folder / "log"))
    assert_succeeded(result, *[repaired(case)] * is_heard)
    assert [found["class"] for found in logged(folder) if found["verdict"] == "repaired"] == [
        defect_of(case)]
    assert_works(folder / "h", case)


def logged(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "log").read_text().splitlines()]


@pytest.mark.parametrize("way, case", [
    pytest.param(way, case, id=f"{way.__name__}-{case}",
                 marks=pytest.mark.fast if case == CASE else ())
    for way, case in dict.fromkeys(PAIRS)])
def test_crashes_without_and_runs_with(way, case, folder):
    assert_crashes_without_and_runs_with(way(case, folder), case, folder)


# ---- proofs -------------------------------------------------------------------------------------

def proving(case: Case, models: str = "") -> Link:
    words = [TOOL.resolve(), "--prove" + models, "--wrap", "--"]
    newest = str(cached_item("qemu") / "usr" / "bin" / case.machine.emulator)
    return Link([*words, gcc(case), *case.linker.link_flags(), *inputs(case)],
                {case.machine.emulator_variable: newest})


@pytest.mark.parametrize("machine", MAJOR.values(), ids=str)
def test_a_repair_is_proved(machine, folder):
    (case,) = product(("weak",), (machine.name,), ("lld-22",), ("2.36",), ("default",))
    count = len(machine.models)
    result = proving(case).run(folder, "-o", "h")
    assert_succeeded(result, f"{repaired(case)}, startup proved on {count} of {count} models")
    assert_works(folder / "h", case)


@pytest.mark.parametrize("case", [case for case in HEALTHY if is_fast(case)], ids=str)
def test_what_is_healthy_is_proved_as_well(case, folder):
    link = Link([TOOL.resolve(), "--prove=max", "--wrap", "--", *link_command(case)])
    assert_succeeded(link.run(folder, "-o", "h"),
                     "irelfix: h: healthy, startup proved on 1 of 1 models")


@pytest.mark.fast
def test_a_proof_that_cannot_be_had_fails_the_link(folder):
    """It was asked for."""
    result = proving(CASE, "=no-such-processor").run(folder, "-o", "h")
    assert result.returncode == BAD_FILE and "no-such-processor" in result.stderr
    assert not (folder / "h").exists()


@pytest.mark.fast
def test_a_dynamic_program_has_no_startup_to_prove(folder):
    link = Link([TOOL.resolve(), "--prove", "--wrap", "--", "gcc", PROGRAMS / "weak.c"])
    assert_succeeded(link.run(folder, "-o", "h"))


# ---- where the real tools write -----------------------------------------------------------------

@pytest.mark.parametrize("way", [by_option, for_gcc], ids=lambda way: way.__name__)
@pytest.mark.parametrize("to, output", [
    ("h", "-oh"), ("h", "--output=h"), ("h", "--output h"), ("=h", "-o=h"),
    ("utput=h", "-output=h"), ("last", "-o first -olast"), ("a.out", ""),
    ("h", "-o first -Wl,-oh"), ("h", "-Wl,--output=h -o last"), ("h", "-Xlinker -o -Xlinker h"),
    ("h", "-o h -Wl,-mllvm,-opt-bisect-limit=-1"), ("h", "-o h -Wl,-v"),
])
def test_the_file_that_was_written_is_repaired(to, output, way, folder):
    result = way(CASE, folder).run(folder, *output.split())
    assert result.returncode == 0, result.stderr
    assert {p.name for p in folder.iterdir()} <= {to, "bin"}
    assert_works(folder / to, CASE)


def linker_command(case: Case, folder: Path) -> list[str]:
    """What gcc would call the linker with, without an output."""
    printed = subprocess.run([gcc(case), "-###", *case.linker.link_flags(), *inputs(case)],
                             capture_output=True, text=True, check=True, cwd=folder).stderr
    words = [word for line in printed.splitlines() if "collect2" in line
             for word in shlex.split(line)]
    return [str(case.linker.path()),
            *(w for w in words[1:] if "plugin" not in w and not w.startswith("-fuse-ld")
              and not w.endswith(".so"))]


@pytest.mark.parametrize("quoting, text", [
    ("posix", '-o "two words"'), ("posix", "-o it\\'s"), ("posix", "'-oa\"b'"),
    ("posix", "-o 'a\\\\b'"), ("posix", "-o a\\b"), ("posix", "-o first\n@inner"),
    ("posix", '-o un"closed'), ("posix", '-o ""h""'), ("posix", "-o h\\"),
    ("windows", '-o "two words"'), ("windows", "-o it's"), ("windows", '-o a\\"b'),
    ("windows", '-o "a\\\\"'), ("windows", "-o a\\b"), ("windows", '-o "a""b"'),
    ("windows", '-o a\\\\\\"b'), ("windows", "-o first\r\n@inner"),
])
def test_quoting_is_that_of_lld(quoting, text, folder):
    """Whatever file lld writes, it is the one that is repaired."""
    (folder / "inner").write_text('"-oin ner"')
    (folder / "outer").write_text(text, newline="")
    before = set(folder.iterdir())
    link = Link([TOOL.resolve(), "--wrap", "--", *linker_command(CASE, folder),
                 "--rsp-quoting", quoting, "@outer"])
    result = link.run(folder)
    (written,) = set(folder.iterdir()) - before
    assert_succeeded(result, repaired(CASE, written.name))
    assert_works(written, CASE)


# ---- Rust ---------------------------------------------------------------------------------------

STRAY = [f"-Clink-arg={word}" for word in STRAY_LIBRARY]
MODELS = {"exec": "static", "static-pie": "pie"}


def rustc_words(rustc: Words, kind: str) -> Words:
    return [*rustc, "-O", "-Ctarget-feature=+crt-static", f"-Crelocation-model={MODELS[kind]}",
            *STRAY, PROGRAMS / "hello.rs"]


def rustc_with_lld() -> Path:
    """This machine's, or else the fetched one with LLD 22 where rustup's have theirs."""
    rustc, top = shutil.which("rustc"), cached_item("rust") / "usr"
    if rustc and takes_own_linker(rustc):
        return Path(rustc)
    script = f"""#!/bin/sh
case $* in
*link-self-contained*) ;;
*) set -- -Zunstable-options -Clinker-features=+lld -Clink-self-contained=+linker "$@" ;;
esac
top={shlex.quote(str(top))}
RUSTC_BOOTSTRAP=1 LD_LIBRARY_PATH=$top/lib/x86_64-linux-gnu \\
    exec "$top/bin/rustc" --sysroot "${{0%/*}}/sysroot" "$@"
"""

    def make(out: Path) -> None:
        bin_ = out / "sysroot/lib/rustlib" / RUST_TARGET / "bin/gcc-ld"
        out.mkdir()
        run_tool(["cp", "-rs", top, out / "sysroot"])
        bin_.mkdir(parents=True)
        (bin_ / "ld.lld").symlink_to(LINKERS["lld-22"].path())
        (out / "rustc").write_text(script)
        (out / "rustc").chmod(0o755)

    return kept("rustc-with-lld", [script, (top.parent / ".packages").read_text()], make) / "rustc"


def fetched_rustc(kind: str, folder: Path) -> Link:
    """Debian's, which links with what its driver takes."""
    top = cached_item("rust") / "usr"
    words = [top / "bin" / "rustc", "--sysroot", top,
             f"-Clinker={alias(folder / 'bin' / 'irelfix-cc')}"]
    return Link(rustc_words(words, kind),
                {"IRELFIX_CC": shlex.join(["gcc", *CASE.linker.link_flags()]),
                 "LD_LIBRARY_PATH": str(top / "lib" / "x86_64-linux-gnu")})


def rustc_with_its_lld(kind: str, folder: Path) -> Link:
    name = alias(folder / "bin" / "irelfix-cc")
    return Link(rustc_words([rustc_with_lld(), f"-Clinker={name}"], kind))


def rustc_with_an_alias(kind: str, folder: Path) -> Link:
    """No other ld.lld on the path: the one that comes with rustc is taken."""
    rustc = rustc_with_lld()
    alias(folder / "bin" / "ld.lld")
    (folder / "tools").mkdir(exist_ok=True)
    for tool in ("cc", "as", "sh"):
        if not (folder / "tools" / tool).is_symlink():
            (folder / "tools" / tool).symlink_to(command(tool))
    path = os.pathsep.join([str(folder / "tools"), str(rustc.parent)])
    words = rustc_words([rustc, "-Clink-self-contained=-linker",
                         f"-Clink-arg=-B{folder / 'bin'}", "-Clink-arg=-fuse-ld=lld"], kind)
    return Link(words, {"PATH": path})


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("way", [fetched_rustc, rustc_with_its_lld, rustc_with_an_alias],
                         ids=lambda way: way.__name__)
def test_rust(way, kind, folder):
    """rustc shows nothing that a linker says as long as it succeeds."""
    (case,) = product(("rust",), ("x86-64",), ("lld-22",), ("2.36",), ("default",), (kind,))
    assert_crashes_without_and_runs_with(way(kind, folder), case, folder, is_heard=False)


# ---- left alone ---------------------------------------------------------------------------------

def bytes_of(link: Link, folder: Path, *words: str, **more: str) -> bytes | None:
    """What the link writes; its exit status must be 0."""
    (folder / "h").unlink(missing_ok=True)
    result = Link([*link.words, *words], link.environment).run(folder, "-o", "h", **more)
    assert_succeeded(result)
    return (folder / "h").read_bytes() if (folder / "h").exists() else None


@pytest.mark.parametrize("words", [
    ["-pie"], ["-no-pie"], ["-shared"], ["-r"], ["-static", "-no-pie"], ["-static-pie"], ["-c"],
    ["-S"], ["-E"], ["-fsyntax-only"], ["-static", "-Wl,--version"],
    ["-static", "-Wl,-z,norelro,--oformat=binary"],
], ids=" ".join)
@pytest.mark.parametrize("way", [by_option, for_gcc], ids=lambda way: way.__name__)
def test_what_needs_nothing_is_what_the_linker_wrote(way, words, folder):
    """Byte for byte, among them healthy static executables."""
    link = way(CASE, folder)
    link.words = [w for w in link.words if w not in inputs(CASE)]
    words = [*words, "-fPIC", str(PROGRAMS / "weak.c")]
    plain = bytes_of(link, folder, *words, IRELFIX_WRAP="off")
    assert bytes_of(link, folder, *words) == plain


@pytest.mark.parametrize("case", parameters([*HEALTHY, *LOOK_BROKEN]))
def test_a_healthy_control_is_what_its_linker_wrote(case, folder):
    """Each of the matrix: not even strict fails, removes or changes it."""
    link = Link([TOOL.resolve(), "--wrap", "--", *link_command(case)])
    assert_succeeded(link.run(folder, "-o", "h", IRELFIX_WRAP="strict",
                              IRELFIX_LOG=str(folder / "log")))
    assert [found["verdict"] for found in logged(folder)] == ["healthy"]
    assert (folder / "h").read_bytes() == linked(case).read_bytes()


@pytest.mark.parametrize("way", [by_option, for_gcc, as_driver], ids=lambda way: way.__name__)
def test_the_linkers_errors_pass_through(way, folder):
    link = way(CASE, folder)
    link.words.append("-Wl,--no-such-option")
    plain = link.run(folder, "-o", "h", IRELFIX_WRAP="off")
    wrapped = link.run(folder, "-o", "h")
    assert plain.returncode == wrapped.returncode != 0
    assert "no-such-option" in wrapped.stderr and wrapped.stdout == plain.stdout
    assert not (folder / "h").exists()


@pytest.mark.parametrize("way", [by_option, for_gcc, as_driver], ids=lambda way: way.__name__)
def test_a_refusal_fails_the_link(way, folder):
    """The program calls a function that only the shared library has."""
    (case,) = product(("bound",), ("x86-64",), ("lld-22",), ("2.36",), ("default",))
    result = way(case, folder).run(folder, "-o", "h")
    assert result.returncode == (1 if way is for_gcc else REFUSED), result.stderr
    assert "irelfix: h: wide-bounds: refused: " in result.stderr and "sin" in result.stderr
    assert not (folder / "h").exists()
    warned = way(case, folder).run(folder, "-o", "h", IRELFIX_WRAP="warn")
    assert warned.returncode == 0 and "refused: " in warned.stderr
    assert_crashes(folder / "h", case)
