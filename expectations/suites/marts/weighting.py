"""Expectations on the report of weighting."""

from __future__ import annotations

from expectations.checks import (
    Between,
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)

COUNTS = (
    "n_population",
    "n_responses",
    "n_uncovered",
    "n_strata",
    "n_weighting_strata",
    "n_collapsed_strata",
    "n_uncovered_strata",
    "n_margin_groups",
)
FIGURES = (
    "smallest_weight",
    "largest_weight",
    "smallest_adjustment",
    "largest_adjustment",
    "n_effective",
    "weighting_effect",
)
ROUNDING = "1e-9"


def suite() -> Suite:
    """Return the suite of what weighting does per wave."""
    schema, table = "core", "mart_weighting"
    relation = f"{schema}.{table}"
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave",
        keys=("wave",),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave",), "core.dim_waves"),
            Between("weighting_effect", minimum=1 - 1e-9),
            NoRows(
                "a stratum is weighted by itself, or joined another one, or nobody stands for it",
                f"select wave from {relation}\n"
                "where n_weighting_strata + n_collapsed_strata <> n_strata\n"
                "    or n_uncovered_strata > n_strata or n_uncovered > n_population\n"
                "    or (n_uncovered_strata = 0 and n_uncovered > 0)",
            ),
            NoRows(
                "a wave has calibrated weights exactly when it has margins",
                f"select wave from {relation}\n"
                "where (calibration_method = 'none') <> (n_margin_groups = 0)\n"
                "    or (n_margin_groups = 0 and (\n"
                f"        abs(smallest_adjustment - 1) > {ROUNDING}\n"
                f"        or abs(largest_adjustment - 1) > {ROUNDING}\n"
                "    ))",
            ),
            NoRows(
                "weights are positive, and spread no wider than their effective number says",
                f"select wave from {relation}\n"
                "where smallest_weight <= 0 or smallest_weight > largest_weight\n"
                "    or smallest_adjustment <= 0 or smallest_adjustment > largest_adjustment\n"
                f"    or n_effective > n_responses * (1 + {ROUNDING})\n"
                f"    or abs(weighting_effect * n_effective - n_responses) > {ROUNDING}"
                " * n_responses",
            ),
        ),
    )
