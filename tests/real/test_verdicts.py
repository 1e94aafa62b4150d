# SPDX-License-Identifier: MIT
"""
One verdict a file, whatever it dies of. Each row is linked by the real tools as its user did, is seen
to run or to die, and then asked about. What is repairable runs after the repair.
"""
import os
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from checks import assert_only_announced_bytes_changed
from lab.base import cached_item
from lab.toolchains import LIBCS, LINKERS
from machines import X86_64
from need import need, need_file
from tool import HEALTHY, REFUSED, irelfix

HERE = Path(__file__).parent / "verdicts"
SO = "-Wl,--push-state,--no-as-needed,-Bdynamic -l:libm.so.6 -Wl,--pop-state"
LONE = "-Wl,--push-state,--no-as-needed,-Bdynamic -L. -llone -Wl,--pop-state"
INTERP = "-Wl,--dynamic-linker=/lib64/ld-linux-x86-64.so.2"
EXEC, PIE = "-static -no-pie -fno-pie", "-static-pie -fPIE"


@dataclass(frozen=True)
class Row:
    """How it is made, in a folder of its own, from the programs of verdicts/."""
    name: str
    command: str  # {lld} etc. are filled in; several lines are several commands
    verdict: str
    detail: str  # the class of what is repaired or refused, else the reason; "" for none
    text: str = ""  # part of the message
    runs: bool = False  # as it was made
    needs: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def gcc(rest: str) -> str:
    return f"gcc -O2 {rest} -o out"


def lld(rest: str, version: int = 22) -> str:
    return gcc(f"{{lld-{version}}} {rest}")


def start(crt1: str, which: str, folder: str = "{usr}/") -> str:
    """args.c with this start file instead of the driver's choice."""
    return (f"-nostartfiles {folder}{crt1} {folder}crti.o {{crt}}/crtbegin{which}.o args.c "
            f"{{crt}}/crtend.o {folder}crtn.o")


