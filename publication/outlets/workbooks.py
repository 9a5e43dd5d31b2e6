"""Write tables of a release as a workbook: a sheet per table, what it is, what each column means.

Texts are typed as text, so that no spreadsheet program takes them for formulas.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from barometer.errors import UsageError
from barometer.spreadsheet_cells import CELL_LENGTH, cell_length
from publication.outlets.described import Column

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

SHEET_ROWS = 1_048_576
SHEET_NAME = 31
ABOUT_SHEET, CODEBOOK_SHEET = "about", "codebook"
CODEBOOK = ("table", "column", "type", "meaning")

SHARE, NUMBER, P_VALUE, COUNT = "0.0 %", "0.00", "0.0000", "#,##0"
MOMENTS = {"DATE": "yyyy-mm-dd", "TIMESTAMP": "yyyy-mm-dd hh:mm"}
WHOLE = ("INTEGER", "BIGINT")
_SHARES = re.compile(r"(?:.*_)?(?:share|rate)|confidence_level")
_SAID_TO_BE_SHARES = re.compile(r"(?:weighted )?shares? (?:of|that|with)\b", re.IGNORECASE)
_OWN_SCALE = re.compile(r".*(?:effect|_p_|p_value|p_adjusted|ratio|correlation|balance).*")
_P_VALUES = re.compile(r".*p_(?:value|adjusted)")
_FIGURES = re.compile(
    r".*estimate.*|bound_.*|range_.*|difference.*|change.*|standard_error|.*weighted_(?:lower|upper)"
)
"""Columns on the scale of the indicator of their row, whose kind the row tells."""
KIND, KIND_OF_SHARES, KIND_OF_TOTALS = "kind", "share", "total"

WIDEST, NARROWEST, MEANING_WIDTH = 48, 8, 100
SAMPLED = 500
"""So many rows of a table say how wide its columns are."""


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    Attributes:
        table: schema and name.
        columns: what is known of its columns, in order.
        rows: its rows.
    """

    table: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]


def write_workbook(path: Path, sheets: Sequence[Sheet], about: Sequence[str]) -> None:
    """Write tables as one workbook, with a sheet about it before and a codebook after them.

    Args:
        path: the file.
        sheets: the tables.
        about: what the first sheet says; its first line heads every printed page.

    Raises:
        UsageError: more rows than a sheet has, or a text that no cell can hold.
    """
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    # In the order of the sheets, whose names they take.
    names = list(sheet_names([sheet.table for sheet in sheets]))
    _write_about(book, about)
    for name, sheet in zip(names, sheets, strict=True):
        _write_table(book, name, sheet, about[0] if about else "")
    _write_codebook(book, sheets)
    book.save(path)


def sheet_names(tables: Sequence[str]) -> Iterator[str]:
    """Yield a name per table: its own, cut to what a sheet can be called, and each only once."""
    taken = {ABOUT_SHEET, CODEBOOK_SHEET}
    for table in tables:
        whole = table.rsplit(".", 1)[-1]
        name, number = whole[:SHEET_NAME], 1
        # Spreadsheet programs do not tell capitals apart here.
        while name.lower() in taken:
            number += 1
            end = f"~{number}"
            name = whole[: SHEET_NAME - len(end)] + end
        taken.add(name.lower())
        yield name


def number_format(column: Column, kind: str | None, has_kind: bool) -> str | None:
    """Return how a number of a column is shown; None where it is shown as it is.

    Args:
        column: the column.
        kind: what the indicator of the row is, where the row says it.
        has_kind: whether rows of the table say it.
    """
    if column.data_type in MOMENTS:
        return MOMENTS[column.data_type]
    if column.data_type in WHOLE:
        return COUNT
    if column.data_type != "DOUBLE":
        return None
    if _P_VALUES.fullmatch(column.name):
        return P_VALUE
    if _SHARES.fullmatch(column.name) or _SAID_TO_BE_SHARES.match(column.description):
        return SHARE
    follows = has_kind and _FIGURES.fullmatch(column.name) and not _OWN_SCALE.match(column.name)
    if follows and kind == KIND_OF_SHARES:
        return SHARE
    return COUNT if follows and kind == KIND_OF_TOTALS else NUMBER


def _write_about(book: Workbook, about: Sequence[str]) -> None:
    if not about:
        return
    sheet = book.create_sheet(ABOUT_SHEET)
    sheet.column_dimensions["A"].width = MEANING_WIDTH
    for line in about:
        sheet.append([_wrapped(sheet, line)])


