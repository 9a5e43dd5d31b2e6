"""Weights that add up to known numbers of organisations, and the residuals their variance needs.

One margin is post-stratification, several are raking by iterative proportional fitting (Deming &
Stephan 1940). The variance of a calibrated total is that of the residuals from the margins, each
times its calibrated weight (Deville & Särndal 1992, JASA 87; Särndal, Swensson & Wretman 1992,
ch. 6 and 7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from estimation.errors import EstimationError

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

TOLERANCE = 1e-10
MAXIMUM_ROUNDS = 1000


@dataclass(frozen=True)
class Margin:
    """Groups of one classification, and how many organisations each has.

    Attributes:
        name: the classification.
        groups: group of every response, one of those in `totals`; None where it is in none.
        totals: organisations per group.
    """

    name: str
    groups: Sequence[str | None]
    totals: Mapping[str, float]


class CalibrationError(EstimationError):
    """Weights cannot be made to add up to the margins."""


def calibrate(wave: str, weights: Floats, margins: Sequence[Margin]) -> Floats:
    """Return weights, one per response, that add up to every total of every margin.

    Args:
        wave: named in errors.
        weights: design weights, one per response, all positive.
        margins: one for post-stratification, several for raking.

    Raises:
        CalibrationError: a response is in no group, a group has nobody, the totals of two
            margins differ, or raking does not converge.
    """
    coded = [_codes(wave, margin) for margin in margins]
    totals = [np.array(list(margin.totals.values()), dtype=float) for margin in margins]
    for margin, sizes in zip(margins[1:], totals[1:], strict=True):
        _require_same_sum(wave, margins[0], margin, float(totals[0].sum()), float(sizes.sum()))
    result = np.array(weights, dtype=float)
    for _ in range(MAXIMUM_ROUNDS):
        for codes, sizes in zip(coded, totals, strict=True):
            result = result * (sizes / _sums(codes, result, len(sizes)))[codes]
        worst = _largest_distance(result, coded, totals)
        if max(worst, default=0.0) <= TOLERANCE:
            return result
    margin = margins[int(np.argmax(worst))]
    raise CalibrationError(
        f"The weights of wave '{wave}' do not settle: after {MAXIMUM_ROUNDS} rounds those of "
        f"margin '{margin.name}' are still {max(worst):.2g} off, relative to its groups.",
        where=f"weighting_margins.csv, wave '{wave}', classification '{margin.name}'",
        expected="margins that the responses can add up to together",
        remedy="Merge groups with few responses, or leave out a classification.",
    )


def calibrated_residuals(values: Floats, weights: Floats, margins: Sequence[Margin]) -> Floats:
    """Return what the groups of the margins leave of each value, by weighted least squares.

    Args:
        values: responses by variables.
        weights: calibrated weights, one per response.
        margins: those the weights were calibrated to.
    """
    columns = [
        np.array([group == name for group in margin.groups], dtype=float)
        for margin in margins
        for name in margin.totals
    ]
    root = np.sqrt(weights)[:, None]
    basis, strength, _ = np.linalg.svd(np.column_stack(columns) * root, full_matrices=False)
    # The groups of every margin add up to one, so the columns depend on each other.
    basis = basis[:, strength > 1e-10 * strength[0]]
    scaled = values * root
    return np.asarray((scaled - basis @ (basis.T @ scaled)) / root)


def _codes(wave: str, margin: Margin) -> Codes:
    numbers = {name: number for number, name in enumerate(margin.totals)}
    outside = [group for group in margin.groups if group not in numbers]
    if outside:
        raise CalibrationError(
            f"Of wave '{wave}', {len(outside)} responses are in no group of margin "
            f"'{margin.name}'.",
            where=f"weighting_margins.csv, wave '{wave}', classification '{margin.name}'",
            expected="margins that hold every respondent",
            remedy="Add the missing groups of the classification, or leave it out.",
        )
    empty = sorted(set(numbers) - set(margin.groups))
    if empty:
        raise CalibrationError(
            f"Of wave '{wave}', nobody answered in group '{empty[0]}' of margin '{margin.name}'.",
            where=f"weighting_margins.csv, wave '{wave}', group '{empty[0]}'",
            expected="a response in every group that weights are to add up to",
            remedy="Take the group together with another: name the group above both.",
        )
    return np.array([numbers[str(group)] for group in margin.groups], dtype=np.int64)


def _sums(codes: Codes, weights: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(codes, weights=weights, minlength=size), dtype=float)


def _largest_distance(
    weights: Floats, coded: Sequence[Codes], totals: Sequence[Floats]
) -> list[float]:
    return [
        float(np.max(np.abs(_sums(codes, weights, len(sizes)) / sizes - 1)))
        for codes, sizes in zip(coded, totals, strict=True)
    ]


def _require_same_sum(
    wave: str, first: Margin, other: Margin, expected: float, found: float
) -> None:
    if abs(found - expected) > TOLERANCE * expected:
        raise CalibrationError(
            f"Of wave '{wave}', margin '{other.name}' adds up to {found:g} organisations and "
            f"margin '{first.name}' to {expected:g}.",
            where=f"weighting_margins.csv, wave '{wave}', classification '{other.name}'",
            expected="the same number of organisations in every margin of a wave",
            remedy="Correct the counts, or list the groups that are missing.",
        )
