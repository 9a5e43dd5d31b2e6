"""Amounts in the public edition: what is published of a census, and that nothing else can be."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest
from census_survey import (
    DBT_LAYERS,
    INDICATORS,
    KEY,
    LEAVES,
    ROWS,
    WAVE,
    census,
    changed,
    example,
    inside,
    lookups,
    printed,
    problems,
    protected,
    publish,
    registry,
    release_of,
    rules,
    settings_in,
)
from public_survey import filled_otherwise
from sample_sizes import chunks

from publication.editions import edition_of
from publication.errors import AuditError
from publication.public.amounts.protected import AmountCell
from publication.public.audit.edition import audit_public
from publication.public.method.counts import WaveResponses, count
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.public.tables.figures import figures
from publication.public.tables.lookups import COMPARISONS, FIGURES

Row = dict[str, Any]
CHUNKS = chunks(100, everyday=10, size=10)


def as_bytes(wave: ProtectedWave, responses: WaveResponses) -> bytes:
    found = lookups(wave, responses)
    return json.dumps([[each.name, each.columns, each.rows] for each in found]).encode()


def secondary(wave: ProtectedWave) -> list[AmountCell]:
    return [cell for cell in wave.amounts.cells if cell.reason == "secondary"]


def test_a_released_file_has_the_totals_and_says_why_others_are_missing(tmp_path: Path) -> None:
    responses = census(1)
    settings = settings_in(tmp_path)
    publish(settings, responses)
    edition = edition_of(settings, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        rows = {
            (indicator, group): (amount, protection, reason)
            for indicator, group, amount, protection, reason in connection.execute(
                "select indicator_id, group_id, estimate, protection, protection_reason"
                " from core.mart_estimates where estimate is not distinct from range_lower"
                " and estimate is not distinct from range_upper"
            ).fetchall()
        }
        own = connection.execute(
            "select count(estimate) from north.findings where group_id not in ('north', 'a', 'b')"
        ).fetchall()
    exact = {key: row[0] for key, row in rows.items() if row[1] == "exact"}
    assert own == [(0,)]
    assert len(exact) > 20
    for (indicator, group), amount in exact.items():
        answers = [responses.respondents[at].values for at in inside(responses, group)]
        if indicator == "income_per_visit":
            ratio = float(sum(a["income"] for a in answers) / sum(a["visits"] for a in answers))
            assert amount == pytest.approx(ratio, rel=1e-5)
            assert rows[indicator, group][2] == "quotient_of_totals"
        else:
            assert amount == float(sum(a[indicator] for a in answers))
            assert sum(a[indicator] > 0 for a in answers) >= 3
    reasons = {row[1:] for row in rows.values() if row[0] is None}
    assert reasons == {
        ("suppressed", "too_few_contributors"),
        ("suppressed", "secondary"),
        ("withheld", "may_be_negative"),
        ("withheld", "not_chosen"),
        ("withheld", "totals_not_published"),
    }


def test_verdicts_about_amounts_are_withheld() -> None:
    responses, wave = example()
    (found,) = [each for each in lookups(wave, responses) if each.name == COMPARISONS]
    assert {row["verdict"] for row in found.dicts()} == {"withheld"}
    assert {row["protection_reason"] for row in found.dicts()} == {"no_interval", "figure_withheld"}


@pytest.mark.parametrize("seeds", CHUNKS)
def test_generated_censuses_pass_and_without_one_suppression_are_refused(seeds: range) -> None:
    refused = 0
    for seed in seeds:
        wave = protected(census(seed))
        shown = printed(wave)
        assert problems(wave, shown) == []
        table = wave.amounts.tables["income"]
        for cell in secondary(wave)[:: max(1, len(secondary(wave)) // 4)]:
            if cell.cell in table.totals:
                filled = shown | {cell.cell: table.totals[cell.cell] / 100}
                assert problems(wave, filled), cell
                refused += 1
    assert refused >= len(seeds)


def attacked(rows_otherwise: Callable[[Row], Row]) -> str:
    """Return what the audit says of a file whose figures were made otherwise."""
    responses, wave = example()
    wrong = filled_otherwise(lookups(wave, responses), FIGURES, rows_otherwise)
    with pytest.raises(AuditError) as caught:
        audit_public(*release_of(responses, wrong), wrong, [wave], [])
    return str(caught.value)


def test_a_secondary_suppression_filled_in_is_refused_with_the_cell_that_it_gives_away() -> None:
    responses, wave = example()
    cell = next(c for c in secondary(wave) if c.cell == ("federal", "region.b"))
    table = wave.amounts.tables["income"]

    def fill(row):
        if (row["indicator_id"], f"region.{row['group_id']}") == cell.cell:
            amount = table.totals[cell.cell] / 100
            row |= dict.fromkeys(("estimate", "range_lower", "range_upper"), amount)
            row |= {"protection": "exact"}
        return row

    said = attacked(fill)
    assert "federal of region.a: suppressed, and a reader can work it out" in said
    assert str(float(sum(one.values["federal"] for one in responses.respondents))) not in said


def test_a_file_that_was_changed_by_hand_is_refused_with_the_cell_that_was_changed() -> None:
    responses, wave = example()
    found = lookups(wave, responses)
    connection, tables = release_of(responses, found)
    audit_public(connection, tables, found, [wave], [])
    connection.execute(
        "update core.mart_estimates set range_lower = 1, range_upper = 1"
        " where indicator_id = 'local' and group_id = 'b'"
    )
    with pytest.raises(AuditError, match="local: range_lower, range_upper does not") as caught:
        audit_public(connection, tables, found, [wave], [])
    assert "local of region.b: is not what was reported" in str(caught.value)


def test_a_ratio_of_a_suppressed_total_an_unsafe_total_and_an_unknown_one_are_refused() -> None:
    _, wave = example()
    shown = printed(wave)
    assert "does not follow from two published totals" in " ".join(
        problems(wave, shown | {("income_per_visit", "region.a"): 3.0})
    )
    table = wave.amounts.tables["visits"]
    few = next(cell for cell in table.shown if cell in table.primary)
    assert "unsafe (too_few_contributors)" in " ".join(
        problems(wave, shown | {few: table.totals[few] / 100})
    )
    assert "no rule publishes" in " ".join(problems(wave, shown | {("growth", "region.a"): 3.0}))


def rules_with(responses: WaveResponses | None = None, **changes: str):
    own = registry(**changes)
    rules = wave_rules(own, WAVE, INDICATORS)
    wave = protect_wave(responses or census(1), rules, [], KEY)
    return rules, figures([wave], own)


def test_amounts_of_a_wave_with_weights_are_withheld() -> None:
    responses = census(1)
    heavier = [replace(one, weight=Fraction(2)) for one in responses.respondents[:3]]
    weighted = replace(responses, respondents=(*heavier, *responses.respondents[3:]))
    _, found = rules_with(weighted)
    for name in ("income", "visits", "income_per_visit"):
        figure = found[WAVE, "region.all", name]
        assert (figure.protection, figure.reason) == ("withheld", "weighted_amount")


def test_a_sensitive_amount_needs_one_contributor_more() -> None:
    rows = ROWS["disclosure_rules"].replace("visits,,true,,", "visits,,true,true,")
    own, _ = rules_with(disclosure_rules=rows)
    assert own.amounts.set_of("visits").minimum_contributors == 4
    assert own.amounts.set_of("income").minimum_contributors == 3


def test_thresholds_come_from_the_registry() -> None:
    rows = ROWS["publication_rules"] + "minimum_contributors,5,Stricter.\np_percent,20,Stricter.\n"
    own, _ = rules_with(publication_rules=rows)
    assert {each.minimum_contributors for each in own.amounts.sets} == {5}
    assert {each.p_percent for each in own.amounts.sets} == {20}


def test_a_part_that_is_not_published_is_in_the_sum_without_a_figure() -> None:
    rows = ROWS["disclosure_rules"].replace("other,,true", "other,,false")
    own, found = rules_with(disclosure_rules=rows)
    assert own.amounts.set_of("income").unpublished == ("other",)
    assert own.withheld["other"] == "not_chosen"
    assert found[WAVE, "region.all", "other"].amount is None


def test_what_a_sum_of_questions_holds_beside_its_parts_is_a_rest() -> None:
    items = ROWS["indicator_items"].replace("income,numerator,income,\n", "", 1)
    items += "".join(f"\nincome,numerator,{part}," for part in DBT_LAYERS)
    rows = "\n".join(
        row for row in ROWS["disclosure_rules"].splitlines() if not row.startswith("other")
    )
    own, _ = rules_with(disclosure_rules=rows, indicator_items=items)
    assert own.amounts.set_of("income").parts == (*DBT_LAYERS[:3], "~income")
    assert own.withheld["other"] == "not_chosen"


def test_two_amounts_of_one_question_are_not_both_published() -> None:
    items = ROWS["indicator_items"] + "\nloans,numerator,visits,"
    own, _ = rules_with(
        disclosure_rules=ROWS["disclosure_rules"] + "\nloans,,true,,,,,,,,,,", indicator_items=items
    )
    assert own.withheld["loans"] == "same_answers"


def visible(responses: WaveResponses, hidden: frozenset[object]) -> object:
    """Return what decides about a table, without choosing a pattern."""
    tables = count(responses, rules()).amounts.values()
    return [
        ({c: t.totals[c] for c in t.shown if c not in hidden}, t.primary, t.parent) for t in tables
    ]


def twin(
    responses: WaveResponses, seed: int
) -> tuple[WaveResponses, ProtectedWave, ProtectedWave] | None:
    """Return a wave with other amounts in the same protected cells, and both as protected."""
    chance = random.Random(seed)
    first_wave = protected(responses)
    shown = first_wave.amounts.cells
    hidden = frozenset(cell.cell for cell in shown if cell.amount is None)
    before = visible(responses, hidden)
    for attempt in range(80):
        first, second = chance.sample(DBT_LAYERS, 2)
        one, two = chance.sample(sorted(LEAVES), 2)
        if attempt > 60:
            one, second = two, first
        here, there = (chance.choice(inside(responses, leaf)) for leaf in (one, two))
        more = Fraction(chance.choice([1, 3, 25]))
        if here == there:
            continue
        other = changed(responses, **{first: {here: more, there: -more}})
        if second != first:
            other = changed(other, **{second: {here: -more, there: more}})
        amounts = [value for each in other.respondents for value in each.values.values()]
        if (
            all(value is None or value >= 0 for value in amounts)
            and visible(other, hidden) == before
            and (wave := protected(other)).amounts.cells == shown
        ):
            return other, first_wave, wave
    return None


@pytest.mark.parametrize("seeds", CHUNKS)
def test_censuses_with_the_same_protected_cells_give_the_same_tables(seeds: range) -> None:
    differing = inside_suppressed = 0
    for seed in seeds:
        responses = census(seed)
        found = twin(responses, seed)
        if found is not None:
            other, one, two = found
            differing += 1
            assert as_bytes(two, other) == as_bytes(one, responses)
            totals = [count(each, rules()).amounts["income"].totals for each in (responses, other)]
            inside_suppressed += totals[0] != totals[1]
    assert differing >= len(seeds) // 2
    assert inside_suppressed


def test_the_files_of_two_such_censuses_are_the_same(tmp_path: Path) -> None:
    responses = census(1)
    found = twin(responses, 1)
    assert found is not None
    other = found[0]
    first = publish(settings_in(tmp_path / "one"), responses)
    second = publish(settings_in(tmp_path / "other"), other)
    assert first.release_id == second.release_id
