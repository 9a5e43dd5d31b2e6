"""Reads the export of the new wave as a form: names, labels, and values that may be shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from barometer.labels import normalise_label
from barometer.multi_select import split_values
from drafting.context import Context
from drafting.declared import described_by_sets, missing_values
from drafting.form import UNKNOWN, Form, FormColumn, FormValue, tool_role
from landing.readers import SourceTable, read_table

# Beyond this many different values a column is no choice, and its values are not kept.
MOST_VALUES = 60
# A value that few people gave can tell who they are.
FEWEST_CELLS = 3
_LONGEST_VALUE = 80

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")


def read_export(path: Path, context: Context) -> Form:
    """Return the columns of an export with what they hold.

    Args:
        path: the file.
        context: the registries, which say how several answers in one cell are separated.

    Raises:
        LandingError: the file cannot be read as a table.
    """
    table = read_table(path)
    counters = _count(table, _splitters(context))
    labels: dict[int, dict[str, str]] = {}
    for label in table.value_labels:
        labels.setdefault(label.position, {})[label.raw_value] = label.label
    columns = []
    for column, counts in zip(table.columns, counters, strict=True):
        own = labels.get(column.position, {})
        missing = missing_values(table, column.position, {*counts, *own})
        columns.append(_column(column.name, column.label, counts, own, missing))
    described, notes = described_by_sets(table, columns)
    return Form(described, path.name, format=table.format, tool=table.tool, notes=notes)


def _splitters(context: Context) -> dict[str, tuple[str, frozenset[str]]]:
    """Return separator and known labels of columns with several answers in one cell."""
    found = {}
    for column in sorted(
        context.registry.columns, key=lambda c: (c.wave == context.source, c.wave)
    ):
        if column.separator and column.kind == "export" and column.question_id:
            labels = {
                normalise_label(text)
                for option in context.registry.options_for(column.question_id)
                for text in (option.label_nl, option.label_en)
            }
            labels.update(
                normalise_label(code.raw_value)
                for code in context.registry.codes
                if code.question_id == column.question_id
            )
            found[column.column_name.strip()] = column.separator, frozenset(labels)
    return found


def _count(
    table: SourceTable, splitters: Mapping[str, tuple[str, frozenset[str]]]
) -> list[Counter[str]]:
    counters: list[Counter[str]] = [Counter() for _ in table.columns]
    splitting = [splitters.get(column.name.strip()) for column in table.columns]
    for row in table.rows:
        for counter, split, cell in zip(counters, splitting, row, strict=False):
            if cell is not None and cell.strip():
                counter.update(split_values(cell, *split) if split else [cell])
    return counters


def _column(
    name: str,
    label: str | None,
    counts: Counter[str],
    labels: dict[str, str],
    missing: frozenset[str],
) -> FormColumn:
    has_addresses = bool(counts) and all(_ADDRESS.fullmatch(c.strip()) for c in list(counts)[:50])
    values = [FormValue(raw, {UNKNOWN: text}, counts.get(raw, 0)) for raw, text in labels.items()]
    if len(counts) <= MOST_VALUES and not has_addresses:
        values.extend(
            FormValue(raw, {}, count)
            for raw, count in sorted(counts.items())
            if raw not in labels and len(raw) <= _LONGEST_VALUE
        )
    # Amounts are too many to be listed; the few that stand for no answer are not.
    listed = {value.raw for value in values}
    values.extend(FormValue(raw, {}, counts.get(raw, 0)) for raw in sorted(missing - listed))
    values = [replace(value, is_missing=value.raw in missing) for value in values]
    return FormColumn(
        name=name,
        texts={UNKNOWN: label.strip()} if label and label.strip() and label != name else {},
        values=tuple(values),
        role=tool_role(name),
        n_filled=sum(counts.values()),
        n_distinct=len(counts),
        is_number=bool(counts) and all(_NUMBER.fullmatch(raw.strip()) for raw in counts),
        has_addresses=has_addresses,
        in_export=True,
    )
