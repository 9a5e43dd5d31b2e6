"""A column as its distinct values and where they stand: what every comparison works on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from landing.readers.table import SourceColumn

# One boolean per row of the file.
Rows = Any


@dataclass(frozen=True)
class EncodedColumn:
    """The cells of one column.

    Attributes:
        values: the distinct values.
        places: per row the place of its value in `values`; null where there is no cell.
    """

    values: tuple[str, ...]
    places: Any

    @property
    def counts(self) -> list[int]:
        """Return the number of cells per value."""
        counts = [0] * len(self.values)
        for item in pc.value_counts(self.places.drop_null()).to_pylist():
            counts[item["values"]] = item["counts"]
        return counts

    def rows_with(self, chosen: Sequence[bool]) -> Rows:
        """Return per row whether its value is among the chosen ones."""
        if not any(chosen):
            return pa.repeat(pa.scalar(False), len(self.places))
        found = pa.array(chosen, pa.bool_()).take(self.places)
        return pc.fill_null(found, False)

    def row_numbers(self, chosen: Sequence[bool]) -> list[int]:
        """Return the numbers of the data rows whose value is among the chosen ones."""
        places = pc.indices_nonzero(self.rows_with(chosen))
        return [place + 1 for place in places.to_pylist()]


class Source(Protocol):
    """A table of which columns can be had one by one."""

    @property
    def columns(self) -> tuple[SourceColumn, ...]:
        """The columns in file order."""

    def column(self, position: int) -> EncodedColumn:
        """Return one column, `position` counting from 1."""


def encode(cells: Sequence[str | None] | pa.StringArray) -> EncodedColumn:
    """Return the cells of a column as an encoded column."""
    encoded = pa.array(cells, pa.string()).dictionary_encode()
    return EncodedColumn(tuple(encoded.dictionary.to_pylist()), encoded.indices)


def count(rows: Rows) -> int:
    """Return how many rows are true."""
    return pc.sum(rows).as_py() or 0
