# SPDX-License-Identifier: MIT
def pytest_terminal_summary(terminalreporter):
    """The table: what every test of a program recorded."""
    reports = [*terminalreporter.getreports("passed"), *terminalreporter.getreports("skipped")]
    rows = [dict(report.user_properties) for report in reports if report.user_properties]
    if not rows:
        return
    rows.sort(key=lambda row: row["program"])
    terminalreporter.section("programs")
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    for line in lines:
        terminalreporter.write_line("  ".join(map(str.ljust, line, widths)).rstrip())
