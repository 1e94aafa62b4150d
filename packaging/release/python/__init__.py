# SPDX-License-Identifier: MIT
"""irelfix as a Python package: the program, under its names."""
import os
import sys
import sysconfig


def program() -> str:
    """Where pip has put it."""
    for scheme in (None, f"{os.name}_user"):
        folder = sysconfig.get_path("scripts", scheme) if scheme else sysconfig.get_path("scripts")
        path = os.path.join(folder, "irelfix")
        if os.path.exists(path):
            return path
    # below --target or --prefix
    here = os.path.dirname(os.path.abspath(__file__))
    for up in ("..", "../../../.."):
        path = os.path.join(here, up, "bin", "irelfix")
        if os.path.exists(path):
            return path
    raise FileNotFoundError("the program irelfix is not beside its Python package")


def main() -> None:
    """Becomes the program, called as this was: irelfix-cc, irelfix-c++, python -m irelfix."""
    name = os.path.basename(sys.argv[0])
    os.execv(program(), [name if name.startswith("irelfix") else "irelfix", *sys.argv[1:]])
