# SPDX-License-Identifier: MIT
"""--format: reports for machines other than JSON, valid whatever the files and their names hold."""
import os
import re

import pytest
from elf.build import Symbol, biased, broken, healthy, lost
from elf.layout import Form
from files import TEXT_FILE, malformed, refused, unverified
from sarif import name_of, run_of, text_of
from test_json import NAMES
from tool import BAD_FILE, BROKEN, HEALTHY, REFUSED, UNVERIFIED, USAGE, irelfix

pytestmark = pytest.mark.fast

FOREIGN = broken(form=Form(32, "big"))


def test_json_has_a_short_form(make):
    path = make("file", broken())
    assert irelfix("--format=json", path) == irelfix("--json", path)
    assert irelfix("--format=json", path).object["verdict"] == "broken"


def test_text_is_the_default(make):
    path = make("file", broken())
    assert irelfix("--json", "--format=text", path) == irelfix(path)


@pytest.mark.parametrize("name", ["xml", "", "JSON"])
def test_other_formats_are_mistakes(name, make):
    answer = irelfix(f"--format={name}", make("file", broken()))
    assert answer.status == USAGE and answer.out == ""
    assert f"--format is text, json, sarif or github, not '{name}'" in answer.err


@pytest.mark.parametrize("name", ["json", "sarif", "github"])
def test_not_with_a_link(name):
    answer = irelfix(f"--format={name}", "--wrap", "--", "cc")
    assert answer.status == USAGE and "--wrap goes with" in answer.err


@pytest.mark.parametrize("name", ["sarif", "github"])
def test_mistakes_are_on_standard_error_as_well(name, make):
    path = make("file", refused())
    assert irelfix(f"--format={name}", path).err == irelfix(path).err != ""


# ---- SARIF ----


def sarif(*arguments, **more) -> tuple[dict, int]:
    answer = irelfix("--format=sarif", *arguments, **more)
    return run_of(answer.out), answer.status


def test_rules_are_the_classes_and_the_reasons():
    run, _ = sarif("--files0-from=-", input=b"")
    ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert ids[:4] == ["wide-bounds", "lost-irelative", "biased-weak", "static-interp"]
    assert {"undefined-symbol", "rpath", "not-elf", "system"} <= set(ids)


RESULTS = {
    "wide-bounds": (broken, "wide-bounds", "broken"),
    "lost-irelative": (lost, "lost-irelative", "broken"),
    "biased-weak": (biased, "biased-weak", "broken"),
    "refused": (refused, "undefined-symbol", "refused"),
}


@pytest.mark.parametrize("spec, rule, verdict", RESULTS.values(), ids=RESULTS)
def test_a_result(spec, rule, verdict, machine, make):
    path = make("file", spec(machine))
    run, status = sarif(path)
    (result,) = run["results"]
    assert (result["ruleId"], result["level"]) == (rule, "error")
    assert name_of(result["locations"]) == os.fsencode(path)
    found = irelfix("--json", path).object
    assert text_of(result["message"]) == found["message"]
    assert result["properties"] == {name: found[name] for name in result["properties"]}
    assert result["properties"]["verdict"] == verdict
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": status,
                                   "toolExecutionNotifications": []}]


def test_a_repair_that_fails_is_a_result(make):
    run, status = sarif("-n", make("file", unverified()))
    assert status == UNVERIFIED
    assert [result["ruleId"] for result in run["results"]] == ["result"]


def test_one_result_for_each_file_that_does_not_start(make):
    paths = [make(f"{i}", spec) for i, spec in enumerate(
        [broken(), healthy(), refused(), FOREIGN, malformed(), TEXT_FILE, biased()])]
    run, status = sarif(*paths, paths[0].parent / "missing")
    assert status == REFUSED
    assert [name_of(r["locations"]) for r in run["results"]] == [
        os.fsencode(paths[i]) for i in (0, 2, 6)]


def test_what_cannot_be_read_is_a_notification(make, tmp_path):
    run, status = sarif(make("text", TEXT_FILE), tmp_path / "missing", make("bad", malformed()))
    (invocation,) = run["invocations"]
    assert run["results"] == [] and status == BAD_FILE == invocation["exitCode"]
    assert not invocation["executionSuccessful"]
    assert [(n["descriptor"]["id"], name_of(n["locations"]))
            for n in invocation["toolExecutionNotifications"]] == [
        ("not-elf", os.fsencode(tmp_path / "text")), ("system", os.fsencode(tmp_path / "missing")),
        ("malformed", os.fsencode(tmp_path / "bad"))]


def test_a_list_that_cannot_be_read_is_one_too(tmp_path):
    run, _ = sarif(f"--files0-from={tmp_path}/missing")
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["descriptor"]["id"] == "system"


