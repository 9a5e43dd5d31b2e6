"""The declaration of the registries, read from the file that dbt reads too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from barometer.errors import BarometerError
from barometer.settings import PROJECT_ROOT

SCHEMA_FILE = PROJECT_ROOT / "models" / "staging" / "_registries.yml"


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

_RULES = frozenset(
    {
        "keys",
        "required",
        "identifiers",
        "allowed",
        "references",
        "in_order",
        "strictly_in_order",
        "exactly_one",
    }
)


def _table(seed: Mapping[str, Any]) -> TableSchema:
    types: Mapping[str, str] = seed["config"]["column_types"]
    rules: Mapping[str, Any] = seed["config"]["meta"]
    names = [column["name"] for column in seed["columns"]]
    if list(types) != names:
        raise _unknown(seed, "the columns are not those under column_types")
    if strange := set(rules) - _RULES:
        raise _unknown(seed, f"the rules {sorted(strange)}")
    if strange := set(_columns_of(rules)) - set(names):
        raise _unknown(seed, f"rules about the columns {sorted(strange)}")
    return TableSchema(
        name=seed["name"],
        columns=tuple(
            ColumnSchema(
                name=name,
                data_type=types[name],
                required=name in rules.get("required", ()),
                allowed=tuple(rules.get("allowed", {}).get(name, ())),
                is_identifier=name in rules.get("identifiers", ()),
            )
            for name in names
        ),
        keys=tuple(tuple(key) for key in rules.get("keys", ())),
        references=tuple(_reference(rule) for rule in rules.get("references", ())),
        orders=tuple(
            Order((first, second), strictly)
            for name, strictly in (("in_order", False), ("strictly_in_order", True))
            for first, second in rules.get(name, ())
        ),
        exactly_one=tuple(tuple(columns) for columns in rules.get("exactly_one", ())),
    )


def _reference(rule: Mapping[str, Any]) -> Reference:
    excepted = rule.get("except_values", {})
    return Reference(
        columns=tuple(rule["columns"]),
        table=rule["to"],
        to_columns=tuple(rule["to_columns"]),
        except_values={column: tuple(values) for column, values in excepted.items()},
    )


def _columns_of(rules: Mapping[str, Any]) -> Iterator[str]:
    """Yield every column that the rules name."""
    for name in ("required", "identifiers", "allowed"):
        yield from rules.get(name, ())
    for name in ("keys", "in_order", "strictly_in_order", "exactly_one"):
        yield from (column for columns in rules.get(name, ()) for column in columns)
    for rule in rules.get("references", ()):
        yield from (*rule["columns"], *rule.get("except_values", ()))


def _unknown(seed: Mapping[str, Any], what: str) -> SchemaError:
    return SchemaError(
        f"The declaration of the registry '{seed['name']}' has something unknown: {what}.",
        where=str(SCHEMA_FILE),
        expected="a type per column, and rules that registry/schema.py reads",
        remedy="Correct the declaration, or teach the reader the new rule.",
    )
