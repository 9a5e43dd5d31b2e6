"""What the command line prints when a command is done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.table import Table
from rich.text import Text

from barometer.registry import Registry
from barometer.settings import DEFAULT_SURVEY, PROJECT_ROOT, Settings
from orchestration.refresh import RefreshReport
from publication.editions import edition_of

FOLDED = 24
"""Of a text that is wider than this, a table shows the rest on further lines."""


def print_refresh(console: Console, settings: Settings, report: RefreshReport) -> None:
    """Print what was landed, built, checked and published, and how to look at it."""
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
    for file in landing.unchanged:
        if file.superseded_by:
            _line(
                console,
                f"Not in force {file.file_name}: an earlier version, as landed before; "
                f"{file.superseded_by} stays, because its file comes later in landing order",
            )
    if landing.unrecognised:
        names = landing.unrecognised
        shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
        _line(console, f"Left aside, no pattern in deliveries.csv fits: {shown}")
    for wave, count in report.unmatched:
        _line(
            console,
            f"{count:,} response(s) of wave {wave} could not be matched to the frame and count for "
            "no organisation. Candidates:",
        )
        _line(console, f"  {_command(settings, 'match')} --wave {wave}")
    _line(console, f"Release:   {report.release.path}")
    if report.release.public is not None:
        _line(console, f"Public:    {report.release.public.path}")
    _line(console, f"Data Docs: {settings.data_docs}")


def print_example(console: Console, settings: Settings, registry: Registry) -> None:
    """Print a command that shows the first indicator by organisation group."""
    _line(console, "Look at a result:")
    _line(console, f"  {example_command(settings, registry)}")


def example_command(settings: Settings, registry: Registry) -> str:
    """Return a command line that works as it stands from the project's folder."""
    return f'{_command(settings, "query")} "{example_query(registry)}"'


def _command(settings: Settings, name: str) -> str:
    survey = "" if settings.survey == DEFAULT_SURVEY else f" --survey {settings.survey}"
    base = settings.home.parent
    home = "" if base == PROJECT_ROOT / "warehouse" else f" --home {base}"
    return f".venv/bin/barometer {name}{survey}{home}"


def example_query(registry: Registry) -> str:
    """Return SQL for the first indicator, by group of the first classification."""
    indicator = min(registry.indicators, key=lambda row: row.position)
    classification = min(registry.classifications, key=lambda row: row.position)
    return (
        "select wave, group_id, n_answered, round(weighted_estimate, 3) as estimate,"
        " round(weighted_lower, 3) as lower, round(weighted_upper, 3) as upper"
        " from core.mart_estimates"
        f" where indicator_id = '{indicator.indicator_id}'"
        f" and classification_id = '{classification.classification_id}'"
        " order by wave, group_id"
    )


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
        shelf = edition_of(settings, manifest["edition"])
        _line(console, f"  {shelf.current / shelf.file_name}")
    if landed is None:
        _line(console, f"Nothing landed yet; the inbox is {settings.inbox}.")
        return
    print_rows(console, ("wave", "kind", "part", "file", "rows", "landed at (UTC)"), landed)


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
