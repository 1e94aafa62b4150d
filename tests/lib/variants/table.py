# SPDX-License-Identifier: MIT
"""Shows examined rows: one line a level, and what the lines add up to."""
from collections import Counter
from typing import Callable, Iterable, Sequence

from .examine import Row
from .levels import Level

HEADINGS = ("level", "its own code has", "as linked", "defect", "startup proved",
            "output as GNU ld's")


def both(rows: Sequence[Row], cell: Callable[[Row], str]) -> str:
    """What the two kinds of executable have in common, or both."""
    return " / ".join(dict.fromkeys(cell(row) or "-" for row in rows))


def cells(level: Level, rows: Sequence[Row]) -> list[str]:
    models = len(level.machine.models)
    return [level.name,
            ", ".join(level.instructions).replace(" * ", " ").replace("*", ""),
            both(rows, lambda row: row.crash),
            both(rows, lambda row: row.defect),
            both(rows, lambda row: f"{len(row.started)} of {models} models"),
            both(rows, lambda row: ", ".join(row.ran))]


def lines_of(rows: Sequence[Row]) -> list[list[str]]:
    by_level: dict[Level, list[Row]] = {}
    for row in rows:
        by_level.setdefault(row.level, []).append(row)
    return [cells(level, its) for level, its in by_level.items()]


def as_text(rows: Sequence[Row]) -> str:
    lines = [list(HEADINGS), *lines_of(rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(cell.ljust(w) for cell, w in zip(line, widths)).rstrip()
                     for line in lines)


def as_markdown(rows: Sequence[Row]) -> str:
    lines = [list(HEADINGS), ["---"] * len(HEADINGS), *lines_of(rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def counted(lines: Iterable[str]) -> list[str]:
    return [f"{line} ({n})" if n > 1 else line for line, n in Counter(lines).items()]


def remarks(rows: Sequence[Row]) -> list[str]:
    notes = {row.level.name: row.level.note for row in rows if row.level.note}
    skipped = counted(line for row in rows for line in row.not_run)
    return ([f"failed: {failure}" for row in rows for failure in row.failures]
            + [f"not run: {line}" for line in skipped]
            + [f"note: {name}: {note}" for name, note in notes.items()])


def summary(rows: Sequence[Row]) -> str:
    def total(count: Callable[[Row], int]) -> int:
        return sum(map(count, rows))

    return (f"{len(rows)} programs of {len({row.level for row in rows})} levels: "
            f"{total(lambda r: bool(r.crash))} crash as linked, "
            f"{total(lambda r: bool(r.defect))} repaired, "
            f"{total(lambda r: len(r.started))} startups proved, "
            f"{total(lambda r: len(r.ran))} runs print what GNU ld's program prints; "
            f"{total(lambda r: len(r.failures))} failures, "
            f"{total(lambda r: len(r.not_run))} not run")
