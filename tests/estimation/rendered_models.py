"""The SQL of models without dbt: on any tables, many surveys at once."""

from __future__ import annotations

from typing import Any

import duckdb
import jinja2

from barometer.settings import PROJECT_ROOT

# From the cleaned layer to estimates and their variances, and on to those of contrasts.
POINTS = (
    "est_response_segments",
    "est_segments",
    "est_segment_domains",
    "est_segment_sums",
    "est_domain_sums",
    "est_points",
    "est_segment_deviations",
)
VARIANCES = ("est_stratum_residuals", "est_variances")
COVARIANCES = (
    "est_panel_cells",
    "est_segment_pairs",
    "est_pair_sums",
    "est_contrast_cells",
    "est_contrast_variances",
)


class _Dbt:
    """What the models call of dbt."""

    @staticmethod
    def type_string() -> str:
        return "varchar"

    @staticmethod
    def listagg(measure: str, delimiter: str, order: str) -> str:
        return f"listagg({measure}, {delimiter} {order})"


def render(model: str) -> str:
    """Return the SQL of a model, its references being plain table names."""
    (path,) = (PROJECT_ROOT / "models" / "estimation").rglob(f"{model}.sql")
    text = path.read_text(encoding="utf-8")
    functions: dict[str, Any] = {
        "ref": lambda name: name,
        "config": lambda **_: "",
        "dbt": _Dbt,
    }
    return jinja2.Environment(autoescape=False).from_string(text).render(functions)


def build(connection: duckdb.DuckDBPyConnection, *models: str) -> None:
    """Create the models as tables, in the order given.

    Where nothing is said of the sizes of groups, every stratum has responses.
    """
    connection.execute(
        "create table if not exists est_group_sizes"
        " (wave varchar, classification_id varchar, group_id varchar, n_uncovered bigint)"
    )
    for model in models:
        connection.execute(f"create or replace table {model} as {render(model)}")
