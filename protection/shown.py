"""What may be said about a protected share: intervals and verdicts over all counts in its band."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TypeVar

from protection.bands import Band

Verdict = TypeVar("Verdict")


def interval_of_counts(
    band: Band, bases: Iterable[int], interval: Callable[[int, int], tuple[float, float]]
) -> tuple[float, float]:
    """Return the union of the intervals of every count in a band, for every base it may have.

    Args:
        band: the protected share.
        bases: every base that is possible, a public range.
        interval: count and base to lower and upper limit.
    """
    limits = [interval(count, base) for base in bases for count in band.counts(base)]
    return min(low for low, _ in limits), max(high for _, high in limits)


def interval_of_shares(
    band: Band, sizes: Sequence[float], interval: Callable[[float, float], tuple[float, float]]
) -> tuple[float, float]:
    """Return the union of the intervals of every share in a band, for every effective size.

    For methods whose limits rise with the share and close in with the size, so that the edges
    decide (Wilson, and the beta interval).

    Args:
        band: the protected share.
        sizes: smallest and largest effective size possible.
        interval: share (0 to 1) and size to lower and upper limit.
    """
    edges = (band.lower / 100, band.upper / 100)
    limits = [interval(edge, size) for edge in edges for size in sizes]
    return min(low for low, _ in limits), max(high for _, high in limits)


def unanimous(verdict: Callable[..., Verdict], *possible: Iterable[object]) -> Verdict | None:
    """Return the verdict that every combination of possible values gives, else None: withheld.

    Args:
        verdict: takes one value of each.
        possible: per figure every value that its protected cell allows.
    """
    found: list[Verdict] = []
    for values in product(*possible):
        each = verdict(*values)
        if found and each != found[0]:
            return None
        found = [each]
    return found[0] if found else None


def ordered(first: Band, second: Band) -> str | None:
    """Return `higher`, `lower` or None as the bands of two shares alone tell which is larger."""
    if first.lower >= second.upper:
        return "higher"
    if second.lower >= first.upper:
        return "lower"
    return None
