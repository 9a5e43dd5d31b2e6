"""How a registry is declared: one class, whose fields are the columns of its CSV file."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, dataclass_transform, get_args, get_origin, get_type_hints

DATA_TYPES: Mapping[type, str] = {
    str: "string",
    int: "integer",
    float: "double",
    bool: "boolean",
    datetime.date: "date",
}
"""What dbt calls the type of a field."""


@dataclass(frozen=True)
class ColumnSchema:
    """One column of a registry.

    Attributes:
        name: header of the column.
        data_type: `string`, `integer`, `double`, `boolean` or `date`.
        required: whether every row must fill it.
        allowed: the values it may have; empty means any.
        is_identifier: whether values are lower snake_case ids.
        is_verbatim: whether it repeats what stands in somebody else's file, blanks and all.
        meaning: what it says, in one sentence or more.
    """

    name: str
    data_type: str
    required: bool
    allowed: tuple[str, ...]
    is_identifier: bool
    is_verbatim: bool
    meaning: str


@dataclass(frozen=True)
class Reference:
    """Columns that, when all filled, name a row of another registry.

    Attributes:
        columns: the columns here: those that say where to look, and last what is looked up.
        table: the registry they refer to.
        to_columns: its columns, in the same order.
        excepted: reserved values of the last column that need no row there.
        unknown: what to say of an unknown one, in place of the general sentence.
    """

    columns: tuple[str, ...]
    table: str
    to_columns: tuple[str, ...]
    excepted: tuple[str, ...] = ()
    unknown: str = ""


@dataclass(frozen=True)
class Order:
    """Two columns of which the first is not above the second (or is below it)."""

    columns: tuple[str, ...]
    strictly: bool


@dataclass(frozen=True)
class TableSchema:
    """One registry: its columns and what must hold between them."""

    name: str
    record: type[Record]
    description: str
    columns: tuple[ColumnSchema, ...]
    keys: tuple[tuple[str, ...], ...]
    references: tuple[Reference, ...]
    orders: tuple[Order, ...]
    exactly_one: tuple[tuple[str, ...], ...]

    @property
    def file_name(self) -> str:
        """Name of the CSV file."""
        return f"{self.name}.csv"

    @property
    def header(self) -> tuple[str, ...]:
        """Column names in the order of the file."""
        return tuple(column.name for column in self.columns)


def column(
    meaning: str,
    *,
    identifier: bool = False,
    verbatim: bool = False,
    allowed: Iterable[str] = (),
    to: str = "",
    within: str = "",
    excepted: Iterable[str] = (),
    unknown: str = "",
) -> Any:  # noqa: ANN401 - as dataclasses.field, of which it is one
    """Declare a column; the annotation says its type, and `| None` that it may be empty.

    Args:
        meaning: what it says.
        identifier: values are lower snake_case ids.
        verbatim: it repeats what stands in somebody else's file, blanks and all.
        allowed: the values it may have, where they are listed elsewhere; otherwise a Literal.
        to: the registry whose key it names, or `registry.column` for a column that is no key.
        within: columns that, with this one, name a key of several columns there.
        excepted: reserved values that need no row there.
        unknown: what to say of an unknown value, with the columns of the row in braces.
    """
    declared = {
        "meaning": meaning,
        "identifier": identifier,
        "verbatim": verbatim,
        "allowed": tuple(allowed),
        "to": to,
        "within": within,
        "excepted": tuple(excepted),
        "unknown": unknown,
    }
    return dataclasses.field(metadata=declared)


@dataclass(frozen=True)
class Rules:
    """What a class declares beside its columns: columns of one rule in one text, `"wave, kind"`."""

    keys: Sequence[str] = ()
    in_order: Sequence[str] = ()
    strictly_in_order: Sequence[str] = ()
    exactly_one: Sequence[str] = ()
    references: Sequence[Reference] = ()


@dataclass_transform(frozen_default=True, field_specifiers=(column,))
@dataclass(frozen=True)
class Record:
    """One row of a registry; a subclass declares the registry, its docstring what a row is."""

    row: int = dataclasses.field(kw_only=True)

    # Without annotations: what is annotated here is a column.
    table = ""
    rules = Rules()

    def __init_subclass__(
        cls,
        *,
        table: str,
        keys: Sequence[str] = (),
        in_order: Sequence[str] = (),
        strictly_in_order: Sequence[str] = (),
        exactly_one: Sequence[str] = (),
        references: Sequence[Reference] = (),
    ) -> None:
        """Declare a registry; `references` are those that no single column can state."""
        cls.table = table
        cls.rules = Rules(keys, in_order, strictly_in_order, exactly_one, references)
        dataclass(frozen=True)(cls)


def describe(records: Iterable[type[Record]]) -> dict[str, TableSchema]:
    """Return the declared registries by name."""
    by_table = {record.table: record for record in records}
    return {table: _schema(record, by_table) for table, record in by_table.items()}


def _schema(record: type[Record], by_table: Mapping[str, type[Record]]) -> TableSchema:
    hints = get_type_hints(record)
    own = [each for each in dataclasses.fields(record) if each.metadata]
    rules = record.rules
    orders = [
        *(Order(_split(columns), strictly=False) for columns in rules.in_order),
        *(Order(_split(columns), strictly=True) for columns in rules.strictly_in_order),
    ]
    references = [r for each in own for r in _references(each.name, each.metadata, by_table)]
    return TableSchema(
        name=record.table,
        record=record,
        description=" ".join((record.__doc__ or "").split()),
        columns=tuple(_column(each.name, hints[each.name], each.metadata) for each in own),
        keys=tuple(map(_split, rules.keys)),
        references=(*references, *rules.references),
        orders=tuple(orders),
        exactly_one=tuple(map(_split, rules.exactly_one)),
    )


def _column(name: str, hint: object, declared: Mapping[str, Any]) -> ColumnSchema:
    kinds = (hint,) if get_origin(hint) is Literal else get_args(hint) or (hint,)
    listed = [value for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
    return ColumnSchema(
        name=name,
        data_type="string" if listed else DATA_TYPES[kinds[0]],
        required=type(None) not in kinds,
        allowed=(*listed, *declared["allowed"]),
        is_identifier=declared["identifier"],
        is_verbatim=declared["verbatim"],
        meaning=declared["meaning"],
    )


def _references(
    name: str, declared: Mapping[str, Any], by_table: Mapping[str, type[Record]]
) -> list[Reference]:
    """Return what a column refers to: the key of one column, and that of as many as are within."""
    table, _, target = declared["to"].partition(".")
    if not table:
        return []
    keys = [target] if target else by_table[table].rules.keys
    around = _split(declared["within"]) if declared["within"] else ()
    return [
        Reference(
            (*around, name)[-len(key) :], table, key, declared["excepted"], declared["unknown"]
        )
        for key in map(_split, keys)
        if len(key) in {1, len(around) + 1}
    ]


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(", "))
