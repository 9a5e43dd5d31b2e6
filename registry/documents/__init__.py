"""What is generated from the declaration: the seeds' properties for dbt, and a page of docs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from barometer.settings import PROJECT_ROOT
from barometer.spreadsheet_cells import CELL_LENGTH
from registry.model import TABLES
from registry.rules.queries import queries
from registry.schemas import LONGEST_NAME
from registry.tables.declaring import ColumnSchema, TableSchema

COMMAND = "make generate"

_FILLED_IN = re.compile(r"'?\{(\w+)\}'?")
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "double": "number",
    "boolean": "true or false",
    "date": "date",
}


PROPERTIES = PROJECT_ROOT / "models" / "staging" / "_registries.yml"
PAGE = PROJECT_ROOT / "docs" / "registries.md"


def documents() -> Mapping[Path, str]:
    """Return the generated files of the project and what must stand in them."""
    return {PROPERTIES: "\n".join(_properties()) + "\n", PAGE: "\n".join(_page()) + "\n"}


def _properties() -> Iterator[str]:
    yield f"# Generated from registry/tables by `{COMMAND}`; change it there."
    yield "version: 2"
    yield "seeds:"
    for table in TABLES.values():
        types = ", ".join(f"{column.name}: {column.data_type}" for column in table.columns)
        yield f"  - name: {table.name}"
        yield f"    description: {_quoted(table.description)}"
        yield f"    config: {{column_types: {{{types}}}}}"
        yield "    columns:"
        for column in table.columns:
            yield f"      - {{name: {column.name}, description: {_quoted(column.meaning)}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _page() -> Iterator[str]:
    yield "# The registries"
    yield ""
    yield f"Generated from `registry/tables` and `registry/rules` by `{COMMAND}`; change it there."
    yield ""
    yield "A survey is described by these CSV files, in `seeds/` or in a folder under `surveys/`."
    yield "`barometer validate` checks them, and every command does before it begins."
    yield ""
    yield (
        f"Texts stand on one line, are at most {CELL_LENGTH:,} characters long, and hold no "
        "control characters and nothing that turns"
    )
    yield (
        "the direction of the text; what repeats a delivered file (such as column names) may, but "
        "for NUL. Ids that become a"
    )
    yield f"schema or a table are at most {LONGEST_NAME} bytes long and no words of SQL."
    for table in TABLES.values():
        yield ""
        yield f"## {table.name}"
        yield ""
        yield table.description
        yield ""
        yield "| column | type | must be filled | values | meaning |"
        yield "| --- | --- | --- | --- | --- |"
        for column in table.columns:
            values = _cell(_values(table, column))
            filled = "yes" if column.required else ""
            kind = _TYPES[column.data_type]
            yield f"| `{column.name}` | {kind} | {filled} | {values} | {_cell(column.meaning)} |"
        if rules := [*_stated(table), *_refused(table)]:
            yield ""
            yield from (f"- {rule}" for rule in rules)


def _values(table: TableSchema, column: ColumnSchema) -> str:
    if column.allowed:
        return ", ".join(f"`{value}`" for value in column.allowed)
    found: list[str] = []
    for reference in table.references:
        if reference.columns[-1] == column.name:
            found += [f"{reference.table}.{reference.to_columns[-1]}", *reference.excepted]
    named = ", ".join(f"`{name}`" for name in dict.fromkeys(found))
    return named or ("an id" if column.is_identifier else "")


def _stated(table: TableSchema) -> Iterator[str]:
    """Yield in words what the declaration says about several columns."""
    for key in table.keys:
        yield f"One row per {_named(key)}."
    for order in table.orders:
        low, high = order.columns
        yield f"`{low}` is {'below' if order.strictly else 'not above'} `{high}`."
    for columns in table.exactly_one:
        yield f"Exactly one of {_named(columns)} is filled."


def _refused(table: TableSchema) -> Iterator[str]:
    """Yield what is said of a row that breaks a rule across registries."""
    for query in queries():
        if query.table == table.name:
            yield "Refused: " + _cell(_FILLED_IN.sub(r"*\1*", query.wrong))


def _named(columns: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in columns)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
