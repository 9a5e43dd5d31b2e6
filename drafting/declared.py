"""What a file itself declares about its values: missing ones, and columns that are one question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from drafting.form import UNKNOWN, FormColumn, FormValue
from landing.readers.table import MultipleSet, SourceTable, UserMissing


def missing_values(table: SourceTable, position: int, values: Collection[str]) -> frozenset[str]:
    """Return which values of a column the file calls missing.

    Args:
        table: the file.
        position: the column.
        values: the values that occur or have a label.
    """
    ranges = [missing for missing in table.user_missing if missing.position == position]
    return frozenset(value for value in values if any(_within(value, one) for one in ranges))


def described_by_sets(
    table: SourceTable, columns: Sequence[FormColumn]
) -> tuple[tuple[FormColumn, ...], tuple[str, ...]]:
    """Return the columns with what multiple-response sets say of them, and notes.

    Columns of which one value means chosen become tick boxes of one question. Sets of categories
    have no place in the registries: a note says so.
    """
    described = {column.name: column for column in columns}
    notes = []
    for one in table.multiple_sets:
        members = [columns[position - 1].name for position in one.positions]
        if one.counted_value is None:
            notes.append(
                f"'{one.name}' is one question whose answers stand as categories in "
                f"{len(members)} columns ({', '.join(members[:3])} …). The registries know one "
                "column per option only: have the set exported as dichotomies."
            )
            continue
        for name in members:
            described[name] = _box(described[name], one, one.counted_value)
    return tuple(described[column.name] for column in columns), tuple(notes)


def _box(column: FormColumn, one: MultipleSet, counted: str) -> FormColumn:
    label = next(iter(column.texts.values()), "")
    values = {value.raw: value for value in column.values}
    if not any(_same(raw, counted) for raw in values):
        # Nobody ticked it, and still that value is what the column is about.
        values[counted] = FormValue(counted, {}, 0)
    stem = one.label or ""
    return replace(
        column,
        is_tick_box=True,
        stem={UNKNOWN: stem} if stem else {},
        own={UNKNOWN: label} if label else {},
        values=tuple(_ticked(value, counted) for value in values.values()),
        family=one.name,
    )


def _ticked(value: FormValue, counted: str) -> FormValue:
    return value if value.is_missing else replace(value, is_ticked=_same(value.raw, counted))


def _same(one: str, other: str) -> bool:
    if one.strip() == other.strip():
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _within(value: str, missing: UserMissing) -> bool:
    if value in (missing.low, missing.high):
        return True
    try:
        return float(missing.low) <= float(value) <= float(missing.high)
    except ValueError:
        return False
