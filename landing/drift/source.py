"""A table that is asked for counts, wherever its cells stand; no column comes into memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import duckdb

from landing.checks.patterns import may_be_personal
from landing.readers.workspace_rows import WorkspaceRows

# Per column, `position` counting from 1, the values that are meant.
Choices = Mapping[int, Collection[str]]

# Per column, `position` counting from 1, what its values count.
Scores = Mapping[int, Mapping[str, float]]

# At least what the patterns of personal data accept, in the regular expressions of the database.
_MAY_BE_PERSONAL = (
    "@|(?:^|[^0-9A-Za-z_])(?:"
    r"(?:\(?0[1-9]|(?:\+|00)[1-9])(?:[ ().-]{0,3}[0-9]){6}"
    r"|[0-9]{4}(?:\.[0-9]{2}\.[0-9]{3}|[0-9]{5})(?:[^0-9A-Za-z_]|$)"
    ")|(?i:bsn|burgerservicenummer|sofi)"
)


_FEW_VALUES = 1000


class Source(Protocol):
    """What the answers of an export are counted from."""

    def value_counts(self, position: int) -> dict[str, int]:
        """Return how often every value of a column occurs."""

    def count_rows(self, choices: Choices) -> int:
        """Return how many rows hold a meant value in any of the columns."""

    def rest_correlations(self, items: Sequence[Scores]) -> list[float | None]:
        """Return how each item goes with the mean of the others; None where too little varies."""


@dataclass(frozen=True)
class FileSource:
    """The file that is checked."""

    rows: WorkspaceRows
    _counted: dict[int, dict[str, int]] = field(default_factory=dict, repr=False)

    def value_counts(self, position: int) -> dict[str, int]:
        """Return how often every value of a column occurs; counted once where they are few."""
        if position in self._counted:
            return self._counted[position]
        counts = self.rows.value_counts(position)
        if len(counts) <= _FEW_VALUES:
            self._counted[position] = counts
        return counts

    def count_rows(self, choices: Choices) -> int:
        """Return how many rows hold a meant value in any of the columns."""
        return self.count_where([self.holds(choices)])[0]

    def holds(self, choices: Choices) -> str:
        """Return the SQL condition that a row holds a meant value in any of the columns."""
        tests = [
            f"coalesce({self.rows.cell(position)} in ({_literals(values)}), false)"
            for position, values in choices.items()
            if values
        ]
        return f"({' or '.join(tests)})" if tests else "false"

    def count_where(self, conditions: Sequence[str]) -> list[int]:
        """Return per SQL condition in how many rows it holds."""
        if not conditions:
            return []
        counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
        (found,) = self.rows.fetch(counts)
        return [int(n or 0) for n in found]

    def rest_correlations(self, items: Sequence[Scores]) -> list[float | None]:
        """Return how each item goes with the mean of the others; None where too little varies."""
        scores = [
            "coalesce("
            + ", ".join(
                ["null", *(scored(self.rows.cell(at), values) for at, values in item.items())]
            )
            + ")"
            for item in items
        ]
        columns = ", ".join(f"{score} as s{place}" for place, score in enumerate(scores))
        return correlated(
            self.rows.workspace.connection, f"select {columns} {self.rows.source}", len(items)
        )

    def suspects(self, position: int) -> dict[str, int]:
        """Return the values of a column that may hold personal data, and how often."""
        counted = self._counted.get(position)
        if counted is None:
            counted = self.rows.few_value_counts(position, remembered=True)
        if counted is not None:
            return {v: n for v, n in counted.items() if may_be_personal(v)}
        cell = self.rows.cell(position)
        return dict(
            self.rows.fetch(
                f"{cell}, count(*)", f"and regexp_matches({cell}, '{_MAY_BE_PERSONAL}') group by 1"
            )
        )

    def count_numbers(self, position: int) -> int:
        """Return how many cells of a column are numbers."""
        ((n_numbers,),) = self.rows.fetch(f"count(try_cast({self.rows.cell(position)} as double))")
        return int(n_numbers or 0)

    def row_numbers(self, position: int, values: Collection[str]) -> list[int]:
        """Return the numbers of the data rows that hold one of the values in a column."""
        cell = self.rows.cell(position)
        found = self.rows.workspace.connection.execute(
            f"select {self.rows.row_number} {self.rows.source} "
            f"and list_contains(?, {cell}) order by rowid",
            [list(values)],
        ).fetchall()
        return [number for (number,) in found]

    def repeated_rows(self, positions: Sequence[int], fewest: int) -> list[int]:
        """Return the rows that in all these columns, enough of them filled, repeat another one."""
        if len(positions) < fewest:
            return []
        # Mostly texts tell all rows apart, and few columns hold them; else all columns may.
        many = [p for p in positions if self.rows.few_value_counts(p, remembered=True) is None]
        if (many and self._all_differ(many)) or self._all_differ(positions):
            return []
        cells = self._filled_cells(positions)
        filled = " + ".join(f"({cell} <> '')::int" for cell in cells)
        found = self.rows.workspace.connection.execute(
            f"select number from (select {self.rows.row_number} as number, "
            f"hash({', '.join(cells)}) as signature, {filled} as filled {self.rows.source}) "
            "where filled >= ? qualify row_number() over (partition by signature order by number) "
            "> 1 order by number",
            [fewest],
        ).fetchall()
        return [number for (number,) in found]

    def _all_differ(self, positions: Sequence[int]) -> bool:
        """Tell whether no two rows agree in all of these columns."""
        signature = f"hash({', '.join(self._filled_cells(positions))})"
        ((differ,),) = self.rows.fetch(
            f"count(*) = count(distinct signature) from (select {signature} as signature", ")"
        )
        return bool(differ)

    def _filled_cells(self, positions: Sequence[int]) -> list[str]:
        return [f"coalesce({self.rows.cell(position)}, '')" for position in positions]


def scored(cell: str, values: Mapping[str, float]) -> str:
    """Return the SQL expression of what a cell counts."""
    cases = " ".join(
        f"when {_literals([value])} then {score}::double" for value, score in values.items()
    )
    return f"case {cell} {cases} end" if cases else "null::double"


def correlated(
    connection: duckdb.DuckDBPyConnection, scores: str, n_items: int
) -> list[float | None]:
    """Return how each of the items s0, s1, … of a select goes with the mean of the others."""
    tests = []
    for place in range(n_items):
        others = ", ".join(f"s{other}" for other in range(n_items) if other != place)
        tests.append(f"corr(s{place}, list_avg([{others}]))")
    found = connection.execute(f"select {', '.join(tests)} from ({scores})").fetchone()
    return [None if value is None or value != value else value for value in found or ()]


def _literals(values: Collection[str]) -> str:
    return ", ".join("'" + value.replace("'", "''") + "'" for value in values)
