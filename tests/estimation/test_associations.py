"""Separation and associations, against enumeration, statsmodels and an independent maximum."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import optimize

from estimation.associations import Association, Sample, associate, samples
from estimation.separation import separates

ONE = np.ones(6)


def design(*columns: list[float]) -> np.ndarray:
    return np.column_stack([np.ones(len(columns[0])), *columns])


def sample(scores, outcomes, **adjusters) -> Sample:
    return Sample({}, np.array(scores, float), np.array(outcomes, float), adjusters)


def penalised_maximum(columns: np.ndarray, events: np.ndarray) -> np.ndarray:
    """The coefficients that maximise Firth's likelihood, by a search that knows no gradient."""

    def negative(coefficients: np.ndarray) -> float:
        linear = columns @ coefficients
        weights = 1 / (2 + np.exp(linear) + np.exp(-linear))
        information = columns.T @ (columns * weights[:, None])
        likelihood = np.sum(events * linear - np.logaddexp(0, linear))
        return -(likelihood + np.linalg.slogdet(information)[1] / 2)

    start = np.zeros(columns.shape[1])
    options = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 40_000, "maxfev": 40_000}
    return optimize.minimize(negative, start, method="Nelder-Mead", options=options).x


def test_a_score_that_tells_yes_from_no_separates():
    assert separates(design([1, 2, 3, 4, 5, 6]), [0, 0, 0, 1, 1, 1], 1)
    assert separates(design([1, 2, 3, 4, 5, 6]), [1, 1, 1, 0, 0, 0], 1)


def test_a_tie_at_the_border_separates_all_the_same():
    """Quasi-complete separation: the likelihood grows for ever there too."""
    assert separates(design([1, 2, 3, 3, 4, 5]), [0, 0, 0, 1, 1, 1], 1)


def test_one_overlapping_pair_is_no_separation():
    assert not separates(design([1, 2, 3, 4, 5, 6]), [0, 0, 1, 0, 1, 1], 1)


def test_separation_by_another_column_leaves_the_score_its_estimate():
    """All of the second group say yes; within the first the score overlaps."""
    columns = design([1, 2, 3, 4, 2, 3], [0, 0, 0, 0, 1, 1])
    outcomes = [0, 1, 0, 1, 1, 1]
    assert not separates(columns, outcomes, 1)
    assert separates(columns, outcomes, 2)


def test_every_pattern_of_six_outcomes_agrees_with_where_yes_and_no_overlap():
    scores = [1.0, 2.0, 2.0, 3.0, 4.0, 5.0]
    for outcomes in product((0, 1), repeat=6):
        yes = [s for s, y in zip(scores, outcomes, strict=True) if y]
        no = [s for s, y in zip(scores, outcomes, strict=True) if not y]
        if yes and no:
            apart = max(no) <= min(yes) or max(yes) <= min(no)
            assert separates(design(scores), outcomes, 1) == apart, outcomes


def test_the_odds_ratio_is_per_standard_deviation_with_groups_held_equal():
    generator = np.random.default_rng(4)
    scores = generator.normal(3.7, 0.6, 60)
    groups = generator.choice(["a", "b", "c"], 60)
    chance = 1 / (1 + np.exp(-(scores - 3.7) - (groups == "b")))
    outcomes = (generator.random(60) < chance).astype(float)

    found = associate(sample(scores, outcomes, layer=list(groups)), 10)

    standardised = (scores - scores.mean()) / scores.std(ddof=1)
    columns = design(standardised, groups == "b", groups == "c")
    assert found.association_status == "estimated"
    assert found.odds_ratio == pytest.approx(np.exp(penalised_maximum(columns, outcomes)[1]), 1e-6)
    assert found.odds_ratio_lower < found.odds_ratio < found.odds_ratio_upper
    assert (found.n_answered, found.n_events) == (60, outcomes.sum())
    assert found.adjusted_for == "layer"


def test_another_unit_of_the_score_gives_the_same_association():
    scores = np.array([1, 2, 2, 3, 3, 4, 4, 5, 5, 5], float)
    outcomes = [0, 0, 1, 0, 1, 1, 0, 1, 1, 1]
    one, other = associate(sample(scores, outcomes), 5), associate(sample(10 * scores, outcomes), 5)
    assert one.odds_ratio == pytest.approx(other.odds_ratio, rel=1e-9)


def test_what_is_the_same_for_all_is_not_adjusted_for():
    scores, outcomes = [1, 2, 3, 4, 5, 3], [0, 1, 0, 1, 1, 0]
    found = associate(sample(scores, outcomes, layer=["a"] * 6, size=["s", "l"] * 3), 5)
    assert found.adjusted_for == "size"


def test_without_a_group_is_a_group_of_its_own():
    scores = [1, 2, 3, 4, 5, 3, 2, 4]
    outcomes = [0, 1, 0, 1, 1, 0, 1, 0]
    unknown = associate(sample(scores, outcomes, layer=["a", None] * 4), 5)
    named = associate(sample(scores, outcomes, layer=["a", "b"] * 4), 5)
    for figure in ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper", "p_value"):
        assert getattr(unknown, figure) == pytest.approx(getattr(named, figure), rel=1e-8)


@pytest.mark.parametrize(
    ("scores", "outcomes"),
    [
        ([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]),
        ([1, 2, 3, 4, 5, 6], [1, 1, 1, 1, 1, 1]),
        ([3, 3, 3, 3, 3, 3], [0, 1, 0, 1, 0, 1]),
    ],
    ids=["separated", "everybody has it", "no score differs"],
)
def test_no_odds_ratio_is_made_up(scores, outcomes):
    found = associate(sample(scores, outcomes), 5)
    assert found.association_status == "not_estimable"
    assert (found.odds_ratio, found.odds_ratio_upper, found.p_value) == (None, None, None)
    assert found.n_answered == 6


def test_too_few_answers_are_not_looked_at():
    found = associate(sample([1, 2, 3], [0, 1, 0]), 4)
    assert found == Association(3, 1, None, None, None, None, "too_few", None)


def test_samples_are_split_by_their_keys():
    row = {
        "wave": "2021",
        "classification_id": "layer",
        "group_id": "all",
        "scale_id": "mood",
        "outcome_indicator_id": "innovated",
        "adjust_classification_id": "layer",
        "adjust_group_id": "courts",
        "adjust_size_classification_id": None,
        "adjust_size_group_id": None,
        "score": 3.0,
        "outcome": 1.0,
    }
    rows = [row | {"score": 2.0}, row, row | {"outcome_indicator_id": "successful"}]
    first, second = samples(
        {name: np.array([each[name] for each in rows], dtype=object) for name in row}
    )
    assert list(first.scores) == [2.0, 3.0]
    assert dict(first.adjusters) == {"layer": ["courts", "courts"]}
    assert second.key["outcome_indicator_id"] == "successful"
