"""Rows above the table: blank ones, titles and remarks that people and tools put there."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from landing.readers.layout import Layout, setting
from landing.readers.table import Cell, Notice

MOST_LINES = 20
_REMARKS = ("#", "//")
_NUMBER = re.compile(r"[-+]?(?=[^\d]*\d)[\d.,:/ -]++%?")
_FEWEST_WORDS = 2


def is_blank(row: Sequence[Cell]) -> bool:
    """Return whether a row has no content."""
    return not any(cell and cell.strip() for cell in row)


def first_of_table(rows: Sequence[Sequence[Cell]]) -> int:
    """Return the place of the row the table begins with.

    Blank rows above it are nothing. A title is a remark, or one cell of some words, over a row that
    names columns. Anything else that is narrower than the rows below it may be a header that lacks
    some of its names: that is for a person to say, and stays.

    Args:
        rows: the first rows, as wide as they are.
    """
    top = next((place for place, row in enumerate(rows) if not is_blank(row)), 0)
    width = _usual_width(rows[top:])
    for place in range(top, min(len(rows) - 1, top + MOST_LINES)):
        row = rows[place]
        if is_blank(row) or _is_title(row, width):
            continue
        return place if place == top or _names_columns(row, width) else top
    return top


def title_rows(
    above: Sequence[Sequence[Cell]], unit: str, layout: Layout, last: int | None = None
) -> tuple[Notice, ...]:
    """Return what is said of the rows above the table that are not read.

    Args:
        above: these rows.
        unit: what they are in such a file, `line` or `row`.
        layout: nothing is said of what somebody stated.
        last: the last of them, where rows are not counted by their number.
    """
    titles = [row for row in above if not is_blank(row)]
    if not titles or layout.table_start is not None:
        return ()
    shown = ", ".join(repr(" ".join(_filled(title))[:60]) for title in titles[:5])
    return (
        Notice(
            "lines_above_header",
            f"What stands above the header is not read: {shown}.",
            f"{unit}s 1 to {last or len(above)}",
            f"If the table begins elsewhere, state the {unit} of its header in "
            f"{setting('table_start')}.",
        ),
    )


def _usual_width(rows: Sequence[Sequence[Cell]]) -> int:
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return widths.most_common(1)[0][0] if widths else 1


def _filled(row: Sequence[Cell]) -> list[str]:
    return [cell.strip() for cell in row if cell and cell.strip()]


def _is_title(row: Sequence[Cell], width: int) -> bool:
    filled = _filled(row)
    if width < 2:
        return False
    # A comma in a sentence has a space after it.
    is_prose = any(cell.startswith(" ") for cell in row if cell)
    if filled[0].startswith(_REMARKS) and len(filled[0]) > len("#"):
        return len(filled) == 1 or len(row) != width or is_prose
    if len(filled) > 1:
        return is_prose and len(row) < width
    return (len(row) == 1 or width > 2) and len(filled[0].split()) >= _FEWEST_WORDS


def _names_columns(row: Sequence[Cell], width: int) -> bool:
    filled = _filled(row)
    return (
        len(row) == width
        and 2 * len(filled) > width
        and len(set(filled)) == len(filled)
        and not any(_NUMBER.fullmatch(name) for name in filled)
        and not any(cell.startswith(" ") for cell in row if cell)
    )
