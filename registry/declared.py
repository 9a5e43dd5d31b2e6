"""Checks that the declaration states: keys, references, order, exactly one of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from registry.problems import Problem, did_you_mean, listed
from registry.reading import Row, Table, Value
from registry.schema import Order, Reference


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


def _duplicate_keys(table: Table, key: tuple[str, ...]) -> Iterator[Problem]:
    seen: dict[tuple[Value, ...], int] = {}
    for row in table.rows:
        if row.unsound.intersection(key):
            continue
        values = tuple(row.values[column] for column in key)
        first = seen.setdefault(values, row.line)
        if first == row.line:
            continue
        described = ", ".join(
            f"{column} '{value}'" for column, value in zip(key, values, strict=True) if value
        )
        yield Problem(
            table.schema.name,
            row.line,
            ", ".join(key),
            f"This row repeats line {first}: {described or 'the same key'}.",
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
            if any((row.line, column) in reported for column in reference.columns):
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
    if not all(wanted) or wanted in known:
        return None
    if any(row.values[name] in values for name, values in reference.except_values.items()):
        return None
    # The first columns are the context (a question), the last one is what is named in it.
    candidates = sorted(str(key[-1]) for key in known if key[:-1] == wanted[:-1])
    context = "".join(
        f" of {name} '{value}'" for name, value in zip(own[:-1], wanted[:-1], strict=True)
    )
    expected = f"one of: {listed(candidates)}" if candidates else "none: there are no rows for it"
    return Problem(
        table.schema.name,
        row.line,
        own[-1],
        f"There is no {reference.to_columns[-1]} '{wanted[-1]}'{context} in {reference.table}.csv.",
        expected,
        did_you_mean(wanted[-1], candidates)
        + f"Correct it, or add the row to {reference.table}.csv.",
    )


def _out_of_order(table: Table, order: Order) -> Iterator[Problem]:
    first, second = order.columns
    for row in table.rows:
        low, high = row.values[first], row.values[second]
        if low is None or high is None or row.unsound.intersection(order.columns):
            continue
        if low < high or (low == high and not order.strictly):  # type: ignore[operator]
            continue
        yield Problem(
            table.schema.name,
            row.line,
            f"{first}, {second}",
            f"'{first}' is {low} and '{second}' is {high}.",
            f"'{first}' {'below' if order.strictly else 'not above'} '{second}'",
            "Correct or swap the two.",
        )


def _not_exactly_one(table: Table, columns: tuple[str, ...]) -> Iterator[Problem]:
    for row in table.rows:
        if row.unsound.intersection(columns):
            continue
        filled = [column for column in columns if row.values[column] is not None]
        if len(filled) != 1:
            yield Problem(
                table.schema.name,
                row.line,
                ", ".join(columns),
                f"{'Both' if filled else 'Neither'} of {' and '.join(columns)} "
                f"{'are' if filled else 'is'} filled.",
                "exactly one of them",
                "Empty one of the two." if filled else "Fill one of the two.",
            )
