"""Every rule of the declaration is held to before anything runs; nothing checks it afterwards."""

from __future__ import annotations

import csv
from collections.abc import Iterator

import pytest

from registry import TABLES, RegistryErrors, load_registry
from registry.tables.declaring import TableSchema

Rows = list[dict[str, str]]
Sabotage = tuple[str, str, Rows]
"""The rule that is broken, the column that must be named, and the rows that break it."""

LOW_AND_HIGH = {
    "integer": ("1", "9"),
    "double": ("1.5", "9.5"),
    "date": ("2020-01-01", "2021-01-01"),
}


# A survey that compares groups has no clusters.
NOT_IN_THE_SURVEY = {
    "cluster_counts": {"wave": "2023", "stratum_id": "agencies", "cluster_count": "5"},
}


def changed(rows: Rows, place: int = 0, **cells: str) -> Rows:
    return [row | (cells if number == place else {}) for number, row in enumerate(rows)]


def sabotages(schema: TableSchema, rows: Rows) -> Iterator[Sabotage]:
    """Break each rule of a registry once, or from both sides."""
    types = {column.name: column.data_type for column in schema.columns}
    for column in schema.columns:
        name = column.name
        if column.required:
            yield "required", name, changed(rows, **{name: ""})
        if column.allowed:
            yield "allowed", name, changed(rows, **{name: "nonsense"})
        if column.is_identifier:
            for wrong in ("Large", "two__lines", "1st", "end_"):
                yield "identifier", name, changed(rows, **{name: wrong})
        if column.data_type != "string":
            yield "type", name, changed(rows, **{name: "nonsense"})
    for key in schema.keys:
        # Another key of the table may not hide that this one repeats.
        other = rows[-1] | {name: rows[0][name] for name in key}
        yield "key", ", ".join(key), [*rows, other]
    for reference in schema.references:
        own = reference.columns
        filled = [place for place, row in enumerate(rows) if all(row[name] for name in own)]
        empty = [name for name in own if not rows[0][name]]
        cells = dict.fromkeys([own[-1]] if filled else empty, "nowhere")
        yield "reference", own[-1], changed(rows, filled[0] if filled else 0, **cells)
    for order in schema.orders:
        low, high = LOW_AND_HIGH[types[order.columns[0]]]
        wrong = [(high, low), (high, high)] if order.strictly else [(high, low)]
        for pair in wrong:
            cells = dict(zip(order.columns, pair, strict=True))
            yield "order", ", ".join(order.columns), changed(rows, **cells)
    for columns in schema.exactly_one:
        none = dict.fromkeys(columns, "")
        both = {name: next(row[name] for row in rows if row[name]) for name in columns}
        for cells in (none, both):
            yield "exactly one", ", ".join(columns), changed(rows, **cells)


@pytest.mark.parametrize("table", TABLES)
def test_every_rule_of_a_registry_is_refused_by_validate(survey, table):
    schema = TABLES[table]
    with survey.file(table).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file)) or [NOT_IN_THE_SURVEY[table]]

    for rule, column, broken in sabotages(schema, rows):
        with survey.file(table).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, schema.header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(broken)
        with pytest.raises(RegistryErrors) as caught:
            load_registry(survey.path)
        told = [(error.file, error.column) for error in caught.value.errors]
        assert (survey.file(table), column) in told, (rule, column, str(caught.value))
