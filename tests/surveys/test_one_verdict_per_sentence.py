"""No two tables of a release say different things of one difference."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import duckdb
import pytest

pytestmark = pytest.mark.xdist_group("example_refresh")

# Every table that words a difference of two groups, as side a, side b and what it says of them.
COMPARED = "group_a, coalesce(group_b, '~' || rest_of_group_id), verdict, verdict_en"
POSITION = (
    "group_id, coalesce(comparator_group_id, '~' || rest_of_group_id),"
    " position_verdict, position_verdict_en"
)
GROUPS = {
    "core.mart_comparisons": COMPARED,
    "core.mart_findings": POSITION,
    "topics.findings": POSITION,
    "groups.findings": POSITION,
    "groups.comparisons": COMPARED,
}
TURNED = {"a_higher": "a_lower", "a_lower": "a_higher"}


@pytest.fixture(scope="module")
def connection(example_warehouse: Path):
    with duckdb.connect(str(example_warehouse), read_only=True) as found:
        yield found


@pytest.fixture(scope="module")
def said(connection) -> dict[tuple, set[str]]:
    """By wave, indicator and pair of groups, in one order: every verdict that is printed."""
    found = defaultdict(set)
    for table, columns in GROUPS.items():
        rows = connection.execute(
            f"select wave, classification_id, indicator_id, {columns} from {table}"
        ).fetchall()
        for wave, classification, indicator, a, b, verdict, words in rows:
            if verdict is None:
                continue
            assert words
            first, second = sorted((a, b))
            verdict = verdict if first == a else TURNED.get(verdict, verdict)
            found[wave, classification, indicator, first, second].add(verdict)
    return found


def test_a_difference_of_two_groups_has_one_verdict_wherever_it_is_printed(said):
    assert len(said) > 4_000
    assert {key: verdicts for key, verdicts in said.items() if len(verdicts) > 1} == {}


def test_a_claim_never_says_otherwise_than_the_comparison_of_the_same_groups(connection, said):
    claims = connection.execute(
        "select wave, classification_id, indicator_id, group_a, group_b, expected_direction,"
        " minimum_difference, verdict from core.mart_claims where group_b is not null"
    ).fetchall()
    compared = 0
    for wave, classification, indicator, a, b, expected, minimum, verdict in claims:
        first, second = sorted((a, b))
        found = said.get((wave, classification, indicator, first, second))
        if found is None:
            continue
        compared += 1
        (other,) = found
        other = other if first == a else TURNED.get(other, other)
        if minimum is None:
            agrees = {"supported": {expected}, "contradicted": {TURNED[expected]}}
            agrees |= {"not_shown": {"no_difference"}, "not_tested": {"not_tested"}}
            assert other in agrees[verdict], (wave, indicator, a, b)
        elif verdict == "supported":
            # Far more often is more often.
            assert other == expected, (wave, indicator, a, b)
    assert compared >= 30


def test_what_a_group_is_held_against_in_the_topics_is_what_the_study_held_it_against(connection):
    against = connection.execute(
        "select distinct comparator_group_id from core.mart_findings"
        " where classification_id = 'overheidslaag' and group_id = 'uitvoeringsorganisaties'"
    ).fetchall()
    assert against == [("rijk_overige",)]


def test_every_change_has_one_verdict_wherever_it_is_printed(connection):
    rows = connection.execute(
        """
        select wave, wave_from, classification_id, group_id, indicator_id, verdict
        from core.mart_trends
        union
        select wave, previous_wave, classification_id, group_id, indicator_id, change_verdict
        from core.mart_findings where change_verdict is not null
        union
        select wave, previous_wave, classification_id, group_id, indicator_id, change_verdict
        from topics.findings where change_verdict is not null
        union
        select wave, wave_from, classification_id, group_id, indicator_id, verdict
        from groups.trends
        """
    ).fetchall()
    assert len({row[:-1] for row in rows}) == len(rows)


def test_a_score_and_a_share_never_stand_under_one_unit(connection):
    rows = connection.execute(
        "select distinct unit_a, unit_b from core.mart_claims where claim_id like 'climate%'"
    ).fetchall()
    assert rows == [("score", "share")]
