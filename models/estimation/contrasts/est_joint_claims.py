"""What the tested waves of each claim say together."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from estimation.columns import by_name, numbers, rows_of, to_relation
from estimation.joint_tests import WaveTest, joint_test, overlap_of

TYPES = {
    "contrast_id": "varchar",
    "claim_id": "varchar",
    "family_key": "varchar",
    "n_waves": "bigint",
    "direction": "double",
    "p_value": "double",
}


def model(dbt: Any, session: Any) -> Any:
    """Return one row per claim with a test in any wave."""
    contrasts = dbt.ref("est_contrasts")
    tested = contrasts.filter("purpose = 'claim'").join(
        dbt.ref("est_contrast_tests").filter("p_value is not null"), "contrast_id"
    )
    differences = tested.project(
        "reference_id as claim_id, wave_a as wave, difference - margin as direction, p_value"
    )
    relations = (
        dbt.ref("est_claim_associations")
        .filter("p_value is not null")
        .project("claim_id, wave, odds_ratio - 1 as direction, p_value")
    )
    tests = defaultdict(list)
    for row in rows_of(differences.union(relations).order("claim_id, wave")):
        tests[row.pop("claim_id")].append(row)
    overlaps = _overlaps(contrasts, dbt.ref("est_contrast_sides"))
    families = {row["family_id"]: row for row in rows_of(dbt.ref("test_families"))}
    topics = {row["indicator_id"]: row["topic"] for row in rows_of(dbt.ref("indicators"))}
    rows = []
    for claim in rows_of(dbt.ref("claims").order("claim_id")):
        sign = -1 if claim["expected_direction"] in ("a_lower", "negative") else 1
        waves = [
            WaveTest(row["wave"], row["p_value"], sign * row["direction"])
            for row in tests[claim["claim_id"]]
        ]
        found = joint_test(waves, _of_claim(claim, overlaps))
        if found:
            family = families[claim["family_id"]]
            rows.append(
                {
                    "contrast_id": f"joint|{claim['claim_id']}",
                    "claim_id": claim["claim_id"],
                    "family_key": "|".join(
                        [family["family_id"], "joint"]
                        + [topics[claim["indicator_id"]]] * family["per_topic"]
                        + [claim["group_a"]] * family["per_group"]
                    ),
                    "n_waves": found.n_waves,
                    "direction": found.direction,
                    "p_value": found.p_value,
                }
            )
    return to_relation(session, TYPES, by_name(TYPES, rows))


def _overlaps(
    contrasts: Any, sides: Any
) -> dict[tuple[str, str, str], dict[frozenset[str], float]]:
    """Return how far pairs of waves rest on the same organisations, by what is estimated."""
    rows = (
        contrasts.filter("purpose = 'overlap'")
        .project("contrast_id, classification_id, wave_a, wave_b, group_a, indicator_a")
        .join(sides, "contrast_id")
        .filter("n_answered_a > 0 and n_answered_b > 0")
        .fetchnumpy()
    )
    squares = [
        numbers(rows[f"sum_weights_{side}"]) ** 2 / numbers(rows[f"n_effective_{side}"])
        for side in "ab"
    ]
    shared = overlap_of(numbers(rows["weight_products"]), *squares)
    found: dict[tuple[str, str, str], dict[frozenset[str], float]] = defaultdict(dict)
    keys = zip(rows["classification_id"], rows["group_a"], rows["indicator_a"], strict=True)
    waves = zip(rows["wave_a"], rows["wave_b"], strict=True)
    for key, pair, value in zip(keys, waves, shared.tolist(), strict=True):
        found[key][frozenset(pair)] = value
    return found


def _of_claim(
    claim: dict[str, Any], overlaps: dict[tuple[str, str, str], dict[frozenset[str], float]]
) -> dict[frozenset[str], float]:
    """Return the larger overlap of the two sides: the difference correlates no more than that."""
    sides = (
        (claim["group_a"], claim["indicator_id"]),
        (claim["group_b"] or claim["group_a"], claim["indicator_b"] or claim["indicator_id"]),
    )
    found: dict[frozenset[str], float] = {}
    for group, indicator in sides:
        for pair, value in overlaps[claim["classification_id"], group, indicator].items():
            found[pair] = max(value, found.get(pair, 0.0))
    return found
