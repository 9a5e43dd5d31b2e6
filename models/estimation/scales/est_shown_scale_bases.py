"""Which groups may be shown on what has a base of its own: alpha, associations, cross tables."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.columns import rows_of
from estimation.subtraction import Group, banded, cells_of, shown_groups

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
Pair = tuple[str, str, str | None]
"""Wave, scale, and outcome or none."""
PERSON = ("wave", "scale_id", "response_key", "classification_id", "group_id")


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group, scale, outcome or none, and band or none.

    Without an outcome: the complete answers of alpha and the items. Without a band: those with a
    score and an outcome.
    """
    publication_rules = rows_of(dbt.ref("publication_rules"))
    classifications = rows_of(dbt.ref("stg_classifications"))
    of_indicators = rows_of(dbt.ref("est_shown_groups"))
    reliability = rows_of(dbt.ref("est_scale_reliability"))
    associations = rows_of(dbt.ref("est_associations"))
    scale_cells = rows_of(dbt.ref("est_scale_cells"))
    items = dbt.ref("est_scale_items")
    values = dbt.ref("est_association_values")
    scores = dbt.ref("est_scale_scores")
    rules = {row["rule_id"]: row["value"] for row in publication_rules}
    minimum = int(float(rules["minimum_base"]))
    scale_minimum = max(minimum, int(float(rules.get("minimum_scale_responses", 0))))
    positions = {row["classification_id"]: row["position"] for row in classifications}
    shown = {
        (row["wave"], row["indicator_id"], _group(row)) for row in of_indicators if row["is_shown"]
    }

    def both(wave: str, group: Group, *indicators: str) -> bool:
        return all((wave, indicator, group) in shown for indicator in indicators)

    def kept(members: list[set[Group]], candidates: set[Group]) -> set[Group]:
        # Groups before their bands.
        return shown_groups(
            cells_of(members),
            minimum,
            lambda group: ("|" in group[1], positions[group[0]]),
            candidates,
        )

    complete: dict[Pair, dict[Group, int]] = {}
    for row in reliability:
        complete.setdefault((row["wave"], row["scale_id"], None), {})[_group(row)] = row[
            "n_complete"
        ]
    found = []
    answered = _members(items.project(", ".join(("null as outcome_indicator_id", *PERSON))))
    for (wave, scale, _), bases in complete.items():
        candidates = {
            group
            for group, base in bases.items()
            if base >= scale_minimum and both(wave, group, scale)
        }
        left = kept([*answered[wave, scale, None].values()], candidates)
        found += [(wave, *group, scale, None, None, group in left) for group in bases]
    cells: dict[Pair, set[tuple[Group, str]]] = {}
    for row in scale_cells:
        if row["outcome_indicator_id"] is not None:
            cells.setdefault(_pair(row), set()).add((_group(row), row["band_id"]))
    totals: dict[Pair, set[Group]] = {}
    for row in associations:
        totals.setdefault(_pair(row), set()).add(_group(row))
    bands = {
        (row["wave"], row["scale_id"], row["response_key"]): row["band_id"]
        for row in rows_of(scores.project("wave, scale_id, response_key, band_id"))
    }
    members = _members(
        values.filter("score is not null").project(", ".join(("outcome_indicator_id", *PERSON)))
    )
    for (wave, scale, outcome), whole in totals.items():
        people = [
            groups | {banded(group, bands[wave, scale, person]) for group in groups}
            for person, groups in members.get((wave, scale, outcome), {}).items()
        ]
        of_bands = sorted(cells.get((wave, scale, outcome), ()))
        groups = {group for group in whole if both(wave, group, scale, str(outcome))}
        candidates = {*groups, *(banded(*place) for place in of_bands if place[0] in groups)}
        left = kept(people, candidates)
        found += [(wave, *group, scale, outcome, None, group in left) for group in whole]
        found += [
            (wave, *group, scale, outcome, band, banded(group, band) in left)
            for group, band in of_bands
        ]
    return pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, row, strict=True)) for row in found], schema=SCHEMA
    )


def _members(rows: Any) -> dict[Pair, dict[str, set[Group]]]:
    """Return, by wave, scale and outcome, the groups that each who answered is in."""
    found: dict[Pair, dict[str, set[Group]]] = {}
    for row in rows_of(rows.distinct()):
        people = found.setdefault(_pair(row), {})
        people.setdefault(row["response_key"], set()).add(_group(row))
    return found


def _group(row: dict[str, Any]) -> Group:
    return row["classification_id"], row["group_id"]


def _pair(row: dict[str, Any]) -> Pair:
    return row["wave"], row["scale_id"], row["outcome_indicator_id"]