def _write_codebook(book: Workbook, sheets: Sequence[Sheet]) -> None:
    rows = [
        (sheet.table, column.name, column.data_type, column.description)
        for sheet in sheets
        for column in sheet.columns
    ]
    sheet = book.create_sheet(CODEBOOK_SHEET)
    widths = [*_widths(CODEBOOK[:-1], [row[:-1] for row in rows]), MEANING_WIDTH]
    _begin(sheet, CODEBOOK, widths)
    for *names, meaning in rows:
        sheet.append([*(_text_cell(sheet, name) for name in names), _wrapped(sheet, meaning)])
    _end(sheet, len(CODEBOOK), len(rows))


def _write_table(book: Workbook, name: str, table: Sheet, marking: str) -> None:
    if len(table.rows) >= SHEET_ROWS:
        raise _not_in_a_sheet(f"{table.table}: more than {SHEET_ROWS:,} rows")
    sheet = book.create_sheet(name)
    sheet.oddHeader.center.text = marking.replace("&", "&&") or None
    names = [column.name for column in table.columns]
    _begin(sheet, names, _widths(names, table.rows))
    place = names.index(KIND) if KIND in names else None
    cells: dict[tuple[int, str | None], Cell] = {}
    for row in table.rows:
        kind = None if place is None else row[place]
        sheet.append(list(_cells(sheet, table.columns, row, kind, place is not None, cells)))
    _end(sheet, len(names), len(table.rows))


def _cells(
    sheet: Worksheet,
    columns: Sequence[Column],
    row: Sequence[Any],
    kind: str | None,
    has_kind: bool,
    made: dict[tuple[int, str | None], Cell],
) -> Iterator[Any]:
    """Yield the cells of a row.

    Args:
        sheet: the sheet.
        columns: its columns.
        row: the values.
        kind: what the indicator of the row is.
        has_kind: whether rows of the table say it.
        made: cells by column and kind; filled again for every row, since styles cost more.
    """
    for number, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is None:
            yield None
        elif isinstance(value, str):
            yield _text_cell(sheet, value)
        else:
            if (number, kind) not in made:
                made[number, kind] = _styled(sheet, number_format(column, kind, has_kind))
            cell = made[number, kind]
            cell.value = value
            yield cell


def _begin(sheet: Worksheet, columns: Sequence[str], widths: Sequence[float]) -> None:
    """Write the header, which stays in sight; all of it must be said before the first row."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    header = [_text_cell(sheet, column) for column in columns]
    for cell in header:
        cell.font = Font(bold=True)
    sheet.append(header)


def _end(sheet: Worksheet, columns: int, rows: int) -> None:
    from openpyxl.utils import get_column_letter

    sheet.auto_filter.ref = f"A1:{get_column_letter(columns)}{rows + 1}"


def _widths(columns: Collection[str], rows: Sequence[Sequence[Any]]) -> list[float]:
    """Return how wide columns are, in characters: their names whole, with room for the filter."""
    sample = list(islice(rows, SAMPLED))
    return [
        max(
            len(name) + 3,
            NARROWEST,
            # Numbers are shown short, whatever their digits.
            min(
                WIDEST, max((len(x[place]) for x in sample if isinstance(x[place], str)), default=0)
            ),
        )
        for place, name in enumerate(columns)
    ]


def _styled(sheet: Worksheet, shown_as: str | None) -> Cell:
    from openpyxl.cell import WriteOnlyCell

    cell: Cell = WriteOnlyCell(sheet)
    if shown_as is not None:
        cell.number_format = shown_as
    return cell


def _wrapped(sheet: Worksheet, text: str) -> Cell:
    from openpyxl.styles import Alignment

    cell = _text_cell(sheet, text)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _text_cell(sheet: Worksheet, text: str) -> Cell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils.exceptions import IllegalCharacterError

    if cell_length(text) > CELL_LENGTH:
        raise _not_in_a_sheet(f"a text of more than {CELL_LENGTH:,} characters")
    try:
        cell: Cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError as error:
        raise _not_in_a_sheet(f"a text with a control character: {text[:40]!r}") from error
    cell.data_type = "s"
    return cell


def _not_in_a_sheet(what: str) -> UsageError:
    return UsageError(
        "The table does not fit in a workbook.",
        where=what,
        expected=f"at most {SHEET_ROWS:,} rows, and plain texts of at most {CELL_LENGTH:,} "
        "characters",
        remedy="Name a file that ends in .csv or .parquet.",
    )
