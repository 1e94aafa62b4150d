# SPDX-License-Identifier: MIT
"""The rules of the house, and the documents against the program."""
import re
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest
from need import Missing, need
from places import ROOT, SCRIPTS, TESTS
from tool import TOOL

SRC = ROOT / "src"


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT)


def long_options() -> set[str]:
    return set(re.findall(r"(?:^|[ ,])(--[a-z][a-z0-9-]*)", run(TOOL, "--help").stdout))


def failure_classes() -> set[str]:
    text = "".join(p.read_text() for p in (SRC / "defect").glob("*.c"))
    return set(re.findall(r'\.name = "([a-z-]+)"', text))


# ---- layers ----


@pytest.mark.fast
def test_layers() -> None:
    need("size")
    result = run(SCRIPTS / "check-layers")
    assert result.returncode == 0, result.stdout + result.stderr


# What is added to a file, or makes a new one, and what is said about it.
BREACHES = {
    "a-higher-floor": ("elf/image.h", '#include "../edit/plan.h"',
                       "src/elf/image.h includes edit/plan.h, which is not below it"),
    "a-machine-from-another": ("arch/aarch64/insn.c", '#include "../s390x/s390x.h"',
                               "src/arch/aarch64/insn.c includes arch/s390x/s390x.h, which is not "
                               "below it"),
    "a-machine-from-outside": ("startup/flow.c", '#include "../arch/x86/opcodes.h"',
                               "src/startup/flow.c includes arch/x86/opcodes.h"),
    "disk-knows-no-defects": ("disk/map.c", '#include "../defect/defect.h"',
                              "src/disk/map.c includes defect/defect.h"),
    "outside-of-src": ("elf/image.c", '#include "../../tests/unit/synthetic.h"',
                       "src/elf/image.c includes ../tests/unit/synthetic.h"),
    "the-program-looks-inside": ("cli/main.c", '#include "../elf/image.h"',
                                 "src/cli/main.c includes elf/image.h, which is inside"),
    "no-floor": ("attic/old.c", "", "src/attic/old.c has no floor"),
    "a-system-call": ("edit/plan.c", "#include <sys/mman.h>",
                      "src/edit/plan.c is pure and includes <sys/mman.h>"),
    "errno": ("defect/defect.c", "#include <errno.h>", "is pure and includes <errno.h>"),
    "printing": ("disk/map.c", 'void f(void) { fprintf(stderr, "x"); }', "prints: fprintf()"),
    "exit": ("prove/prove.c", "void f(void) { exit(1); }", "ends the program: exit()"),
    "assert": ("elf/reloc.c", "void f(void) { assert(1); }", "ends the program: assert()"),
    "elf.h": ("elf/elfdef.h", "#include <linux/elf.h>", "src/elf/elfdef.h includes linux/elf.h"),
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("src", "scripts", "include"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def complaints(house: Path) -> str:
    result = subprocess.run([house / "scripts/check-layers"], capture_output=True, text=True)
    assert result.returncode == (1 if result.stderr else 0)
    return result.stderr


@pytest.mark.fast
@pytest.mark.parametrize("name", BREACHES)
def test_layers_notices_a_breach(name: str, copy: Path) -> None:
    file, text, complaint = BREACHES[name]
    path = copy / "src" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text((path.read_text() if path.exists() else "") + f"\n{text}\n")
    assert complaint in complaints(copy)


@pytest.mark.fast
@pytest.mark.parametrize("declaration", ["static int calls;", "static int calls = 1;",
                                         "_Thread_local int calls;"])
def test_layers_notices_a_variable(declaration: str, copy: Path) -> None:
    need("gcc", "size")
    path, built = copy / "src/elf/image.c", copy / "build/obj/elf/image.o"
    path.write_text(path.read_text() + f"{declaration}\nint count(void) {{ return calls++; }}\n")
    built.parent.mkdir(parents=True)
    subprocess.run(["gcc", "-std=c11", "-c", path, "-o", built], check=True)
    assert "build/obj/elf/image.o has " in complaints(copy)


# ---- what is in it ----


def source_files(house: Path) -> list[Path]:
    """All but what is built, made by Python, or the version control's."""
    return [path for path in house.rglob("*") if path.is_file() and not path.is_symlink() and
            not {"build", "__pycache__", ".git"} & {*path.relative_to(house).parts}]


def test_no_source_is_an_executable() -> None:
    """Nothing that was linked strays into the sources."""
    files = source_files(ROOT)
    assert ROOT / "src/irelfix.c" in files
    assert [path for path in files if path.read_bytes().startswith(b"\x7fELF")] == []


# ---- the map ----


def opening_comment(path: Path) -> list[str]:
    """The lines of the first long comment of a file, without its asterisks."""
    comment = re.search(r"^/\*\n(.*?)\*/", path.read_text(), re.S | re.M)
    assert comment, f"{path} opens without a map"
    return [re.sub(r"^ \* ?", "", line) for line in comment[1].splitlines()]


def names_by_folder(lines: list[str]) -> dict[str, set[str]]:
    """Of lines `folder/  file file ...`; one that begins with a blank belongs to the one above."""
    names: dict[str, set[str]] = {}
    folder = None
    for line in lines:
        if match := re.match(r" *((?:\w+/)+)\s+(.*)", line):
            folder, line = match[1], match[2]
        elif not line.startswith(" "):
            folder = None
        if folder:
            names.setdefault(folder, set()).update(re.findall(r"\w+", line))
    return names


def missing_from_the_map(lines: list[str]) -> list[str]:
    """Sources of the library that no line of their folder names; NAME/ stands for any folder."""
    names = names_by_folder(lines)
    missing = []
    for path in sorted(SRC.rglob("*.[ch]")):
        folder = path.relative_to(SRC).parent.as_posix() + "/"
        if folder == "cli/" or path == LIBRARY_MAP:
            continue
        anywhere = re.sub(r"[^/]+/$", "NAME/", folder)
        if path.stem not in names.get(folder, set()) | names.get(anywhere, set()):
            missing.append(f"{folder}{path.name}")
    return missing


def missing_from_the_programs_map(lines: list[str]) -> list[str]:
    """Its lines say what each file is for: `file   what; other: what`."""
    named = set(re.findall(r"(?:^|[;,]) *\n? *(\w+)(?::|  )", "\n".join(lines), re.M))
    return [f"cli/{path.name}" for path in sorted((SRC / "cli").rglob("*.[ch]"))
            if path.stem not in named and path != PROGRAM_MAP]


LIBRARY_MAP, PROGRAM_MAP = SRC / "irelfix.c", SRC / "cli/main.c"
MAPS = {LIBRARY_MAP: missing_from_the_map, PROGRAM_MAP: missing_from_the_programs_map}


@pytest.mark.fast
@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.name)
def test_every_source_is_on_the_map(path: Path) -> None:
    """irelfix.c opens with the files of the library by folder, cli/main.c with the program's."""
    assert MAPS[path](opening_comment(path)) == []


@pytest.mark.fast
@pytest.mark.parametrize("path", MAPS, ids=lambda path: path.name)
def test_whatever_is_left_out_of_a_map_is_noticed(path: Path) -> None:
    """Each file in turn, with every mention of its name."""
    lines, missing = opening_comment(path), MAPS[path]
    files = missing([])
    assert len(files) > 20
    for file in files:
        without = [re.sub(rf"\b{Path(file).stem}\b(?!/)", "", line) for line in lines]
        assert file in missing(without)


@pytest.mark.fast
def test_the_map_names_nothing_that_is_not_there() -> None:
    folders = {path.relative_to(SRC).parent.as_posix() + "/" for path in SRC.rglob("*.c")}
    named = names_by_folder(opening_comment(LIBRARY_MAP))
    assert {folder for folder in named if "NAME" not in folder} <= folders | {"src/"}


# ---- documents ----


@pytest.mark.fast
def test_shell_scripts() -> None:
    need("shellcheck")
    scripts = [p for p in [*SCRIPTS.iterdir(), ROOT / ".ci/run", *(TESTS / "fuzz").glob("[a-z]*")]
               if p.is_file() and re.match(rb"#.*[ /=](ba)?sh\n", p.read_bytes())]
    assert len(scripts) > 10
    result = run("shellcheck", *scripts)
    assert result.returncode == 0, result.stdout


@pytest.mark.fast
def test_manual_page_lints() -> None:
    need("mandoc")
    result = run("mandoc", "-T", "lint", "-W", "warning", "docs/irelfix.1")
    assert result.stdout + result.stderr == ""


@pytest.mark.fast
@pytest.mark.parametrize("document", ["README.md", "docs/irelfix.1"])
def test_document_names_every_option_and_class(document: str) -> None:
    text = (ROOT / document).read_text()
    if document.endswith(".1"):
        need("mandoc")
        text = re.sub(".\b", "", run("mandoc", "-T", "ascii", document).stdout)
    assert failure_classes()
    missing = {word for word in failure_classes() if word not in text}
    if document.endswith(".1"):
        missing |= {option for option in long_options() if option not in text}
    assert missing == set()


@pytest.mark.fast
def test_readme_transcript_is_what_the_demo_prints() -> None:
    need("ld.lld-22")
    readme = (ROOT / "README.md").read_text()
    block = re.search(r"<!-- demo -->\n```console\n(.*?)```", readme, re.S)
    assert block, "README.md has no transcript"
    result = run("scripts/demo")
    assert result.returncode == 0, result.stderr

    def without_addresses(text: str) -> str:
        return re.sub(r"0x[0-9a-f]+", "0x…", text)

    assert without_addresses(block[1]) == without_addresses(result.stdout)


# What has room for a comment.
SOURCES = {".c", ".h", ".cc", ".cpp", ".py", ".rs", ".go", ".js", ".cmake", ".bzl", ".def", ".mk", ".yml",
           ".nix", ".sh", ".bash", ".fish", ".map", ".rb", ".spec"}
# Made for others' names, in the form that those have.
EXEMPT = ("tests/integrations/bazel_registry/", "packaging/bcr/presubmit.yml",
          "integrations/recipes/buildroot/package/irelfix/irelfix.mk")


def kept_files() -> list[str]:
    if not (ROOT / ".git").exists():
        raise Missing("a checkout: an archive does not say which files are its own")
    return run("git", "ls-files").stdout.splitlines()


def says_its_licence(path: Path) -> bool:
    return b"SPDX-License-Identifier: MIT" in path.read_bytes()[:400]


@pytest.mark.fast
def test_every_source_says_its_licence() -> None:
    sources = [name for name in kept_files() if (ROOT / name).is_file() and not name.startswith(EXEMPT)
               and (Path(name).suffix in SOURCES or (ROOT / name).read_bytes()[:2] == b"#!")]
    assert len(sources) > 300
    assert [name for name in sources if not says_its_licence(ROOT / name)] == []


@pytest.mark.fast
def test_every_file_has_a_licence_and_an_owner(tmp_path: Path) -> None:
    """By the tool of the specification; a file of a licence that is nowhere does not pass."""
    need("reuse")
    assert kept_files()  # else build is of the project, too
    lint = run("reuse", "--root", ROOT, "lint")
    assert (lint.returncode, lint.stderr) == (0, ""), lint.stdout + lint.stderr
    (tmp_path / "a.c").write_text("/* SPDX-" "License-Identifier: 0BSD */\n")
    assert run("reuse", "--root", tmp_path, "lint").returncode == 1


PICTURES_SHOW = ("scripts/picture", "README.md", "LICENSE", "docs/COVERAGE.md", "include/irelfix.h",
                 "src/arch/machines.def")


@pytest.mark.fast
@pytest.mark.parametrize("name", ["docs/demo.svg", "docs/badges.svg"])
def test_picture_is_what_the_sources_say(name: str, tmp_path: Path) -> None:
    for source in PICTURES_SHOW:
        (tmp_path / source).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / source, tmp_path / source)
    assert run(tmp_path / "scripts/picture").returncode == 0
    picture = (ROOT / name).read_text()
    assert (tmp_path / name).read_text() == picture, "renew it: make readme"
    assert len(ElementTree.fromstring(picture).findall(".//{*}text")) >= 10
    assert f"({name})" in (ROOT / "README.md").read_text()


# Each picture of this page is in the sources, and so is each page that it names.
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "packaging/README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))


def anchors(page: Path) -> set[str]:
    """As the usual pages of projects make them of headings."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.fast
@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target / "README.md" if target.is_dir() else target), link


def lines_for_build_systems() -> list[tuple[str, str]]:
    """From the documents: the folder below integrations, and what is to be typed."""
    text = (ROOT / "README.md").read_text() + (ROOT / "docs/BUILDS.md").read_text()
    rows = re.findall(r"^\| \[.*?\]\((?:\.\./)?integrations/(\w+)\) \| (.*) \|$", text, re.M)
    return [(folder, line) for folder, line_ in sorted(set(rows)) for line in re.findall(r"`([^`]+)`", line_)]


@pytest.mark.fast
@pytest.mark.parametrize("folder, line", lines_for_build_systems())
def test_readme_has_the_lines_of_the_integrations(folder: str, line: str) -> None:
    """The tests in tests/integrations run what stands there."""
    text = " ".join((ROOT / "integrations" / folder / "README.md").read_text().split())
    assert line in text
