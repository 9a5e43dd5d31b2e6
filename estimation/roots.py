"""Roots of many functions at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]

ROUNDS = 200


def roots(
    function: Callable[[Floats, Rows], Floats],
    lower: Floats,
    upper: Floats,
    absolute: float = 1e-13,
    relative: float = 1e-14,
) -> Floats:
    """Return where each function is zero, between two places at which its signs differ.

    nan where a function has no value, nan, on the way.

    Chandrupatla (1997, Advances in Engineering Software 28): inverse quadratic interpolation
    where it is sure to help, bisection elsewhere.

    Args:
        function: given places and the numbers of their functions, returns the values.
        lower: one end for each function.
        upper: the other end.
        absolute: how near a root is near enough.
        relative: the same, of the root itself.
    """
    every = np.arange(len(lower))
    a, b = np.array(upper, dtype=np.float64), np.array(lower, dtype=np.float64)
    value_a, value_b = function(a, every), function(b, every)
    found = np.where(np.abs(value_a) < np.abs(value_b), a, b)
    part = np.full(len(a), 0.5)
    rows = every[(value_a != 0) & (value_b != 0)]
    for _ in range(ROUNDS):
        if not len(rows):
            break
        # a is the newest place, b the other end of the bracket, c the place that a follows.
        tried = a[rows] + part[rows] * (b[rows] - a[rows])
        value = function(tried, rows)
        same = np.sign(value) == np.sign(value_a[rows])
        c = np.where(same, a[rows], b[rows])
        value_c = np.where(same, value_a[rows], value_b[rows])
        b[rows] = np.where(same, b[rows], a[rows])
        value_b[rows] = np.where(same, value_b[rows], value_a[rows])
        a[rows], value_a[rows] = tried, value
        nearer = np.abs(value) < np.abs(value_b[rows])
        found[rows] = np.where(nearer, tried, b[rows])
        narrow = (absolute + relative * np.abs(found[rows])) / np.abs(b[rows] - tried)
        part[rows] = np.clip(
            _part(tried, b[rows], c, value, value_b[rows], value_c), narrow, 1 - narrow
        )
        is_found = (narrow > 0.5) | (value == 0)
        found[rows[value == 0]] = tried[value == 0]
        found[rows[np.isnan(value)]] = np.nan
        rows = rows[~is_found & ~np.isnan(value)]
    return found


def _part(
    a: Floats, b: Floats, c: Floats, value_a: Floats, value_b: Floats, value_c: Floats
) -> Floats:
    """Return how far from a towards b to try next."""
    with np.errstate(divide="ignore", invalid="ignore"):
        place = (a - b) / (c - b)
        value = (value_a - value_b) / (value_c - value_b)
        interpolated = value_a / (value_b - value_a) * value_c / (value_b - value_c) + (
            (c - a) / (b - a) * value_a / (value_c - value_a) * value_b / (value_c - value_b)
        )
        sure = (value**2 < place) & ((1 - value) ** 2 < 1 - place) & np.isfinite(interpolated)
    return np.where(sure, interpolated, 0.5)
