"""Whether those who responded late answer differently: they are the most like non-respondents.

The responses of a wave are halved by the day they were sent in. The halves are two domains of one
stratified sample, compared as two groups are (`estimation.contrasts`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from estimation.contrasts import Contrast, Side, examine_all

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

# Part of the responses that must have a date: the others count as late.
DATED = 0.9


@dataclass(frozen=True)
class Responses:
    """The kept responses of one wave.

    Attributes:
        is_late: whether each is in the late half.
        stratum: number of its weighting stratum, from 0.
        fraction: sampled part of that stratum, for the finite population correction.
        weight: its weight.
    """

    is_late: Flags
    stratum: Whole
    fraction: Floats
    weight: Floats


@dataclass(frozen=True)
class Answers:
    """The answers to one indicator: which response each is of, its value and its denominator."""

    kind: str
    response: Whole
    value: Floats
    denominator: Floats


def late_half(days: npt.NDArray[np.datetime64]) -> tuple[np.datetime64, Flags] | None:
    """Return the last day of the early half and which responses are late; None without halves.

    A day is not divided: of all days the one after which the halves are most equal, the earlier of
    two. A response without a date was never sent in by its form, or its tool lost the date; it
    counts as late, so that both halves are all responses and no rest can be subtracted.
    """
    dated = ~np.isnat(days)
    if not len(days) or dated.mean() < DATED:
        return None
    found, counts = np.unique(days[dated], return_counts=True)
    until = np.cumsum(counts)
    # After the last day there is a late half only if some have no date.
    possible = until < len(days)
    if not possible.any():
        return None
    apart = np.where(possible, np.abs(len(days) - 2 * until), len(days))
    last = found[int(np.argmin(apart))]
    return last, ~(days <= last)


def compare_halves(responses: Responses, indicators: Mapping[str, Answers]) -> dict[str, Any]:
    """Return by indicator, in their order, both halves and late minus early, as columns."""
    sides = {late: [] for late in (True, False)}  # type: dict[bool, list[dict[str, Any]]]
    covariances = []
    n_of_stratum = np.bincount(responses.stratum).astype(np.float64)
    fraction = _first(responses.fraction, responses.stratum)
    for answers in indicators.values():
        late, early = (_half(responses, answers, half, n_of_stratum, fraction) for half in (1, 0))
        sides[True].append(late)
        sides[False].append(early)
        covariances.append(_covariance(late, early, n_of_stratum, fraction))
    a, b = (_side(sides[late]) for late in (True, False))
    number = len(indicators)
    nought = np.zeros(number)
    contrast = Contrast(
        contrast_kind=np.full(number, "groups"),
        kind=np.array([answers.kind for answers in indicators.values()]),
        a=a,
        b=b,
        covariance=np.array([both for both, _ in covariances]),
        covariance_finite=np.array([finite for _, finite in covariances]),
        n_both=nought,
        weight_products=nought,
        margin=nought,
    )
    return {
        "n_answered_late": a.n_answered,
        "n_answered_early": b.n_answered,
        "estimate_late": a.estimate,
        "estimate_early": b.estimate,
        **examine_all(contrast),
    }


def _first(values: Floats, place: Whole) -> Floats:
    found = np.zeros(int(place.max()) + 1)
    found[place] = values
    return found


def _half(
    responses: Responses, answers: Answers, half: int, n_of_stratum: Floats, fraction: Floats
) -> dict[str, Any]:
    """Return what a contrast asks of one side, and the sums that its covariance needs.

    As in `est_stratum_residuals`: Taylor linearised, a stratum with a single response being centred
    at zero.
    """
    of = responses.is_late[answers.response] == bool(half)
    response, value, denominator = (
        numbers[of] for numbers in (answers.response, answers.value, answers.denominator)
    )
    weight, stratum = responses.weight[response], responses.stratum[response]
    total = float(weight @ denominator)
    estimate = float(weight @ value) / total if total != 0 else np.nan
    residual = value - estimate * denominator
    number = len(n_of_stratum)
    sums = np.bincount(stratum, weights=weight * residual, minlength=number)
    squares = np.bincount(stratum, weights=(weight * residual) ** 2, minlength=number)
    single = n_of_stratum == 1
    others = np.where(single, 1.0, n_of_stratum - 1)
    spread = np.where(single, squares, n_of_stratum / others * (squares - sums**2 / n_of_stratum))
    # What is left by rounding where all answers are equal is no variance.
    size = np.bincount(stratum, weights=weight**2 * (value**2 + denominator**2), minlength=number)
    spread = np.where(spread <= 1e-24 * size, 0.0, spread)
    n = len(value)
    has_deviation = answers.kind in ("mean", "count") and n > 1
    return {
        "n_answered": n,
        "degrees_of_freedom": _degrees_of_freedom(stratum, weight),
        "n_missing": 0.0,
        "n_effective": weight.sum() ** 2 / (weight**2).sum() if n else np.nan,
        "sum_weights": weight.sum(),
        "is_equally_weighted": bool(n) and weight.max() <= weight.min() * (1 + 1e-9),
        "estimate": estimate,
        "standard_deviation": np.sqrt(weight @ residual**2 / weight.sum() * n / (n - 1))
        if has_deviation
        else np.nan,
        "variance": spread.sum() / total**2 if total != 0 else 0.0,
        "variance_finite": (spread * (1 - fraction)).sum() / total**2 if total != 0 else 0.0,
        "sums": sums,
        "total": total,
    }


def _degrees_of_freedom(stratum: Whole, weight: Floats) -> float:
    """Return those of a variance, as `est_points` gives them."""
    answers = np.bincount(stratum)
    squares = np.bincount(stratum, weights=weight**2)
    most = len(stratum) - np.count_nonzero(answers)
    if most < 1:
        return 0.0
    below = (squares**2 / np.maximum(answers - 1, 1)).sum()
    return float(min(most, squares.sum() ** 2 / below * (1 + 1e-9)))


def _covariance(
    late: dict[str, Any], early: dict[str, Any], n_of_stratum: Floats, fraction: Floats
) -> tuple[float, float]:
    """Return the covariance of two halves that share strata and no response, and the finite one."""
    if not late["total"] or not early["total"]:
        return 0.0, 0.0
    others = np.where(n_of_stratum == 1, np.inf, n_of_stratum - 1)
    products = -late["sums"] * early["sums"] / others / (late["total"] * early["total"])
    return float(products.sum()), float((products * (1 - fraction)).sum())


def _side(halves: list[dict[str, Any]]) -> Side:
    def column(name: str) -> npt.NDArray[Any]:
        kind = bool if name == "is_equally_weighted" else np.float64
        return np.array([half[name] for half in halves], dtype=kind)

    return Side(**{name: column(name) for name in Side.__dataclass_fields__})
