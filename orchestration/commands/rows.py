"""Rows of a query as a person or a program reads them: table, records, CSV, JSON, Markdown."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from barometer.errors import UsageError

if TYPE_CHECKING:
    from rich.console import Console

FOLDED = 24
"""Of a text that is wider than this, a table shows the rest on further lines."""
READ_AHEAD = 1_000
"""So many rows of a Markdown table say which columns hold numbers alone."""


class Format(StrEnum):
    """How rows are printed."""

    TABLE = "table"
    RECORDS = "records"
    CSV = "csv"
    JSON = "json"
    MD = "md"


FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        help="How to print rows: a table or, where it is too wide, records; in a pipe or a file "
        "csv.",
    ),
]


def print_rows_as(
    chosen: Format | None,
    columns: Sequence[str],
    rows: Iterator[Sequence[Any]],
    stream: TextIO,
    limit: int,
) -> None:
    """Print rows in the format chosen, or in that which suits whoever reads the stream.

    Args:
        chosen: the format, if one was.
        columns: names of the columns.
        rows: the rows; those of CSV, JSON and Markdown are never all in memory.
        stream: where to print.
        limit: most rows of a table or of records, which are for people.

    Raises:
        UsageError: JSON of columns that are called alike.
    """
    from orchestration.commands.console import new_console, printed_with_losses

    if chosen is None and not stream.isatty():
        chosen = Format.CSV
    if chosen in (None, Format.TABLE, Format.RECORDS):
        print_selected(new_console(), columns, rows, limit, chosen)
        return
    if chosen is Format.CSV:
        from publication.outlets.downloads import write_csv

        write_csv(stream, columns, rows)
    else:
        write = write_json if chosen is Format.JSON else write_markdown
        write(stream, columns, rows)
    # Here, where a reader that has gone away (`| head`) ends the command quietly.
    stream.flush()
    if losses := printed_with_losses(stream):
        typer.echo(losses, err=True)


def print_selected(
    console: Console,
    columns: Sequence[str],
    rows: Iterator[Sequence[Any]],
    limit: int,
    chosen: Format | None = None,
) -> None:
    """Print the first rows, and how many more there are.

    As a table where the columns fit beside each other, else as records; or as was chosen, a table
    then as wide as it is.
    """
    shown = list(islice(rows, limit))
    left = sum(1 for _ in rows)
    width = _width(columns, shown)
    if not shown and not left:
        print_line(console, "No rows.")
        return
    if chosen is Format.TABLE or (chosen is None and width <= console.width):
        print_rows(console, columns, shown, max(width, console.width))
    else:
        _print_records(console, columns, shown, len(shown) + left)
    if left:
        more = "1 more row" if left == 1 else f"{left:,} more rows"
        print_line(console, f"… {more}: --limit, or --format csv for all.")


def print_rows(
    console: Console,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    width: int | None = None,
    whole: Collection[str] = (),
) -> None:
    """Print rows as a table; numbers stand on the right.

    Args:
        console: where to print.
        columns: names of the columns.
        rows: the rows.
        width: how wide it may be; as wide as the console where nothing is said.
        whole: columns whose values are never folded, so that they can be copied.
    """
    from rich.table import Table
    from rich.text import Text

    rows, table = list(rows), Table()
    for place, column in enumerate(columns):
        side = "right" if _are_numbers(row[place] for row in rows) else "left"
        table.add_column(
            Text(column),
            overflow="fold",
            justify=side,  # type: ignore[arg-type]
            no_wrap=column in whole,
        )
    for row in rows:
        table.add_row(*(Text(cell_text(value)) for value in row))
    before = console.width
    try:
        # A table is never printed wider than what the console says.
        console.width = width or before
        console.print(table)
    finally:
        console.width = before


def print_line(console: Console, text: str) -> None:
    """Print a line as it is."""
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def cell_text(value: object) -> str:
    """Return a value as a person reads it; nothing where there is none."""
    return "" if value is None else str(value)


def _width(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Return how wide a table is whose column names stand whole and whose long texts are folded."""
    from rich.cells import cell_len

    widths = [
        max(cell_len(column), *(min(cell_len(cell_text(row[place])), FOLDED) for row in rows), 0)
        for place, column in enumerate(columns)
    ]
    return sum(widths) + 3 * len(widths) + 1


def _print_records(
    console: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]], total: int
) -> None:
    """Print one line per value; blank ones are only counted, long ones go on under themselves."""
    from rich.table import Table
    from rich.text import Text

    for number, row in enumerate(rows, start=1):
        blank = sum(value is None for value in row)
        heading = Text(f"row {number:,} of {total:,}", style="bold")
        if blank:
            heading.append(f" ({blank} of {len(row)} columns blank)", style="not bold dim")
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(no_wrap=True, style="dim")
        grid.add_column(overflow="fold")
        for name, value in zip(columns, row, strict=True):
            if value is not None:
                grid.add_row(Text(name), Text(cell_text(value)))
        if number > 1:
            console.print()
        console.print(heading)
        console.print(grid)


def write_json(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as one JSON array of objects, a row per line.

    Raises:
        UsageError: columns that are called alike, of which an object would keep one.
    """
    twice = [name for name, count in Counter(columns).items() if count > 1]
    if twice:
        raise UsageError(
            f"JSON has no room for two columns of one name: {', '.join(twice)}.",
            expected="columns that differ in name",
            remedy="Name one of them otherwise, as in `select a.wave, b.wave as wave_before`.",
        )
    between = "["
    for row in rows:
        named = {name: _json_value(value) for name, value in zip(columns, row, strict=True)}
        stream.write(f"{between}\n{json.dumps(named, ensure_ascii=False, allow_nan=False)}")
        between = ","
    stream.write("[]\n" if between == "[" else "\n]\n")


def _json_value(value: Any) -> Any:  # noqa: ANN401 - what DuckDB returns
    """Return a value as JSON has it; a number that it cannot write is null, as in a browser."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _json_value(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(inner) for inner in value]
    return str(value)


def write_markdown(stream: TextIO, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows as a table of GitHub's Markdown; numbers stand on the right."""
    ahead, rest = list(islice(iterated := iter(rows), READ_AHEAD)), iterated
    sides = [
        "---:" if _are_numbers(row[place] for row in ahead) else "---"
        for place in range(len(columns))
    ]
    stream.write(f"| {' | '.join(_markdown_text(column) for column in columns)} |\n")
    stream.write(f"| {' | '.join(sides)} |\n")
    for some in (ahead, rest):
        for row in some:
            stream.write(f"| {' | '.join(_markdown_text(cell_text(v)) for v in row)} |\n")


def _markdown_text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
    return " ".join(escaped.splitlines()) if "\n" in text or "\r" in text else escaped


def _are_numbers(values: Iterable[Any]) -> bool:
    """Return whether there is a value and all of them are numbers."""
    kinds = {type(value) for value in values if value is not None}
    return bool(kinds) and kinds <= {int, float, Decimal}
