"""Logistic regression by Firth's penalised likelihood, which stays finite under separation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import numpy.typing as npt
from scipy import special

from estimation.errors import require
from estimation.method import LEVEL
from estimation.roots import Rows, roots

Floats = npt.NDArray[np.float64]

ITERATIONS = 200
HALVINGS = 40
# Largest change of a coefficient in one step, on columns of standard deviation one.
STEP = 5.0
# The modified score at the maximum, per column.
GRADIENT = 1e-9
# No odds ratio is of this size: e to the 25th per standard deviation.
FURTHEST = 25.0
# Numbers in the designs that are worked on at once.
ROOM = 2_000_000


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


def firth_logistic(
    design: npt.ArrayLike, outcome: npt.ArrayLike, of_interest: int, level: float = LEVEL
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
    return firth_logistics([(design, outcome)], of_interest, level)[0]


def firth_logistics(
    samples: Sequence[tuple[npt.ArrayLike, npt.ArrayLike]],
    of_interest: int,
    level: float = LEVEL,
) -> list[FirthResult]:
    """Return `firth_logistic` of many samples, each a design and its outcomes.

    Raises:
        EstimationError: as `firth_logistic`.
    """
    checked = [_checked(design, outcome, of_interest) for design, outcome in samples]
    results = [NOT_ESTIMABLE] * len(checked)
    scales = [
        np.sqrt((columns**2).mean(axis=0)) if len(columns) else np.zeros(columns.shape[1])
        for columns, _ in checked
    ]
    estimable = [
        number
        for number, ((columns, events), scale) in enumerate(zip(checked, scales, strict=True))
        if _is_estimable(columns, events, scale)
    ]
    for numbers in _alike(estimable, [columns.shape for columns, _ in checked]):
        batch = _batch([(checked[n][0] / scales[n], checked[n][1]) for n in numbers])
        units = np.array([scales[n][of_interest] for n in numbers])
        for number, found in zip(numbers, _estimate(batch, of_interest, units, level), strict=True):
            results[number] = found
    return results


def _checked(
    design: npt.ArrayLike, outcome: npt.ArrayLike, of_interest: int
) -> tuple[Floats, Floats]:
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
    return columns, events


def _is_estimable(columns: Floats, events: Floats, scale: Floats) -> bool:
    return (
        len(columns) > 0
        and bool(events.min() < events.max())
        and bool((scale > 0).all())
        and bool(np.linalg.matrix_rank(columns / scale) == columns.shape[1])
    )


def _alike(numbers: Sequence[int], shapes: Sequence[tuple[int, ...]]) -> Iterator[list[int]]:
    """Yield samples with equally many columns and about as many cases, while there is room."""
    alike: list[int] = []
    for number in sorted(numbers, key=lambda n: (shapes[n][1], -shapes[n][0])):
        cases, columns = shapes[alike[0]] if alike else shapes[number]
        is_full = (len(alike) + 1) * cases * columns > ROOM
        if alike and (is_full or columns != shapes[number][1]):
            yield alike
            alike = []
        alike.append(number)
    if alike:
        yield alike


@dataclass(frozen=True)
class _Batch:
    """Samples with equally many columns; cases that a sample has not have zeros.

    Attributes:
        columns: samples by cases by columns.
        events: samples by cases.
        cases: 1 where the sample has the case.
    """

    columns: Floats
    events: Floats
    cases: Floats

    def __getitem__(self, rows: Rows) -> _Batch:
        return _Batch(self.columns[rows], self.events[rows], self.cases[rows])


def _batch(samples: Sequence[tuple[Floats, Floats]]) -> _Batch:
    most = max(len(events) for _, events in samples)
    columns = np.zeros((len(samples), most, samples[0][0].shape[1]))
    events, cases = np.zeros((2, len(samples), most))
    for number, (design, outcome) in enumerate(samples):
        columns[number, : len(outcome)] = design
        events[number, : len(outcome)] = outcome
        cases[number, : len(outcome)] = 1.0
    return _Batch(columns, events, cases)


def _estimate(batch: _Batch, of_interest: int, scales: Floats, level: float) -> list[FirthResult]:
    number, many = batch.columns.shape[0], batch.columns.shape[2]
    every = np.arange(many)
    best, highest = _maximise(batch, np.zeros((number, many)), every)
    drop = float(special.chdtri(1, 1 - level)) / 2
    # Of each sample the lower limit, the upper limit, and the likelihood without the column.
    samples = np.tile(np.arange(number), 3)
    others = np.delete(every, of_interest)
    directions = np.repeat([-1.0, 1.0], number)

    def profile(values: Floats, rows: Rows) -> Floats:
        # From the maximum every time: from elsewhere the search may end on another peak.
        start = best[samples[rows]]
        start[:, of_interest] = values
        return _maximise(batch[samples[rows]], start, others)[1]

    def excess(distances: Floats, rows: Rows) -> Floats:
        of = samples[rows]
        values = best[of, of_interest] + directions[rows] * distances
        return profile(values, rows) - highest[of] + drop

    sides = np.arange(2 * number)
    reach, beyond = np.ones(2 * number), np.full(2 * number, np.nan)
    rows = sides
    while len(rows):
        beyond[rows] = excess(reach[rows], rows)
        rows = rows[beyond[rows] > 0]
        reach[rows] *= 2
        rows = rows[reach[rows] <= 2 * FURTHEST]
    # A profile that never falls so far has no limit.
    rows = sides[beyond <= 0]
    limits = np.full(2 * number, np.nan)
    limits[rows] = roots(
        lambda distances, of: excess(distances, rows[of]),
        np.where(reach[rows] > 1, reach[rows] / 2, 0.0),
        reach[rows],
    )
    without = profile(np.zeros(number), sides[:number] + 2 * number)
    lower, upper = np.split(best[samples[sides], of_interest] + directions * limits, 2)
    p_values = special.chdtrc(1, np.maximum(0.0, 2 * (highest - without)))
    figures = (best[:, of_interest] / scales, lower / scales, upper / scales, p_values)
    return [
        NOT_ESTIMABLE
        if any(np.isnan(figure) for figure in row)
        else FirthResult("estimated", *(float(figure) for figure in row))
        for row in zip(*figures, strict=True)
    ]


def _maximise(batch: _Batch, start: Floats, free: Rows) -> tuple[Floats, Floats]:
    """Return the coefficients and the penalised log likelihood at its maximum, for each sample.

    Only the coefficients named free move; the penalty is that of all of them. Newton's steps on
    the modified score, halved until the likelihood no longer falls. The likelihood is nan where
    the search does not end.
    """
    coefficients = start.copy()
    values, scores, curvatures = _penalised(batch, coefficients)
    rows = np.arange(len(start)) if len(free) else np.arange(0)
    for _ in range(ITERATIONS):
        rows = rows[np.abs(scores[rows][:, free]).max(axis=1, initial=0.0) >= GRADIENT]
        if not len(rows):
            return coefficients, values
        steps = _solved(curvatures[np.ix_(rows, free, free)], scores[rows][:, free, None])[..., 0]
        steps *= np.minimum(1.0, STEP / np.abs(steps).max(axis=1))[:, None]
        waiting = np.arange(len(rows))
        for _ in range(HALVINGS):
            tried = rows[waiting]
            candidates = coefficients[tried]
            candidates[:, free] += steps[waiting]
            found = _penalised(batch[tried], candidates)
            rises = found[0] >= values[tried] - 1e-13 * np.abs(values[tried])
            higher = tried[rises]
            coefficients[higher] = candidates[rises]
            values[higher], scores[higher], curvatures[higher] = (part[rises] for part in found)
            waiting = waiting[~rises]
            if not len(waiting):
                break
            steps[waiting] /= 2
        values[rows[waiting]] = np.nan
        rows = np.delete(rows, waiting)
    values[rows] = np.nan
    return coefficients, values


def _penalised(batch: _Batch, coefficients: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the penalised log likelihood, its gradient and its approximate curvature.

    The score is that of data in which every case also counts, with weight h, as half an event and
    half a non-event, h being its leverage; the curvature is the information of these data.
    """
    columns = batch.columns
    linear = (columns @ coefficients[:, :, None])[..., 0]
    probability = 1 / (1 + np.exp(-linear))
    weights = probability * (1 - probability)
    information = (columns * weights[:, :, None]).swapaxes(1, 2) @ columns
    signs, logs = np.linalg.slogdet(information)
    exists = (signs > 0) & np.isfinite(logs)
    losses = np.logaddexp(0.0, linear) * batch.cases
    likelihood = (batch.events * linear - losses).sum(axis=1)
    inverse = np.linalg.inv(np.where(exists[:, None, None], information, np.eye(columns.shape[2])))
    hat = weights * ((columns @ inverse) * columns).sum(axis=2)
    residuals = batch.events - probability + hat * (0.5 - probability)
    score = (residuals[:, None, :] @ columns)[:, 0]
    curvature = (columns * (weights * (1 + hat))[:, :, None]).swapaxes(1, 2) @ columns
    value = np.where(exists, likelihood + logs / 2, -np.inf)
    return value, np.where(exists[:, None], score, 0.0), curvature


def _solved(matrices: Floats, right: Floats) -> Floats:
    """Return the solutions of linear systems; nan where a matrix is singular."""
    singular = np.linalg.slogdet(matrices)[0] == 0
    safe = np.where(singular[:, None, None], np.eye(matrices.shape[1]), matrices)
    return np.where(singular[:, None, None], np.nan, np.linalg.solve(safe, right))
