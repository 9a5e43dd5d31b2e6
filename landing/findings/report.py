"""A check report for a person at a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from landing.findings.finding import SEVERITIES, CheckReport, Finding, MappedColumn

_STYLES = {"error": "bold red", "warning": "yellow", "information": "cyan"}
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}


def render_check(report: CheckReport, console: Console, *, all_columns: bool = False) -> None:
    """Print what was read, every finding, what the registry makes of it, and the verdict.

    Args:
        report: the outcome of the check.
        console: where to print.
        all_columns: show every mapped column, not only those that have something to say.
    """
    console.print(_summary(report))
    urgent = (*report.errors, *report.warnings)
    if urgent:
        console.print(findings_table("Errors and warnings", urgent))
    remarks = report.of_severity("information")
    if remarks:
        console.print(findings_table("Information", remarks))
    columns = report.mapped_columns if all_columns else notable_columns(report)
    if columns:
        console.print(_mapped(report, columns))
    console.print(_verdict(report))


def notable_columns(report: CheckReport) -> tuple[MappedColumn, ...]:
    """Return the mapped columns that are empty, hold unknown values, or hold personal data."""
    personal = {found.position for found in report.drift.personal} if report.drift else set()
    return tuple(
        column
        for column in report.mapped_columns
        if column.n_codes_unknown
        or column.position in personal
        or (not column.n_filled and column.role != "ignore")
    )


def _summary(report: CheckReport) -> Table:
    table = Table(
        title=f"{escape(report.file_name)}: {report.kind} of wave {escape(report.wave)}",
        title_justify="left",
        show_header=False,
    )
    table.add_column(style="bold")
    table.add_column()
    reading = [
        report.format,
        report.encoding,
        _DELIMITERS.get(report.delimiter or "", report.delimiter),
        f"sheet {report.sheet}" if report.sheet else None,
        f"header of {report.tool}" if report.tool != "generic" else None,
    ]
    table.add_row("read as", escape(", ".join(part for part in reading if part)))
    rows = f"{report.row_count:,}"
    if report.expected_low is not None and report.expected_high is not None:
        rows += f" (expected {report.expected_low:,} to {report.expected_high:,} in the wave)"
    table.add_row("data rows", rows)
    used = {column.position for column in report.mapped_columns}
    table.add_row(
        "columns",
        f"{report.column_count:,}, of which the registry knows {len(used):,}",
    )
    if report.drift is not None:
        previous = report.drift.previous
        table.add_row(
            "compared with",
            escape(
                f"the registry and wave {previous.wave} ({previous.file_name}, "
                f"{previous.row_count:,} rows, {previous.column_count:,} columns)"
                if previous
                else "the registry; no earlier wave was landed"
            ),
        )
    for severity in SEVERITIES:
        count = len(report.of_severity(severity))
        table.add_row(_plural(severity), str(count), style=_STYLES[severity] if count else None)
    return table


def _mapped(report: CheckReport, columns: Sequence[MappedColumn]) -> Table:
    n_known = len(report.mapped_columns)
    title = "Columns that the registry knows"
    if len(columns) < n_known:
        title += f": {len(columns):,} of {n_known:,}, to look at (all of them: --columns)"
    table = Table(title=title, title_justify="left")
    table.add_column("#", justify="right", no_wrap=True)
    table.add_column("column", overflow="fold", min_width=20)
    table.add_column("role", no_wrap=True)
    table.add_column("question or attribute", overflow="fold")
    table.add_column("filled", justify="right")
    table.add_column("known", justify="right")
    table.add_column("unknown", justify="right")
    for column in columns:
        is_answer = column.role == "answer"
        table.add_row(
            str(column.position),
            escape(column.column_name),
            column.role,
            escape(column.target),
            f"{column.n_filled:,}",
            f"{column.n_codes_known:,}" if is_answer else "",
            Text(f"{column.n_codes_unknown:,}", style="yellow")
            if column.n_codes_unknown
            else ("0" if is_answer else ""),
        )
    return table


def findings_table(title: str, findings: Sequence[Finding]) -> Table:
    """Return findings as a table: what was found, where, what was expected, what to do."""
    table = Table(title=escape(title), title_justify="left", show_lines=True)
    table.add_column("severity", no_wrap=True)
    table.add_column("finding", overflow="fold", ratio=3)
    table.add_column("what to do", overflow="fold", ratio=2)
    for finding in findings:
        table.add_row(
            Text(finding.severity, style=_STYLES[finding.severity]),
            escape(_described(finding)),
            escape(finding.remedy),
        )
    return table


def _described(finding: Finding) -> str:
    lines = [finding.message]
    if finding.where:
        lines.append(f"where: {finding.where}")
    if finding.expected:
        lines.append(f"expected: {finding.expected}")
    lines.append(f"code: {finding.code}")
    if finding.acceptance:
        lines.append(finding.acceptance)
    return "\n".join(lines)


def _verdict(report: CheckReport) -> Text:
    count = len(report.errors)
    if count:
        return Text(f"Not fit to land: {count} error(s).", style="bold red")
    return Text("Fit to land.", style="bold green")


def _plural(severity: str) -> str:
    return severity if severity == "information" else f"{severity}s"
