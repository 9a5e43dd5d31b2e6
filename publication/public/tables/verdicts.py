"""What may be said about two public figures: only what holds for every count behind them."""

from __future__ import annotations

from protection.ranges.bands import Band
from protection.ranges.shown import ordered, unanimous
from publication.public.tables.figures import SUPPRESSED, Figure
from registry import Registry

WITHHELD = "withheld"
PUBLISHED = {"suppression_status": "published", "suppression_reason": None}
NOT_PUBLIC = {"suppression_status": "suppressed", "suppression_reason": "not_public"}
NO_FIGURE = "figure_withheld"
OVERLAP = "ranges_leave_it_open"
NO_INTERVAL = "no_interval"
REST = "rest_not_published"
BROKEN = "question_changed"

WORDS = {
    "a_higher": ("vaker", "more often"),
    "a_lower": ("minder vaak", "less often"),
    "increased": ("toegenomen", "increased"),
    "decreased": ("afgenomen", "decreased"),
    "supported": ("in lijn met de antwoorden", "in line with the answers"),
    "contradicted": ("in strijd met de antwoorden", "at odds with the answers"),
    "not_comparable": ("niet vergelijkbaar", "not comparable"),
    WITHHELD: ("niet te zeggen met wat openbaar is", "cannot be told from what is public"),
}


def shown(is_public: bool) -> dict[str, str | None]:
    """Return what a row says of itself: whether there is anything public in it."""
    return dict(PUBLISHED if is_public else NOT_PUBLIC)


def order_of_ranges(first: Figure, second: Figure) -> str | None:
    """Return `higher` or `lower` as the ranges of two shares alone tell, else None."""
    if first.band is None or second.band is None:
        return None
    return ordered(Band(*first.band), Band(*second.band))


def verdict(first: Figure, second: Figure, margin: float = 0.0) -> tuple[str | None, str | None]:
    """Return `higher` or `lower` where the intervals of every count agree on it, else why not.

    Intervals at 95 % that do not overlap are a stricter test than one at 5 %. The limits shown are
    the outermost of all counts in the ranges, so what they say holds whatever the counts are.

    Args:
        first: one figure.
        second: the figure it is held against.
        margin: how much higher than the second the first must be, or if negative lower.

    Returns:
        The verdict and None, or None and the reason.
    """
    if {WITHHELD, SUPPRESSED} & {first.protection, second.protection}:
        return None, NO_FIGURE
    if first.interval is None or second.interval is None:
        return None, NO_INTERVAL

    def larger(one: float, other: float) -> str | None:
        away = one - other - margin
        return "higher" if away > 0 else "lower" if away < 0 else None

    found = unanimous(larger, first.interval, second.interval)
    return (found, None) if found else (None, OVERLAP)


def comparability(registry: Registry, indicator_id: str, earlier: str, later: str) -> str:
    """Return whether an indicator may be compared between two waves, as the registries say."""
    order = registry.wave_ids
    span = range(order.index(earlier) + 1, order.index(later) + 1)
    questions = {
        item.question_id for item in registry.indicator_items if item.indicator_id == indicator_id
    }
    breaks = [
        row
        for row in registry.comparability_breaks
        if row.question_id in questions and order.index(row.wave) in span
    ]
    bridged = {
        (row.question_id, row.wave)
        for row in registry.comparability_bridges
        if row.indicator_id == indicator_id
    }
    if any((row.question_id, row.wave) not in bridged for row in breaks):
        return "broken"
    return "bridged" if breaks else "comparable"
