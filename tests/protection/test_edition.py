"""What becomes a row, what is withheld and why."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from generated_survey import GROUPS, generate, plan

from protection.edition.cells import WITHHELD_REASONS, Count
from protection.edition.edition import protect_edition
from protection.errors import ProtectionError
from protection.ranges.rules import Atom, Constants, IndicatorRule, LinkedSet, Plan

AGENCIES = frozenset({"layer.central", "layer.agencies"})
JUDICIARY = frozenset({"layer.central", "layer.rest", "layer.judiciary"})


def constants(agencies: int = 63, judiciary: int = 14) -> Constants:
    return Constants(
        (
            Atom("2021", "a", agencies, Fraction(1), AGENCIES),
            Atom("2021", "j", judiciary, Fraction(1), JUDICIARY),
        )
    )


def rows(rules: Plan, counts: dict[str, Count], public: Constants) -> dict[str, object]:
    indicator = rules.indicators[-1].indicator_id
    keyed = {
        ("2021", atom, name): count
        for key, count in counts.items()
        for atom, name in (key.split(" "),)
    }
    edition = protect_edition(keyed, rules, public)
    return {row.group_id: row for row in edition.rows if row.indicator_id == indicator}


def one(**more: object) -> Plan:
    return Plan(GROUPS, (replace(IndicatorRule("x", "q", "layer"), **more),))


def test_a_share_becomes_a_band_and_its_total_what_follows_from_it() -> None:
    found = rows(one(), {"a x": Count(40, 63), "j x": Count(14, 14)}, constants())
    agencies, judiciary, total = (
        found["layer.agencies"],
        found["layer.judiciary"],
        found["layer.central"],
    )
    assert (agencies.share_lower, agencies.share_upper) == (60, 65)
    assert (judiciary.share_lower, judiciary.share_upper) == (75, 100)
    assert total.protection == "implied"
    assert total.share_lower <= 100 * 54 / 77 <= total.share_upper
    assert agencies.smallest_base == 59


@pytest.mark.parametrize(("answered", "reason"), [(59, None), (58, "too_few_answers")])
def test_a_base_below_the_smallest_is_withheld(answered: int, reason: str | None) -> None:
    found = rows(one(), {"a x": Count(20, answered), "j x": Count(7, 14)}, constants())
    assert found["layer.agencies"].protection_reason == reason


def test_a_group_that_is_too_small_joins_the_one_above_it() -> None:
    found = rows(one(), {"a x": Count(20, 63), "j x": Count(3, 9)}, constants(judiciary=9))
    assert found["layer.judiciary"].protection_reason == "group_too_small"
    assert found["layer.rest"].protection_reason == "group_too_small"
    found = rows(one(), {"a x": Count(5, 8), "j x": Count(3, 9)}, constants(8, 9))
    assert found["layer.agencies"].protection_reason == "group_too_small"
    assert found["layer.central"].protection == "band"


def test_a_sensitive_question_needs_a_larger_group() -> None:
    found = rows(one(is_sensitive=True), {"a x": Count(20, 63), "j x": Count(7, 14)}, constants())
    assert found["layer.judiciary"].protection_reason == "group_too_small"
    assert found["layer.agencies"].candidates == 4
    assert found["layer.agencies"].share_upper - found["layer.agencies"].share_lower == 10


def test_a_question_behind_a_filter_is_withheld_by_the_band_of_the_filter_alone() -> None:
    rules = Plan(
        GROUPS,
        (
            IndicatorRule("innovated", "q", "layer"),
            IndicatorRule(
                "x", "r", "layer", filter_id="innovated", smallest_base_percent=Fraction(60)
            ),
        ),
    )
    # 60 % of 63 is 38: the band 60 to 65 % begins at 36 of 59.
    for passed in (39, 40):
        counts = {"a innovated": Count(passed, 63), "a x": Count(10, passed)}
        found = rows(rules, counts, constants())
        assert found["layer.agencies"].protection_reason == "filter_too_small"
    counts = {"a innovated": Count(45, 63), "a x": Count(10, 45)}
    assert rows(rules, counts, constants())["layer.agencies"].protection == "band"


@pytest.mark.parametrize(("answered", "reason"), [(53, None), (52, "too_few_answers")])
def test_the_band_of_a_filter_raises_the_smallest_base_behind_it(
    answered: int, reason: str | None
) -> None:
    rules = Plan(
        GROUPS,
        (
            IndicatorRule("innovated", "q", "layer"),
            IndicatorRule(
                "x", "r", "layer", filter_id="innovated", smallest_base_percent=Fraction(60)
            ),
        ),
    )
    # 95 to 100 % of at least 59 are at least 57, of whom 92.5 % are 53; 60 % of 63 would be 38.
    counts = {"a innovated": Count(61, 63), "a x": Count(10, answered)}
    agencies = rows(rules, counts, constants())["layer.agencies"]
    assert agencies.protection_reason == reason
    assert agencies.smallest_base == (None if reason else 53)
    # 70 to 75 % are at least 42, of whom 39 answer; two below 42 would do.
    counts = {"a innovated": Count(45, 63), "a x": Count(10, 45)}
    assert rows(rules, counts, constants())["layer.agencies"].smallest_base == 39


def test_a_fine_total_is_published_first_and_its_parts_as_far_as_that_is_safe() -> None:
    rule = one(total="fine", fine_group_id="layer.central")
    found = rows(rule, {"a x": Count(31, 63), "j x": Count(7, 14)}, constants())
    assert found["layer.central"].protection == "band"
    parts = [found["layer.agencies"], found["layer.judiciary"]]
    assert all(part.protection in {"band", "withheld"} for part in parts)
    widths = [p.share_upper - p.share_lower for p in parts if p.protection == "band"]
    assert not widths or max(widths) > 5


def test_every_withheld_row_has_a_reason_that_is_explained_and_no_figure() -> None:
    for seed in range(6):
        survey = generate(seed, strata=2)
        for row in protect_edition(survey.counts, plan(), survey.constants).rows:
            if row.protection == "withheld":
                assert row.protection_reason in WITHHELD_REASONS
                assert row.share_lower is row.share_upper is row.interval_lower is None
            else:
                assert row.share_lower < row.share_upper
                assert row.share_upper - row.share_lower < 100


def test_ties_that_the_counts_contradict_are_refused() -> None:
    rules = Plan(
        GROUPS,
        (IndicatorRule("yes", "q", "layer"), IndicatorRule("no", "q", "layer")),
        (LinkedSet("q", "exclusive", ("yes", "no")),),
    )
    with pytest.raises(ProtectionError, match="do not fit together"):
        rows(rules, {"a yes": Count(20, 63), "a no": Count(40, 63)}, constants())


def test_more_counted_than_answered_is_refused() -> None:
    with pytest.raises(ProtectionError, match="cannot be"):
        rows(one(), {"a x": Count(20, 10)}, constants())


def test_tied_indicators_with_different_rules_are_refused() -> None:
    with pytest.raises(ProtectionError, match="different rules"):
        Plan(
            GROUPS,
            (IndicatorRule("yes", "q", "layer"), IndicatorRule("no", "r", "layer")),
            (LinkedSet("q", "exclusive", ("yes", "no")),),
        )
