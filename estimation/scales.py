"""Reliability of a scale: alpha, its interval, and what each item adds.

`items` is an array of one row per respondent and one column per item, without gaps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.errors import require
from estimation.intervals import Interval
from estimation.method import LEVEL

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ItemStatistics:
    """One item of a scale, in the unit of the answers.

    Attributes:
        mean: mean of the answers.
        standard_deviation: with n - 1.
        item_rest_correlation: with the sum of the other items; None where one does not vary.
        alpha_if_deleted: alpha of the other items; None with fewer than two.
    """

    mean: float
    standard_deviation: float
    item_rest_correlation: float | None
    alpha_if_deleted: float | None


def cronbach_alpha(items: npt.ArrayLike) -> float | None:
    """Return Cronbach's alpha: k/(k - 1) · (1 - Σ item variances / variance of the sum).

    Cronbach (1951). None with fewer than two items or respondents, or when the sum does not vary.

    Raises:
        EstimationError: if the array is not two-dimensional or has gaps.
    """
    return _alpha(_complete(items))


def alpha_interval(alpha: float, n: int, k: int, level: float = LEVEL) -> Interval:
    """Interval of alpha of `k` items answered by `n` respondents.

    Feldt (1965, Psychometrika 30): (1 - true alpha) / (1 - alpha) follows F with n - 1 and
    (n - 1)(k - 1) degrees of freedom, reversed. It supposes items of equal covariance.

    Raises:
        EstimationError: with fewer than two respondents or items, or alpha above one.
    """
    require(
        n >= 2 and k >= 2 and alpha <= 1,
        f"There is no interval for an alpha of {alpha} of {k} items and {n} respondents.",
        "two or more items and respondents, alpha at most 1",
    )
    tail = (1 - level) / 2
    above, below = n - 1, (n - 1) * (k - 1)
    return Interval(
        float(1 - (1 - alpha) * special.fdtri(above, below, 1 - tail)),
        float(1 - (1 - alpha) * special.fdtri(above, below, tail)),
    )


def item_analysis(items: npt.ArrayLike) -> list[ItemStatistics]:
    """Return what each item adds to the scale, in the order of the columns.

    Raises:
        EstimationError: if the array is not two-dimensional, has gaps, or has fewer than two rows.
    """
    answers = _complete(items)
    require(len(answers) >= 2, "One respondent shows no variation.", "two or more respondents")
    result = []
    for column in range(answers.shape[1]):
        item = answers[:, column]
        others = np.delete(answers, column, axis=1)
        result.append(
            ItemStatistics(
                mean=float(item.mean()),
                standard_deviation=float(item.std(ddof=1)),
                item_rest_correlation=_correlation(item, others.sum(axis=1)),
                alpha_if_deleted=_alpha(others),
            )
        )
    return result


def _alpha(answers: Floats) -> float | None:
    respondents, items = answers.shape
    if respondents < 2 or items < 2:
        return None
    total = answers.sum(axis=1)
    if np.ptp(total) <= 1e-12 * max(1.0, float(np.abs(total).max())):
        return None
    shared = 1 - answers.var(axis=0, ddof=1).sum() / total.var(ddof=1)
    return float(items / (items - 1) * shared)


def _correlation(one: Floats, other: Floats) -> float | None:
    one, other = one - one.mean(), other - other.mean()
    scale = np.sqrt((one @ one) * (other @ other))
    return float(one @ other / scale) if scale > 1e-12 else None


def _complete(items: npt.ArrayLike) -> Floats:
    answers = np.asarray(items, dtype=np.float64)
    require(
        answers.ndim == 2 and bool(np.isfinite(answers).all()),
        "The answers are not a complete table.",
        "one row per respondent, one column per item, no gaps",
    )
    return answers
