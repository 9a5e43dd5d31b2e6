"""Other answers are ways to fill in the questionnaire, and change figures as they are said to."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import chain, combinations, product
from math import isnan
from statistics import mean

import pytest

from protection.rounding.alternatives import (
    Indicator,
    Move,
    Question,
    Respondent,
    moves,
)

SCORES = {"bad": -1.0, "fair": 0.0, "good": 1.0, "best": 2.0}
QUESTIONS = {
    each.question_id: each
    for each in (
        Question("partners", ("a", "b", "c", "none"), True, frozenset({"none"}), 2),
        Question("gains", ("x", "y"), True),
        Question("product", ("yes", "no")),
        Question("service", ("yes", "no", "unsure")),
        Question("origin", ("own", "inspired", "copied")),
        *(Question(f"climate_{at}", tuple(SCORES), scores=SCORES) for at in range(3)),
    )
}
CLIMATE = frozenset((f"climate_{at}", None) for at in range(3))
TYPES = frozenset({("product", "yes"), ("service", "yes")})
PARTNERS = frozenset(("partners", each) for each in "abc")
INDICATORS = (
    Indicator("with_a", "share", frozenset({("partners", "a")})),
    Indicator("alone", "share", frozenset({("partners", "none")})),
    Indicator("with_others", "share", PARTNERS),
    Indicator("number_of_partners", "count", PARTNERS),
    Indicator("gained_x", "share", frozenset({("gains", "x")})),
    Indicator("innovated", "share", TYPES),
    Indicator("innovated_product", "share", frozenset({("product", "yes")})),
    Indicator("innovated_both", "share", TYPES, 2),
    Indicator("innovated_once", "share", TYPES, 1, 1),
    Indicator("breadth", "count", TYPES),
    Indicator("own", "share", frozenset({("origin", "own")})),
    Indicator("climate", "mean", CLIMATE),
    Indicator("climate|low", "band", CLIMATE, None, 0.5),
    Indicator("climate|high", "band", CLIMATE, 0.5, None),
)
Answers = dict[str, frozenset[str]]


def allowed(question: Question) -> list[frozenset[str]]:
    """Return every answer that the questionnaire allows to a question."""
    if not question.is_multiple:
        return [frozenset({option}) for option in question.options]
    free = sorted(set(question.options) - question.exclusive)
    most = question.most or len(free)
    several = chain.from_iterable(combinations(free, number) for number in range(1, most + 1))
    return [*map(frozenset, several), *(frozenset({option}) for option in question.exclusive)]


def values(chosen: Mapping[str, frozenset[str]], bases: frozenset[str]) -> dict[str, float]:
    """Return what the answers of a respondent count for, written out indicator by indicator."""
    partners = chosen.get("partners", frozenset()) - {"none"}
    kinds = ["yes" in chosen.get(each, ()) for each in ("product", "service")]
    scores = [SCORES[one] for at in range(3) for one in chosen.get(f"climate_{at}", ())]
    score = mean(scores) if scores else 0.0
    found = {
        "with_a": "a" in partners,
        "alone": "none" in chosen.get("partners", ()),
        "with_others": bool(partners),
        "number_of_partners": len(partners),
        "gained_x": "x" in chosen.get("gains", ()),
        "innovated": any(kinds),
        "innovated_product": kinds[0],
        "innovated_both": all(kinds),
        "innovated_once": sum(kinds) == 1,
        "breadth": sum(kinds),
        "own": "own" in chosen.get("origin", ()),
        "climate": score,
        "climate|low": score < 0.5,
        "climate|high": score >= 0.5,
    }
    return {name: float(value) for name, value in found.items() if name in bases}


def survey(seed: int, size: int = 12) -> list[Respondent]:
    """Return respondents of three atoms who answered anything, and not every question."""
    chance = random.Random(seed)
    found = []
    for _ in range(size):
        chosen = {
            name: chance.choice(allowed(question))
            for name, question in QUESTIONS.items()
            if chance.random() < 0.9
        }
        bases = frozenset(
            each.indicator_id for each in INDICATORS if each.questions <= chosen.keys()
        )
        found.append(Respondent(chance.randrange(3), chosen, bases))
    return found


def changed(one: Respondent, other: Answers) -> dict[str, float]:
    """Return by how much each figure changes that changes at all."""
    before, after = values(one.chosen, one.bases), values({**one.chosen, **other}, one.bases)
    return {
        name: round(after[name] - before[name], 9)
        for name in before
        if round(after[name] - before[name], 9)
    }


def fillings(one: Respondent, names: tuple[str, ...]) -> Iterator[Answers]:
    """Yield every way in which a respondent could have answered some questions."""
    for answers in product(*(allowed(QUESTIONS[name]) for name in names)):
        yield dict(zip(names, answers, strict=True))


@pytest.mark.parametrize("seed", range(25))
def test_every_move_is_a_way_to_fill_in_the_questionnaire_with_the_effects_that_it_has(
    seed: int,
) -> None:
    people = survey(seed)

    found = moves(people, QUESTIONS, INDICATORS)

    together = (("product", "service"), tuple(f"climate_{at}" for at in range(3)))
    possible: dict[int, list[dict[str, float]]] = {}
    for at, one in enumerate(people):
        several = [tuple(name for name in names if name in one.chosen) for names in together]
        asked = [*((name,) for name in one.chosen), *(names for names in several if names)]
        possible[at] = [changed(one, other) for names in asked for other in fillings(one, names)]
    assert found
    for move in found:
        assert move.respondents
        assert move.effects
        for who in move.respondents:
            assert people[who].atom == move.atom
            assert dict(move.effects) in possible[who]


@pytest.mark.parametrize("seed", range(25))
def test_no_other_answer_to_one_question_is_forgotten(seed: int) -> None:
    """Where it differs in one option, or by one for another, and for questions counted together."""
    people = survey(seed)
    found = listed(moves(people, QUESTIONS, INDICATORS))

    for at, one in enumerate(people):
        for name in one.chosen.keys() - {"product", "service"}:
            for other in fillings(one, (name,)):
                out, into = one.chosen[name] - other[name], other[name] - one.chosen[name]
                is_near = len(out) <= 1 and len(into) <= 1
                if is_near and (effects := changed(one, other)):
                    assert (at, tuple(sorted(effects.items()))) in found
        if {"product", "service"} <= one.chosen.keys():
            for other in fillings(one, ("product", "service")):
                if effects := changed(one, other):
                    assert (at, tuple(sorted(effects.items()))) in found


@pytest.mark.parametrize("seed", range(10))
def test_all_answers_to_the_questions_of_a_scale_are_tried_higher_and_lower(seed: int) -> None:
    people = survey(seed)
    found = listed(moves(people, QUESTIONS, INDICATORS))
    order = sorted(SCORES, key=SCORES.__getitem__)

    for at, one in enumerate(people):
        for shift in range(1 - len(order), len(order)):
            other = {
                name: frozenset(
                    order[min(max(order.index(option) + shift, 0), len(order) - 1)]
                    for option in given
                )
                for name, given in one.chosen.items()
                if name.startswith("climate")
            }
            if effects := changed(one, other):
                assert (at, tuple(sorted(effects.items()))) in found


def listed(found: tuple[Move, ...]) -> set[tuple[int, tuple[tuple[str, float], ...]]]:
    """Return every respondent with the effects of every move open to him."""
    return {
        (who, tuple(sorted(move.effects.items()))) for move in found for who in move.respondents
    }


@pytest.mark.parametrize("question", list(QUESTIONS.values()), ids=lambda q: q.question_id)
def test_from_every_answer_only_answers_that_are_allowed_follow(question: Question) -> None:
    for given in allowed(question):
        others = list(question.others(given))

        assert set(others) <= set(allowed(question))
        assert given not in others
        assert len(set(others)) == len(others)


def test_an_exclusive_answer_gives_way_to_each_single_option() -> None:
    partners = QUESTIONS["partners"]

    assert set(partners.others(frozenset({"none"}))) == {frozenset({each}) for each in "abc"}
    assert set(partners.others(frozenset("ab"))) == {
        frozenset("a"),
        frozenset("b"),
        frozenset("ac"),
        frozenset("bc"),
        frozenset({"none"}),
    }


def test_who_is_in_no_base_of_what_changes_has_no_move() -> None:
    one = Respondent(0, {"product": frozenset({"yes"})}, frozenset())

    assert moves([one], QUESTIONS, INDICATORS) == ()


def test_an_answer_that_the_wave_did_not_offer_is_left_as_it_is() -> None:
    one = Respondent(0, {"origin": frozenset({"withdrawn"})}, frozenset({"own"}))

    assert moves([one], QUESTIONS, INDICATORS) == ()


def test_those_of_an_atom_to_whom_the_same_move_is_open_are_named_together() -> None:
    yes, no = (
        Respondent(1, {"origin": frozenset({each})}, frozenset({"own"}))
        for each in ("own", "copied")
    )

    assert moves([yes, no, yes], QUESTIONS, INDICATORS) == (
        Move(1, {"own": -1.0}, frozenset({0, 2})),
        Move(1, {"own": 1.0}, frozenset({1})),
    )


def test_a_mean_of_numbers_has_no_value_that_follows_from_options() -> None:
    numbers = Question("staff", ())
    mean = Indicator("staff", "mean", frozenset({("staff", None)}))
    assert isnan(mean.value({}, {"staff": numbers}))
