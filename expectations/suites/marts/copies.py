"""Expectations on tables that repeat the facts with labels."""

from __future__ import annotations

from expectations.checks import (
    Check,
    NoRows,
    NotEmpty,
    Suite,
)
from expectations.suites.marts.facts import (
    ESTIMATE,
    ESTIMATE_FIGURES,
    GROUP,
    RATE_FIGURES,
)


def response_rates(schema: str, table: str) -> Suite:
    """Return the suite of a table that repeats response rates."""
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification and group",
        keys=GROUP,
        checks=(*_same(schema, table, GROUP, RATE_FIGURES, "core.fct_response_rates"),),
    )


def estimates(schema: str, table: str) -> Suite:
    """Return the suite of a table that repeats estimates."""
    figures = ("n_responses", "kind", *ESTIMATE_FIGURES)
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(*_same(schema, table, ESTIMATE, figures, "core.fct_estimates"),),
    )


def _same(
    schema: str,
    table: str,
    keys: tuple[str, ...],
    figures: tuple[str, ...],
    fact: str,
) -> tuple[Check, ...]:
    relation = f"{schema}.{table}"
    join = " and ".join(f"here.{column} = fact.{column}" for column in keys)
    different = "\n    or ".join(
        f"here.{column} is distinct from fact.{column}"
        for column in (*figures, "suppression_status", "suppression_reason")
    )
    return (
        NotEmpty(),
        NoRows(
            f"every row says the same as {fact}",
            f"select {', '.join(f'here.{column}' for column in keys)}\n"
            f"from {relation} as here\nleft join {fact} as fact on {join}\n"
            f"where fact.wave is null\n    or {different}",
        ),
        NoRows(
            f"every row of {fact} is there",
            f"select {', '.join(f'fact.{column}' for column in keys)}\n"
            f"from {fact} as fact\nleft join {relation} as here on {join}\n"
            "where here.wave is null",
        ),
    )
