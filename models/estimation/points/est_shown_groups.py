"""Which groups may be shown on an indicator: enough answered, and nothing small by subtraction."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from estimation.columns import rows_of
from estimation.subtraction import Group, nesting, shown_groups

SCHEMA = pa.schema(
    [
        ("wave", pa.string()),
        ("classification_id", pa.string()),
        ("group_id", pa.string()),
        ("indicator_id", pa.string()),
        ("is_shown", pa.bool_()),
    ]
)


def model(dbt: Any, session: Any) -> pa.Table:
    """Return one row per wave, classification, group or complement, and indicator with a base."""
    points = rows_of(dbt.ref("est_points"))
    complements = rows_of(dbt.ref("est_complements"))
    divisions = rows_of(dbt.ref("stg_group_divisions"))
    rules = dbt.ref("publication_rules").filter("rule_id = 'minimum_base'").fetchall()
    minimum = int(float(rules[0][1]))
    nested = nesting(divisions)
    rests = {
        (row["classification_id"], row["complement_group_id"]): (
            (row["classification_id"], row["group_id"]),
            (row["classification_id"], row["rest_of_group_id"]),
        )
        for row in complements
    }
    bases: dict[tuple[str, str], dict[Group, int]] = {}
    for row in points:
        group = row["classification_id"], row["group_id"]
        bases.setdefault((row["wave"], row["indicator_id"]), {})[group] = int(row["n_answered"])
    found = []
    for (wave, indicator), of_groups in bases.items():
        shown = shown_groups(
            {group: base for group, base in of_groups.items() if group not in rests},
            nested,
            minimum,
        )
        for group, base in of_groups.items():
            # The rest of a group is given away by the group and the whole, and gives either away.
            is_shown = base >= minimum and shown.issuperset(rests.get(group, (group,)))
            found.append((wave, *group, indicator, is_shown))
    return pa.Table.from_pylist(
        [dict(zip(SCHEMA.names, row, strict=True)) for row in sorted(found)], schema=SCHEMA
    )
