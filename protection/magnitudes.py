"""Which cells of a table of counts or amounts are unsafe by themselves.

Sources: Hundepool et al., Statistical Disclosure Control (2012), chapter 4; Willenborg & de Waal,
Elements of Statistical Disclosure Control (2001), chapter 6.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MagnitudeRule:
    """When a cell may not be published by itself.

    Attributes:
        minimum_contributors: fewer contributors (and at least one) are unsafe.
        p_percent: unsafe when the others beside the two largest together are smaller than this
            percentage of the largest, so that the second can estimate the first; None: not used.
        dominance_n: with `dominance_percent`: unsafe when the n largest contribute more than this
            percentage; None: not used.
        dominance_percent: see `dominance_n`.
    """

    minimum_contributors: float = 3
    p_percent: float | None = 10.0
    dominance_n: int | None = None
    dominance_percent: float | None = None


def too_few(contributors: float, minimum: float) -> bool:
    """Frequency rule: some contributors, but fewer than the minimum."""
    return 0 < contributors < minimum


def breaks_p_percent(contributions: Sequence[float], p_percent: float) -> bool:
    """Return whether the second largest can estimate the largest within p percent.

    Args:
        contributions: amounts of the contributors; signs are ignored, order does not matter.
        p_percent: percentage of the largest.
    """
    sizes = sorted((abs(value) for value in contributions), reverse=True)
    if not sizes or sizes[0] == 0:
        return False
    return sum(sizes[2:]) < p_percent / 100 * sizes[0]


def dominates(total: float, largest: float, share: float) -> bool:
    """Return whether n contributors with a sum of `largest` exceed this share of the total.

    The total is signed: against a total of zero or below, anything above the product dominates.
    """
    return largest > share * total


def breaks_dominance(contributions: Sequence[float], n: int, percent: float) -> bool:
    """Return whether the n largest contribute more than this percentage of the total."""
    sizes = sorted((abs(value) for value in contributions), reverse=True)
    return bool(sizes) and sum(sizes) > 0 and dominates(sum(sizes), sum(sizes[:n]), percent / 100)


def primary_reason(contributions: Sequence[float], rule: MagnitudeRule) -> str | None:
    """Return why a cell with these contributions is unsafe by itself, or None.

    Returns:
        `too_few_contributors`, `p_percent`, `dominance`, or None.
    """
    if too_few(len(contributions), rule.minimum_contributors):
        return "too_few_contributors"
    if rule.p_percent is not None and breaks_p_percent(contributions, rule.p_percent):
        return "p_percent"
    if (
        rule.dominance_n is not None
        and rule.dominance_percent is not None
        and breaks_dominance(contributions, rule.dominance_n, rule.dominance_percent)
    ):
        return "dominance"
    return None


def required_gap(contributions: Sequence[float], p_percent: float) -> float:
    """Return by how much the attacker's highest value of a total must exceed the truth.

    With the total known to be at most T + gap, the second largest knows the largest to within
    gap + the rest; the p% rule asks for p percent of the largest.
    """
    sizes = sorted((abs(value) for value in contributions), reverse=True)
    if not sizes:
        return 0.0
    return max(0.0, p_percent / 100 * sizes[0] - sum(sizes[2:]))
