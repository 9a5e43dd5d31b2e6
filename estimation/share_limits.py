"""Which interval a weighted share gets, where neither a census nor Wilson's formula gives it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from estimation.intervals import Interval, beta_limits, blaker_limits
from estimation.method import LEVEL

Floats = npt.NDArray[np.float64]
Method = Literal["blaker_hypergeometric", "beta_kish"]

EXACT: Final = "blaker_hypergeometric"
BETA: Final = "beta_kish"


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


def _whole(values: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.asarray(np.rint(values), dtype=np.int64)
