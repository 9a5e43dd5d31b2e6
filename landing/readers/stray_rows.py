"""Rows among the data that are no responses: headers, question texts and totals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from landing.readers.layout import Layout, setting
from landing.readers.table import Notice, Row, SourceTable
from landing.readers.workspace_rows import WorkspaceRows

TOTALS_ROW = "totals_row"

_SHOWN = 5
_SAMPLE = 200
_TEXTS_WITHIN = 3
_LAST_ROWS = 3
# How many of the cells of a row must look like headings, at least.
_SHARE = 0.6
_FEWEST_OTHERS = 3
_FEWEST_CODED = 5
_FEWEST_LETTERS = 3
_HAS_LETTER = re.compile(r"[^\W\d_]")
_NUMBER_OR_DATE = re.compile(r"[-+]?\d[\d.,:/ T-]*(Z|[ap]\.?m\.?|%)?", re.IGNORECASE)
_TOTALS = re.compile(
    r"((eind|sub)?totaal|totalen|som|gemiddelde?|mediaan"
    r"|(grand |sub-?)?totals?|sum|averages?|mean|median"
    r"|(zwischen|end)?summe|gesamt(summe|ergebnis)?|insgesamt|durchschnitt|mittelwert"
    r"|(sous-)?total( général)?|totaux|somme|ensemble|moyenne|médiane)( generaal)? ?:?",
    re.IGNORECASE,
)


def stray_rows(table: SourceTable, heading: Row, layout: Layout) -> tuple[Notice, ...]:
    """Return an error for every kind of row that would count as a response and is none.

    Args:
        table: the table with its columns named.
        heading: the first row of its header, as delivered.
        layout: where it states how many rows the header takes, none is missed below it.
    """
    repeated = list(_headers_again(table, heading))
    texts = [] if layout.header_rows else list(_question_texts(table, set(repeated)))
    known = any(notice.code == TOTALS_ROW for notice in table.notices)
    totals = [] if known else list(_totals(table))
    return (
        *_notice(
            "header_repeated",
            "repeat the header",
            repeated,
            f"Remove them; or state in {setting('header_rows')} how many rows the header takes.",
        ),
        *_notice(
            "question_texts",
            "hold texts where the others hold numbers, dates or codes: a header, not a response",
            texts,
            f"State in {setting('header_rows')} how many rows the header takes, or remove them.",
        ),
        *_notice(TOTALS_ROW, "hold totals", totals, "Remove them: they would be responses."),
    )


def _notice(code: str, what: str, rows: Sequence[int], remedy: str) -> tuple[Notice, ...]:
    if not rows:
        return ()
    more = len(rows) - _SHOWN
    where = "data row " + ", ".join(map(str, rows[:_SHOWN]))
    where += f" and {more} more" if more > 0 else ""
    return (Notice(code, f"{len(rows)} row(s) {what}.", where, remedy, severity="error"),)


def _headers_again(table: SourceTable, heading: Row) -> Iterator[int]:
    """Yield the rows that hold what their columns are called, the first of them included.

    Columns of options are often called what those who chose them have in their cells.
    """
    keys = [
        {text.strip() for text in (raw, column.name, column.label) if text and text.strip()}
        for raw, column in zip(heading, table.columns, strict=True)
    ]
    first = next((place for place, texts in enumerate(keys) if texts), None)
    if first is None:
        return
    for number, row in _candidates(table, keys, first):
        if (row[first] or "").strip() not in keys[first]:
            continue
        filled = [place for place, cell in enumerate(row) if cell and cell.strip()]
        same = sum((row[place] or "").strip() in keys[place] for place in filled)
        if same >= min(2, len(keys)) and same >= _SHARE * len(filled):
            yield number


def _candidates(
    table: SourceTable, keys: Sequence[set[str]], first: int
) -> Iterator[tuple[int, Row]]:
    rows = table.rows
    if not isinstance(rows, WorkspaceRows):
        yield from enumerate(rows, start=1)
        return
    listed = ", ".join("'" + text.replace("'", "''") + "'" for text in sorted(keys[first]))
    found = rows.fetch(rows.row_number, f"and trim({rows.cell(first + 1)}) in ({listed})")
    for (number,) in found[:_SAMPLE]:
        yield int(number), rows[int(number) - 1]


def _question_texts(table: SourceTable, others: set[int]) -> Iterator[int]:
    """Yield rows below the header that differ from the rest in kind, column by column."""
    sample = list(table.rows[:_SAMPLE])
    for number, row in enumerate(sample[:_TEXTS_WITHIN], start=1):
        if number in others:
            continue
        rest = sample[: number - 1] + sample[number:]
        n_judged = n_typed = n_coded = 0
        for place, cell in enumerate(row):
            values = [text for other in rest if (text := (other[place] or "").strip())]
            if not cell or not cell.strip() or len(values) < _FEWEST_OTHERS:
                continue
            n_judged += 1
            if len(_HAS_LETTER.findall(cell)) < _FEWEST_LETTERS:
                continue
            if all(map(_NUMBER_OR_DATE.fullmatch, values)):
                n_typed += 1
            elif 2 * max(map(len, values)) <= len(cell):
                n_coded += 1
        n_out = n_typed + n_coded
        if n_out >= 2 and n_out >= _SHARE * n_judged and (n_typed or n_coded >= _FEWEST_CODED):
            yield number


def _totals(table: SourceTable) -> Iterator[int]:
    """Yield rows at the end that begin with a word for totals."""
    start = max(0, len(table.rows) - _LAST_ROWS)
    for number, row in enumerate(table.rows[start:], start=start + 1):
        first = next((cell.strip() for cell in row if cell and cell.strip()), "")
        if len(row) > 1 and _TOTALS.fullmatch(first):
            yield number
