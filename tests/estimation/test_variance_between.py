"""Variance between groups, against statsmodels, scipy's noncentral F and the paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.formula.api import ols
from statsmodels.stats.anova import anova_lm

from estimation.errors import EstimationError
from estimation.variance_between import eta_interval, variance_between


@pytest.fixture(scope="module")
def groups() -> list[np.ndarray]:
    random = np.random.default_rng(3)
    return [random.normal(mean, 0.7, size) for mean, size in ((4.1, 63), (3.2, 14), (3.6, 49))]


def test_eta_and_omega_squared_equal_the_anova_table_of_statsmodels(groups):
    frame = pd.DataFrame(
        [(str(number), score) for number, group in enumerate(groups) for score in group],
        columns=["name", "score"],
    )
    table = anova_lm(ols("score ~ C(name)", data=frame).fit())
    between, within = table["sum_sq"]
    mean_within = table["mean_sq"].iloc[1]
    found = variance_between(groups)
    assert found.eta_squared == pytest.approx(between / (between + within), abs=1e-10)
    assert found.omega_squared == pytest.approx(
        (between - 2 * mean_within) / (between + within + mean_within), abs=1e-10
    )
    assert found.f_statistic == pytest.approx(table["F"].iloc[0], rel=1e-10)
    assert found.p_value == pytest.approx(table["PR(>F)"].iloc[0], abs=1e-10)
    assert (found.degrees_between, found.degrees_within) == (2, 123)


def test_interval_leaves_half_the_error_in_either_tail_of_scipys_noncentral_f(groups):
    found = variance_between(groups)
    total = 126
    tails = [
        stats.ncf.cdf(found.f_statistic, 2, 123, total * limit / (1 - limit))
        for limit in (found.interval.lower, found.interval.upper)
    ]
    assert tails == pytest.approx([0.975, 0.025], abs=1e-8)
    assert found.interval.lower < found.eta_squared < found.interval.upper


def test_interval_equals_the_example_of_steiger():
    """Bargmann's example in Steiger (2004): F = 11.221 with 4 and 50 degrees of freedom.

    Limits at 95 %: .226 and .587; at 90 %: .261 and .565.
    """
    wide, narrow = eta_interval(11.221, 4, 50), eta_interval(11.221, 4, 50, level=0.9)
    assert (round(wide.lower, 3), round(wide.upper, 3)) == (0.226, 0.587)
    assert (round(narrow.lower, 3), round(narrow.upper, 3)) == (0.261, 0.565)


def test_interval_of_no_difference_starts_at_zero():
    found = variance_between([[1, 2, 3], [1, 2, 3], [1, 2, 3]])
    assert found.eta_squared == 0
    assert found.omega_squared < 0
    assert (found.interval.lower, found.interval.upper) == (0.0, 0.0)
    slight = variance_between([[1, 2, 3, 4], [1.5, 2, 3, 4.5]])
    assert slight.interval.lower == 0
    assert slight.interval.upper > slight.eta_squared


def test_groups_that_do_not_vary_have_no_f():
    apart = variance_between([[1, 1, 1], [2, 2]])
    assert apart.eta_squared == 1.0
    assert apart.f_statistic is None
    assert apart.interval is None
    equal = variance_between([[0.1, 0.1, 0.1], [0.1, 0.1]])
    assert equal.eta_squared is None
    assert equal.omega_squared is None


@pytest.mark.parametrize("groups", [[[1, 2]], [[1, 2], []], [[1], [2]]])
def test_groups_without_variance_to_divide_are_refused(groups):
    with pytest.raises(EstimationError):
        variance_between(groups)
