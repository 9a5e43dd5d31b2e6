"""What a draft is: registry rows that a person reviews before they become registry rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

ADD = "add"
CHANGE = "change"
SKIP = "skip"
ACTIONS = (ADD, CHANGE, SKIP)

# What stands before the registry's own columns in a draft file.
REVIEW_COLUMNS = ("draft", "decide", "decided", "action", "likeness", "because")

Values = Mapping[str, str]


@dataclass(frozen=True)
class DraftRow:
    """One drafted row of one registry.

    Attributes:
        table: the registry.
        draft: stable name of the row within the draft; stays the same when the row is edited.
        values: cells by column; a column that is left out is empty.
        action: `add` a row, `change` the row with the same key, or `skip` (nothing is written).
        decide: what a person must decide; empty when there is nothing to decide.
        decided: what the person answered; any text closes the decision.
        score: how alike what was matched is, 0 to 100; empty where nothing was matched.
        because: where the row comes from.
    """

    table: str
    draft: str
    values: Values
    action: str = ADD
    decide: str = ""
    decided: str = ""
    score: str = ""
    because: str = ""

    @property
    def is_open(self) -> bool:
        """Whether a person must still decide about this row."""
        return bool(self.decide.strip()) and not self.decided.strip()

    def cells(self, header: Iterable[str]) -> tuple[str, ...]:
        """Return the registry's cells in the order of a header."""
        return tuple(self.values.get(name, "") for name in header)


@dataclass(frozen=True)
class Draft:
    """The drafted rows of a wave, and what a person should know besides.

    Attributes:
        rows: the rows, in the order in which they are written.
        notes: things to know that need no decision.
    """

    rows: tuple[DraftRow, ...]
    notes: tuple[str, ...] = ()

    def of(self, table: str) -> tuple[DraftRow, ...]:
        """Return the rows of one registry."""
        return tuple(row for row in self.rows if row.table == table)

    @property
    def open_rows(self) -> tuple[DraftRow, ...]:
        """Rows that wait for a decision."""
        return tuple(row for row in self.rows if row.is_open)


def with_unique_names(rows: Iterable[DraftRow]) -> tuple[DraftRow, ...]:
    """Number rows of one registry that share a name; one change of a row is enough."""
    seen: dict[tuple[str, str], int] = {}
    unique = []
    for row in rows:
        key = row.table, row.draft
        if key in seen and row.action == CHANGE:
            continue
        seen[key] = seen.get(key, 0) + 1
        unique.append(row if seen[key] == 1 else replace(row, draft=f"{row.draft}#{seen[key]}"))
    return tuple(unique)


def score_text(score: float | None) -> str:
    """Return a score as it stands in a draft file."""
    return "" if score is None else f"{score:.0f}"
