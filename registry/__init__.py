"""Loads the registries of a survey and refuses them when anything in them is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from registry.declared import check_declared
from registry.model import TABLES, Registry
from registry.problems import Place, Problem, RegistryError, RegistryErrors
from registry.reading import Table, read_registry
from registry.rules import check_meaning
from registry.writing import reading

__all__ = ["TABLES", "Registry", "RegistryError", "RegistryErrors", "load_registry"]


def load_registry(seeds: Path) -> Registry:
    """Return the registries in a folder.

    Raises:
        RegistryErrors: with every problem found, each naming file, line and column.
        RegistryWriteError: a writer was killed half-way, and what it began cannot be finished.
    """
    with reading(seeds):
        tables = {name: read_registry(seeds, schema) for name, schema in TABLES.items()}
    problems = [problem for table in tables.values() for problem in table.problems]
    problems.extend(_one_survey(tables["surveys"]))
    problems.extend(check_declared(tables))
    # A missing file or row would make everything that refers to it look wrong.
    complete = all(table.complete for table in tables.values()) and bool(tables["surveys"].rows)
    if complete:
        registry = _build(tables)
        problems.extend(check_meaning(registry))
        if not problems:
            return registry
    raise RegistryErrors(seeds, problems, incomplete=not complete)


def _one_survey(surveys: Table) -> Iterator[Problem]:
    if surveys.complete and len(surveys.rows) != 1:
        yield Place("surveys", surveys.rows[1].line if surveys.rows else None, "").wrong(
            f"The registry surveys.csv has {len(surveys.rows)} rows.",
            "exactly one row: the survey this folder describes",
            "Keep one row; another survey has its own folder under surveys/."
            if surveys.rows
            else "Add the row.",
        )


def _build(tables: Mapping[str, Table]) -> Registry:
    records: dict[str, Any] = {
        name: tuple(table.schema.record(**row.values, row=row.line) for row in table.rows)
        for name, table in tables.items()
    }
    survey = records.pop("surveys")[0]
    return Registry(survey=survey, **records)
