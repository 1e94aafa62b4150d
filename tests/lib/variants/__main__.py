# SPDX-License-Identifier: MIT
"""The command line: scripts/variants."""
import argparse
import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch

from lab.links import KINDS
from need import Missing

from .examine import Row, examine
from .levels import LEVELS, Level
from .table import as_markdown, as_text, remarks, summary


def chosen(patterns: list[str]) -> list[Level]:
    return [level for level in LEVELS
            if not patterns or any(fnmatch(level.name, pattern) for pattern in patterns)]


def examined(case: tuple[Level, str]) -> Row:
    """A case for which this machine lacks a tool is a row as well."""
    try:
        return examine(*case)
    except Missing as missing:
        row = Row(*case)
        row.skip("all", str(missing))
        return row


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="variants", description="Builds a program for every architecture level, shows that "
        "it crashes, repairs it, proves that it starts and runs it.")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("level", nargs="*", help="patterns of level names; all levels, if none")
    return parser.parse_args()


def main() -> int:
    # A crash under test is expected; nobody wants its core file.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    options = arguments()
    levels = chosen(options.level)
    if not levels:
        sys.exit(f"variants: no level is called {' or '.join(options.level)}")
    cases = [(level, kind) for level in levels for kind in KINDS]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rows = list(pool.map(examined, cases))
    print(as_markdown(rows) if options.markdown else as_text(rows), "", *remarks(rows),
          summary(rows), sep="\n")
    return 1 if any(row.failures or not row.started for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
