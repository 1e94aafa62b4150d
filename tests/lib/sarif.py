# SPDX-License-Identifier: MIT
"""
SARIF 2.1.0 as far as irelfix writes it. Every `required` of the standard's schema for these objects
is here, and so is what the standard says in words and what GitHub's code scanning asks for besides;
a member that is not here is a fault.
"""
import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

URI_REFERENCE = re.compile(r"(file:///)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})*")
LEVELS = {"none", "note", "warning", "error"}

# By object: its members, of which an exclamation mark says that they must be there.
MEMBERS = {
    "log": "$schema! version! runs!",
    "run": "tool! results! invocations!",
    "tool": "driver!",
    "driver": "name! version! semanticVersion! rules!",
    "rule": "id! shortDescription! fullDescription! help! defaultConfiguration!",
    "configuration": "level!",
    "result": "ruleId! ruleIndex! level! message! locations! properties!",
    "message": "text!",
    "location": "physicalLocation!",
    "place": "artifactLocation! region!",
    "artifact": "uri!",
    "region": "startLine!",
    "properties": "verdict! class! machine! type! linker!",
    "invocation": "executionSuccessful! exitCode exitSignalNumber toolExecutionNotifications!",
    "notification": "descriptor level! message! locations",
    "descriptor": "id!",
}


def members(kind: str, thing: dict) -> dict:
    known = {word.rstrip("!"): word.endswith("!") for word in MEMBERS[kind].split()}
    assert set(thing) <= set(known), f"{kind}: {set(thing) - set(known)}"
    missing = {name for name, needed in known.items() if needed} - set(thing)
    assert not missing, f"{kind}: {missing}"
    return thing


def text_of(message: dict) -> str:
    """3.11.5: braces that mean themselves are doubled."""
    text = members("message", message)["text"]
    assert text and not re.search(r"[{}]", re.sub(r"\{\{|\}\}", "", text)), text
    return text.replace("{{", "{").replace("}}", "}")


def name_of(locations: list[dict]) -> bytes:
    """The file's name: 3.4.3, a URI reference of RFC 3986."""
    (location,) = locations
    place = members("place", members("location", location)["physicalLocation"])
    assert members("region", place["region"]) == {"startLine": 1}
    uri = members("artifact", place["artifactLocation"])["uri"]
    assert URI_REFERENCE.fullmatch(uri), uri
    return unquote_to_bytes(uri.removeprefix("file://"))


def check_rules(rules: list[dict]) -> None:
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        members("rule", rule)
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule["id"])
        for text in ("shortDescription", "fullDescription", "help"):
            text_of(rule[text])
        assert members("configuration", rule["defaultConfiguration"])["level"] in LEVELS


def check_result(result: dict, rules: list[dict]) -> None:
    members("result", result)
    members("properties", result["properties"])
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    assert result["level"] in LEVELS
    text_of(result["message"])
    name_of(result["locations"])


def check_invocation(invocation: dict) -> None:
    members("invocation", invocation)
    assert isinstance(invocation["executionSuccessful"], bool)
    assert ("exitCode" in invocation) != ("exitSignalNumber" in invocation)
    for notification in invocation["toolExecutionNotifications"]:
        members("notification", notification)
        members("descriptor", notification.get("descriptor", {"id": ""}))
        assert notification["level"] in LEVELS
        text_of(notification["message"])
        if "locations" in notification:
            name_of(notification["locations"])


def run_of(text: str | bytes) -> dict[str, Any]:
    """The only run of a log, which keeps to the standard."""
    log = members("log", json.loads(text))
    assert log["version"] == "2.1.0" and log["$schema"].endswith("/sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    members("run", run)
    driver = members("driver", members("tool", run["tool"])["driver"])
    check_rules(driver["rules"])
    for result in run["results"]:
        check_result(result, driver["rules"])
    (invocation,) = run["invocations"]
    check_invocation(invocation)
    return run
