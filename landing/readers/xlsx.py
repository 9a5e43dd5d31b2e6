"""Excel workbooks: one sheet, header in its first row with content, typed cells as text."""

from __future__ import annotations

from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    WorksheetNotFound,
    XmlError,
    ZipError,
    load_workbook,
)

from landing.errors import LandingError
from landing.readers.table import (
    Cell,
    ReadOptions,
    Row,
    SourceColumn,
    SourceTable,
    make_table,
)
from landing.readers.values import cell_text

# Excel itself shows, and exports to CSV, 15 significant digits.
_DIGITS = 15


def read_xlsx(path: Path, options: ReadOptions) -> SourceTable:
    """Read one sheet of a workbook.

    Raises:
        LandingError: the workbook is damaged or locked, the sheet does not exist, or
            several sheets have content and none was named.
    """
    try:
        book = load_workbook(str(path))
        name, grid = _grid(path, book, options.sheet)
    except (CalamineError, PasswordError, XmlError, ZipError, WorksheetNotFound) as error:
        raise LandingError(
            f"The workbook cannot be read ({error}).",
            where=path.name,
            expected="a complete .xlsx workbook without a password",
            remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
        ) from error
    while grid and not any(grid[0]):
        grid.pop(0)
    if not grid:
        raise LandingError(
            "The sheet is empty.",
            where=f"{path.name}, sheet '{name}'",
            expected="a header row followed by at least one data row",
            remedy="Check that the right sheet is named in the deliveries registry.",
        )
    columns = tuple(
        SourceColumn(position=position, name=header or "")
        for position, header in enumerate(grid[0], start=1)
    )
    return make_table(path, columns, grid[1:], format="xlsx", sheet=name)


def _grid(path: Path, book: CalamineWorkbook, sheet: str | None) -> tuple[str, list[Row]]:
    if sheet is not None:
        if sheet not in book.sheet_names:
            raise LandingError(
                f"The workbook has no sheet '{sheet}'.",
                where=path.name,
                expected="one of: " + ", ".join(book.sheet_names),
                remedy="Correct the column `sheet` of the deliveries registry.",
            )
        return sheet, _rows(book, sheet)
    filled = []
    for metadata in book.sheets_metadata:
        if metadata.visible == SheetVisibleEnum.Visible:
            rows = _rows(book, metadata.name)
            if any(map(any, rows)):
                filled.append((metadata.name, rows))
    if not filled:
        raise LandingError(
            "The workbook has no visible sheet with content.",
            where=path.name,
            expected="one sheet with a header row followed by data rows",
            remedy="Export again, or show the sheet that holds the data.",
        )
    if len(filled) > 1:
        raise LandingError(
            "Several sheets of the workbook have content.",
            where=f"{path.name}, sheets: " + ", ".join(name for name, _ in filled),
            expected="one sheet with content, or the name of the one to read",
            remedy="Name the sheet in the column `sheet` of the deliveries registry.",
        )
    return filled[0]


def _rows(book: CalamineWorkbook, name: str) -> list[Row]:
    grid = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [tuple(_text(cell) for cell in row) for row in grid]


def _text(cell: object) -> Cell:
    # The library gives an empty cell and an empty text alike.
    return None if cell == "" else cell_text(cell, digits=_DIGITS)
