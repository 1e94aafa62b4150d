# SPDX-License-Identifier: MIT
"""
scripts/matrix [-o FILE] [-j N] [--sample]

Links one program in every combination of linker, C library, machine, kind and option, with and
without a shared library on the line, stripped and not; asks irelfix about each, runs it before and
after, and counts the outcomes per class and machine. Writes docs/COVERAGE.md. Exits 1 if any
outcome is not the expected one. --sample takes every option and kind with each linker that has the
defect once, machines and C libraries in turn.

What is expected of a file follows from how it runs, not from what irelfix says of it:
  it works                                             healthy, passes through byte for byte
  it fails, and so does the same link without library  refused or cannot start, or repaired and works
  it fails                                             repaired and works; or refused or cannot start
                                                       where the program needs what no repair gives
                                                       (is_repairable)
A file that fails and is called healthy is always wrong.
"""
import argparse
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from lab.links import OPTIONS, Case, Option, is_possible, link_command
from lab.programs import PROGRAM_ROWS
from lab.runs import run
from lab.toolchains import LIBCS, LINKERS
from machines import MACHINES
from need import Missing
from places import BUILD, ROOT
from tool import irelfix

LINKER_NAMES = ("lld-17", "lld-18", "lld-19", "lld-21", "lld-22", "lld-23", "lld-24")
KINDS = ("exec", "static-pie")
SAMPLED_LINKERS, SAMPLED_LIBCS = ("lld-19", "lld-22"), ("2.36", "2.41")
# entries in the other form; what only the library defines, called directly; entries packed where
# glibc does not look; program headers that are not loaded, without which an emulator starts a program
# and Linux does not
UNREPAIRABLE = {("rel", "exec"), ("rel", "static-pie"), ("rela", "exec"),
                ("rela", "static-pie"), ("no-pic", "exec"), ("no-pic", "static-pie"),
                ("android", "static-pie"), ("android-relr", "static-pie"),
                ("omagic", "static-pie")}

# The legend of options beyond those of the tests.
MORE_OPTIONS = (
    Option("no-pic", cflags=("-fno-pie",)),
    Option("rel", ("-Wl,-z,rel",)),
    Option("rela", ("-Wl,-z,rela",)),
    Option("android", ("-Wl,--pack-dyn-relocs=android",)),
    Option("android-relr", ("-Wl,--pack-dyn-relocs=android+relr",)),
    Option("relr", ("-Wl,--pack-dyn-relocs=relr",)),
    Option("O2", ("-Wl,-O2",)),
    Option("image-base-high", ("-Wl,--image-base=0x5500000000",)),
    Option("separate-loadable", ("-Wl,-z,separate-loadable-segments",)),
    Option("separate-code", ("-Wl,-z,separate-code",)),
    Option("omagic", ("-Wl,-N",)),
    Option("no-relro", ("-Wl,-z,norelro",)),
    Option("now", ("-Wl,-z,now",)),
    Option("shuffle-sections", ("-Wl,--shuffle-sections=*=42",)),
    Option("hash-gnu", ("-Wl,--hash-style=gnu",)),
    Option("export-dynamic", ("-Wl,--export-dynamic",)),
    Option("no-combreloc", ("-Wl,-z,nocombreloc",)),
    Option("no-eh-frame-hdr", ("-Wl,--no-eh-frame-hdr",)),
)
ALL_OPTIONS = (*(o for o in OPTIONS.values() if o.in_matrix and not (o.extra_text or o.edit)),
               *MORE_OPTIONS)


@dataclass(frozen=True)
class Row:
    """One judged file."""
    case: Case
    stripped: bool
    failure_class: str
    outcome: str
    expected: bool
    note: str = ""


def works(path: Path, case: Case) -> bool:
    try:
        outcome = run(path, case.machine, cpu_limit=3)  # s390x's -z rel loops
    except (subprocess.TimeoutExpired, OSError):
        return False
    return outcome.status == 0 and outcome.output == case.program.expected_output()


