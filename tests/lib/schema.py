# SPDX-License-Identifier: MIT
"""docs/irelfix.schema.json, which everything that --format=json prints keeps to."""
import functools
import json
from typing import Any

from need import Missing
from places import ROOT

SCHEMA = ROOT / "docs" / "irelfix.schema.json"


def read() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text())


@functools.cache
def validator() -> Any:
    try:
        from jsonschema import Draft202012Validator
    except ImportError:
        raise Missing("python3-jsonschema is not installed (make setup)") from None
    Draft202012Validator.check_schema(read())
    return Draft202012Validator(read())


def faults(answer: Any) -> list[str]:
    """What of an object breaks the schema, and where."""
    return [f"{error.json_path}: {error.message}" for error in validator().iter_errors(answer)]


def parsed(line: str | bytes) -> dict[str, Any]:
    """The object that a line is."""
    answer = json.loads(line)
    assert faults(answer) == [], line
    return answer


def exact(answer: dict[str, Any], name: str) -> bytes:
    """The bytes of a name, which need not be UTF-8."""
    if f"{name}_bytes" in answer:
        return bytes.fromhex(answer[f"{name}_bytes"])
    return answer[name].encode()


def fields(part: Any) -> set[str]:
    """The names of all members, at every depth."""
    if isinstance(part, list):
        return set().union(*map(fields, part))
    if not isinstance(part, dict):
        return set()
    named = part.get("properties", {})
    return set(named).union(*map(fields, part.values()))
