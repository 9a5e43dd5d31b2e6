"""The rules for a single cell of amounts, written out a second time from the contributions.

Hundepool et al., Statistical Disclosure Control (2012), chapter 4.
"""

from __future__ import annotations

from collections.abc import Sequence


def breaks_p_percent(contributions: Sequence[float], p_percent: float) -> bool:
    """Whether the second largest can estimate the largest within p percent."""
    sizes = sorted((abs(value) for value in contributions), reverse=True)
    if not sizes or sizes[0] == 0:
        return False
    return sum(sizes[2:]) < p_percent / 100 * sizes[0]


def primary_reason(contributions: Sequence[float]) -> str | None:
    """Why a cell with these contributions is unsafe by itself: fewer than three, or 10 percent."""
    if 0 < len(contributions) < 3:
        return "too_few_contributors"
    return "p_percent" if breaks_p_percent(contributions, 10.0) else None
