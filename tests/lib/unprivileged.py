# SPDX-License-Identifier: MIT
"""Calls of the program by somebody who is not root. The fixture `public` is a folder for them."""
import os
from pathlib import Path

from tool import Answer, irelfix

NOBODY = 65534


def as_nobody(public: Path, *arguments, **more) -> Answer:
    if os.geteuid() == 0:
        more.update(user=NOBODY, group=NOBODY, extra_groups=[])
    return irelfix(*arguments, tool=public / "irelfix", cwd=public / "work", **more)
