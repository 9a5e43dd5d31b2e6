"""Columns of the warehouse as arrays, and back.

Without pandas and pyarrow: importing them costs more than any of these computations.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Texts = npt.NDArray[np.object_]
Columns = Mapping[str, npt.NDArray[Any]]


def numbers(values: npt.ArrayLike) -> Floats:
    """Return numbers as floats; nan where there is none."""
    return np.ma.filled(np.ma.asarray(values).astype(np.float64), np.nan)


def texts(values: npt.NDArray[Any]) -> Texts:
    """Return texts; None where there is none."""
    found = np.array(np.ma.getdata(values), dtype=object)
    found[np.ma.getmaskarray(values)] = None
    return found


def runs(columns: Columns, keys: Sequence[str]) -> Iterator[tuple[tuple[str | None, ...], slice]]:
    """Yield the rows of every key, in their order.

    Args:
        columns: rows of one key stand together.
        keys: names of the columns that make the key.
    """
    listed = [texts(columns[key]) for key in keys]
    differs = np.any([names[1:] != names[:-1] for names in listed], axis=0)
    starts = [0, *(np.flatnonzero(differs) + 1).tolist(), len(listed[0])]
    for start, end in pairwise(starts):
        if end > start:
            yield tuple(names[start] for names in listed), slice(start, end)


def rows_of(relation: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """Return the rows of a relation of DuckDB."""
    names = relation.columns
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def by_name(names: Iterable[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return the columns of these names."""
    return {name: [row[name] for row in rows] for name in names}


def to_relation(session: Any, types: Mapping[str, str], rows: Mapping[str, npt.ArrayLike]) -> Any:  # noqa: ANN401
    """Return columns as a relation of DuckDB with these types.

    A number that is nan or None, and a text that is empty or None, is null.

    Args:
        session: connection that the relation is of.
        types: type of DuckDB by column, in the order of the columns.
        rows: values by column.
    """
    arrays = {name: _array(kind, rows[name]) for name, kind in types.items()}
    selected = ", ".join(
        f"cast({_value(name, kind)} as {kind}) as {name}" for name, kind in types.items()
    )
    # DuckDB finds the arrays by their name.
    relation = session.query(f"select {selected} from arrays")
    del arrays
    return relation


def _array(kind: str, values: npt.ArrayLike) -> npt.NDArray[Any]:
    if kind == "varchar":
        return np.array(["" if text is None else text for text in np.asarray(values, object)], "U")
    return np.asarray(values, dtype=np.float64 if kind == "double" else np.int64)


def _value(name: str, kind: str) -> str:
    return f"nullif(cast({name} as varchar), '')" if kind == "varchar" else name
