"""What the XML of a sheet says that its values do not: formulas, merged cells, hidden rows."""

from __future__ import annotations

from dataclasses import dataclass, field

_SHOWN = 5


@dataclass
class Places:
    """Cells or rows of one kind: how many, and the first few."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, place: str) -> None:
        """Count one more."""
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append(place)

    def __str__(self) -> str:
        """Return the first few, and how many more there are."""
        more = self.count - len(self.first)
        return ", ".join(self.first) + (f" and {more} more" if more else "")


@dataclass
class SheetFacts:
    """What is known of a sheet before it is loaded.

    Attributes:
        last_row: last row with content, from 1; 0 for an empty sheet.
        last_column: last column with content.
        uncalculated: formulas without a stored value.
        errors: cells that show an error such as #N/A.
        hidden_rows: hidden or filtered rows with content.
        hidden_columns: hidden columns, by the first of each run.
        totals: rows that a table of the sheet keeps its totals in.
        merged: merged ranges, as (first row, first column, last row, last column).
    """

    name: str
    is_visible: bool = True
    last_row: int = 0
    last_column: int = 0
    uncalculated: Places = field(default_factory=Places)
    errors: Places = field(default_factory=Places)
    hidden_rows: Places = field(default_factory=Places)
    hidden_columns: Places = field(default_factory=Places)
    totals: list[int] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def fill(self, row: int, column: int) -> None:
        """Note that a cell has content."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)


def letters(column: int) -> str:
    """Return a column number as a spreadsheet shows it: 1 is A, 28 is AB."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def place(row: int, column: int) -> str:
    """Return a cell as a spreadsheet names it."""
    return f"{letters(column)}{row}"


def parse_place(reference: str) -> tuple[int, int]:
    """Return row and column of a cell reference such as AB12."""
    column = 0
    digits = ""
    for character in reference.replace("$", "").upper():
        if character.isalpha():
            column = column * 26 + ord(character) - 64
        else:
            digits += character
    return int(digits or 0), column


def local(name: str) -> str:
    """Return an element or attribute name without its prefix."""
    return name.rpartition(":")[2]
