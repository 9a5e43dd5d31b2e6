"""Which interval a weighted share gets, where neither a census nor Wilson's formula gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.intervals import Interval, beta_limits, blaker_limits
from estimation.method import LEVEL

Floats = npt.NDArray[np.float64]
Method = Literal["blaker_hypergeometric", "beta_kish", "beta_clustered", "none"]

EXACT: Final = "blaker_hypergeometric"
BETA: Final = "beta_kish"
CLUSTERED: Final = "beta_clustered"
NONE: Final = "none"


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


@dataclass(frozen=True)
class ManyLimits:
    """The same of many shares, one value per share."""

    methods: npt.NDArray[np.str_]
    lower: Floats
    upper: Floats


def share_limits(point: SharePoint, level: float = LEVEL) -> ShareLimits:
    """Return the interval of a share that is no census.

    With equal weights the base is taken for a simple random sample of the organisations that it
    stands for, and the interval is exact (Blaker 2000). With unequal weights it is the beta
    interval on Kish's effective base (Korn & Graubard 1998), which carries no finite population
    correction and is therefore wide rather than narrow.

    Raises:
        EstimationError: the figures do not fit together.
    """
    found = limits_of_shares(
        {name: np.array([value]) for name, value in asdict(point).items()}, level
    )
    method: Method = EXACT if point.is_equally_weighted else BETA
    return ShareLimits(method, Interval(float(found.lower[0]), float(found.upper[0])))


def limits_of_shares(points: Mapping[str, npt.NDArray[Any]], level: float = LEVEL) -> ManyLimits:
    """Return `share_limits` of many shares.

    Args:
        points: arrays of one length, named as the attributes of a `SharePoint`.
        level: confidence level.

    Raises:
        EstimationError: as `share_limits`.
    """
    is_equal = points["is_equally_weighted"].astype(bool)
    lower, upper = np.empty(len(is_equal)), np.empty(len(is_equal))
    equal = {name: values[is_equal] for name, values in points.items()}
    answered = equal["n_answered"].astype(np.int64)
    # As it is no census, somebody is left who did not answer.
    populations = np.maximum(answered + 1, _whole(equal["sum_weights"]))
    lower[is_equal], upper[is_equal] = blaker_limits(
        _whole(equal["sum_value"]), answered, populations, level
    )
    others = {name: values[~is_equal] for name, values in points.items()}
    shares = np.clip(others["weighted_estimate"], 0.0, 1.0)
    lower[~is_equal], upper[~is_equal] = beta_limits(shares, others["n_effective"], level)
    return ManyLimits(np.where(is_equal, EXACT, BETA), lower, upper)


def limits_of_clustered_shares(
    points: Mapping[str, npt.NDArray[Any]], level: float = LEVEL
) -> ManyLimits:
    """Return the intervals of shares from a sample of clusters.

    The beta interval (Korn & Graubard 1998) on the size of a simple random sample that is as
    uncertain, p(1 - p) / v; never a larger one than Kish's, as v rests on few clusters. Where
    nothing varies, v says nothing, and every cluster counts as one answer. The size shrinks by how
    much wider t is with the degrees of freedom of the clusters than with those of the answers.

    Args:
        points: arrays of one length: `n_answered`, `n_clusters`, `n_strata` with an answer,
            `n_effective` by Kish, `weighted_estimate` and its `variance`.
        level: confidence level.

    Raises:
        EstimationError: a share is not between 0 and 1.
    """
    shares = np.clip(points["weighted_estimate"].astype(float), 0.0, 1.0)
    variances = points["variance"].astype(float)
    kish = points["n_effective"].astype(float)
    answered = points["n_answered"].astype(float)
    clusters = points["n_clusters"].astype(float)
    freedom = clusters - points["n_strata"].astype(float)
    spread = shares * (1 - shares)
    with np.errstate(divide="ignore", invalid="ignore"):
        sizes = np.where((variances > 0) & (spread > 0), spread / variances, clusters)
    tail = (1 - level) / 2
    is_possible = freedom >= 1
    lower = np.full(len(shares), np.nan)
    upper = np.full(len(shares), np.nan)
    # One degree of freedom is the fewest that t has; where there is none, there is no interval.
    wide = special.stdtrit(np.maximum(freedom, 1.0), tail)
    narrow = special.stdtrit(np.maximum(answered - 1, 1.0), tail)
    sizes = np.minimum(sizes, kish) * (narrow / wide) ** 2
    lower[is_possible], upper[is_possible] = beta_limits(
        shares[is_possible], sizes[is_possible], level
    )
    return ManyLimits(np.where(is_possible, CLUSTERED, NONE), lower, upper)


def _whole(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.asarray(np.rint(values), dtype=np.int64)
