"""Which groups have figures of their own, decided in advance; and what follows for the others."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from protection.bands import Band
from protection.rules import Constants, IndicatorRule, Plan, Shape
from protection.weighted import share_width


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


def fewest_counted(shape: Shape, band: Band) -> int:
    """Return the fewest responses that can be counted when the share lies in a band."""
    if shape.is_equal:
        return band.counts(shape.smallest).start
    return ceil(band.lower / shape.coarsest_unit)


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
    pairs = list(zip(shape.weights, shape.responses, strict=True))
    heaviest = sum((weight * n for weight, n in pairs), Fraction(0))
    each = sorted((weight for weight, n in pairs for _ in range(n)), reverse=True)
    return heaviest - sum(each[: shape.missing], Fraction(0)), heaviest


def implied_range(parts: list[Part]) -> tuple[int, int] | None:
    """Return between which whole percentages a total must lie, given its parts.

    The extremes of a weighted mean with weights between limits put the heaviest weights on one
    side of a threshold and the lightest on the other; every threshold is tried.
    """
    if not any(part.heaviest for part in parts):
        return None

    def extreme(values: list[Fraction], sign: int) -> Fraction:
        order = sorted(range(len(parts)), key=lambda at: sign * values[at])
        best: Fraction | None = None
        for split in range(len(parts) + 1):
            heavy = set(order[:split])
            weights = [
                part.heaviest if at in heavy else part.lightest for at, part in enumerate(parts)
            ]
            total = sum(weights, Fraction(0))
            if not total:
                continue
            mean = sum((w * v for w, v in zip(weights, values, strict=True)), Fraction(0)) / total
            if best is None or sign * mean < sign * best:
                best = mean
        return best if best is not None else values[0]

    low = extreme([part.low for part in parts], 1)
    high = extreme([part.high for part in parts], -1)
    return floor(low), ceil(high)
