"""Which groups have figures of their own, decided in advance; and what follows for the others."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate
from math import ceil, floor, lcm

from protection.ranges.bands import Band, smallest_base
from protection.ranges.rules import ANSWERED_PERCENT, Constants, IndicatorRule, Plan, Shape
from protection.ranges.weighted import share_width


@dataclass(frozen=True)
class Units:
    """Groups with bands of their own.

    Attributes:
        first: share no response; have the finest bands.
        further: overlap with those; have bands as far as that stays safe.
    """

    first: tuple[str, ...]
    further: tuple[str, ...]


def units(
    plan: Plan, constants: Constants, wave: str, rule: IndicatorRule, *, alone: bool
) -> Units:
    """Return the groups with bands of their own for one indicator.

    The lowest groups that are large enough; where no group below one is, that one. It follows from
    public numbers of responses alone.

    Args:
        plan: the rules.
        constants: the responses.
        wave: the wave.
        rule: the rule of the indicator.
        alone: it is tied to no other and asked of everybody or not filtered; only then may
            overlapping groups have bands too.
    """
    lowest = _lowest(plan, constants, wave, rule, rule.classification_id)
    first, further = lowest, []
    if rule.total == "fine" and rule.fine_group_id:
        inside = below(plan, rule.fine_group_id)
        shape = constants.shape(wave, rule.fine_group_id, rule)
        if share_width(shape, rule.candidates) is not None:
            first = [rule.fine_group_id, *(group for group in lowest if group not in inside)]
            further = [group for group in lowest if group in inside - {rule.fine_group_id}]
    for classification_id in rule.further_classifications:
        further += _lowest(plan, constants, wave, rule, classification_id)
    if not alone or rule.filter_id is not None:
        further = []
    return Units(tuple(first), tuple(further))


def below(plan: Plan, group_id: str) -> frozenset[str]:
    """Return a group and everything below it."""
    found = {group_id}
    for child in plan.children(group_id):
        found |= below(plan, child.group_id)
    return frozenset(found)


def _lowest(
    plan: Plan, constants: Constants, wave: str, rule: IndicatorRule, classification_id: str
) -> list[str]:
    def within(group_id: str) -> list[str]:
        found = [name for child in plan.children(group_id) for name in within(child.group_id)]
        if found:
            return found
        shape = constants.shape(wave, group_id, rule)
        return [group_id] if share_width(shape, rule.candidates) is not None else []

    return [
        name
        for group in plan.groups
        if group.classification_id == classification_id and group.parent_id is None
        for name in within(group.group_id)
    ]


@lru_cache(maxsize=100_000)
def fewest_counted(shape: Shape, band: Band) -> int:
    """Return the fewest responses that can be counted when the share lies in a band or above it.

    Exact: over everybody who may be missing, and everybody who may be counted. A response of weight
    w adds (1 - L) w to the counted weight beyond L times the answered weight when it is counted, 0
    when it is missing, and -L w when it is answered and not counted. Swapping two responses so that
    the heavier one is counted, or is missing where the other is answered and not counted, never
    makes the sum smaller. So k counted responses reach L if the k heaviest do when the next
    heaviest are missing, as many as may be.
    """
    pairs = zip(shape.weights, shape.responses, strict=True)
    heaviest = sorted((weight for weight, n in pairs for _ in range(n)), reverse=True)
    within = list(accumulate(heaviest, initial=Fraction(0)))
    for counted, weight in enumerate(within):
        not_counted = within[-1] - within[min(counted + shape.missing, shape.total)]
        if (100 - band.lower) * weight >= band.lower * not_counted:
            return counted
    return shape.total


def shape_behind(shape: Shape, of_filter: Shape, band: Band, candidates: int) -> Shape:
    """Return a shape whose smallest base follows from the band of the filter, where that is larger.

    The share of responses that the registry fixes must do for any band. Where the band shows that
    more passed, most of these answered. The base stays below the fewest who passed, as that of a
    question asked of everybody stays below the responses: so it says nothing of who passed.

    Args:
        shape: what the registry says of the question behind the filter.
        of_filter: what is public about the base of the filter.
        band: of the filter.
        candidates: values every count needs.
    """
    passed = fewest_counted(of_filter, band)
    most = min(smallest_base(passed, ANSWERED_PERCENT), passed - (candidates - 1))
    return replace(shape, smallest=max(shape.smallest, most))


@dataclass(frozen=True)
class Part:
    """A part of a total: where its share lies, and how much it may weigh.

    Attributes:
        low: percentage points.
        high: percentage points.
        lightest: least weight its answers can have.
        heaviest: most weight.
    """

    low: Fraction
    high: Fraction
    lightest: Fraction
    heaviest: Fraction


def weights_of(shape: Shape) -> tuple[Fraction, Fraction]:
    """Return the least and the most weight of the answers of a group that is published."""
    return shape.weight_limits


def implied_range(parts: list[Part]) -> tuple[int, int] | None:
    """Return between which whole percentages a total must lie, given its parts.

    The extremes of a weighted mean with weights between limits put the heaviest weights on one
    side of a threshold and the lightest on the other; every threshold is tried. In whole numbers,
    on common denominators.
    """
    if not any(part.heaviest for part in parts):
        return None
    scale = lcm(*(w.denominator for part in parts for w in (part.lightest, part.heaviest)))
    unit = lcm(*(v.denominator for part in parts for v in (part.low, part.high)))
    weights = [(int(part.lightest * scale), int(part.heaviest * scale)) for part in parts]
    lows = [int(part.low * unit) for part in parts]
    highs = [int(part.high * unit) for part in parts]
    lowest = _lowest_mean(weights, lows)
    highest = -_lowest_mean(weights, [-value for value in highs])
    return floor(lowest / unit), ceil(highest / unit)


def _lowest_mean(weights: list[tuple[int, int]], values: list[int]) -> Fraction:
    """Return the smallest mean of values of which each weighs between two limits."""
    total = sum(least for least, _ in weights)
    summed = sum(least * value for (least, _), value in zip(weights, values, strict=True))
    best = (summed, total) if total else None
    for at in sorted(range(len(values)), key=values.__getitem__):
        more = weights[at][1] - weights[at][0]
        total, summed = total + more, summed + more * values[at]
        if total and (best is None or summed * best[1] < best[0] * total):
            best = (summed, total)
    return Fraction(*best) if best else Fraction(values[0])
