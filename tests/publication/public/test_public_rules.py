"""What the registries decide about a wave, and how responses are counted for it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import combinations

import pytest
from public_survey import INDICATORS, NOVELTY, TYPES, registry, survey

from publication.public.method.counts import Respondent, WaveResponses, count
from publication.public.method.rules import wave_rules
from registry import Registry
from registry.tables.publication import DisclosureRule

EVERYTHING = frozenset(row.indicator_id for row in registry().indicators)


def rule(**given: object) -> DisclosureRule:
    nothing = dict.fromkeys(DisclosureRule.__dataclass_fields__)
    return DisclosureRule(**{**nothing, "is_published": True, "row": 2, **given})  # type: ignore[arg-type]


def rules(*rows: DisclosureRule, indicators: frozenset[str] = EVERYTHING, wave: str = "2025"):
    return wave_rules(replace(registry(), disclosure_rules=rows), wave, indicators)


def test_options_of_a_question_with_one_answer_exclude_each_other() -> None:
    own = wave_rules(registry(), "2025", EVERYTHING)
    linked = own.plan.set_of("novelty_own_development")

    assert linked.kind == "exclusive"
    assert linked.parts == NOVELTY


def test_who_is_in_no_published_option_is_a_part_that_is_not_published() -> None:
    linked = wave_rules(registry(), "2025", EVERYTHING).plan.set_of("factor_culture_promoted")

    assert linked.parts == (
        "factor_culture_promoted",
        "factor_culture_hampered",
        "~question.factor_culture",
    )


def test_a_question_behind_a_filter_has_the_published_share_that_decides_who_is_asked() -> None:
    own = wave_rules(registry(), "2025", EVERYTHING)

    assert own.plan.indicator("novelty_copied").filter_id == "innovated"
    assert own.plan.indicator("novelty_copied").smallest_base_percent == 50
    assert own.plan.indicator("ai_use").filter_id is None
    assert own.withheld["under_way"] == "filter_not_published"


def test_without_the_filter_nothing_behind_it_is_published() -> None:
    own = rules(rule(indicator_id="innovated", is_published=False))

    assert own.withheld["innovated"] == "not_chosen"
    assert own.withheld["novelty_copied"] == "filter_not_published"


def test_what_rests_on_the_same_answers_is_left_out_unless_a_set_says_how() -> None:
    own = rules(indicators=frozenset({"innovated", *TYPES}))

    assert own.plan.sets == ()
    assert [each.indicator_id for each in own.plan.indicators] == ["innovated"]
    assert {own.withheld[name] for name in TYPES} == {"same_answers"}


def test_one_option_of_a_question_with_several_answers_stays_unpublished() -> None:
    values = frozenset(name for name in EVERYTHING if name.startswith("value_"))
    own = rules(
        rule(indicator_id="innovated", set_id="types", set_role="union"),
        *(rule(indicator_id=name, set_id="types", set_role="part") for name in TYPES),
        indicators=values | {"innovated", *TYPES},
    )
    published = {each.indicator_id for each in own.plan.indicators}

    assert {"value_quality", "value_efficiency"} <= published
    assert own.withheld["value_none_yet"] == "same_answers"


TRIGGERS = tuple(name for name in sorted(EVERYTHING) if name.startswith("trigger_"))


def test_a_question_that_allows_three_answers_publishes_three_the_chosen_ones_first() -> None:
    own = wave_rules(registry(), "2025", EVERYTHING)
    published = {each.indicator_id for each in own.plan.indicators}

    assert published & set(TRIGGERS) == {
        "trigger_management",
        "trigger_citizens",
        "trigger_examples_abroad",
    }
    assert {own.withheld[name] for name in TRIGGERS if name not in published} == {"same_answers"}


def limited(limit: int | None, *rows: DisclosureRule):
    questions = tuple(
        replace(each, maximum_answers=limit) if each.question_id == "partners" else each
        for each in registry().questions
    )
    own = replace(registry(), questions=questions, disclosure_rules=rows)
    return wave_rules(own, "2025", EVERYTHING)


def test_a_limit_holds_for_the_parts_of_a_set_and_not_for_their_union() -> None:
    types = [rule(indicator_id=name, set_id="types", set_role="part") for name in TYPES]
    rows = [row for row in registry().disclosure_rules if row.set_id == "partners"]
    union = rule(indicator_id="innovated", set_id="types", set_role="union")
    free, tied = limited(None, *rows, union, *types), limited(2, *rows, union, *types)

    assert len(free.plan.set_of("collaborated").parts) > 3
    linked = tied.plan.set_of("collaborated")
    assert linked.union_id == "collaborated"
    assert linked.parts == (
        *free.plan.set_of("collaborated").parts[:2],
        "~partners",
    )


def test_without_a_limit_one_option_alone_stays_unpublished() -> None:
    questions = tuple(replace(each, maximum_answers=None) for each in registry().questions)
    own = wave_rules(replace(registry(), questions=questions), "2025", EVERYTHING)

    published = {each.indicator_id for each in own.plan.indicators}
    assert len(published & set(TRIGGERS)) > 3


def test_what_is_behind_a_filter_that_the_limit_leaves_out_is_left_out_too() -> None:
    routes = tuple(
        replace(
            row, condition_question_id="triggers", condition_option_id="employees", rule="any_of"
        )
        for row in registry().routing
        if row.question_id == "spread"
    )
    others = tuple(row for row in registry().routing if row.question_id != "spread")
    questions = tuple(replace(each, maximum_answers=None) for each in registry().questions)
    own = replace(registry(), routing=(*others, *routes[:1]))

    free = wave_rules(replace(own, questions=questions), "2025", EVERYTHING)
    tied = wave_rules(own, "2025", EVERYTHING)

    assert "trigger_employees" not in {each.indicator_id for each in tied.plan.indicators}
    assert tied.withheld["spread"] == "filter_not_published"
    assert free.plan.indicator("spread").filter_id == "trigger_employees"


def test_a_mean_gives_way_to_a_share_of_the_same_question() -> None:
    own = wave_rules(registry(), "2025", EVERYTHING)

    assert own.withheld["factor_culture"] == "same_answers"
    assert own.withheld["success"] == "same_answers"
    assert {mean.rule.indicator_id for mean in own.means} >= {"climate_safety", "climate_vision"}
    assert set(own.averages) == {"climate_score"}
    assert len(own.averages["climate_score"]) == 9


def with_a_share_of_vision() -> Registry:
    own = registry()
    mean = next(row for row in own.indicators if row.indicator_id == "climate_vision")
    share = replace(mean, indicator_id="vision_seen", kind="share", position=500)
    item = next(row for row in own.indicator_items if row.indicator_id == "climate_vision")
    agrees = replace(item, indicator_id="vision_seen", option_id="strongly_agree")
    return replace(
        own,
        indicators=(*own.indicators, share),
        indicator_items=(*own.indicator_items, agrees),
    )


def test_a_mean_is_never_published_beside_a_share_of_its_question() -> None:
    own = with_a_share_of_vision()
    names = frozenset(row.indicator_id for row in own.indicators)
    hidden = replace(
        own,
        disclosure_rules=(
            *own.disclosure_rules,
            rule(indicator_id="vision_seen", is_published=False),
        ),
    )
    both, alone = wave_rules(own, "2025", names), wave_rules(hidden, "2025", names)

    assert "vision_seen" in {each.indicator_id for each in both.plan.indicators}
    assert both.withheld["climate_vision"] == "same_answers"
    assert both.withheld["climate_score"] == "same_answers"
    assert "climate_vision" in {mean.rule.indicator_id for mean in alone.means}
    assert "climate_score" in alone.averages


def test_a_question_for_those_who_did_not_pass_a_filter_is_never_published() -> None:
    chosen = rule(indicator_id="under_way", smallest_base_percent=10)
    own = rules(*registry().disclosure_rules, chosen)

    assert own.withheld["under_way"] == "filter_not_published"
    assert "under_way" not in {each.indicator_id for each in own.plan.indicators}


@pytest.mark.parametrize("indicator", ["innovated_broadly", "breadth_2"])
def test_how_many_types_is_never_published_beside_the_types(indicator: str) -> None:
    assert indicator in EVERYTHING
    types = [row for row in registry().disclosure_rules if row.set_id == "types"]
    own = rules(*types, rule(indicator_id=indicator))

    assert own.withheld[indicator] == "same_answers"


def test_a_sensitive_question_asks_for_four_counts() -> None:
    means = {mean.rule.indicator_id: mean.rule for mean in rules().means}

    assert means["climate_safety"].candidates == 4
    assert means["climate_vision"].candidates == 3


def respondent(**values: int | None) -> Respondent:
    return Respondent(
        "s",
        Fraction(2),
        frozenset({"overheidslaag.rechtswezen"}),
        {name: None if value is None else Fraction(value) for name, value in values.items()},
    )


def counts(*given: Respondent):
    wave = WaveResponses("2025", INDICATORS, given)
    counted = count(wave, wave_rules(registry(), "2025", INDICATORS))
    return {name: (c.counted, c.answered) for (_, _, name), c in counted.counts.items()}


def test_tied_shares_have_one_base_those_who_answered_every_part() -> None:
    whole = dict.fromkeys(TYPES, 0) | {"innovated": 0}
    partly = {**whole, TYPES[0]: 1, TYPES[1]: None, "innovated": 1}

    found = counts(respondent(**whole), respondent(**partly))

    assert {found[name] for name in ("innovated", *TYPES)} == {(0, 1)}


def test_a_question_behind_a_filter_leaves_out_only_who_is_known_not_to_have_passed() -> None:
    asked = {**dict.fromkeys(TYPES, 0), TYPES[0]: 1, "innovated": 1}
    partly = {**asked, TYPES[1]: None}
    not_asked = {**dict.fromkeys(TYPES, 0), "innovated": 0}
    answer = dict.fromkeys(NOVELTY, 0) | {NOVELTY[0]: 1}

    found = counts(*(respondent(**each, **answer) for each in (asked, partly, not_asked)))

    assert found[NOVELTY[0]] == (2, 2)
    assert found["innovated"] == (1, 2)


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_the_responses_one_by_one(seed: int) -> None:
    responses = survey(seed)
    counted = count(responses, wave_rules(registry(), "2025", INDICATORS))
    given = [one.values["ai_use"] for one in responses.respondents]

    shares = [c for (_, _, name), c in counted.counts.items() if name == "ai_use"]
    assert sum(c.counted for c in shares) == sum(value == 1 for value in given)
    assert sum(c.answered for c in shares) == sum(value is not None for value in given)
    sums = [s for (_, _, name), s in counted.sums.items() if name == "climate_vision"]
    scores = [one.values["climate_vision"] for one in responses.respondents]
    assert sum(total for total, _ in sums) == sum(score for score in scores if score is not None)


def reachable(options: int, limit: int, published: int, respondents: int) -> set[tuple[int, ...]]:
    """Return the counts of the published options over every way in which some can answer."""
    answers = [
        tuple(at in ticked for at in range(published))
        for size in range(1, limit + 1)
        for ticked in combinations(range(options), size)
    ]
    found = {(0,) * published}
    for _ in range(respondents):
        found = {
            tuple(map(sum, zip(counts, answer, strict=True)))
            for counts in found
            for answer in answers
        }
    return found


def test_as_many_options_as_may_be_ticked_are_free_and_one_more_is_not() -> None:
    for limit in (1, 2, 3):
        free = reachable(options=limit + 1, limit=limit, published=limit, respondents=4)
        tied = reachable(options=limit + 2, limit=limit, published=limit + 1, respondents=4)

        assert len(free) == 5**limit
        assert len(tied) < 5 ** (limit + 1)
