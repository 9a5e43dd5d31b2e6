"""Means of the public edition: audited as printed, and never two about the same answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from public_survey import (
    INDICATORS,
    filled_otherwise,
    lookups,
    rates,
    redrawn,
    registry,
    release_of,
    survey,
)

from protection.ranges.means import STEP
from publication.errors import AuditError
from publication.public.audit.edition import audit_public
from publication.public.ledger.format import wave_as_json, wave_from_json
from publication.public.ledger.ledger import LedgerEntry
from publication.public.method.counts import WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.tables.figures import figures
from publication.public.tables.lookups import FIGURES, Lookup, public_lookups

Row = dict[str, Any]
ITEMS = tuple(
    row.question_id for row in registry().questions if row.question_id.startswith("climate_")
)
SOMEWHERE = ("climate_vision", "overheidslaag.uitvoeringsorganisaties")


def with_climate(responses: WaveResponses) -> WaveResponses:
    """Return the wave with an answer of everybody to every statement of the scale."""
    respondents = []
    for at, one in enumerate(responses.respondents):
        scores = {name: Fraction(1 + (at * 7 + 3 * of) % 5) for of, name in enumerate(ITEMS)}
        score = sum(scores.values(), Fraction(0)) / len(scores)
        respondents.append(replace(one, values={**one.values, **scores, "climate_score": score}))
    return WaveResponses(responses.wave, responses.indicators | set(ITEMS), tuple(respondents))


@cache
def made() -> tuple[WaveResponses, ProtectedWave, tuple[Lookup, ...]]:
    one = with_climate(survey(6))
    wave = protect_wave(one, wave_rules(registry(), "2025", one.indicators), [], b"secret")
    return one, wave, lookups([wave], [one])


def audited(found: tuple[Lookup, ...]) -> None:
    one, wave, _ = made()
    audit_public(*release_of(one, found), found, [wave], [])


def refused(change: Callable[[Row], Row], name: str, group: str) -> str:
    """Return what is said where faulty code prints one mean otherwise."""
    classification, group_id = group.split(".")
    place = {"classification_id": classification, "group_id": group_id, "indicator_id": name}
    wrong = filled_otherwise(
        made()[2], FIGURES, lambda row: change(row) if place.items() <= row.items() else row
    )
    with pytest.raises(AuditError) as caught:
        audited(wrong)
    return str(caught.value)


def test_the_means_of_a_release_pass_the_audit() -> None:
    _, wave, found = made()

    assert len([cell for cell in wave.means if cell.lower is not None]) > 10
    audited(found)


def test_a_mean_to_two_decimals_is_refused() -> None:
    said = refused(
        lambda row: {**row, "range_upper": float(row["range_lower"]) + 0.01},
        *SOMEWHERE,
    )

    assert "climate_vision in overheidslaag.uitvoeringsorganisaties" in said
    assert "finer than a tenth" in said


def test_a_tenth_at_the_end_of_the_scale_is_refused_by_the_attacker() -> None:
    said = refused(lambda row: {**row, "range_lower": 1.0, "range_upper": 1.1}, *SOMEWHERE)

    assert "climate_vision answered 5: 2 possible values (0 to 1), 3 needed" in said
    assert "finer" not in said


def test_a_mean_of_a_group_that_has_none_is_attacked_beside_its_parts() -> None:
    said = refused(
        lambda row: {**row, "range_lower": 4.9, "range_upper": 5.0},
        "climate_vision",
        "overheidslaag.rijk",
    )

    assert "contradict" in said


def test_a_mean_that_the_rules_do_not_know_is_refused() -> None:
    said = refused(
        lambda row: {**row, "range_lower": 3.0, "range_upper": 3.1},
        "breadth",
        "overheidslaag.uitvoeringsorganisaties",
    )

    assert "breadth in overheidslaag.uitvoeringsorganisaties is no mean" in said


def test_the_mean_of_a_scale_is_what_the_means_of_its_questions_give() -> None:
    responses, wave, _ = made()
    found = figures([wave], registry())
    shown = 0
    for group in wave.rules.plan.groups:
        key = group.group_id
        score = found[wave.wave, key, "climate_score"]
        parts = [found[wave.wave, key, name].mean for name in ITEMS]
        if score.mean is None:
            assert parts.count(None) > len(parts) / 2
            continue
        shown += 1
        low = sum(Fraction(str(part[0] if part else 1)) for part in parts) / len(parts)
        high = sum(Fraction(str(part[1] if part else 5)) for part in parts) / len(parts)
        assert low - STEP < Fraction(str(score.mean[0])) <= low
        assert high <= Fraction(str(score.mean[1])) < high + STEP
        inside = [one for one in responses.respondents if key in one.groups]
        whole = sum(one.weight for one in inside)
        scores = [one.weight * (one.values["climate_score"] or 0) for one in inside]
        assert score.mean[0] <= sum(scores) / whole <= score.mean[1]
    assert shown >= 3


def test_a_mean_of_a_scale_that_says_more_than_its_questions_is_refused() -> None:
    said = refused(
        lambda row: {**row, "range_upper": round(float(row["range_lower"]) + 0.1, 1)},
        "climate_score",
        "overheidslaag.uitvoeringsorganisaties",
    )

    assert "climate_score" in said
    assert "more than the means of its questions" in said


def test_a_scale_beside_some_of_its_questions_is_left_out() -> None:
    rules = wave_rules(registry(), "2025", INDICATORS)

    assert rules.withheld["climate_score"] == "same_answers"
    assert [mean.rule.indicator_id for mean in rules.means] == ["climate_vision"]


@pytest.mark.parametrize("scores", [(0, 1), (1, 2, 4), (0.5, 1, 1.5)])
def test_a_mean_of_two_scores_or_of_scores_with_a_gap_is_left_out(scores) -> None:
    own = registry()
    options = [row for row in own.options if row.question_id == "climate_vision"]
    valid = [row for row in options if not row.is_missing]
    given = tuple(
        replace(row, score=float(score)) for row, score in zip(valid, scores, strict=False)
    )
    others = tuple(row for row in own.options if row.question_id != "climate_vision")
    rules = wave_rules(
        replace(own, options=(*others, *given)), "2025", frozenset({"climate_vision"})
    )

    assert rules.withheld["climate_vision"] == "no_whole_scores"


def test_a_mean_of_numbers_is_withheld_and_the_rest_is_published() -> None:
    """Numbers have no scores: there is no scale at whose ends a mean could be protected."""
    own = registry()
    mean = next(row for row in own.indicators if row.indicator_id == "climate_vision")
    item = next(row for row in own.indicator_items if row.indicator_id == "climate_vision")
    own = replace(
        own,
        indicators=(*own.indicators, replace(mean, indicator_id="staff", position=500)),
        indicator_items=(
            *own.indicator_items,
            replace(item, indicator_id="staff", question_id="employees"),
        ),
    )
    responses = made()[0]
    numbered = WaveResponses(
        responses.wave,
        responses.indicators | {"staff"},
        tuple(
            replace(one, values={**one.values, "staff": Fraction(40 + at)})
            for at, one in enumerate(responses.respondents)
        ),
    )

    rules = wave_rules(own, "2025", numbered.indicators)
    wave = protect_wave(numbered, rules, [], b"secret")
    found = public_lookups([wave], rates([numbered]), own)

    connection, tables = release_of(numbered, found, own)
    audit_public(connection, tables, found, [wave], [])
    shown = connection.execute(
        "select distinct protection, protection_reason, range_lower, estimate"
        " from core.mart_estimates where indicator_id = 'staff'"
    ).fetchall()
    assert shown == [("withheld", "no_whole_scores", None, None)]
    assert wave.means == made()[1].means


def test_the_ledger_keeps_what_the_audit_of_means_needs() -> None:
    _, wave, _ = made()
    again = wave_from_json(wave_as_json(wave), {})

    assert again.rules.averages == wave.rules.averages
    assert again.bases == wave.bases
    assert any(key[2] == "climate_vision" for key in wave.bases)


@pytest.mark.parametrize("changes", [3, 20])
def test_a_correction_of_means_is_audited_with_what_was_public(changes: int) -> None:
    one, first, _ = made()
    again = redrawn(one, 5, changes, "uitvoeringsorganisaties")
    again = replace(again, indicators=one.indicators)
    moved = tuple(
        replace(after, values={**before.values, **after.values})
        for before, after in zip(one.respondents, again.respondents, strict=True)
    )
    later = replace(again, respondents=moved)
    second = protect_wave(later, first.rules, [first], b"secret")
    found = lookups([second], [later])
    before = [LedgerEntry("0001-a", "", {}, (first,))]

    audit_public(*release_of(later, found), found, [second], before)

    held = [cell for cell in second.means if cell in first.means]
    assert held
    if changes == 3:
        assert {cell for cell in second.means if cell.indicator_id == "climate_safety"} == {
            cell for cell in first.means if cell.indicator_id == "climate_safety"
        }