ROWS = (
    # a static program that names a dynamic linker
    Row("interp", lld(f"{EXEC} args.c {INTERP}"), "broken", "static-interp", "ld-linux-x86-64.so.2"),
    Row("interp-and-library", lld(f"{EXEC} args.c {INTERP} {SO}"), "broken", "wide-bounds",
        "names a dynamic linker"),
    Row("interp-pie", lld(f"{PIE} args.c {INTERP}"), "broken", "static-interp"),
    Row("interp-pie-and-library", lld(f"{PIE} args.c {INTERP} {SO}"), "broken", "biased-weak",
        "names a dynamic linker"),
    Row("interp-mold", gcc(f"-fuse-ld=mold {EXEC} args.c {INTERP}"), "broken", "static-interp",
        needs=("mold",)),
    Row("interp-gnu-ld", gcc(f"{EXEC} args.c {INTERP}"), "healthy", "", runs=True),
    Row("interp-musl", "musl-gcc -O2 -static {lld-22} args.c -o out", "broken", "static-interp",
        "ld-musl", needs=("musl-gcc",)),
    Row("libc.a-in-a-dynamic-link", "mkdir only\nln -s {libc.a} {libm.a} only\n"
        + lld("-no-pie -fno-pie args.c -L only"), "refused", "wide-bounds", "is undefined and not weak"),
    Row("libc.a-in-a-dynamic-pie", "mkdir only\nln -s {libc.a} {libm.a} only\n"
        + gcc("-pie -fPIE args.c -L only"), "refused", "biased-weak", "names a dynamic linker"),
    Row("dynamic", gcc("args.c"), "not concerned", "", "dynamically linked", runs=True),
    Row("dynamic-without-libraries", "gcc -O2 -shared -nostdlib -fPIC lone.c -o out",
        "not concerned", "", "a shared library"),

    # what only a shared library has
    Row("mold-undefined", gcc(f"-fuse-ld=mold {EXEC} strong.c liblone.so"), "cannot start",
        "undefined-symbol", "`lone' is undefined and not weak", needs=("mold",)),
    Row("mold-unused", gcc(f"-fuse-ld=mold {EXEC} args.c liblone.so"), "healthy", "", runs=True,
        needs=("mold",)),
    Row("mold-undefined-and-needed", gcc(f"-fuse-ld=mold {EXEC} strong.c {LONE}"), "refused",
        "lost-irelative", "`lone', which is undefined and not weak", needs=("mold",)),
    Row("mold-needed", gcc(f"-fuse-ld=mold {EXEC} args.c {LONE}"), "broken", "lost-irelative",
        needs=("mold",)),
    Row("undefined", lld(f"{EXEC} strong.c {LONE}"), "refused", "wide-bounds",
        "instead of liblone.so (in Rust: kind = \"static\")"),
    Row("canonical-plt", "clang-22 -O2 -fno-pie -c weak.c -o weak.o\n" + lld(f"{EXEC} weak.o {LONE}"),
        "refused", "wide-bounds", "address in the code is that of a PLT entry"),
    Row("canonical-plt-right-bounds", "clang-22 -O2 -fno-pie -c weak.c -o weak.o\n"
        + lld(f"{EXEC} weak.o {LONE}", 18), "cannot start", "canonical-plt", "`lone'"),
    Row("weak-pic", "clang-22 -O2 -fPIE -c weak.c -o weak.o\n" + lld(f"{EXEC} weak.o {LONE}"),
        "broken", "wide-bounds"),

    # packed relocations
    Row("packed-weak-only", lld(f"{PIE} args.c -Wl,--pack-dyn-relocs=android+relr {SO}"), "healthy", "",
        runs=True),
    Row("packed", lld(f"{PIE} args.c -Wl,--pack-dyn-relocs=android"), "cannot start", "packed"),
    Row("packed-and-library", lld(f"{PIE} args.c -Wl,--pack-dyn-relocs=android {SO}"), "cannot start",
        "packed"),

    # options of the link, with and without a shared library
    Row("rpath", gcc(f"{PIE} args.c -Wl,-rpath,/opt/lib"), "cannot start", "rpath", "without -rpath"),
    Row("rpath-lld", lld(f"{PIE} args.c -Wl,-rpath,/opt/lib"), "cannot start", "rpath"),
    Row("rpath-library", lld(f"{PIE} args.c -Wl,-rpath,/opt/lib {SO}"), "refused", "biased-weak",
        "asserts not to be there"),
    Row("rpath-exec", lld(f"{EXEC} args.c -Wl,-rpath,/opt/lib {SO}"), "broken", "wide-bounds"),
    Row("no-relax", gcc(f"{PIE} args.c -Wl,--no-relax"), "cannot start", "unrelocated",
        "without --no-relax"),
    Row("no-relax-lld", lld(f"{PIE} args.c -Wl,--no-relax"), "cannot start", "unrelocated"),
    Row("no-relax-library", lld(f"{PIE} args.c -Wl,--no-relax {SO}"), "refused", "biased-weak",
        "before it is relocated"),
    Row("no-relax-exec", lld(f"{EXEC} args.c -Wl,--no-relax {SO}"), "broken", "wide-bounds"),
    Row("rel", lld(f"{EXEC} args.c -Wl,-z,rel"), "refused", "lost-irelative", "REL form"),
    Row("nmagic", lld(f"{EXEC} args.c -Wl,-n"), "cannot start", "pages", "share the page"),
    Row("nmagic-library", lld(f"{EXEC} args.c -Wl,-n {SO}"), "refused", "wide-bounds", "share the page"),
    Row("image-base", lld(f"{PIE} args.c -Wl,--image-base=0x50000"), "cannot start", "image-base"),
    Row("image-base-library", lld(f"{PIE} args.c -Wl,--image-base=0x50000 {SO}"), "refused",
        "biased-weak", "an image base of 0x50000"),
    Row("image-base-2.41", lld(f"{PIE} args.c -Wl,--image-base=0x50000 {{glibc-2.41}}"), "healthy", "",
        runs=True),
    Row("image-base-2.41-library", lld(f"{PIE} args.c -Wl,--image-base=0x50000 {{glibc-2.41}} {SO}"),
        "broken", "biased-weak"),
    Row("crt1-in-a-pie", lld(f"{PIE} {start('crt1.o', 'S')}"), "cannot start", "start-file",
        "whose startup does not relocate it"),
    Row("crt1-in-a-pie-gnu-ld", gcc(f"{PIE} {start('crt1.o', 'S')}"), "cannot start", "start-file"),
    Row("Scrt1-in-a-pie", lld(f"{PIE} {start('Scrt1.o', 'S')}"), "healthy", "", runs=True),
    Row("rcrt1-in-an-exec", lld(f"{EXEC} -Wl,--defsym=_DYNAMIC=0 {start('rcrt1.o', 'T')}"),
        "cannot start", "start-file", "whose startup relocates it"),
    Row("rcrt1-in-an-exec-and-library", lld(f"{EXEC} {start('rcrt1.o', 'T')} {SO}"), "refused",
        "wide-bounds", "whose startup relocates it"),
    Row("rcrt1-in-an-exec-2.41", lld(f"{EXEC} {start('rcrt1.o', 'T', '{usr-2.41}/')} {{glibc-2.41}} {SO}"),
        "broken", "wide-bounds"),

    # linker scripts of one's own
    Row("headers-not-loaded", lld(f"{EXEC} args.c -Wl,-T,headers.ld"), "cannot start", "headers",
        "in no page of a PT_LOAD"),
    Row("headers-not-loaded-library", lld(f"{EXEC} args.c -Wl,-T,headers.ld {SO}"), "refused",
        "wide-bounds", "in no page of a PT_LOAD"),
    Row("pages-shared", lld(f"{EXEC} args.c -Wl,-T,pages.ld"), "healthy", "", runs=True),
    Row("pages-shared-library", lld(f"{EXEC} args.c -Wl,-T,pages.ld {SO}"), "broken", "wide-bounds"),
    Row("text-beside-the-headers", lld(f"{EXEC} args.c -Wl,-Ttext=0x200400 {SO}"), "broken",
        "wide-bounds"),
    Row("data-beside-the-headers", lld(f"{EXEC} args.c -Wl,-Tdata=0x200800 {SO}"), "broken",
        "wide-bounds"),

    # tools that came afterwards
    Row("patchelf-grew-dynamic", gcc(f"{PIE} args.c") + "\npatchelf --add-needed libm.so.6 out",
        "cannot start", "moved-dynamic", "but startup looks for it at", needs=("patchelf",)),
    Row("patchelf-and-library", lld(f"{PIE} args.c {SO}") + "\npatchelf --add-needed libz.so.1 out",
        "refused", "biased-weak", "PT_DYNAMIC is at 0x", needs=("patchelf",)),
    Row("patchelf-exec", lld(f"{EXEC} args.c {SO}") + "\npatchelf --add-needed libz.so.1 out",
        "broken", "wide-bounds", needs=("patchelf",)),
    Row("upx", lld(f"{EXEC} args.c {SO}") + "\n{upx} -q out", "not examined", "packed-program",
        "upx -d"),
    Row("upx-pie", lld(f"{PIE} args.c {SO}") + "\n{upx} -q out", "not examined", "packed-program"),
    Row("bolt-after-the-repair", lld(f"{EXEC} -Wl,--emit-relocs args.c {SO}")
        + "\n{irelfix} -q out -o repaired\nllvm-bolt-22 repaired -o out", "refused", "wide-bounds",
        "repair the file after BOLT", needs=("llvm-bolt-22",)),

    # other C libraries
    Row("musl-ifunc", "gcc -specs {musl.specs} -O2 -fPIE -c musl_ifunc.c -o m.o\n"
        "ld.lld-22 -static -o out {musl}/crt1.o {musl}/crti.o {crt}/crtbeginT.o m.o --push-state "
        "-Bdynamic liblone.so --pop-state {musl}/libc.a {crt}/libgcc.a {crt}/libgcc_eh.a "
        "{musl}/libc.a {crt}/crtend.o {musl}/crtn.o", "not concerned", "",
        "not glibc's startup code", runs=True, needs=("musl-gcc", "ld.lld-22")),
    Row("lenient", "clang-22 -O2 -fPIE -c lenient.c -o l.o\n" + lld(f"{EXEC} -nostdlib l.o {LONE}"),
        "healthy", "", runs=True),
)


