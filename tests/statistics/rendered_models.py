"""The SQL of models without dbt: on any tables, many surveys at once."""

from __future__ import annotations

from typing import Any

import duckdb
import jinja2

from barometer.settings import PROJECT_ROOT

# What a model may call besides `ref`, where the tests need it.
_NOTHING = {"config": lambda **_: ""}


def render(model: str) -> str:
    """Return the SQL of a model, its references being plain table names."""
    path = PROJECT_ROOT / "models" / "estimation" / f"{model}.sql"
    text = path.read_text(encoding="utf-8")
    functions: dict[str, Any] = {"ref": lambda name: name, **_NOTHING}
    return jinja2.Environment(autoescape=False).from_string(text).render(functions)


def build(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Create the models as tables, in the order given."""
    for model in models:
        connection.execute(f"create or replace table {model} as {render(model)}")
