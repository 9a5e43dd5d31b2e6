"""How a delimited text separates its cells, judged by its first rows."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from landing.readers.layout import UNSTATED, setting
from landing.readers.table import Notice
from landing.readers.title_lines import first_of_table, title_rows

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe"}
_SAMPLE_RECORDS = 100
# Delimiters that fit nearly as many rows as the best one are compared by their cells.
_NEARLY = 0.1


@dataclass(frozen=True)
class Dialect:
    """How cells are separated and quoted.

    Attributes:
        is_spaced: whether a space after a delimiter belongs to neither cell.
    """

    delimiter: str
    is_quoted: bool = True
    is_spaced: bool = False

    @property
    def name(self) -> str:
        """The delimiter as a message calls it."""
        return _NAMES.get(self.delimiter, repr(self.delimiter))


@dataclass(frozen=True)
class Choice:
    """The dialect of a text, and the lines above its table.

    Attributes:
        skipped_lines: lines that are no part of the table.
        notices: what was guessed.
    """

    dialect: Dialect
    skipped_lines: int = 0
    notices: tuple[Notice, ...] = ()


def records(lines: Iterable[str], dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield the line a record ends on and its cells; physically empty lines are skipped."""
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quoting=csv.QUOTE_MINIMAL if dialect.is_quoted else csv.QUOTE_NONE,
        skipinitialspace=dialect.is_spaced,
        strict=True,
    )
    for record in reader:
        if record:
            yield reader.line_num, record


@dataclass(frozen=True)
class _Trial:
    """The first records of a text in one dialect.

    Attributes:
        lines: the line that each record ends on.
        n_broken: whether a quote does not end as it should.
        skipped: records above the table.
    """

    dialect: Dialect
    records: tuple[list[str], ...] = ()
    lines: tuple[int, ...] = ()
    n_broken: int = 0
    skipped: int = 0

    @property
    def table(self) -> Sequence[list[str]]:
        """The records of the table, its header first."""
        return self.records[self.skipped :]

    @property
    def width(self) -> int:
        """The number of cells of the header."""
        return len(self.table[0]) if self.table else 0

    @property
    def share(self) -> float:
        """The share of records as wide as a header of two or more."""
        if self.width < 2:
            return 0.0
        fitting = sum(len(record) == self.width for record in self.table)
        return fitting / (len(self.table) + self.n_broken)

    def clean_share(self, others: Iterable[str]) -> float:
        """The share of filled cells without another delimiter, and without a space in front."""
        signs = tuple(others)
        cells = [cell for record in self.table for cell in record if cell]
        clean = sum(
            not cell.startswith(" ") and not any(sign in cell for sign in signs) for cell in cells
        )
        return clean / max(len(cells), 1)


def choose(sample: str, *, is_whole: bool, delimiter: str | None = None) -> Choice:
    """Return the dialect in which the first rows make a table.

    Args:
        sample: the beginning of a text, from its table on or from before it.
        is_whole: whether the sample is the whole text.
        delimiter: what it is known to be separated by.
    """
    delimiters = (delimiter,) if delimiter else DELIMITERS
    trials = [_best_trial(sample, sign, is_whole) for sign in delimiters]
    most = max(trial.share for trial in trials)
    close = [trial for trial in trials if trial.share and trial.share >= most - _NEARLY]
    if not close:
        # No table yet; what most rows can be split by gives the clearest message.
        widest = max(trials, key=lambda trial: sum(len(record) > 1 for record in trial.records))
        return Choice(widest.dialect)
    signs = [trial.dialect.delimiter for trial in close]
    best = max(close, key=lambda trial: _preference(trial, signs))
    skipped_lines = best.lines[best.skipped - 1] if best.skipped else 0
    return Choice(
        best.dialect,
        skipped_lines,
        (
            *title_rows(best.records[: best.skipped], "line", UNSTATED, skipped_lines),
            *_space_notice(best),
            *_tie_notice(best, close),
        ),
    )


def _preference(trial: _Trial, signs: Sequence[str]) -> tuple[float, float, bool, int]:
    others = [sign for sign in signs if sign != trial.dialect.delimiter]
    return trial.clean_share(others), trial.share, trial.dialect.is_quoted, trial.width


def _best_trial(sample: str, delimiter: str, is_whole: bool) -> _Trial:
    """Return the better of the readings with quotes, with spaces before quotes, or without."""
    plain = _try(sample, Dialect(delimiter), is_whole)
    if " " in sample:
        spaced = _try(sample, replace(plain.dialect, is_spaced=True), is_whole)
        fits = 0 < spaced.share >= plain.share and spaced.n_broken <= plain.n_broken
        if fits and _has_spaced_quotes(plain, spaced):
            plain = spaced
    if delimiter != "\t" or plain.share == 1.0:
        return plain
    # Some tools write TSV without any quoting, so that a cell may begin with a quote.
    bare = _try(sample, Dialect(delimiter, is_quoted=False), is_whole)
    return max(plain, bare, key=lambda trial: trial.share)


def _try(sample: str, dialect: Dialect, is_whole: bool) -> _Trial:
    found: list[list[str]] = []
    lines: list[int] = []
    n_broken = 0
    is_cut = not is_whole
    try:
        stream = io.StringIO(sample, newline="")
        for line, record in itertools.islice(records(stream, dialect), _SAMPLE_RECORDS):
            found.append(record)
            lines.append(line)
        is_cut = is_cut and len(found) < _SAMPLE_RECORDS
    except csv.Error as error:
        # A sample cut inside a quoted cell ends so too; what was read before it counts.
        n_broken = 0 if is_cut and "end of data" in str(error) else 1
        is_cut = False
    if is_cut and len(found) > 1:
        found.pop()
        lines.pop()
    skipped = first_of_table(found) if found else 0
    return _Trial(dialect, tuple(found), tuple(lines), n_broken, skipped)


def _has_spaced_quotes(plain: _Trial, spaced: _Trial) -> bool:
    """Return whether a quote after a space opens a cell: only then does the space matter."""
    return any(
        cell.lstrip(" ").startswith('"') and cell.startswith(" ")
        for record in plain.records
        for cell in record
    ) and [_stripped(record) for record in plain.records] != [
        _stripped(record) for record in spaced.records
    ]


def _stripped(record: Sequence[str]) -> list[str]:
    return [cell.lstrip(" ") for cell in record]


def _space_notice(best: _Trial) -> tuple[Notice, ...]:
    if not best.dialect.is_spaced:
        return ()
    return (
        Notice(
            "space_before_quote",
            "Spaces stand between delimiters and quotes; a space after a delimiter is read as part "
            "of neither cell.",
            "the whole file",
            "Nothing, if no answer begins with a space.",
        ),
    )


def _tie_notice(best: _Trial, close: Iterable[_Trial]) -> tuple[Notice, ...]:
    others = [trial for trial in close if trial is not best and trial.share == 1.0]
    if not others:
        return ()
    names = " and ".join(trial.dialect.name for trial in others)
    return (
        Notice(
            "delimiter_guessed",
            f"Cells are split at every {best.dialect.name}; splitting at every {names} gives rows "
            "of equal length too.",
            f"header: {', '.join(repr(name[:30]) for name in best.table[0][:5])}",
            f"If these are not the names of columns, state the delimiter in "
            f"{setting('delimiter')}.",
        ),
    )
