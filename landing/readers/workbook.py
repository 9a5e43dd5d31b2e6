"""From a workbook to a table: which sheet, and what in it cannot be taken as it looks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from python_calamine import (
    CalamineError,
    PasswordError,
    WorksheetNotFound,
    XmlError,
    ZipError,
    load_workbook,
)

from landing.findings.errors import LandingError
from landing.headers import SAMPLE_ROWS, generic, interpret_header
from landing.readers.sheets import SheetFacts, letters, place
from landing.readers.stray_rows import TOTALS_ROW
from landing.readers.table import (
    Cell,
    Notice,
    ReadOptions,
    Row,
    SourceColumn,
    SourceTable,
    make_table,
)
from landing.readers.title_lines import first_of_table, title_rows
from landing.readers.values import cell_text

# Excel itself shows, and exports to CSV, 15 significant digits.
_DIGITS = 15
# A far-off cell makes the rectangle of a sheet large however few cells are filled.
_LARGEST_AREA = 25_000_000
_MOST_COLUMNS = 16_384


def read_workbook(path: Path, options: ReadOptions, sheets: Sequence[SheetFacts]) -> SourceTable:
    """Read one sheet of a workbook whose package was checked.

    Raises:
        LandingError: the workbook is damaged or locked, the sheet does not exist, several
            sheets have content and none was named, or cells cannot be taken as they stand.
    """
    facts = _choose(path, sheets, options.sheet)
    _require_sound(path, facts)
    try:
        sheet = load_workbook(str(path)).get_sheet_by_name(facts.name)
        grid = [
            tuple(_text(cell) for cell in row) for row in sheet.to_python(skip_empty_area=False)
        ]
    except (
        CalamineError,
        PasswordError,
        XmlError,
        ZipError,
        WorksheetNotFound,
        ValueError,
        OverflowError,
        OSError,
    ) as error:
        raise LandingError(
            f"The workbook cannot be read ({error}).",
            where=path.name,
            expected="a complete workbook without a password",
            remedy="Open it in a spreadsheet program, save it as .xlsx, and deliver that.",
        ) from error
    return _table(path, options, facts, grid, _notices(path, facts, sheets))


def _table(
    path: Path,
    options: ReadOptions,
    facts: SheetFacts,
    grid: list[Row],
    notices: tuple[Notice, ...],
) -> SourceTable:
    if not any(map(any, grid)):
        raise _empty(path, facts.name)
    top = _top(options, grid)
    _refuse_merged(path, options, facts, grid, top)
    titles = title_rows(grid[:top], "row", options.layout)
    columns = tuple(
        SourceColumn(position=position, name=header or "")
        for position, header in enumerate(grid[top], start=1)
    )
    return make_table(
        path,
        columns,
        grid[top + 1 :],
        format=options.format,
        sheet=facts.name,
        notices=(*notices, *titles),
    )


def _top(options: ReadOptions, grid: list[Row]) -> int:
    """Return the place of the row in which the header begins."""
    if options.layout.table_start is not None:
        return min(options.layout.table_start, len(grid)) - 1
    filled = next(number for number, row in enumerate(grid) if any(row))
    sample = grid[filled : filled + SAMPLE_ROWS]
    # A question over its options looks like a title.
    if interpret_header(sample, None).tool != generic.TOOL:
        return filled
    return filled + first_of_table(sample)


def _choose(path: Path, sheets: Sequence[SheetFacts], sheet: str | None) -> SheetFacts:
    if sheet is not None:
        named = next((facts for facts in sheets if facts.name == sheet), None)
        if named is None:
            raise LandingError(
                f"The workbook has no sheet '{sheet}'.",
                where=path.name,
                expected="one of: " + ", ".join(facts.name for facts in sheets),
                remedy="Correct the column `sheet` of the deliveries registry.",
            )
        if not named.last_row:
            raise _empty(path, sheet)
        return named
    filled = [facts for facts in sheets if facts.is_visible and facts.last_row]
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
            where=f"{path.name}, sheets: " + ", ".join(facts.name for facts in filled),
            expected="one sheet with content, or the name of the one to read",
            remedy="Name the sheet in the column `sheet` of the deliveries registry.",
        )
    return filled[0]


def _empty(path: Path, sheet: str) -> LandingError:
    return LandingError(
        "The sheet is empty.",
        where=f"{path.name}, sheet '{sheet}'",
        expected="a header row followed by at least one data row",
        remedy="Check that the right sheet is named in the deliveries registry.",
    )


def _require_sound(path: Path, facts: SheetFacts) -> None:
    where = f"{path.name}, sheet '{facts.name}'"
    if facts.last_row * facts.last_column > _LARGEST_AREA or facts.last_column > _MOST_COLUMNS:
        raise LandingError(
            "The sheet reaches too far: reading it would take all memory.",
            where=f"{where}, up to cell {place(facts.last_row, facts.last_column)}",
            expected=f"rows times columns below {_LARGEST_AREA:,}",
            remedy="Clear what stands far below or right of the data, or deliver it as CSV.",
        )
    if facts.uncalculated.count:
        raise LandingError(
            f"{facts.uncalculated.count} formula cell(s) have no calculated value.",
            where=f"{where}, {facts.uncalculated}",
            expected="values, or formulas with the value that a spreadsheet program calculated",
            remedy="Open the workbook in a spreadsheet program and save it, or paste the cells as "
            "values.",
        )


def _refuse_merged(
    path: Path, options: ReadOptions, facts: SheetFacts, grid: list[Row], top: int
) -> None:
    """Stop where one value stands for several cells: the others would be read as empty.

    In the questions above the options of a SurveyMonkey export that is what is meant.
    """
    merged = [
        range_
        for range_ in facts.merged
        if top < range_[2]
        and range_[0] <= len(grid)
        and range_[1] <= len(grid[range_[0] - 1])
        and grid[range_[0] - 1][range_[1] - 1]
    ]
    if not merged:
        return
    ranges = ", ".join(f"{place(a, b)}:{place(c, d)}" for a, b, c, d in merged[:5])
    more = f" and {len(merged) - 5} more" if len(merged) > 5 else ""
    in_header = [range_ for range_ in merged if range_[0] == top + 1]
    if len(in_header) == len(merged) and all(range_[2] == top + 1 for range_ in merged):
        sample = grid[top : top + SAMPLE_ROWS]
        header = interpret_header(sample, options.tool, options.layout.header_rows)
        if header.n_header_rows > 1:
            return
    raise LandingError(
        f"The {'header has' if in_header else 'data have'} merged cells.",
        where=f"{path.name}, sheet '{facts.name}', {ranges}{more}",
        expected="every name over its own column, and every value in its own cell",
        remedy="Unmerge the cells and give every column its own name (remove a title above the "
        "header); or export again without formatting.",
    )


def _notices(path: Path, facts: SheetFacts, sheets: Sequence[SheetFacts]) -> tuple[Notice, ...]:
    where = f"sheet '{facts.name}'"
    notices = []
    if facts.hidden_rows.count:
        notices.append(
            Notice(
                "hidden_rows",
                f"{facts.hidden_rows.count} hidden row(s) hold data; they are read like the "
                "others.",
                f"{where}, row {facts.hidden_rows}",
                "Remove the rows if they are not to count; hiding or filtering does not.",
            )
        )
    if facts.hidden_columns.count:
        notices.append(
            Notice(
                "hidden_columns",
                f"{facts.hidden_columns.count} run(s) of columns are hidden; they are read like "
                "the others.",
                f"{where}, column {facts.hidden_columns}",
                "Remove the columns if they are not to be delivered.",
            )
        )
    if facts.errors.count:
        notices.append(
            Notice(
                "error_cells",
                f"{facts.errors.count} cell(s) hold an error instead of a value and are read as "
                "empty.",
                f"{where}, {facts.errors}",
                "Mend the formulas, or clear the cells.",
            )
        )
    if facts.totals:
        notices.append(
            Notice(
                TOTALS_ROW,
                f"{len(facts.totals)} row(s) hold the totals of a table and would be responses.",
                f"{where}, row {', '.join(map(str, facts.totals))}",
                "Take the totals row out of the table (Table Design, Total Row) and save the "
                "workbook.",
                severity="error",
            )
        )
    hidden = [other.name for other in sheets if other.last_row and not other.is_visible]
    if [name for name in hidden if name != facts.name]:
        notices.append(
            Notice(
                "hidden_sheets",
                f"{len(hidden)} hidden sheet(s) hold data and are not read.",
                "sheet " + ", ".join(f"'{name}'" for name in hidden),
                "Check that nothing in them belongs to the delivery; remove them if they hold "
                "personal data.",
            )
        )
    return tuple(notices)


def hidden_column(first: int, last: int) -> str:
    """Return a run of columns as a spreadsheet names it."""
    return letters(first) if first == last else f"{letters(first)}:{letters(last)}"


def _text(cell: object) -> Cell:
    # The library gives an empty cell and an empty text alike.
    return None if cell == "" else cell_text(cell, digits=_DIGITS)
