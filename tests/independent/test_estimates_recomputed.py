"""Response rates and estimates of the example survey equal a computation from its files."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from ibo_cleaning import exclusions, responses
from ibo_deliveries import frame, rule, seed, waves
from ibo_estimates import estimate
from ibo_population import all_groups, design, domain, indicators
from ibo_suppression import is_shown
from mart_comparing import Comparison, rows

pytestmark = pytest.mark.xdist_group("example_refresh")

COUNTS = (
    "n_asked",
    "n_answered",
    "n_dont_know",
    "n_not_applicable",
    "n_no_answer",
    "n_not_asked",
    "dont_know_share",
    "not_asked_share",
)
FIGURES = (
    "unweighted_estimate",
    "unweighted_lower",
    "unweighted_upper",
    "estimate",
    "standard_error",
    "design_effect",
    "n_effective",
    "interval_size",
    "estimate_lower",
    "estimate_upper",
    "interval_method",
)


def test_response_rates_equal_counts_over_frames_and_exports(example_warehouse: Path) -> None:
    comparison = Comparison()
    expected = {(wave, *group) for wave in waves() for group in all_groups()}
    published = rows(example_warehouse, "select * from core.fct_response_rates")
    for row in published:
        key = (row["wave"], row["classification_id"], row["group_id"])
        organisations = domain(*key)
        answered = organisations & set(responses(row["wave"]))
        small = len(organisations) < rule("minimum_base")
        figures = {
            "n_population": len(organisations),
            "n_responses": len(answered),
            "response_rate": len(answered) / len(organisations) if organisations else None,
        }
        comparison.check(
            key, "suppression_status", "suppressed" if small else "published",
            row["suppression_status"],
        )  # fmt: skip
        for column, figure in figures.items():
            comparison.check(key, column, None if small else figure, row[column])
    got = {(row["wave"], row["classification_id"], row["group_id"]) for row in published}
    missing = {key for key in expected - got if domain(*key)}
    assert not missing
    assert got <= expected
    comparison.must_agree(at_least=500)


def test_every_left_out_submission_is_left_out_for_the_same_reason(example_warehouse: Path) -> None:
    found = rows(
        example_warehouse,
        "select wave, exclusion_reason as reason, count(*) as n "
        "from cleaned.cln_excluded_responses group by all",
    )
    by_wave = {wave: Counter() for wave in waves()}
    for row in found:
        by_wave[row["wave"]][row["reason"]] = row["n"]
    assert by_wave == {wave: exclusions(wave) for wave in waves()}


def test_weights_sum_to_the_frame_and_equal_population_over_responses(
    example_warehouse: Path,
) -> None:
    comparison = Comparison()
    for row in rows(
        example_warehouse,
        "select wave, organisation_key, weight from cleaned.cln_weights",
    ):
        table = design(row["wave"]).table
        comparison.check(row, "weight", table.w[row["organisation_key"]], row["weight"])
    for wave in waves():
        comparison.check(wave, "sum", len(frame(wave)), design(wave).table.w.sum())
    comparison.must_agree(at_least=1000)


def _quantile(row: dict, column: str) -> float:
    """The quantile of t is computed in SQL, to some eight digits of the reach of an interval."""
    if not column.endswith(("_lower", "_upper")) or row[column] is None:
        return 1e-12
    middle = "unweighted_estimate" if column.startswith("unweighted") else "estimate"
    return 1e-12 + 2e-8 * abs(row[column] - row[middle])


def test_every_estimate_equals_the_textbook(example_warehouse: Path) -> None:
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.fct_estimates")
    for row in published:
        key = (row["wave"], row["classification_id"], row["group_id"])
        found = estimate(row["wave"], domain(*key), row["indicator_id"])
        where = (*key, row["indicator_id"])
        reason = None if is_shown(row, row["indicator_id"]) else "base_below_minimum"
        comparison.check(where, "kind", found.kind, row["kind"])
        comparison.check(
            where, "n_responses", None if reason else found.n_responses, row["n_responses"]
        )
        comparison.check(where, "suppression_reason", reason, row["suppression_reason"])
        for column in (*COUNTS, *FIGURES):
            figure = None if reason else getattr(found, column, None)
            comparison.check(where, column, figure, row[column], absolute=_quantile(row, column))
    keys = [tuple(row[c] for c in ("wave", "group_id", "indicator_id")) for row in published]
    assert len(set(keys)) == len(keys)
    assert len(keys) > 10_000
    comparison.must_agree(at_least=150_000)


def test_every_group_and_indicator_of_a_wave_has_its_row(example_warehouse: Path) -> None:
    got = {
        (row["wave"], row["classification_id"], row["group_id"], row["indicator_id"])
        for row in rows(example_warehouse, "select * from core.fct_estimates")
    }
    expected = {
        (wave, *group, indicator)
        for wave in waves()
        for group in all_groups()
        if domain(wave, *group)
        for indicator in indicators(wave)
    }
    assert expected <= got
    assert {key for key in got - expected if domain(*key[:3])} == set()


def test_comparable_from_wave_is_the_last_break_in_any_question(example_warehouse: Path) -> None:
    breaks, items = seed("comparability_breaks"), seed("indicator_items")
    comparison = Comparison()
    for row in rows(
        example_warehouse,
        "select distinct wave, indicator_id, comparable_from_wave from core.fct_estimates",
    ):
        questions = set(items[items.indicator_id == row["indicator_id"]].question_id)
        own = breaks[breaks.question_id.isin(questions) & (breaks.wave <= row["wave"])].wave
        last = own.max() if len(own) else None
        comparison.check(row, "comparable_from_wave", last, row["comparable_from_wave"])
    comparison.must_agree(at_least=50)
