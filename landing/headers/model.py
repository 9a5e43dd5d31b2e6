"""What interpreting the first rows of a file comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from barometer.labels import collapse_white_space

HeaderRow = Sequence[str | None]

ANSWER = "answer"
TIMING = "timing"


@dataclass(frozen=True)
class HeaderColumn:
    """One column as the registry knows it.

    Attributes:
        name: what `columns.csv` calls it.
        label: text that the tool shows for it, verbatim; None where the name is all there is.
        kind: `timing` for time measurements that the tool adds by itself, else `answer`.
    """

    name: str
    label: str | None = None
    kind: str = ANSWER


@dataclass(frozen=True)
class Header:
    """The header of a file: its columns, the rows it takes, and the tool that wrote it.

    Attributes:
        not_shown: what the cells hold where a question was not asked.
        stand_ins: what stands in the cells for characters that they cannot hold, in the order in
            which they are put back.
    """

    columns: tuple[HeaderColumn, ...]
    n_header_rows: int
    tool: str
    not_shown: str | None = None
    stand_ins: tuple[tuple[str, str], ...] = ()

    def cell(self, text: str | None) -> str | None:
        """Return a cell as it was before the tool wrote it down."""
        if text is None or text == self.not_shown:
            return None
        for stand_in, character in self.stand_ins:
            text = text.replace(stand_in, character)
        return text


def folded(text: str | None) -> str:
    """Return a text as words that a tool writes are recognised by."""
    return collapse_white_space(text or "").lower()


def without_repeats(columns: Sequence[HeaderColumn]) -> tuple[HeaderColumn, ...]:
    """Number repeated names; columns without a name stay so, and go by their position.

    The first of several columns of one name keeps it, the others get ` (2)`, ` (3)` in file
    order: the same export always gets the same names.
    """
    taken = {collapse_white_space(column.name) for column in columns}
    seen: set[str] = set()
    named = []
    for column in columns:
        name = column.name
        if collapse_white_space(name) in seen:
            name = _numbered(collapse_white_space(name), taken)
        if collapse_white_space(name):
            seen.add(collapse_white_space(name))
            taken.add(collapse_white_space(name))
        named.append(replace(column, name=name))
    return tuple(named)


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
