"""Which interval a weighted share gets, and on which numbers."""

from __future__ import annotations

import pytest
from scipy import stats

from estimation.intervals import blaker
from estimation.share_limits import SharePoint, share_limits


def point(**changes: float) -> SharePoint:
    return SharePoint(
        **{
            "n_answered": 14,
            "sum_value": 12.0,
            "sum_weights": 50.0,
            "n_effective": 14.0,
            "weighted_estimate": 12 / 14,
            "is_equally_weighted": True,
        }
        | changes
    )


def test_equal_weights_give_the_exact_interval_of_the_population_they_stand_for() -> None:
    found = share_limits(point(sum_weights=50.2))
    assert found.method == "blaker_hypergeometric"
    assert found.interval == blaker(12, 14, 50)


def test_what_is_no_census_is_never_taken_for_one() -> None:
    """Fourteen answers for 14.3 organisations: somebody is left, so the interval has a width."""
    found = share_limits(point(sum_weights=14.3))
    assert found.interval == blaker(12, 14, 15)
    assert found.interval.lower < found.interval.upper


def test_unequal_weights_give_the_beta_interval_of_the_effective_base() -> None:
    found = share_limits(point(is_equally_weighted=False, n_effective=12.5, weighted_estimate=0.8))
    successes, failures = 10.0, 2.5
    assert found.method == "beta_kish"
    assert (found.interval.lower, found.interval.upper) == pytest.approx(
        (
            stats.beta.ppf(0.025, successes, failures + 1),
            stats.beta.ppf(0.975, successes + 1, failures),
        ),
        rel=1e-12,
    )


@pytest.mark.parametrize("share", [-1e-17, 1 + 2e-16])
def test_rounding_does_not_put_a_share_outside_its_bounds(share: float) -> None:
    found = share_limits(point(is_equally_weighted=False, weighted_estimate=share))
    assert 0 <= found.interval.lower <= found.interval.upper <= 1
