"""What the marts say of scales equals a computation from the files of the example survey."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from ibo_deliveries import rule, seed, waves
from ibo_estimates import columns, estimate, share_of
from ibo_population import domain
from ibo_scales import (
    band_of,
    complete_items,
    item_questions,
    leaf_of,
    leaves_within,
    regression,
    score_separates,
    scores,
    weighted_quantile,
)
from ibo_suppression import is_shown, shown_alpha, shown_cross
from mart_comparing import Comparison, rows
from textbook_scales import Firth, alpha, alpha_limits, between, item_statistics

pytestmark = pytest.mark.xdist_group("example_refresh")


def _where(row: dict) -> tuple:
    names = ("wave", "classification_id", "group_id", "scale_id", "question_id",
             "band_id", "outcome_indicator_id")  # fmt: skip
    return tuple(row[name] for name in names if name in row)


def _named(row: dict) -> tuple[str, str]:
    return row["classification_id"], row["group_id"]


def _group(row: dict) -> frozenset[str]:
    return domain(row["wave"], row["classification_id"], row["group_id"])


def test_scale_scores_equal_weighted_means_spread_and_quantiles(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_scale_scores"):
        found = estimate(row["wave"], _group(row), row["scale_id"])
        values, weight = scores(row["wave"], _group(row), row["scale_id"])
        n = found.n_answered
        blank = not is_shown(row, row["scale_id"])
        expected: dict = {"n_answered": n}
        if n:
            expected |= {
                "estimate": found.estimate,
                "standard_error": found.standard_error,
                "estimate_lower": found.estimate_lower,
                "estimate_upper": found.estimate_upper,
                "interval_method": found.interval_method,
            }
        if n > 1:
            spread = np.average((values - found.estimate) ** 2, weights=weight)
            expected["standard_deviation"] = float(np.sqrt(spread * n / (n - 1)))
        if n >= rule("minimum_quartile_responses"):
            for name, share in (
                ("lower_quartile", 0.25),
                ("median", 0.5),
                ("upper_quartile", 0.75),
            ):
                expected[name] = weighted_quantile(values, weight, share)
        for column in (
            "n_answered", "estimate", "standard_error", "estimate_lower", "estimate_upper",
            "interval_method", "standard_deviation", "lower_quartile", "median", "upper_quartile",
        ):  # fmt: skip
            figure = None if blank else expected.get(column)
            comparison.check(_where(row), column, figure, row[column])
    comparison.must_agree(at_least=500)


def test_reliability_equals_cronbach_and_feldt(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_scale_reliability"):
        items = complete_items(row["wave"], _group(row), row["scale_id"])
        blank = _named(row) not in shown_alpha(row["wave"], row["scale_id"])
        expected: dict = {}
        if not blank:
            value = alpha(items)
            low, high = alpha_limits(value, *items.shape)
            expected = {
                "n_complete": len(items), "alpha": value, "alpha_lower": low, "alpha_upper": high
            }  # fmt: skip
        for column in ("n_complete", "alpha", "alpha_lower", "alpha_upper"):
            comparison.check(_where(row), column, expected.get(column), row[column])
    comparison.must_agree(at_least=150)


def test_items_equal_their_definitions(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_scale_items"):
        items = complete_items(row["wave"], _group(row), row["scale_id"])
        expected: dict = {}
        if _named(row) in shown_alpha(row["wave"], row["scale_id"]):
            place = item_questions(row["scale_id"]).index(row["question_id"])
            found = item_statistics(items).iloc[place]
            expected = {
                "n_complete": len(items),
                "item_mean": found["mean"],
                "item_standard_deviation": found["sd"],
                "item_rest_correlation": found["item_rest"],
                "alpha_if_deleted": found["alpha_without"],
            }
        for column in ("n_complete", "item_mean", "item_standard_deviation",
                       "item_rest_correlation", "alpha_if_deleted"):  # fmt: skip
            comparison.check(_where(row), column, expected.get(column), row[column])
    comparison.must_agree(at_least=1_500)


def test_variance_between_groups_equals_ordinary_least_squares(example_warehouse: Path) -> None:
    comparison = Comparison()
    names = {
        "eta_squared": "eta2", "omega_squared": "omega2", "share_lower": "eta2_lower",
        "share_upper": "eta2_upper", "f_statistic": "f", "p_value": "p",
    }  # fmt: skip
    for row in rows(example_warehouse, "select * from core.mart_scale_variance"):
        wave, scale = row["wave"], row["scale_id"]
        wanted = leaves_within(row["classification_id"], row["group_id"])
        leaf = leaf_of(wave, row["classification_id"])
        values, _ = columns(wave, scale)
        use = np.isin(leaf, list(wanted)) & ~np.isnan(values)
        several = [g for g in wanted if (leaf[use] == g).sum() >= 2]
        use &= np.isin(leaf, several)
        expected: dict = {}
        is_blank = row["group_id"] is not None and not is_shown(row, scale)
        if use.sum() >= rule("minimum_scale_responses") and len(several) > 1 and not is_blank:
            found = between(values[use], leaf[use])
            expected = {column: found[name] for column, name in names.items()}
            expected |= {"n_answered": int(use.sum()), "n_groups": len(several)}
        for column in (*names, "n_answered", "n_groups"):
            figure = expected.get(column)
            loose = {"relative": 1e-7} if column.startswith("share") else {}
            comparison.check(_where(row), column, figure, row[column], **loose)
    comparison.must_agree(at_least=50)


def test_associations_equal_the_maximum_of_the_penalised_likelihood(
    example_warehouse: Path,
) -> None:
    comparison = Comparison()
    published = rows(example_warehouse, "select * from core.mart_scale_associations")
    by_key = {
        (
            r["wave"],
            r["scale_id"],
            r["outcome_indicator_id"],
            r["classification_id"],
            r["group_id"],
        ): r
        for r in published
    }
    for wave in waves():
        for line in seed("scale_outcomes").itertuples():
            row = by_key.pop(
                (
                    wave,
                    line.scale_id,
                    line.outcome_indicator_id,
                    line.classification_id,
                    line.group_id,
                )
            )
            standard, outcome, dummies = regression(wave, line)
            _check_association(comparison, row, standard, outcome, dummies)
    assert not by_key
    comparison.must_agree(at_least=250)


def _check_association(comparison, row, standard, outcome, dummies) -> None:
    where, n = _where(row), len(outcome)
    of_both = shown_cross(row["wave"], row["scale_id"], row["outcome_indicator_id"])
    if n < rule("minimum_scale_responses") or _named(row) not in of_both:
        comparison.check(where, "association_status", "too_few", row["association_status"])
        comparison.check(where, "odds_ratio", None, row["odds_ratio"])
        return
    events = int(outcome.sum())
    comparison.check(where, "n_answered", n, row["n_answered"])
    comparison.check(where, "n_events", events, row["n_events"])
    design = np.column_stack([np.ones(n), standard, dummies])
    lost = np.linalg.matrix_rank(design) < design.shape[1]
    if events in (0, n) or lost:
        comparison.check(where, "association_status", "not_estimable", row["association_status"])
        return
    if score_separates(design, outcome, 1):
        comparison.check(where, "association_status", "not_estimable", row["association_status"])
        comparison.check(where, "odds_ratio", None, row["odds_ratio"])
        return
    found = Firth(design, outcome, 1)
    low, high = found.limits()
    comparison.check(where, "association_status", "estimated", row["association_status"])
    for column, figure in (
        ("odds_ratio", np.exp(found.estimate)), ("odds_ratio_lower", np.exp(low)),
        ("odds_ratio_upper", np.exp(high)), ("p_value", found.p_value),
    ):  # fmt: skip
        comparison.check(where, column, float(figure), row[column], relative=1e-6)


SHARE = ("estimate", "estimate_lower", "estimate_upper", "interval_method")


def _check_share(comparison, row, found, counted: str, blank: bool) -> None:
    hits = None if blank else int(found.y.sum())
    comparison.check(_where(row), counted, hits, row[counted])
    comparison.check(
        _where(row), "n_answered", None if blank else found.n_answered, row["n_answered"]
    )
    for column in SHARE:
        figure = None if blank else getattr(found, column)
        comparison.check(_where(row), column, figure, row[column])


def test_shares_of_bands_equal_estimates_of_any_share(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_scale_distribution"):
        score, _ = columns(row["wave"], row["scale_id"])
        held = band_of(row["scale_id"], score)[row["band_id"]]
        blank = not is_shown(row, row["scale_id"])
        _check_share(comparison, row, share_of(row["wave"], _group(row), held), "n_in_band", blank)
    comparison.must_agree(at_least=2_000)


def test_answers_to_statements_equal_estimates_of_any_share(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_item_answers"):
        # In this survey the indicator of a statement is named after it.
        score, _ = columns(row["wave"], row["question_id"])
        given = np.where(np.isnan(score), np.nan, score == row["answer_score"])
        blank = not is_shown(row, row["question_id"])
        _check_share(comparison, row, share_of(row["wave"], _group(row), given), "n_with", blank)
    comparison.must_agree(at_least=20_000)


def test_cross_tables_equal_estimates_within_bands(example_warehouse: Path) -> None:
    comparison = Comparison()
    for row in rows(example_warehouse, "select * from core.mart_scale_cross"):
        score, _ = columns(row["wave"], row["scale_id"])
        outcome, _ = columns(row["wave"], row["outcome_indicator_id"])
        held = band_of(row["scale_id"], score)[row["band_id"]]
        values = np.where(held == 1.0, outcome, np.nan)
        of_both = shown_cross(row["wave"], row["scale_id"], row["outcome_indicator_id"])
        blank = (*_named(row), row["band_id"]) not in of_both
        found = share_of(row["wave"], _group(row), values)
        _check_share(comparison, row, found, "n_with_outcome", blank)
    comparison.must_agree(at_least=800)
