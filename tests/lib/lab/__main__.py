# SPDX-License-Identifier: MIT
"""python3 -m lab [PATTERN...]: makes the cases whose names match and prints where they are."""
import sys
from fnmatch import fnmatch

from need import Missing

from .cases import BROKEN
from .links import link


def main(patterns: list[str]) -> None:
    for case in BROKEN:
        if not patterns:
            print(case)
        elif any(fnmatch(str(case), pattern) for pattern in patterns):
            try:
                print(link(case))
            except Missing as missing:
                print(f"{case}: {missing}", file=sys.stderr)


main(sys.argv[1:])