def linked(case: Case, folder: Path) -> Path | None:
    """None where the linker itself refuses: then there is nothing to judge."""
    out = folder / ("with" if case.stray_library else "without")
    argv = [*map(str, link_command(case)), "-o", str(out)]
    if subprocess.run(argv, capture_output=True, cwd=folder).returncode != 0:
        return None
    if case.option.edit is not None:
        case.option.edit(out)
    return out


def is_repairable(case: Case) -> bool:
    if case.option.name.startswith("image-base") and case.kind == "static-pie":
        return tuple(map(int, case.libc.version.split("."))) >= (2, 40)
    return (case.option.name, case.kind) not in UNREPAIRABLE


def only_emulators_start(case: Case) -> bool:
    """Linux passes no address of headers that are not loaded; qemu passes one all the same."""
    return (case.option.name, case.kind) == ("omagic", "static-pie") and not case.machine.is_native


def starts_by_luck(case: Case) -> bool:
    """
    LLD 19 and 21 enter these resolvers at their second instruction. After 21 the first one only
    loads the address of what the processor can do, and the register has another address.
    """
    return (case.machine.name, case.libc.version) == ("loongarch64", "2.41") and \
        case.linker.name in ("lld-19", "lld-21")


def judge(path: Path, case: Case, stripped: bool, control_works: bool, folder: Path) -> Row:
    fixed = folder / "fixed"
    fixed.unlink(missing_ok=True)
    before = works(path, case)
    answer = irelfix("--json", path, "-o", fixed)
    report = answer.object
    failure_class = report["class"] or "none"
    verdict = report["verdict"]

    def row(outcome: str, expected: bool) -> Row:
        return Row(case, stripped, failure_class, outcome, expected, report["message"])

    if starts_by_luck(case):
        return row(verdict, verdict in ("refused", "cannot start"))
    if verdict == "repaired" and (not before or failure_class == "biased-weak"):
        after = works(fixed, case)
        return row("repaired" if after else "repaired but fails", after)
    if before and not (verdict == "cannot start" and only_emulators_start(case)):
        same = verdict == "healthy" and fixed.read_bytes() == path.read_bytes()
        return row("healthy" if same else f"works, but {verdict}", same)
    if verdict in ("refused", "cannot start"):
        return row(verdict, not control_works or not is_repairable(case))
    return row("missed" if verdict == "healthy" else verdict, False)


def strip(path: Path, out: Path) -> bool:
    return subprocess.run(["llvm-strip-22", path, "-o", out], capture_output=True).returncode == 0


def judge_case(case: Case) -> list[Row]:
    """The file as linked and stripped, with the library and without."""
    rows = []
    try:
        with tempfile.TemporaryDirectory(dir=BUILD) as name:
            folder = Path(name)
            control = replace(case, stray_library=False)
            paths = {c: linked(c, folder) for c in (control, case)}
            control_works = paths[control] is not None and works(paths[control], control)
            for one, path in paths.items():
                if path is None:
                    continue
                rows.append(judge(path, one, False, control_works, folder))
                if strip(path, folder / "stripped"):
                    rows.append(judge(folder / "stripped", one, True, control_works, folder))
    except Missing as missing:
        print(f"matrix: {case}: {missing}", file=sys.stderr)
        raise
    return rows


def all_cases() -> list[Case]:
    cases = [Case(PROGRAM_ROWS["weak"], MACHINES[m], LINKERS[l], LIBCS[c], o, k)
             for m in MACHINES for l in LINKER_NAMES for c in LIBCS for o in ALL_OPTIONS
             for k in KINDS]
    return [case for case in cases if is_possible(case)]


# What has each class, wherever a machine has it; and entries that nobody unpacks, nor has to.
OF_A_CLASS = {("default", "exec", "lld-22", "2.41"), ("default", "static-pie", "lld-22", "2.41"),
              ("android", "exec", "lld-19", "2.41"),
              ("android-relr", "static-pie", "lld-22", "2.41")}


