"""What the command line prints when a command is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from barometer.settings import Settings
from publication.editions import edition_of

if TYPE_CHECKING:
    from landing.kept_findings import DeliveryFindings
    from landing.loader import LandedFile, LandingReport
    from orchestration.flow.refresh import RefreshReport
    from orchestration.state.last_refresh import LastRefresh
    from registry import Registry

FOLDED = 24
"""Of a text that is wider than this, a table shows the rest on further lines."""


def print_refresh(console: Console, settings: Settings, report: RefreshReport) -> None:
    """Print what was landed, built, checked and published, and what stands after it."""
    table = Table(title=f"Refresh of survey {settings.survey}", title_justify="left")
    table.add_column("Step")
    table.add_column("Result", overflow="fold")
    table.add_column("Seconds", justify="right")
    for step in report.steps:
        table.add_row(step.label, step.summary, f"{step.seconds:.1f}")
    table.add_section()
    table.add_row("Total", "", f"{report.seconds:.1f}")
    console.print(table)
    landing = report.landing
    for file in (*landing.landed, *landing.landed_again):
        replaced = f", replaces {file.superseded}" if file.superseded else ""
        if file.superseded_by:
            replaced = f", replaced by {file.superseded_by}"
        again = " again" if file in landing.landed_again else ""
        _line(
            console,
            f"Landed{again} {file.file_name}: wave {file.wave}, {file.kind}, "
            f"{file.row_count:,} rows, {file.column_count} columns{replaced}",
        )
        for line in _corrections(landing, file):
            _line(console, f"  {line}")
    print_lines(console, report.standing)


def _corrections(landing: LandingReport, file: LandedFile) -> Iterator[str]:
    from landing.checks.correction import CODE

    slot = (file.wave, file.kind, file.file_name)
    for check in landing.checks:
        if (check.wave, check.kind, check.file_name) != slot:
            continue
        for finding in check.findings:
            if finding.code == CODE:
                yield finding.message
                if finding.where:
                    yield f"  {finding.where}"


def print_nothing_changed(console: Console, settings: Settings, last: LastRefresh) -> None:
    """Print that there was nothing to do, and what stands since the last refresh."""
    ended = last.finished_at.replace("T", " ").replace("+00:00", " UTC")
    _line(
        console,
        f"Nothing changed for survey {settings.survey} since the refresh that ended at {ended}: "
        "deliveries, registries, code, warehouse and releases are the same. "
        "(--full builds everything anew.)",
    )
    print_lines(console, last.lines)


def print_rows(console: Console, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Print rows as a table."""
    table = Table()
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    console.print(table)


def print_selected(
    console: Console, columns: Sequence[str], rows: Iterator[tuple[Any, ...]], limit: int
) -> None:
    """Print the first rows of a query, and how many more there are.

    As a table where the columns fit beside each other, else one line per value.
    """
    shown = list(islice(rows, limit))
    if _width(columns, shown) <= console.width:
        print_rows(console, columns, shown)
    else:
        _print_records(console, columns, shown)
    left = sum(1 for _ in rows)
    if left:
        more = "1 more row" if left == 1 else f"{left:,} more rows"
        _line(console, f"… {more}: --limit, or --csv for all of them.")
    elif not shown:
        _line(console, "No rows.")


def _width(columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> int:
    """Return how wide a table is whose column names stand whole and whose long texts are folded."""
    widths = [
        max(cell_len(column), *(min(cell_len(_cell(row[place])), FOLDED) for row in rows), 0)
        for place, column in enumerate(columns)
    ]
    return sum(widths) + 3 * len(widths) + 1


def _print_records(
    console: Console, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    names = [f"{column}:" for column in columns]
    width = max(cell_len(name) for name in names)
    for number, row in enumerate(rows, start=1):
        _line(console, f"{'' if number == 1 else chr(10)}row {number}")
        for name, value in zip(names, row, strict=True):
            _line(console, f"{set_cell_size(name, width)} {_cell(value)}".rstrip())


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def print_status(
    console: Console,
    settings: Settings,
    manifests: Sequence[dict[str, Any] | None],
    landed: Sequence[tuple[Any, ...]] | None,
) -> None:
    """Print the current release of each edition and the landed files."""
    if not any(manifests):
        _line(console, f"No release of {settings.survey} yet: run `barometer refresh`.")
    for manifest in manifests:
        if manifest is None:
            continue
        synthetic = ", synthetic example data" if manifest["is_synthetic"] else ""
        _line(
            console,
            f"Current release {manifest['release_id']} ({manifest['edition']} edition{synthetic}),"
            f" {len(manifest['tables'])} tables, made {manifest['created_at'] or 'unknown'}",
        )
        store = edition_of(settings, manifest["edition"])
        _line(console, f"  {store.current / store.file_name}")
    if landed is None:
        _line(console, f"Nothing landed yet; the inbox is {settings.inbox}.")
        return
    print_rows(console, ("wave", "kind", "part", "file", "rows", "landed at (UTC)"), landed)


def print_findings(console: Console, found: Sequence[DeliveryFindings]) -> None:
    """Print everything that was found in the landed files, as the check of a file prints it."""
    from landing.findings.report import findings_table

    for file in found:
        title = f"{file.file_name} (wave {file.wave}, {file.kind}, {file.part})"
        console.print(findings_table(title, file.findings))
    if not found:
        _line(console, "Nothing was found in the landed files.")


def print_lines(console: Console, lines: Iterable[str]) -> None:
    """Print lines as they are."""
    for line in lines:
        _line(console, line)


def print_validated(console: Console, seeds: Path, registry: Registry) -> None:
    """Print that the registries are right, and what they hold."""
    _line(console, f"The registries in {seeds} are consistent:")
    _line(
        console,
        f"  {len(registry.waves)} waves, {len(registry.columns)} mapped columns,"
        f" {len(registry.questions)} questions, {len(registry.options)} options,"
        f" {len(registry.organisation_groups)} organisation groups,"
        f" {len(registry.indicators)} indicators",
    )


def _line(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)
