"""What is rounded: nothing that is sensitive or held to bands, nor what would tell of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from public_survey import registry as by_bands

from barometer.settings import PROJECT_ROOT
from publication.public.method.questions import WaveQuestions
from publication.public.method.rounding import RoundedRules, rounded_rules
from publication.public.method.rules import wave_rules
from registry import Registry, load_registry
from registry.tables.publication import DisclosureRule

EXAMPLE = load_registry(Path(PROJECT_ROOT) / "seeds")
EVERYTHING = frozenset(row.indicator_id for row in EXAMPLE.indicators)
CLIMATE = {
    row.indicator_id
    for row in EXAMPLE.indicators
    if row.topic == next(r.topic for r in EXAMPLE.indicators if r.indicator_id == "climate_vision")
}
SUMMARIES = {"climate_score", "climate_outspoken"}
"""A mean and a count over nine questions, one of them sensitive."""


def row(**given: object) -> DisclosureRule:
    nothing = dict.fromkeys(DisclosureRule.__dataclass_fields__)
    return DisclosureRule(**{**nothing, "is_published": True, "row": 2, **given})  # type: ignore[arg-type]


def rounded(*rows: DisclosureRule, registry: Registry = EXAMPLE) -> RoundedRules:
    own = replace(registry, disclosure_rules=rows)
    found = rounded_rules(own, WaveQuestions(own, "2025", EVERYTHING))
    assert found is not None
    return found


def held(*rows: DisclosureRule) -> set[str]:
    """Return what is not rounded for what some rows say, beside what is sensitive by itself."""
    return EVERYTHING - set(rounded(*rows).indicators) - {"climate_safety"}


def resting_on(*questions: str) -> set[str]:
    """Return the indicators that rest on some questions."""
    return {item.indicator_id for item in EXAMPLE.indicator_items if item.question_id in questions}


def test_a_survey_by_bands_rounds_nothing() -> None:
    own = by_bands()

    assert rounded_rules(own, WaveQuestions(own, "2025", EVERYTHING)) is None
    assert wave_rules(own, "2025", EVERYTHING).rounded is None


def test_what_rests_on_a_sensitive_question_is_not_rounded_but_a_summary_of_many_is() -> None:
    names = set(rounded().indicators)

    assert EVERYTHING - names == {"climate_safety"}
    assert names >= SUMMARIES


def test_a_summary_of_four_questions_is_not_rounded_with_a_sensitive_one_among_them() -> None:
    four = ("climate_safety", "climate_vision", "climate_room", "climate_learning")
    few = [
        item
        for item in EXAMPLE.indicator_items
        if item.indicator_id != "climate_score" or item.question_id in four
    ]
    names = set(rounded(registry=replace(EXAMPLE, indicator_items=tuple(few))).indicators)

    # Those who are averaged with it would tell what it is.
    assert EVERYTHING - names == {"climate_score", *four}


def test_what_is_held_to_bands_takes_the_options_of_its_question_with_it() -> None:
    assert held(row(indicator_id="novelty_copied", method="bands")) == resting_on("novelty")


def test_what_is_held_to_bands_takes_with_it_what_is_counted_together() -> None:
    """Inspiration from abroad counts triggers and partners together."""
    own = held(row(indicator_id="trigger_other", method="bands"))

    assert own == resting_on("triggers", "partners")
    assert {"abroad_any", "partner_companies"} <= own


def test_what_is_held_to_bands_takes_with_it_what_was_asked_because_of_it() -> None:
    """Whoever innovated was asked about his latest innovation; his climate everybody was asked."""
    own = held(row(indicator_id="innovated_process", method="bands"))

    behind = {route.question_id for route in EXAMPLE.routing}
    types = ("inn_product", "inn_service", "inn_process", "inn_interaction")
    assert own == resting_on(*types, *behind)
    assert own.isdisjoint(CLIMATE)
    assert {"innovated", "breadth", "novelty_copied", "under_way"} <= own


def test_what_is_behind_a_filter_does_not_take_the_filter_with_it() -> None:
    own = held(row(indicator_id="evaluated", method="bands"))

    assert own == resting_on("evaluation")
    assert own == {"evaluated"}


def test_a_row_says_that_an_indicator_is_sensitive_or_is_not() -> None:
    sensitive = held(row(indicator_id="ai_use", is_sensitive=True))
    names = set(rounded(row(indicator_id="climate_safety", is_sensitive=False)).indicators)

    assert sensitive == resting_on("ai_use")
    assert names == EVERYTHING


@pytest.mark.parametrize("given", [{"method": "bands"}, {"is_sensitive": True}], ids=str)
@pytest.mark.parametrize("name", sorted(SUMMARIES))
def test_a_summary_is_held_to_bands_where_its_own_row_says_so(
    name: str, given: dict[str, object]
) -> None:
    """And it alone: a summary of many says little of what it is made of, nor they of it."""
    assert held(row(indicator_id=name, **given)) == {name}


def test_a_topic_held_to_bands_has_nothing_rounded() -> None:
    topic = next(r.topic for r in EXAMPLE.indicators if r.indicator_id == "climate_vision")

    assert held(row(topic=topic, method="bands")) == CLIMATE - {"climate_safety"}


def test_what_is_not_published_is_not_rounded_and_takes_nothing_with_it() -> None:
    assert held(row(indicator_id="novelty_copied", is_published=False)) == {"novelty_copied"}


def test_what_is_not_rounded_goes_by_the_rules_of_bands() -> None:
    own = replace(EXAMPLE, disclosure_rules=(row(indicator_id="ai_use", method="bands"),))

    rules = wave_rules(own, "2025", EVERYTHING)

    assert {each.indicator_id for each in rules.plan.indicators} == {"ai_use"}
    assert {each.rule.indicator_id for each in rules.means} == {"climate_safety"}
    assert rules.asked == EVERYTHING


def test_what_is_held_to_bands_behind_a_rounded_filter_is_withheld() -> None:
    """Its bands would rest on the band of the filter, which there is none of."""
    own = replace(EXAMPLE, disclosure_rules=(row(indicator_id="novelty_copied", method="bands"),))

    rules = wave_rules(own, "2025", EVERYTHING)

    assert rules.rounded is not None
    assert "innovated" in rules.rounded.indicators
    assert rules.withheld == dict.fromkeys(resting_on("novelty"), "filter_not_published")
    assert rules.plan.indicators == ()


def test_base_and_candidates_are_those_of_the_registry() -> None:
    values = {"public_minimum_base": "17", "public_candidates": "4"}
    told = tuple(
        replace(rule, value=values.get(rule.rule_id, rule.value))
        for rule in EXAMPLE.publication_rules
    )

    rules = rounded(registry=replace(EXAMPLE, publication_rules=told))

    assert (rules.minimum_base, rules.candidates) == (17, 4)
