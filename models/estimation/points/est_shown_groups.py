"""Which groups may be shown on an indicator: enough answered, and nothing small by subtraction."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.columns import rows_of
from estimation.subtraction import Group, shown_groups

SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        ("classification_id", pa.string()),
        ("group_id", pa.string()),
        ("indicator_id", pa.string()),
        ("is_shown", pa.bool_()),
    ]
)
Cells = dict[frozenset[Group], int]


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group or complement, and indicator with a base."""
    points = rows_of(dbt.ref("est_points"))
    complements = rows_of(dbt.ref("est_complements"))
    classifications = rows_of(dbt.ref("stg_classifications"))
    segment_sums = dbt.ref("est_segment_sums")
    segment_domains = dbt.ref("est_segment_domains")
    rules = dbt.ref("publication_rules").filter("rule_id = 'minimum_base'").fetchall()
    minimum = int(float(rules[0][1]))
    rests = {
        (row["classification_id"], row["complement_group_id"]): (
            (row["classification_id"], row["group_id"]),
            (row["classification_id"], row["rest_of_group_id"]),
        )
        for row in complements
    }
    positions = {row["classification_id"]: row["position"] for row in classifications}
    domains: dict[int, tuple[str, Group]] = {}
    bases: dict[tuple[str, str], dict[Group, int]] = {}
    for row in points:
        group = row["classification_id"], row["group_id"]
        domains[row["domain_id"]] = row["wave"], group
        bases.setdefault((row["wave"], row["indicator_id"]), {})[group] = int(row["n_answered"])
    cells: dict[tuple[str, str], Cells] = {}
    # Where nothing is too small, who is with whom does not matter.
    if minimum > 1:
        cells = _cells(
            rows_of(segment_sums.project("segment_id, indicator_id, n_answered")),
            rows_of(segment_domains),
            {at: place for at, place in domains.items() if place[1] not in rests},
        )
    # Many indicators have the same bases.
    known: dict[frozenset[tuple[frozenset[Group], int]], set[Group]] = {}
    found = []
    for (wave, indicator), of_groups in bases.items():
        shown = {group for group, base in of_groups.items() if base >= minimum}
        if minimum > 1:
            answered = cells.get((wave, indicator), {})
            same = frozenset(answered.items())
            if same not in known:
                known[same] = shown_groups(answered, minimum, lambda group: positions[group[0]])
            shown = known[same]
        for group, base in of_groups.items():
            # The rest of a group is given away by the group and the whole, and gives either away.
            is_shown = base >= minimum and shown.issuperset(rests.get(group, (group,)))
            found.append((wave, *group, indicator, is_shown))
    return pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, row, strict=True)) for row in sorted(found)], schema=SCHEMA
    )


def _cells(
    sums: list[dict[str, Any]],
    members: list[dict[str, Any]],
    domains: dict[int, tuple[str, Group]],
) -> dict[tuple[str, str], Cells]:
    """Return, by wave and indicator, how many answered by the groups that they are in."""
    waves: dict[int, str] = {}
    groups: dict[int, set[Group]] = {}
    for row in members:
        if place := domains.get(row["domain_id"]):
            waves[row["segment_id"]] = place[0]
            groups.setdefault(row["segment_id"], set()).add(place[1])
    found: dict[tuple[str, str], Cells] = {}
    for row in sums:
        segment, count = row["segment_id"], int(row["n_answered"])
        if count and segment in groups:
            cells = found.setdefault((waves[segment], row["indicator_id"]), {})
            together = frozenset(groups[segment])
            cells[together] = cells.get(together, 0) + count
    return found
