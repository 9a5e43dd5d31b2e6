"""Logistic regression by Firth's penalised likelihood, which stays finite under separation."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats

from estimation.errors import require

Floats = npt.NDArray[np.float64]

ITERATIONS = 200
HALVINGS = 40
# Largest change of a coefficient in one step, on columns of standard deviation one.
STEP = 5.0
# The modified score at the maximum, per column.
GRADIENT = 1e-9
# No odds ratio is of this size: e to the 25th per standard deviation.
FURTHEST = 25.0


@dataclass(frozen=True)
class FirthResult:
    """One coefficient of the regression: change in the log odds per unit of its column.

    Everything but the status is None unless the status is `estimated`.
    """

    status: str
    coefficient: float | None = None
    lower: float | None = None
    upper: float | None = None
    p_value: float | None = None

    @property
    def odds_ratio(self) -> float | None:
        """Odds ratio per unit of the column."""
        return None if self.coefficient is None else exp(self.coefficient)

    @property
    def odds_ratio_lower(self) -> float | None:
        """Lower limit of the odds ratio."""
        return None if self.lower is None else exp(self.lower)

    @property
    def odds_ratio_upper(self) -> float | None:
        """Upper limit of the odds ratio."""
        return None if self.upper is None else exp(self.upper)


NOT_ESTIMABLE = FirthResult("not_estimable")


class _NoMaximumError(Exception):
    """The search for the maximum did not end."""


def firth_logistic(
    design: npt.ArrayLike, outcome: npt.ArrayLike, of_interest: int, level: float = 0.95
) -> FirthResult:
    """Return one coefficient of a logistic regression by penalised maximum likelihood.

    Firth (1993, Biometrika 80): the log likelihood plus half the log determinant of the
    information. Interval from the profile of the penalised likelihood, p-value from its ratio
    (Heinze & Schemper 2002, Statistics in Medicine 21). Every row counts once: survey weights are
    not frequencies.

    The status is `not_estimable` when the columns depend on each other, every outcome is the
    same, the search finds no maximum, or the profile never falls to the limit.

    Args:
        design: one row per case, one column per coefficient, the intercept among them.
        outcome: 0 or 1 per case.
        of_interest: position of the column asked for.
        level: confidence level.

    Raises:
        EstimationError: if shapes do not fit, values are missing, or an outcome is not 0 or 1.
    """
    columns = np.asarray(design, dtype=np.float64)
    events = np.asarray(outcome, dtype=np.float64)
    require(
        columns.ndim == 2 and events.shape == (len(columns),),
        f"A design of shape {columns.shape} does not fit outcomes of shape {events.shape}.",
        "one row per case in the design and one outcome per case",
    )
    require(
        0 <= of_interest < columns.shape[1],
        f"The design has no column {of_interest}.",
        f"a position from 0 to {columns.shape[1] - 1}",
    )
    require(
        bool(np.isfinite(columns).all() and np.isin(events, (0.0, 1.0)).all()),
        "The design has gaps or an outcome is neither 0 nor 1.",
        "numbers in the design, 0 or 1 as outcome",
    )
    scales = np.sqrt((columns**2).mean(axis=0)) if len(columns) else np.zeros(columns.shape[1])
    if (
        len(columns) == 0
        or events.min() == events.max()
        or not (scales > 0).all()
        or np.linalg.matrix_rank(columns / scales) < columns.shape[1]
    ):
        return NOT_ESTIMABLE
    try:
        return _estimate(columns / scales, events, of_interest, scales[of_interest], level)
    except (_NoMaximumError, np.linalg.LinAlgError):
        return NOT_ESTIMABLE


def _estimate(
    columns: Floats, events: Floats, of_interest: int, scale: float, level: float
) -> FirthResult:
    every = np.ones(columns.shape[1], dtype=bool)
    others = every.copy()
    others[of_interest] = False
    best, highest = _maximise(columns, events, np.zeros(columns.shape[1]), every)

    def profile(value: float) -> float:
        start = best.copy()
        start[of_interest] = value
        return _maximise(columns, events, start, others)[1]

    drop = float(stats.chi2.isf(1 - level, 1)) / 2

    def limit(direction: int) -> float:
        estimate = float(best[of_interest])
        reach = 1.0
        while profile(estimate + direction * reach) > highest - drop:
            reach *= 2
            if reach > 2 * FURTHEST:
                raise _NoMaximumError
        inner = reach / 2 if reach > 1 else 0.0
        found = optimize.brentq(
            lambda distance: profile(estimate + direction * distance) - highest + drop,
            inner,
            reach,
            xtol=1e-12,
            rtol=1e-13,
        )
        return float(estimate + direction * found)

    return FirthResult(
        status="estimated",
        coefficient=float(best[of_interest] / scale),
        lower=float(limit(-1) / scale),
        upper=float(limit(+1) / scale),
        p_value=float(stats.chi2.sf(max(0.0, 2 * (highest - profile(0.0))), 1)),
    )


def _maximise(
    columns: Floats, events: Floats, start: Floats, free: npt.NDArray[np.bool_]
) -> tuple[Floats, float]:
    """Return the coefficients and the penalised log likelihood at its maximum.

    Only the coefficients marked free move; the penalty is that of all of them. Newton's steps on
    the modified score, halved until the likelihood no longer falls.
    """
    coefficients = start.copy()
    value, score, curvature = _penalised(columns, events, coefficients)
    if not free.any():
        return coefficients, value
    for _ in range(ITERATIONS):
        gradient = score[free]
        if np.abs(gradient).max() < GRADIENT:
            return coefficients, value
        step = np.linalg.solve(curvature[np.ix_(free, free)], gradient)
        step *= min(1.0, STEP / np.abs(step).max())
        for _ in range(HALVINGS):
            candidate = coefficients.copy()
            candidate[free] += step
            tried = _penalised(columns, events, candidate)
            if tried[0] >= value - 1e-13 * abs(value):
                break
            step /= 2
        else:
            raise _NoMaximumError
        coefficients = candidate
        value, score, curvature = tried
    raise _NoMaximumError


def _penalised(
    columns: Floats, events: Floats, coefficients: Floats
) -> tuple[float, Floats, Floats]:
    """Return the penalised log likelihood, its gradient and its approximate curvature.

    The score is that of data in which every case also counts, with weight h, as half an event and
    half a non-event, h being its leverage; the curvature is the information of these data.
    """
    linear = columns @ coefficients
    probability = 1 / (1 + np.exp(-linear))
    weights = probability * (1 - probability)
    information = (columns * weights[:, None]).T @ columns
    sign, log_determinant = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(log_determinant):
        return -np.inf, np.zeros_like(coefficients), information
    likelihood = float(events @ linear - np.logaddexp(0.0, linear).sum())
    hat = weights * np.einsum("ij,ji->i", columns, np.linalg.solve(information, columns.T))
    score = columns.T @ (events - probability + hat * (0.5 - probability))
    curvature = (columns * (weights * (1 + hat))[:, None]).T @ columns
    return likelihood + float(log_determinant) / 2, score, curvature
