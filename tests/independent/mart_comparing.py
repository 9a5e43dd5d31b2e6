"""Compare rows of a mart with figures computed elsewhere, and count what was compared."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

RELATIVE, ABSOLUTE = 1e-9, 1e-12


def is_null(value: Any) -> bool:
    return value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value))


def same(expected: Any, got: Any, relative: float = RELATIVE, absolute: float = ABSOLUTE) -> bool:
    """Whether two figures are equal up to rounding; null equals null and nothing else."""
    if is_null(expected) or is_null(got):
        return is_null(expected) and is_null(got)
    if isinstance(expected, str | date) or isinstance(got, str | date):
        return expected == got
    return math.isclose(float(expected), float(got), rel_tol=relative, abs_tol=absolute)


@dataclass
class Comparison:
    """What was compared, and where the two sides differ."""

    compared: Counter = field(default_factory=Counter)
    filled: Counter = field(default_factory=Counter)
    different: dict[str, list[str]] = field(default_factory=dict)

    def check(
        self, where: object, column: str, expected: Any, got: Any, **tolerance: float
    ) -> None:
        self.compared[column] += 1
        self.filled[column] += not is_null(got)
        if not same(expected, got, **tolerance):
            line = f"{where}: expected {expected!r}, the mart has {got!r}"
            self.different.setdefault(column, []).append(line)

    def report(self) -> str:
        lines = []
        for column, found in self.different.items():
            lines.append(f"{column}: {len(found)} of {self.compared[column]} differ")
            lines += [f"    {line}" for line in found[:8]]
        return "\n".join(lines)

    def must_agree(self, at_least: int) -> None:
        """Fail on any difference, and when fewer figures than a floor were really there."""
        assert not self.different, self.report()
        total = sum(self.filled.values())
        assert total >= at_least, f"only {total} figures were there to compare: {dict(self.filled)}"


def rows(warehouse: Path, query: str) -> list[dict[str, Any]]:
    """Rows of a query as dicts."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        result = connection.execute(query)
        names = [column[0] for column in result.description]
        return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def tables(warehouse: Path) -> set[tuple[str, str]]:
    found = rows(warehouse, "select table_schema, table_name from information_schema.tables")
    return {(row["table_schema"], row["table_name"]) for row in found}