def test_what_is_repaired_is_no_result(make, tmp_path):
    path = make("file", broken())
    assert len(sarif("-n", path)[0]["results"]) == 1
    assert sarif(path, "-o", tmp_path / "out") == sarif("-i", path)
    run, status = sarif(path)
    assert (run["results"], status) == ([], HEALTHY)


def test_no_file_at_all():
    run, status = sarif("--files0-from=-", input=b"")
    assert (run["results"], status) == ([], HEALTHY)
    assert run["invocations"][0]["executionSuccessful"]


def test_what_is_not_examined_with_strict(make):
    path = make("file", FOREIGN)
    assert sarif(path)[0]["results"] == []
    run, status = sarif("--strict", path)
    assert status == REFUSED and [r["ruleId"] for r in run["results"]] == ["machine"]


def test_folders_in_several_threads(make, tmp_path):
    for i in range(40):
        make(f"file{i}", broken())
    run, status = sarif("-r", "-j4", tmp_path)
    assert status == BROKEN
    assert len({name_of(r["locations"]) for r in run["results"]}) == 40


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("content", [broken(), TEXT_FILE], ids=["broken", "text"])
def test_odd_names(name, content, make, tmp_path):
    make(os.fsdecode(name), content)
    for path in (b"./" + name, os.fsencode(tmp_path) + b"/" + name, name):
        run, _ = sarif(path, cwd=tmp_path)
        (thing,) = run["results"] + run["invocations"][0]["toolExecutionNotifications"]
        assert name_of(thing["locations"]) == path.removeprefix(b"./")


@pytest.mark.parametrize("name", ["a{0}b", "{", "}}", 'q"\\'])
def test_odd_symbols(name, make):
    spec = refused()
    spec.symbols[1] = Symbol(name, spec.symbols[1].binding)
    run, _ = sarif(make("file", spec))
    assert f"`{name}'" in text_of(run["results"][0]["message"])


# ---- GitHub ----


def unescaped(text: str, more: str = "") -> str:
    """As GitHub's runner reads it: these escapes and no others, the percent sign last."""
    for character in "\r\n" + more:
        text = text.replace(f"%{ord(character):02X}", character)
    return text.replace("%25", "%")


def annotations(*arguments, **more) -> tuple[list[tuple[str, str, str]], int]:
    """File, title and message of each."""
    answer = irelfix("--format=github", *arguments, **more)
    commands = [re.fullmatch(r"::error file=([^,:]*),title=([^,:]*)::([^\r]*)", line)
                for line in answer.out.split("\n")[:-1]]
    return [(unescaped(c[1], ":,"), unescaped(c[2], ":,"), unescaped(c[3]))
            for c in commands], answer.status


def test_an_annotation_for_each_file_that_does_not_start(machine, make, tmp_path):
    paths = [make(f"{i}", spec) for i, spec in enumerate(
        [broken(machine), healthy(machine), refused(machine), TEXT_FILE])]
    found, status = annotations(*paths, tmp_path / "missing")
    assert status == REFUSED
    assert found == [
        (str(paths[0]), "irelfix: wide-bounds",
         "3 stray entries inside the iplt bounds; irelfix -i repairs it"),
        (str(paths[2]), "irelfix: undefined-symbol",
         irelfix("--json", paths[2]).object["message"]),
        (str(paths[3]), "irelfix: not-elf", "not an ELF file"),
        (str(tmp_path / "missing"), "irelfix: system",
         "cannot open: No such file or directory"),
    ]


def test_good_files_have_none(make, tmp_path):
    path = make("file", broken())
    for arguments in ([make("well", healthy())], [make("other", FOREIGN)], ["-i", path],
                      [path, "-v", "-o", tmp_path / "out"], ["-r", tmp_path]):
        assert annotations(*arguments) == ([], HEALTHY)
    assert len(annotations("--strict", tmp_path / "other")[0]) == 1


@pytest.mark.parametrize("name", ["a:b,c%d", "100%25", "::error::x", "new\nline", "re\rturn",
                                  "größe", "%0A", "a::b"])
def test_names_that_look_like_commands(name, make):
    path = make(name, broken())
    ((file, _, _),), status = annotations(path)
    assert (file, status) == (str(path), BROKEN)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_line_for_each_whatever_the_name_holds(name, make):
    answer = irelfix("--format=github", make(os.fsdecode(name), broken()))
    assert answer.out.startswith("::error file=")
    assert answer.out.count("\n") == 1 and "\r" not in answer.out and "\x1b" not in answer.out


@pytest.mark.parametrize("name", ["%", "a\nb", "a:b,c"])
def test_symbols_that_look_like_commands(name, make):
    spec = refused()
    spec.symbols[1] = Symbol(name, spec.symbols[1].binding)
    ((_, _, message),), _ = annotations(make("file", spec))
    assert f"`{name}'" in message
