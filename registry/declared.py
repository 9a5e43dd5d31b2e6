"""Checks that the declaration states: keys, references, order, exactly one of several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from registry.problems import Place, Problem, did_you_mean, listed
from registry.reading import Row, Table, Value
from registry.tables.declaring import Order, Reference


def check_declared(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Yield every row that breaks a declared rule."""
    for table in tables.values():
        for key in table.schema.keys:
            yield from _duplicate_keys(table, key)
        yield from _unknown_references(tables, table)
        for order in table.schema.orders:
            yield from _out_of_order(table, order)
        for columns in table.schema.exactly_one:
            yield from _not_exactly_one(table, columns)


def _sound_rows(table: Table, columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the rows in which none of the columns was reported already."""
    return (row for row in table.rows if row.unsound.isdisjoint(columns))


def _at(table: Table, row: Row, columns: Iterable[str]) -> Place:
    return Place(table.schema.name, row.line, ", ".join(columns))


def _duplicate_keys(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row in _sound_rows(table, key):
        values = tuple(row.values[column] for column in key)
        first = seen.setdefault(values, row.line)
        if first != row.line:
            named = [f"{name} '{value}'" for name, value in zip(key, values, strict=True) if value]
            yield _at(table, row, key).wrong(
                f"This row repeats line {first}: {', '.join(named) or 'the same key'}.",
                f"one row per {', '.join(key)}",
                "Delete one of the two rows, or correct the key.",
            )


def _unknown_references(tables: Mapping[str, Table], table: Table) -> Iterator[Problem]:
    by_length = sorted(table.schema.references, key=lambda reference: len(reference.columns))
    reported: set[tuple[int, str]] = set()
    for reference in by_length:
        target = tables[reference.table]
        # Without all its rows, references to a registry would look wrong.
        if not target.complete:
            continue
        known = {tuple(row.values[name] for name in reference.to_columns) for row in target.rows}
        for row in table.rows:
            # An unknown question says enough; its options need not be reported too.
            if reported and any((row.line, column) in reported for column in reference.columns):
                continue
            problem = _unknown_reference(table, row, reference, known)
            if problem is not None:
                reported.add((row.line, problem.column))
                yield problem


def _unknown_reference(
    table: Table, row: Row, reference: Reference, known: set[tuple[Value, ...]]
) -> Problem | None:
    own = reference.columns
    wanted = tuple(row.text(column) or "" for column in own)
    if not all(wanted) or wanted in known or wanted[-1] in reference.excepted:
        return None
    # The first columns are the context (a question), the last one is what is named in it.
    there = {str(key[-1]) for key in known if key[:-1] == wanted[:-1] and key[-1] is not None}
    candidates = sorted(there.union(reference.excepted))
    context = "".join(
        f" of {name} '{value}'" for name, value in zip(own[:-1], wanted[:-1], strict=True)
    )
    file = f"{reference.table}.csv"
    general = f"There is no {reference.to_columns[-1]} '{wanted[-1]}'{context} in {file}."
    return _at(table, row, own[-1:]).wrong(
        reference.unknown.format(**row.values) or general,
        f"one of: {listed(candidates)}" if candidates else "none: there are no rows for it",
        did_you_mean(wanted[-1], candidates) + f"Correct it, or add the row to {file}.",
    )


def _out_of_order(table: Table, order: Order) -> Iterator[Problem]:
    first, second = order.columns
    for row in _sound_rows(table, order.columns):
        low, high = row.values[first], row.values[second]
        if low is None or high is None:
            continue
        if low > high or (low == high and order.strictly):  # type: ignore[operator]
            yield _at(table, row, order.columns).wrong(
                f"'{first}' is {low} and '{second}' is {high}.",
                f"'{first}' {'below' if order.strictly else 'not above'} '{second}'",
                "Correct or swap the two.",
            )


def _not_exactly_one(table: Table, columns: tuple[str, ...]) -> Iterator[Problem]:
    names = " and ".join(columns)
    for row in _sound_rows(table, columns):
        filled = [column for column in columns if row.values[column] is not None]
        if not filled:
            what, remedy = f"Neither of {names} is filled.", "Fill one of the two."
        elif len(filled) > 1:
            what, remedy = f"Both of {names} are filled.", "Empty one of the two."
        else:
            continue
        yield _at(table, row, columns).wrong(what, "exactly one of them", remedy)
