"""Which groups may be shown on what has a base of its own: alpha, associations, cross tables."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.columns import rows_of
from estimation.subtraction import Group, banded, nesting, shown_groups, with_bands

SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        ("classification_id", pa.string()),
        ("group_id", pa.string()),
        ("scale_id", pa.string()),
        ("outcome_indicator_id", pa.string()),
        ("band_id", pa.string()),
        ("is_shown", pa.bool_()),
    ]
)
Bases = dict[Group, int]


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group, scale, outcome or none, and band or none.

    Without an outcome: the complete answers of alpha and the items. Without a band: those with a
    score and an outcome.
    """
    publication_rules = rows_of(dbt.ref("publication_rules"))
    divisions = rows_of(dbt.ref("stg_group_divisions"))
    scale_bands = rows_of(dbt.ref("scale_bands"))
    of_indicators = rows_of(dbt.ref("est_shown_groups"))
    reliability = rows_of(dbt.ref("est_scale_reliability"))
    associations = rows_of(dbt.ref("est_associations"))
    scale_cells = rows_of(dbt.ref("est_scale_cells"))
    rules = {row["rule_id"]: row["value"] for row in publication_rules}
    minimum = int(float(rules["minimum_base"]))
    scale_minimum = max(minimum, int(float(rules.get("minimum_scale_responses", 0))))
    nested = nesting(divisions)
    within_bands = with_bands(nested, [row["band_id"] for row in scale_bands])
    shown = {
        (row["wave"], row["indicator_id"], _group(row)) for row in of_indicators if row["is_shown"]
    }

    def both(wave: str, group: Group, *indicators: str) -> bool:
        return all((wave, indicator, group) in shown for indicator in indicators)

    complete: dict[tuple[str, str], Bases] = {}
    for row in reliability:
        complete.setdefault((row["wave"], row["scale_id"]), {})[_group(row)] = row["n_complete"]
    found = []
    for (wave, scale), bases in complete.items():
        candidates = {
            group
            for group, base in bases.items()
            if base >= scale_minimum and both(wave, group, scale)
        }
        kept = shown_groups(bases, nested, minimum, candidates)
        found += [(wave, *group, scale, None, None, group in kept) for group in bases]
    totals: dict[tuple[str, str, str], Bases] = {}
    for row in associations:
        totals.setdefault(_pair(row), {})[_group(row)] = row["n_answered"]
    cells: dict[tuple[str, str, str], dict[tuple[Group, str], int]] = {}
    for row in scale_cells:
        if row["outcome_indicator_id"] is not None:
            cells.setdefault(_pair(row), {})[_group(row), row["band_id"]] = row["n_answered"]
    for (wave, scale, outcome), whole in totals.items():
        of_bands = cells.get((wave, scale, outcome), {})
        bases = whole | {banded(*place): base for place, base in of_bands.items()}
        groups = {group for group in whole if both(wave, group, scale, outcome)}
        candidates = {
            *groups,
            *(banded(group, band) for group, band in of_bands if group in groups),
        }
        kept = shown_groups(bases, within_bands, minimum, candidates)
        found += [(wave, *group, scale, outcome, None, group in kept) for group in whole]
        found += [
            (wave, *group, scale, outcome, band, banded(group, band) in kept)
            for group, band in of_bands
        ]
    return pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, row, strict=True)) for row in found], schema=SCHEMA
    )


def _group(row: dict[str, Any]) -> Group:
    return row["classification_id"], row["group_id"]


def _pair(row: dict[str, Any]) -> tuple[str, str, str]:
    return row["wave"], row["scale_id"], row["outcome_indicator_id"]
