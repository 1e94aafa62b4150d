# SPDX-License-Identifier: MIT
"""The contents of a release as an SPDX 2.3 document: what each file is, and what it was made of."""
import hashlib
import json
import re
import subprocess
import uuid
from datetime import datetime, timezone
from pathlib import Path

from .build import epoch, version
from .targets import Linux, Target, item, tool

# Where documents stand by name that no site publishes.
NAMESPACE = "https://spdx.org/spdxdocs"


def identifier(text: str) -> str:
    return f"SPDXRef-{re.sub('[^A-Za-z0-9.-]', '-', text)}"


def package(name: str, version_: str, licence: str, origin: str) -> dict:
    return {
        "SPDXID": identifier(f"package-{name}"), "name": name, "versionInfo": version_,
        "downloadLocation": origin, "filesAnalyzed": False,
        "licenseConcluded": licence, "licenseDeclared": licence,
        "copyrightText": "NOASSERTION",
    }


def file(path: Path) -> dict:
    data = path.read_bytes()
    return {
        "SPDXID": identifier(f"file-{path.name}"), "fileName": f"./{path.name}",
        "fileTypes": ["ARCHIVE"],
        "checksums": [{"algorithm": kind.upper(),
                       "checksumValue": hashlib.new(kind, data).hexdigest()}
                      for kind in ("sha1", "sha256")],
        "licenseConcluded": "NOASSERTION", "licenseInfoInFiles": ["NOASSERTION"],
        "copyrightText": "NOASSERTION",
    }


def musl_version() -> str:
    names = (item("musl-hosts") / ".packages").read_text().split()
    return names[0].split("_")[1]


def gcc_version(target: Linux) -> str:
    return subprocess.run([tool(f"{target.gcc}-gcc"), "-dumpfullversion"], check=True,
                          capture_output=True, text=True).stdout.strip()


def related(one: str, how: str, other: str) -> dict:
    return {"spdxElementId": one, "relationshipType": how, "relatedSpdxElement": other}


def parts(target: Target) -> list[dict]:
    """What is in the program beside irelfix."""
    if not isinstance(target, Linux):
        return []
    return [package("musl", musl_version(), "MIT", "https://musl.libc.org"),
            package(f"libgcc-{target.gcc}", gcc_version(target),
                    "GPL-3.0-or-later WITH GCC-exception-3.1", "https://gcc.gnu.org")]


def document(archives: dict[Path, Target | None]) -> str:
    """Of the archives of a release; None stands for that of the sources."""
    this = package("irelfix", version(), "MIT", "NOASSERTION")
    packages, files, relations = {this["SPDXID"]: this}, [], []
    relations.append(related("SPDXRef-DOCUMENT", "DESCRIBES", this["SPDXID"]))
    for path, target in sorted(archives.items()):
        entry = file(path)
        files.append(entry)
        relations.append(related(this["SPDXID"], "CONTAINS", entry["SPDXID"]))
        for part in parts(target) if target else []:
            packages[part["SPDXID"]] = part
            relations.append(related(entry["SPDXID"], "STATIC_LINK", part["SPDXID"]))
    sums = "".join(f["checksums"][1]["checksumValue"] for f in files)
    unique = uuid.uuid5(uuid.NAMESPACE_URL, sums)
    created = datetime.fromtimestamp(epoch(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return json.dumps({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"irelfix-{version()}",
        "documentNamespace": f"{NAMESPACE}/irelfix-{version()}-{unique}",
        "creationInfo": {"created": created, "creators": [f"Tool: irelfix-release-{version()}"]},
        "packages": sorted(packages.values(), key=lambda p: p["SPDXID"]), "files": files,
        "relationships": relations}, indent=1) + "\n"
