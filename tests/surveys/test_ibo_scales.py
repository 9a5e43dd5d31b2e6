"""The innovation climate of the example, worked out again from what was sent in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy import stats

from examples.generate import ANSWER_KEY, build_example

SCORES = {"strongly_disagree": 1, "disagree": 2, "neutral": 3, "agree": 4, "strongly_agree": 5}
TYPES = ("inn_product", "inn_service", "inn_process", "inn_interaction")
MAIN = "overheidslaag"
CENTRAL = ("uitvoeringsorganisaties", "rechtswezen", "overig_rijk")


@dataclass(frozen=True)
class Sent:
    """What one organisation sent in and was not rejected."""

    groups: frozenset[str]
    weight: float
    items: tuple[int | None, ...]
    n_types: int
    success: str | None

    @property
    def score(self) -> float | None:
        answered = [item for item in self.items if item is not None]
        return sum(answered) / len(answered) if len(answered) >= 6 else None


@pytest.fixture(scope="module")
def sent() -> dict[str, list[Sent]]:
    """The kept responses of the waves in which no stratum collapses."""
    example = build_example()
    strata = json.loads((ANSWER_KEY / "expected.json").read_text(encoding="utf-8"))["waves"]
    items = [q for q in example.registries.questions if q.startswith("climate_")]
    result = {}
    for wave in ("2021", "2025"):
        part = example.population[wave]
        weights = {
            (s["overheidslaag"], s["organisatiegrootte"]): s["population"] / s["responses"]
            for s in strata[wave]["strata"]
        }
        result[wave] = []
        for row in example.submissions[wave].rows:
            if row.is_kept:
                lost = {rejection.question_id for rejection in row.rejected}
                given = {q: a for q, a in row.answers.items() if q not in lost}
                result[wave].append(
                    Sent(
                        groups=frozenset(
                            g for c, g in part.groups[row.organisation_key] if c == MAIN
                        ),
                        weight=weights[part.strata[row.organisation_key]],
                        items=tuple(SCORES.get(str(given.get(item))) for item in items),
                        n_types=sum(given.get(kind) == "yes" for kind in TYPES),
                        success=given.get("success"),
                    )
                )
    return result


@pytest.fixture(scope="module")
def warehouse(example_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        yield connection


def rows(warehouse: duckdb.DuckDBPyConnection, columns: str, table: str, *where: str) -> list:
    condition = " and ".join((f"classification_id = '{MAIN}'", *where))
    return warehouse.execute(f"select {columns} from core.{table} where {condition}").fetchall()


@pytest.mark.parametrize("wave", ["2021", "2025"])
def test_alpha_is_that_of_the_covariance_matrix(warehouse, sent, wave):
    """Alpha as k/(k-1) (1 - trace / sum of the matrix), of those who answered everything."""
    found = rows(
        warehouse,
        "group_id, n_complete, alpha",
        "mart_scale_reliability",
        f"wave = '{wave}'",
        "suppression_status = 'published'",
    )
    assert len(found) >= 7
    for group, n_complete, alpha in found:
        complete = [s.items for s in sent[wave] if group in s.groups and None not in s.items]
        covariance = np.cov(np.array(complete, float).T)
        expected = 9 / 8 * (1 - np.trace(covariance) / covariance.sum())
        assert n_complete == len(complete), group
        assert alpha == pytest.approx(expected, abs=1e-10), group


def test_small_groups_have_no_alpha(warehouse, sent):
    found = dict(rows(warehouse, "group_id, alpha", "mart_scale_reliability", "wave = '2021'"))
    for group, alpha in found.items():
        complete = [s for s in sent["2021"] if group in s.groups and None not in s.items]
        assert (alpha is None) == (len(complete) < 10), group


def test_each_item_correlates_with_the_rest_as_numpy_says(warehouse, sent):
    found = rows(
        warehouse,
        "question_id, item_mean, item_rest_correlation, alpha_if_deleted",
        "mart_scale_items",
        "wave = '2021' and group_id = 'gemeenten' order by position",
    )
    complete = np.array(
        [s.items for s in sent["2021"] if "gemeenten" in s.groups and None not in s.items], float
    )
    assert len(found) == 9
    for place, (question, mean, correlation, without) in enumerate(found):
        others = np.delete(complete, place, axis=1)
        covariance = np.cov(others.T)
        assert mean == pytest.approx(complete[:, place].mean(), abs=1e-12), question
        assert correlation == pytest.approx(
            np.corrcoef(complete[:, place], others.sum(axis=1))[0, 1], abs=1e-12
        )
        assert without == pytest.approx(8 / 7 * (1 - np.trace(covariance) / covariance.sum()))


def test_the_bands_hold_the_weight_they_should(warehouse, sent):
    found = rows(
        warehouse,
        "group_id, band_id, n_in_band, estimate",
        "mart_scale_distribution",
        "wave = '2021' and suppression_status = 'published'",
    )
    limits = {"weak": (0, 3), "moderate": (3, 4), "strong": (4, 6)}
    assert len(found) == 33
    for group, band, n_in_band, share in found:
        low, high = limits[band]
        scored = [s for s in sent["2021"] if group in s.groups and s.score is not None]
        inside = [s for s in scored if low <= s.score < high]
        assert n_in_band == len(inside), (group, band)
        assert share == pytest.approx(
            sum(s.weight for s in inside) / sum(s.weight for s in scored), abs=1e-12
        )


def test_spread_and_quartiles_are_those_of_the_organisations_stood_for(warehouse, sent):
    (found,) = rows(
        warehouse,
        "n_answered, standard_deviation, lower_quartile, median, upper_quartile",
        "mart_scale_scores",
        "wave = '2021' and group_id = 'overig_rijk'",
    )
    scored = sorted(
        (s.score, s.weight) for s in sent["2021"] if "overig_rijk" in s.groups and s.score
    )
    scores, weights = (np.array(column) for column in zip(*scored, strict=True))
    mean = np.average(scores, weights=weights)
    variance = np.average((scores - mean) ** 2, weights=weights) * len(scores) / (len(scores) - 1)
    reached = np.cumsum(weights) / weights.sum()
    quartiles = [scores[np.argmax(reached >= part - 1e-9)] for part in (0.25, 0.5, 0.75)]
    assert found[0] == len(scores) == 49
    assert found[1] == pytest.approx(np.sqrt(variance), abs=1e-12)
    assert found[2:] == pytest.approx(quartiles, abs=1e-12)


def test_quartiles_need_a_larger_base_than_the_mean(warehouse):
    ((mean, median),) = rows(
        warehouse,
        "estimate, median",
        "mart_scale_scores",
        "wave = '2021' and group_id = 'rechtswezen'",
    )
    assert mean is not None
    assert median is None


@pytest.mark.parametrize("wave", ["2021", "2025"])
def test_the_variance_between_groups_has_the_f_of_scipy(warehouse, sent, wave):
    ((n_answered, n_groups, f_statistic, p_value, eta),) = rows(
        warehouse,
        "n_answered, n_groups, f_statistic, p_value, eta_squared",
        "mart_scale_variance",
        f"wave = '{wave}' and group_id = 'rijk'",
    )
    groups = [
        [s.score for s in sent[wave] if group in s.groups and s.score is not None]
        for group in CENTRAL
    ]
    expected = stats.f_oneway(*groups)
    everything = np.concatenate(groups)
    within = sum(np.var(group) * len(group) for group in groups)
    assert (n_groups, n_answered) == (3, len(everything))
    assert (f_statistic, p_value) == pytest.approx((expected.statistic, expected.pvalue))
    assert eta == pytest.approx(1 - within / (np.var(everything) * len(everything)))


def test_the_cross_table_counts_outcomes_within_a_band(warehouse, sent):
    found = rows(
        warehouse,
        "outcome_indicator_id, band_id, n_answered, n_with_outcome, estimate",
        "mart_scale_cross",
        "wave = '2021' and group_id = 'rijk' and suppression_status = 'published'",
    )
    strong = [s for s in sent["2021"] if "rijk" in s.groups and s.score and s.score >= 4]
    broad = [s for s in strong if s.n_types >= 2]
    judged = [s for s in strong if s.success not in (None, "dont_know")]
    succeeded = [s for s in judged if s.success in ("mostly_4", "fully_4")]
    cells = {(outcome, band): figures for outcome, band, *figures in found}
    assert cells["innovated_broadly", "strong"][1] == len(broad)
    assert cells["successful", "strong"][:2] == [len(judged), len(succeeded)]
    assert cells["successful", "strong"][2] == pytest.approx(
        sum(s.weight for s in succeeded) / sum(s.weight for s in judged), abs=1e-12
    )


def test_a_planted_association_is_found_and_a_separated_one_is_not_made_up(warehouse):
    """Success follows climate strongly; all agencies of 2021 innovated, whatever their climate."""
    found = {
        (group, outcome): (status, lower)
        for group, outcome, status, lower in rows(
            warehouse,
            "group_id, outcome_indicator_id, association_status, odds_ratio_lower",
            "mart_scale_associations",
            "wave = '2021'",
        )
    }
    assert found["overheid", "successful"][0] == "estimated"
    assert found["overheid", "successful"][1] > 1
    assert found["uitvoeringsorganisaties", "innovated"] == ("not_estimable", None)
    assert found["provincies", "innovated"] == ("too_few", None)


def test_the_distribution_of_breadth_adds_up_and_has_its_mean(warehouse):
    found = warehouse.execute(
        "select wave, group_id, count(number_of_types),"
        " sum(case when number_of_types is not null then estimate end),"
        " sum(number_of_types * estimate),"
        " max(case when indicator_id = 'breadth' then estimate end)"
        f" from innovation.breadth where classification_id = '{MAIN}'"
        " group by wave, group_id"
    ).fetchall()
    assert len(found) == 33
    for wave, group, n_kinds, total, from_distribution, mean in found:
        assert n_kinds == 5, (wave, group)
        assert total == pytest.approx(1, abs=1e-12)
        assert from_distribution == pytest.approx(mean, abs=1e-12)


def test_the_balance_of_a_factor_lies_where_promoting_and_hampering_put_it(warehouse):
    """On a scale of -2 to 2 the mean cannot exceed twice the promoting share, nor fall below."""
    found = warehouse.execute(
        "select balance_estimate, hampered_estimate, promoted_estimate from innovation.factors"
        " where topic = 'factors' and suppression_status = 'published'"
    ).fetchall()
    assert len(found) > 100
    for balance, hampered, promoted in found:
        assert promoted - 2 * hampered - 1e-9 <= balance <= 2 * promoted - hampered + 1e-9