def names() -> dict[str, str]:
    """What the commands of the rows name in braces."""
    ask = lambda what: subprocess.check_output(["gcc", f"-print-file-name={what}"], text=True).strip()
    musl = "/usr/lib/x86_64-linux-musl"
    upx = cached_item("upx") / "usr"
    libraries = shlex.quote(f"LD_LIBRARY_PATH={upx}/lib/x86_64-linux-gnu")
    return {
        **{name: " ".join(map(shlex.quote, linker.link_flags()))
           for name, linker in LINKERS.items() if name in ("lld-18", "lld-22")},
        "glibc-2.41": " ".join(map(shlex.quote, LIBCS["2.41"].link_flags(X86_64))),
        "usr": str(Path(ask("crt1.o")).parent),
        "usr-2.41": str(next(f for f in LIBCS["2.41"].library_folders(X86_64)
                             if (f / "rcrt1.o").exists())),
        "libc.a": ask("libc.a"), "libm.a": ask("libm.a"), "crt": str(Path(ask("libgcc.a")).parent),
        "musl": musl, "musl.specs": f"{musl}/musl-gcc.specs",
        "upx": f"env {libraries} {shlex.quote(str(upx / 'bin/upx-ucl'))}",
        "irelfix": shlex.quote(os.fspath(irelfix.__kwdefaults__["tool"])),
    }