def rotated(groups: dict[tuple, list[Case]]) -> list[Case]:
    """One of each group, another one each time."""
    return [group[(i + i // 2) % len(group)] for i, group in enumerate(groups.values())]


def sample(cases: list[Case]) -> list[Case]:
    """Every class and option of every machine, and every option by each linker."""
    by_linker: dict[tuple, list[Case]] = {}
    by_machine: dict[tuple, list[Case]] = {}
    chosen = []
    for case in cases:
        if case.linker.name not in SAMPLED_LINKERS or case.libc.version not in SAMPLED_LIBCS:
            continue
        option, kind, linker = case.option.name, case.kind, case.linker.name
        by_linker.setdefault((option, kind, linker), []).append(case)
        by_machine.setdefault((option, case.machine.name), []).append(case)
        if (option, kind, linker, case.libc.version) in OF_A_CLASS:
            chosen.append(case)
    return list(dict.fromkeys([*rotated(by_linker), *rotated(by_machine), *chosen]))


OUTCOMES = ("healthy", "repaired", "refused", "cannot start")


def table(rows: list[Row], heads: tuple[str, ...], key) -> str:
    counts = Counter((key(r), r.outcome) for r in rows)
    lines = ["| " + " | ".join((*heads, *OUTCOMES)) + " |",
             "|" + "---|" * (len(heads) + len(OUTCOMES))]
    for group in sorted({key(r) for r in rows}):
        numbers = [str(counts[group, o] or "·") for o in OUTCOMES]
        lines.append("| " + " | ".join((*group, *numbers)) + " |")
    return "\n".join(lines)


def versions(rows: list[Row]) -> str:
    machine = MACHINES["x86-64"]
    linkers = {r.case.linker.name: r.case.linker for r in rows}
    lines = [f"- {name}: {linkers[name].identity().splitlines()[0]}" for name in sorted(linkers)]
    for version, libc in sorted({r.case.libc.version: r.case.libc for r in rows}.items()):
        lines.append(f"- glibc {version}: {libc.package_version(machine)}")
    return "\n".join(lines)


def document(rows: list[Row]) -> str:
    wrong = [r for r in rows if not r.expected]
    return f"""# Coverage

Written by `scripts/matrix`: every combination of linker, C library, machine, kind (ET_EXEC,
static-PIE) and {len(ALL_OPTIONS)} options, each linked with and without a shared library on the
line, as linked and stripped. Each file was run before and after. Combinations that the linker
itself rejects are left out. **{len(rows)} files, {len(wrong)} wrong outcomes.**

*healthy*: it works and passes through byte for byte. *repaired*: it failed and works now.
*refused*: it fails, is of one of the classes, and no repair would be enough; exit 4, with the reason.
*cannot start*: it fails of something else, which is named, with exit 4. A file that fails and is
called healthy, and one that works and is not, is a wrong outcome. One exception: LLD 19 and 21 enter
the resolvers of glibc 2.41 for loongarch64 at their second instruction, and what LLD 21 links so starts
by luck; *refused* and *cannot start* are right there.

## Per class and machine

{table(rows, ("class", "machine"), lambda r: (r.failure_class, r.case.machine.name))}

## Per linker, C library and kind

{table(rows, ("linker", "glibc", "kind"),
       lambda r: (r.case.linker.name, r.case.libc.version, r.case.kind))}

## Per option

{table(rows, ("option",), lambda r: (r.case.option.name,))}

## Versions

{versions(rows)}
"""


def main() -> int:
    parser = argparse.ArgumentParser(description="judges every combination, writes COVERAGE.md")
    parser.add_argument("-o", default=ROOT / "docs/COVERAGE.md", type=Path)
    parser.add_argument("-j", default=2, type=int)
    parser.add_argument("--sample", action="store_true")
    options = parser.parse_args()
    cases = sample(all_cases()) if options.sample else all_cases()
    rows: list[Row] = []
    with ThreadPoolExecutor(options.j) as pool:
        for done, some in enumerate(pool.map(judge_case, cases), 1):
            rows += some
            for row in some:
                if not row.expected:
                    print(f"WRONG {row.case} stripped={row.stripped} {row.failure_class} "
                          f"{row.outcome}: {row.note}")
            if done % 50 == 0:
                print(f"{done} of {len(cases)} links", file=sys.stderr)
    options.o.write_text(document(rows))
    wrong = sum(not r.expected for r in rows)
    print(f"{len(rows)} files, {wrong} wrong outcomes")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
