"""The database and the datasets of a release, as Superset imports them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb

from bi.superset.sources import DashboardError, Names, Sources

VERSION = "1.0.0"
ONE_FIGURE = (
    "Its figures are not added up or averaged: where a point of a chart is not one row,"
    " `estimate` and the like are empty. Filter until it is."
)
_DATES = ("DATE", "TIMESTAMP")


def database(names: Names, release_file: Path) -> dict[str, Any]:
    """Return the database: one file, read-only, that reaches no other file and no network."""
    config = {
        "access_mode": "read_only",
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
    }
    return {
        "database_name": f"{names.survey} ({names.edition} edition)",
        "sqlalchemy_uri": f"duckdb:///{release_file}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "extra": {"engine_params": {"connect_args": {"config": config}}},
        "uuid": names.uuid("database"),
        "version": VERSION,
    }


def datasets(names: Names, sources: Sources, release_file: Path) -> dict[str, dict[str, Any]]:
    """Return one dataset per table, with the columns and comments of the release.

    Raises:
        DashboardError: the release has no such table.
    """
    with duckdb.connect(str(release_file), read_only=True) as release:
        return {
            table: _dataset(names, table, said, sources.datasets["names"], release)
            for table, said in sources.datasets["tables"].items()
        }


def one_figure(expression: str) -> str:
    """Return a metric that is empty where it would be about several rows."""
    return f"case when count(*) = 1 then {expression} end"


def _dataset(
    names: Names,
    table: str,
    said: Mapping[str, Any],
    titles: Mapping[str, str],
    release: duckdb.DuckDBPyConnection,
) -> dict[str, Any]:
    schema, name = table.split(".")
    described = release.execute(
        "select comment from duckdb_tables() where schema_name = ? and table_name = ?",
        [schema, name],
    ).fetchone()
    if described is None:
        raise DashboardError(
            f"The release has no table {table}.",
            where="datasets.yaml",
            expected="a table of the release",
            remedy="Take it out, or publish a release that has it.",
        )
    columns = release.execute(
        "select column_name, data_type, comment from duckdb_columns()"
        " where schema_name = ? and table_name = ? order by column_index",
        [schema, name],
    ).fetchall()
    return {
        "table_name": name,
        "schema": schema,
        "description": " ".join(filter(None, (described[0], said.get("metrics") and ONE_FIGURE))),
        "uuid": names.uuid("dataset", table),
        "database_uuid": names.uuid("database"),
        "columns": [
            *(_column(column, kind, comment, titles) for column, kind, comment in columns),
            *(
                _column(column, "VARCHAR", None, titles) | {"expression": expression}
                for column, expression in said.get("columns", {}).items()
            ),
        ],
        "metrics": [*_metrics(said)],
        "version": VERSION,
    }


def _column(name: str, kind: str, comment: str | None, titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "column_name": name,
        "verbose_name": titles.get(name),
        "type": kind,
        "description": comment,
        "is_dttm": kind.startswith(_DATES),
        "groupby": True,
        "filterable": True,
    }


def _metrics(said: Mapping[str, Any]) -> list[dict[str, Any]]:
    figures = [
        {
            "metric_name": name,
            "verbose_name": figure.get("name", name),
            "expression": one_figure(figure["expression"]),
        }
        for name, figure in (
            (name, said if isinstance(said, Mapping) else {"expression": said})
            for name, said in said.get("metrics", {}).items()
        )
    ]
    orders = [
        {"metric_name": name, "expression": expression}
        for name, expression in said.get("orders", {}).items()
    ]
    return [*figures, *orders]
