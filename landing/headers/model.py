"""What interpreting the first rows of a file comes to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

HeaderRow = Sequence[str | None]

ANSWER = "answer"
TIMING = "timing"

# The same characters as in barometer.labels: `\s` means others in each engine.
_WHITE_SPACE = re.compile("[\t\n\f\r \u00a0\ufeff]+")


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
    """The header of a file: its columns, the rows it takes, and the tool that wrote it."""

    columns: tuple[HeaderColumn, ...]
    n_header_rows: int
    tool: str


def collapse(text: str | None) -> str:
    """Return a text on one line: every run of white space one space, none around it."""
    return _WHITE_SPACE.sub(" ", text or "").strip(" ")


def folded(text: str | None) -> str:
    """Return a text as words that a tool writes are recognised by."""
    return collapse(text).lower()


def without_repeats(columns: Sequence[HeaderColumn]) -> tuple[HeaderColumn, ...]:
    """Number repeated names; columns without a name stay so, and go by their position.

    The first of several columns of one name keeps it, the others get ` (2)`, ` (3)` in file
    order: the same export always gets the same names.
    """
    taken = {collapse(column.name) for column in columns}
    seen: set[str] = set()
    named = []
    for column in columns:
        name = column.name
        if collapse(name) in seen:
            name = _numbered(collapse(name), taken)
        if collapse(name):
            seen.add(collapse(name))
            taken.add(collapse(name))
        named.append(replace(column, name=name))
    return tuple(named)


def _numbered(name: str, taken: set[str]) -> str:
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"
