# SPDX-License-Identifier: MIT
"""
Python's packages, as pip installs them: the program as a script, and a module that finds it. The
programs for Linux need no C library, so that a wheel fits every one of that architecture.
"""
import base64
import hashlib
import zipfile
from datetime import datetime, timezone
from pathlib import Path

from .build import epoch, version
from .targets import Linux, Target

HERE = Path(__file__).parent / "python"
METADATA = """\
Metadata-Version: 2.1
Name: irelfix
Version: {version}
Summary: Repairs static glibc executables that crash before main
License: MIT
Requires-Python: >=3.6
Description-Content-Type: text/markdown

{readme}"""
WHEEL = "Wheel-Version: 1.0\nGenerator: irelfix\nRoot-Is-Purelib: false\n"
ENTRIES = ("[console_scripts]\nirelfix-cc = irelfix:main\nirelfix-c++ = irelfix:main\n")


def platforms(target: Target) -> list[str]:
    """riscv64 came to Python's list of platforms later than the others."""
    if not isinstance(target, Linux):
        return [target.wheel]
    glibc = "2_31" if target.wheel == "riscv64" else "2_17"
    return [f"manylinux_{glibc}_{target.wheel}", f"musllinux_1_1_{target.wheel}"]


def contents(target: Target, tree: Path) -> dict[str, bytes]:
    info = f"irelfix-{version()}.dist-info"
    documents = tree / "share/doc/irelfix"
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in platforms(target))
    readme = (documents / "README.md").read_text()
    return {
        **{f"irelfix/{path.name}": path.read_bytes() for path in sorted(HERE.glob("*.py"))},
        f"irelfix-{version()}.data/scripts/irelfix": (tree / "bin/irelfix").read_bytes(),
        f"{info}/METADATA": METADATA.format(version=version(), readme=readme).encode(),
        f"{info}/WHEEL": (WHEEL + tags).encode(),
        f"{info}/entry_points.txt": ENTRIES.encode(),
        **{f"{info}/licenses/{path.name}": path.read_bytes()
           for path in sorted(documents.glob("LICENSE*"))},
    }


def record(files: dict[str, bytes], name: str) -> bytes:
    """Every file with its sum, and this list without."""
    rows = []
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        rows.append(f"{path},sha256={digest},{len(data)}\n")
    return "".join([*rows, f"{name},,\n"]).encode()


def entry(name: str) -> zipfile.ZipInfo:
    when = datetime.fromtimestamp(max(epoch(), 315532800), timezone.utc)  # zip begins in 1980
    info = zipfile.ZipInfo(name, when.timetuple()[:6])
    info.create_system = 3  # the rights are those of Unix
    info.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def pack(target: Target, tree: Path, out: Path) -> Path:
    files = contents(target, tree)
    name = f"irelfix-{version()}.dist-info/RECORD"
    files[name] = record(files, name)
    path = out / f"irelfix-{version()}-py3-none-{'.'.join(platforms(target))}.whl"
    with zipfile.ZipFile(path, "w") as file:
        for name, data in files.items():
            file.writestr(entry(name), data)
    return path
