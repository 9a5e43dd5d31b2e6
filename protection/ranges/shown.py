"""What may be said about a protected share: intervals and verdicts over all counts in its band."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import TypeVar

from protection.ranges.bands import Band

Verdict = TypeVar("Verdict")


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