@pytest.fixture
def made(request, tmp_path) -> Path:
    """The row's file, made in a folder that has the programs, the library and the linker scripts."""
    row = request.param
    need("gcc", *row.needs)
    for source in HERE.glob("*.c"):
        (tmp_path / source.name).symlink_to(source)
    script = (HERE / "script.ld.in").read_text()
    (tmp_path / "pages.ld").write_text(script.replace("@HEADERS@", " + SIZEOF_HEADERS"))
    (tmp_path / "headers.ld").write_text(script.replace("@HEADERS@", ""))
    words = names()
    for line in ["gcc -shared -fPIC -nostdlib lone.c -o liblone.so", *row.command.split("\n")]:
        for name, value in words.items():
            line = line.replace(f"{{{name}}}", value)
        done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return tmp_path / "out"


def runs(path: Path) -> bool:
    return subprocess.run([path], capture_output=True, timeout=60).returncode == 0


EXITS = {"broken": 1, "refused": REFUSED, "cannot start": REFUSED}


@pytest.mark.parametrize("made, row", [pytest.param(row, row, id=str(row)) for row in ROWS],
                         indirect=["made"])
def test_verdict(made, row, tmp_path):
    assert row.name.startswith("dynamic-") or runs(made) == row.runs
    answer = irelfix("--json", made)
    found = answer.object
    assert (found["verdict"], answer.status) == (row.verdict, EXITS.get(row.verdict, HEALTHY)), answer
    assert row.detail in (found["class"] or "", found["reason"]), answer
    assert row.text in found["message"] and "earlier" not in found["message"], answer
    fixed = tmp_path / "fixed"
    written = irelfix(made, "-o", fixed)
    if row.verdict == "broken":
        assert written.status == HEALTHY and runs(fixed), written
        after = irelfix("--json", fixed).object
        assert after["class"] is None
        if row.detail == "static-interp":  # musl's leave nothing but that they are not concerned
            assert ("repaired earlier" in after["message"]) == (after["verdict"] == "healthy")
        assert_only_announced_bytes_changed(made, fixed)
    elif answer.status == HEALTHY:
        assert fixed.read_bytes() == made.read_bytes()
    else:
        assert written.status == REFUSED and not fixed.exists()


@pytest.mark.parametrize("made", [row for row in ROWS if row.name == "undefined"], indirect=True,
                         ids=str)
def test_a_symbol_that_nobody_calls_may_be_absent(made, tmp_path):
    fixed = tmp_path / "fixed"
    for allowed in ("lone", "all", "other,lone"):
        answer = irelfix(f"--allow-undefined={allowed}", made, "-o", fixed)
        assert answer.status == HEALTHY, answer
        assert runs(fixed) is False  # the call of it crashes, behind the start of main
        done = subprocess.run([fixed, "without the call"], capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (0, "main\n")
        fixed.unlink()
    assert irelfix("--allow-undefined=other", made, "-o", fixed).status == REFUSED


@pytest.mark.parametrize("made", [row for row in ROWS if row.name == "upx"], indirect=True, ids=str)
def test_strict_is_no_wiser_but_says_so(made):
    assert irelfix(made).status == HEALTHY
    assert irelfix("--strict", made).status == REFUSED
