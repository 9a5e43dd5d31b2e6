"""Which interval a weighted share gets, where neither a census nor Wilson's formula gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from estimation.intervals import Interval, blaker, korn_graubard

Method = Literal["blaker_hypergeometric", "beta_kish"]


@dataclass(frozen=True)
class SharePoint:
    """The weighted share of a group.

    Attributes:
        n_answered: answers in the base.
        sum_value: how many of them have the property.
        sum_weights: organisations that the base stands for.
        n_effective: Kish's effective base.
        weighted_estimate: the weighted share.
        is_equally_weighted: whether all answers have the same weight.
    """

    n_answered: int
    sum_value: float
    sum_weights: float
    n_effective: float
    weighted_estimate: float
    is_equally_weighted: bool


@dataclass(frozen=True)
class ShareLimits:
    """An interval and the name of the method that gave it."""

    method: Method
    interval: Interval


def share_limits(point: SharePoint, level: float = 0.95) -> ShareLimits:
    """Return the interval of a share that is no census.

    With equal weights the base is taken for a simple random sample of the organisations that it
    stands for, and the interval is exact (Blaker 2000). With unequal weights it is the beta
    interval on Kish's effective base (Korn & Graubard 1998), which carries no finite population
    correction and is therefore wide rather than narrow.

    Raises:
        EstimationError: the figures do not fit together.
    """
    if point.is_equally_weighted:
        # As it is no census, somebody is left who did not answer.
        population = max(point.n_answered + 1, round(point.sum_weights))
        successes = round(point.sum_value)
        return ShareLimits(
            "blaker_hypergeometric", blaker(successes, point.n_answered, population, level)
        )
    share = min(1.0, max(0.0, point.weighted_estimate))
    return ShareLimits("beta_kish", korn_graubard(share, point.n_effective, level))
