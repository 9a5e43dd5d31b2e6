"""Corrections of public amounts, and what the ledger keeps of them."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from census_survey import (
    DBT_LAYERS,
    KEY,
    WAVE,
    census,
    changed,
    example,
    inside,
    printed,
    problems,
    protected,
    registry,
    rules,
)

from publication.public.amounts.protected import AmountCell
from publication.public.ledger.format import wave_as_json, wave_from_json
from publication.public.method.counts import WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.tables.figures import figures


def of(wave: ProtectedWave, name: str, group: str) -> AmountCell:
    return next(c for c in wave.amounts.cells if c.cell == (name, f"region.{group}"))


def large() -> WaveResponses:
    """Return a census in which one group is small and the others are large and published."""
    wave = census(3, (12,))
    kept = [at for at in range(len(wave.respondents)) if at not in inside(wave, "a")[2:]]
    values = []
    for place, at in enumerate(kept):
        one = wave.respondents[at]
        own = {part: Fraction(100 + place) for part in DBT_LAYERS}
        own |= {"income": sum(own.values()), "visits": Fraction(50 + place)}
        values.append(replace(one, values=own))
    return replace(wave, respondents=tuple(values))


def test_two_changed_amounts_change_nothing_and_three_do() -> None:
    responses = large()
    first = protected(responses)
    own = inside(responses, "d")
    two = changed(responses, visits=dict.fromkeys(own[:2], 7))
    three = changed(responses, visits=dict.fromkeys(own[:3], 7))
    assert of(first, "visits", "d").amount is not None

    held = protected(two, first)
    moved = protected(three, first)

    assert held.amounts.cells == first.amounts.cells
    assert held.amounts.tables.keys() == {"income"}
    assert of(moved, "visits", "d").amount == of(first, "visits", "d").amount + 2100
    assert of(moved, "visits", "all").amount == of(first, "visits", "all").amount + 2100
    assert problems(held, printed(held), first) == []
    assert problems(moved, printed(moved), first) == []


def test_three_changed_responses_that_changed_another_amount_do_not_count() -> None:
    responses = large()
    own = inside(responses, "d")
    both = changed(changed(responses, visits={own[0]: 7}), local=dict.fromkeys(own[1:4], 7))
    first = protected(responses)
    later = protected(both, first)
    assert of(later, "visits", "d") == of(first, "visits", "d")
    assert of(later, "local", "d") != of(first, "local", "d")


def test_small_corrections_add_up_until_they_are_enough() -> None:
    responses = large()
    own = inside(responses, "d")
    first = protected(responses)
    one = changed(responses, visits={own[0]: 7})
    held = protected(one, first)
    three = changed(one, visits={own[1]: 7, own[2]: 7})
    moved = protected(three, first, held)
    assert held.amounts.cells == first.amounts.cells
    assert of(moved, "visits", "d").amount == of(first, "visits", "d").amount + 2100


def test_a_tied_suppressed_cell_that_changed_beside_one_that_did_not_is_held() -> None:
    responses = large()
    first = protected(responses)
    assert of(first, "visits", "a").reason == "too_few_contributors"
    assert of(first, "visits", "b").reason == "secondary"
    mixed = changed(responses, visits=dict.fromkeys(inside(responses, "b")[:4], 7))
    assert protected(mixed, first).amounts.of(rules().amounts.set_of("visits")) == first.amounts.of(
        rules().amounts.set_of("visits")
    )


def test_a_cell_that_was_suppressed_stays_so_after_a_correction() -> None:
    responses = large()
    first = protected(responses)
    for at in inside(responses, "a"):
        assert responses.respondents[at].values["visits"]
    # Two more libraries of each group of the north: four of them are then in the small group.
    more = [responses.respondents[at] for at in (*inside(responses, "a"), *inside(responses, "b"))]
    again = replace(responses, respondents=(*responses.respondents, *more, *more))
    later = protected(again, first)
    fresh = protected(again)
    assert of(fresh, "visits", "a").amount is not None
    assert of(later, "visits", "a").amount is None
    assert of(later, "visits", "a").reason == "suppressed_before"
    assert of(later, "visits", "d").amount == of(first, "visits", "d").amount
    assert problems(later, printed(later), first) == []
    filled = printed(later) | {("visits", "region.a"): of(fresh, "visits", "a").amount / 100}
    assert any("earlier release" in said for said in problems(later, filled, first))


def test_a_held_amount_is_audited_as_it_was() -> None:
    responses = large()
    first = protected(responses)
    held = protected(changed(responses, visits={inside(responses, "d")[0]: 7}), first)
    shown = printed(held) | {("visits", "region.d"): 1.0}
    assert any("public of it already" in said for said in problems(held, shown, first))


def test_the_ledger_gives_a_wave_back_with_its_amounts() -> None:
    _, wave = example()
    content = json.loads(json.dumps(wave_as_json(wave)))
    back = wave_from_json(content, {})
    assert back.amounts.cells == wave.amounts.cells
    assert back.amounts.tags == wave.amounts.tags
    assert back.amounts.behind == wave.amounts.behind
    assert back.rules.amounts.sets == wave.rules.amounts.sets
    assert back.rules.amounts.ratios == wave.rules.amounts.ratios
    assert back.tags == wave.tags
    assert back.amounts.tables == {}
    again = protected(census(1), back)
    assert again.amounts.cells == wave.amounts.cells


def test_the_ledger_holds_no_suppressed_amount() -> None:
    _, wave = example()
    rows = wave_as_json(wave)["amounts"]["cells"]
    suppressed = [amount for _, _, amount, reason in rows if reason is not None]
    assert len(suppressed) > 20
    assert set(suppressed) == {None}
    assert {len(tag) for tags in wave.amounts.tags.values() for tag in tags} == {4}


def test_a_ledger_from_before_amounts_is_read_and_its_waves_keep_their_rules() -> None:
    responses, wave = example()
    content = json.loads(json.dumps(wave_as_json(wave)))
    del content["amounts"]
    content["tags"] = {k: v for k, v in content["tags"].items() if not k.startswith("~amount")}
    content["withheld"] |= dict.fromkeys(
        (*DBT_LAYERS, "income", "visits", "income_per_visit"), "magnitude"
    )
    back = wave_from_json(content, {})
    later = protect_wave(responses, back.rules, [back], KEY)
    assert later.amounts.cells == ()
    found = figures([later], registry())
    assert found[WAVE, "region.all", "income"].reason == "magnitude"


def test_a_forgotten_respondent_counts_as_one_change() -> None:
    responses = large()
    first = protected(responses)
    gone = inside(responses, "d")[0]
    without = replace(
        responses, respondents=tuple(o for at, o in enumerate(responses.respondents) if at != gone)
    )
    present = protected(without).amounts.tags
    kept = {
        key: tuple(t for t in tags if t in present.get(key, ()))
        for key, tags in first.amounts.tags.items()
    }
    forgotten = replace(first, amounts=replace(first.amounts, tags=kept))
    assert protected(without, forgotten).amounts.cells == first.amounts.cells
