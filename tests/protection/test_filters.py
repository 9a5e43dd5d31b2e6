"""What the smallest base behind a filter tells the attacker about who passed it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from generated_survey import GROUPS

from protection.audit.edition import AuditReport, audit
from protection.audit.versions import Released
from protection.edition.cells import Count
from protection.edition.edition import protect_edition
from protection.ranges.rules import Atom, Constants, IndicatorRule, Plan

AGENCIES = "layer.agencies"
CONSTANTS = Constants((Atom("2021", "a", 63, Fraction(1), frozenset({"layer.central", AGENCIES})),))
RULES = Plan(
    GROUPS,
    (
        IndicatorRule("innovated", "types", "layer"),
        IndicatorRule(
            "spread",
            "spreading",
            "layer",
            filter_id="innovated",
            smallest_base_percent=Fraction(45),
        ),
    ),
)


def audited(passed: int, answered: int, behind: int, smallest: int | None = None) -> AuditReport:
    """Attack an edition, the smallest base behind the filter as protected or as given."""
    counts = {
        ("2021", "a", "innovated"): Count(passed, answered),
        ("2021", "a", "spread"): Count(behind // 2, behind),
    }
    rows = protect_edition(counts, RULES, CONSTANTS).rows
    assert {row.protection for row in rows if row.group_id == AGENCIES} == {"band"}
    if smallest is not None:
        rows = tuple(
            replace(row, smallest_base=smallest) if row.indicator_id == "spread" else row
            for row in rows
        )
    bases = {("2021", "a", "types"): answered, ("2021", "a", "spreading"): behind}
    return audit([Released("first", rows, CONSTANTS, bases)], RULES)


@pytest.mark.parametrize("passed", [45, 50, 60])
def test_the_base_that_the_band_of_a_filter_asks_for_is_safe(passed: int) -> None:
    audited(passed, 63, passed).require_safe()


def test_a_base_that_only_the_most_who_passed_can_reach_is_caught() -> None:
    # The band is 70 to 75 %, of 63 that are 45, 46 or 47.
    assert audited(46, 63, 46, smallest=45).is_safe
    assert not audited(46, 63, 46, smallest=46).is_safe


def test_who_is_not_in_the_base_of_the_filter_may_have_answered_behind_it() -> None:
    # 95 to 100 % of 59 are 57 to 59, and four more may have been asked.
    assert audited(58, 59, 62, smallest=61).is_safe
    assert not audited(58, 59, 62, smallest=62).is_safe
