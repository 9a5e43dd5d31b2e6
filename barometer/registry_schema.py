"""The declaration of the registries, read from the file that dbt reads too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from barometer.errors import BarometerError
from barometer.settings import PROJECT_ROOT

SCHEMA_FILE = PROJECT_ROOT / "models" / "staging" / "_registries.yml"

_REF = re.compile(r"ref\('(\w+)'\)")


@dataclass(frozen=True)
class ColumnSchema:
    """One column of a registry.

    Attributes:
        name: header of the column.
        data_type: `string`, `integer`, `double`, `boolean` or `date`.
        required: whether every row must fill it.
        allowed: the values it may have; empty means any.
        is_identifier: whether values are lower snake_case ids.
    """

    name: str
    data_type: str
    required: bool
    allowed: tuple[str, ...]
    is_identifier: bool


@dataclass(frozen=True)
class Reference:
    """Columns that, when all filled, name a row of another registry.

    Attributes:
        columns: the columns here.
        table: the registry they refer to.
        to_columns: its columns, in the same order.
        except_values: reserved values per column that need no row there.
    """

    columns: tuple[str, ...]
    table: str
    to_columns: tuple[str, ...]
    except_values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Order:
    """Two columns of which the first is not above the second (or is below it)."""

    columns: tuple[str, str]
    strictly: bool


@dataclass(frozen=True)
class TableSchema:
    """One registry: its columns and what must hold between them."""

    name: str
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


class SchemaError(BarometerError):
    """The declaration of the registries itself cannot be used."""


@cache
def load_schema(path: Path = SCHEMA_FILE) -> Mapping[str, TableSchema]:
    """Return the declared registries by name.

    Raises:
        SchemaError: the declaration is missing, or declares something unknown here.
    """
    if not path.is_file():
        raise SchemaError(
            "The declaration of the registries is missing.",
            where=str(path),
            expected="the dbt properties of the registries",
            remedy="Restore the file from version control.",
        )
    document: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_LOADER)
    tables = [_table(seed) for seed in document["seeds"]]
    return {table.name: table for table in tables}


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# `where` narrows a test to some rows; such rules are checked in Python by name.
_Test = tuple[str, Mapping[str, Any], bool]


def _tests(declared: list[Any]) -> list[_Test]:
    tests: list[_Test] = []
    for test in declared:
        if isinstance(test, str):
            tests.append((test, {}, False))
            continue
        ((name, body),) = test.items()
        tests.append((name, body.get("arguments", {}), "where" in body.get("config", {})))
    return tests


def _table(seed: Mapping[str, Any]) -> TableSchema:
    types: Mapping[str, str] = seed["config"]["column_types"]
    columns: list[ColumnSchema] = []
    keys: list[tuple[str, ...]] = []
    references: list[Reference] = []
    orders: list[Order] = []
    exactly_one: list[tuple[str, ...]] = []
    for column in seed["columns"]:
        name: str = column["name"]
        if name not in types:
            raise _unknown(seed, f"column '{name}' has no type under column_types")
        tests = _tests(column.get("data_tests", []))
        named = {test: arguments for test, arguments, _ in tests}
        strange = set(named) - {
            "not_null",
            "unique",
            "accepted_values",
            "relationships",
            "snake_case_id",
        }
        if strange:
            raise _unknown(seed, f"test {sorted(strange)} on column '{name}'")
        columns.append(
            ColumnSchema(
                name=name,
                data_type=types[name],
                required="not_null" in named,
                allowed=tuple(named.get("accepted_values", {}).get("values", ())),
                is_identifier="snake_case_id" in named,
            )
        )
        if "unique" in named:
            keys.append((name,))
        if "relationships" in named:
            target = named["relationships"]
            references.append(Reference((name,), _ref(seed, target), (target["field"],), {}))
    for test, arguments, narrowed in _tests(seed.get("data_tests", [])):
        if narrowed:
            continue
        own = tuple(arguments["columns"])
        if test == "unique_combination":
            keys.append(own)
        elif test == "registry_reference":
            excepted = {
                column: tuple(values)
                for column, values in arguments.get("except_values", {}).items()
            }
            to_columns = tuple(arguments["to_columns"])
            references.append(Reference(own, _ref(seed, arguments), to_columns, excepted))
        elif test == "in_order":
            orders.append(Order((own[0], own[1]), bool(arguments.get("strictly", False))))
        elif test == "exactly_one_filled":
            exactly_one.append(own)
        else:
            raise _unknown(seed, f"test '{test}'")
    return TableSchema(
        name=seed["name"],
        columns=tuple(columns),
        keys=tuple(keys),
        references=tuple(references),
        orders=tuple(orders),
        exactly_one=tuple(exactly_one),
    )


def _ref(seed: Mapping[str, Any], arguments: Mapping[str, Any]) -> str:
    match = _REF.fullmatch(arguments["to"])
    if match is None:
        raise _unknown(seed, f"reference to {arguments['to']!r}")
    return match.group(1)


def _unknown(seed: Mapping[str, Any], what: str) -> SchemaError:
    return SchemaError(
        f"The declaration of the registry '{seed['name']}' has something unknown: {what}.",
        where=str(SCHEMA_FILE),
        expected="types and tests that barometer/registry_schema.py reads",
        remedy="Correct the declaration, or teach the reader the new test.",
    )
