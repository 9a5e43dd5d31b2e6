"""What can be wrong in a registry, told so that the reader can mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from barometer.errors import BarometerError, SeveralErrors
from registry.tables.declaring import Record

_LISTED = 8


@dataclass(frozen=True)
class Problem:
    """One problem in one registry.

    Attributes:
        table: name of the registry.
        line: line in its file; None when it is about the whole file.
        column: column it is about, or several joined by a comma; empty when about the row.
        what: one sentence, what is wrong.
        expected: what would have been right.
        remedy: what to do.
    """

    table: str
    line: int | None
    column: str
    what: str
    expected: str
    remedy: str


@dataclass(frozen=True)
class Place:
    """Where something is wrong; see `Problem`."""

    table: str
    line: int | None
    column: str

    def wrong(self, what: str, expected: str, remedy: str) -> Problem:
        """Return what is wrong here."""
        return Problem(self.table, self.line, self.column, what, expected, remedy)


def at(row: Record | type[Record], column: str) -> Place:
    """Return a place in a row; of a class, in the whole file of its registry."""
    return Place(row.table, row.row if isinstance(row, Record) else None, column)


class RegistryError(BarometerError):
    """One mistake in a registry, with its file, line and column."""

    def __init__(self, problem: Problem, folder: Path) -> None:
        self.file = folder / f"{problem.table}.csv"
        self.line = problem.line
        self.column = problem.column
        where = str(self.file)
        if problem.line is not None:
            where += f", line {problem.line}"
        if problem.column:
            where += f", column {problem.column}"
        super().__init__(
            problem.what, where=where, expected=problem.expected, remedy=problem.remedy
        )


class RegistryErrors(SeveralErrors):
    """All mistakes found in the registries of a survey."""

    errors: tuple[RegistryError, ...]

    def __init__(self, folder: Path, problems: Sequence[Problem], *, incomplete: bool) -> None:
        found = sorted(problems, key=lambda problem: (problem.table, problem.line or 0))
        count = f"{len(found)} mistake{'' if len(found) == 1 else 's'}"
        remedy = "Mend them and run `barometer validate` again; nothing was changed."
        if incomplete:
            remedy += " What depends on unreadable files and rows is checked after that."
        super().__init__(
            f"The registries in {folder} have {count}.",
            [RegistryError(problem, folder) for problem in found],
            remedy=remedy,
        )


def listed(values: Iterable[object]) -> str:
    """Return values as text, cut short when there are many."""
    texts = [str(value) for value in values]
    if len(texts) <= _LISTED:
        return ", ".join(texts)
    return ", ".join(texts[:_LISTED]) + f", … ({len(texts)} in all)"


def did_you_mean(value: str, known: Iterable[str]) -> str:
    """Return `Did you mean 'x'? ` for the nearest known value, or nothing."""
    nearest = difflib.get_close_matches(value, list(known), n=1, cutoff=0.6)
    return f"Did you mean '{nearest[0]}'? " if nearest else ""
