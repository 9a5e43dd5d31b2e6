"""Which groups of the example survey stay blank so that subtraction gives nobody away.

Worked out from what groups are: a set of lowest groups per classification. The rule is that of
docs/methodology.md.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from functools import cache

import numpy as np
from ibo_deliveries import rule, seed
from ibo_estimates import columns, estimate
from ibo_population import all_groups, crossed_groups, domain, plain_groups
from ibo_scales import _leaves, band_of, complete_items

Group = tuple[str, ...]
"""Classification and group, and for those of a band of scores the band too."""


@cache
def _meaning(group: Group) -> dict[str, set[str]]:
    """Return per classification the lowest groups that somebody in the group may be in."""
    for derived, name, (one, other) in crossed_groups():
        if (derived, name) == group[:2]:
            return _meaning(one) | _meaning(other)
    classification, name = group[:2]
    row = seed("classifications").query("classification_id == @classification").iloc[0]
    found = {classification: _leaves(classification, name)}
    if row.is_exhaustive == "true" and found[classification] == _leaves(classification, None):
        return {}
    if row.within_group_id:
        (holder,) = (g for g in plain_groups() if g[1] == row.within_group_id)
        found |= _meaning(holder)
    return found


@cache
def is_within(inner: Group, around: Group) -> bool:
    if inner == around or (len(around) == 3 and inner[2:] != around[2:]):
        return False
    mine, other = _meaning(inner[:2]), _meaning(around[:2])
    return all(name in mine and mine[name] <= leaves for name, leaves in other.items())


def _top(classification: str) -> list[Group]:
    rows = seed("organisation_groups").query("classification_id == @classification")
    return [(classification, row.group_id) for row in rows.itertuples() if not row.parent_group_id]


def _below(group: Group) -> list[Group]:
    rows = seed("organisation_groups").query("classification_id == @group[0]")
    return [
        (group[0], row.group_id) for row in rows.itertuples() if row.parent_group_id == group[1]
    ]


@cache
def divided(group: Group) -> list[list[Group]]:
    """Return the ways to divide a group, in the order of what divides it."""
    ways: dict[str, list[Group]] = {}
    halves = {(c, g): pair for c, g, pair in crossed_groups()}
    names = {pair: (c, g) for c, g, pair in crossed_groups()}
    if group in halves:
        one, other = halves[group]
        ways[group[0]] = [names[part, other] for part in _below(one)]
        ways[other[0]] = [names[one, part] for part in _below(other)]
    else:
        ways[group[0]] = _below(group)
        for row in seed("crossings").itertuples():
            first, second = row.classification_id, row.crossed_classification_id
            if group[0] == first:
                ways[f"{first}_x_{second}"] = [names[group, top] for top in _top(second)]
            if group[0] == second:
                ways[f"{first}_x_{second}"] = [names[top, group] for top in _top(first)]
        for row in seed("classifications").itertuples():
            if row.within_group_id == group[1] or (
                not row.within_group_id
                and not _meaning(group)
                and row.classification_id != group[0]
            ):
                ways[row.classification_id] = _top(row.classification_id)
    return [parts for _, parts in sorted(ways.items()) if parts]


def unhidden(
    bases: dict[Group, int],
    candidates: Iterable[Group],
    ways: Callable[[Group], list[list[Group]]],
) -> set[Group]:
    """Return the candidates that are left when nothing small can be computed any more."""
    least = rule("minimum_base")
    left = {group for group in candidates if bases.get(group, 0) >= max(least, 1)}

    def seen(group: Group) -> frozenset[Group]:
        if group in left:
            return frozenset({group})
        sums = [frozenset().union(*map(seen, parts)) for parts in ways(group)]
        return max(sums, key=lambda s: sum(bases[g] for g in s), default=frozenset())

    by_size = sorted(left, key=lambda group: (-bases[group], _name(group)))
    for around in by_size:
        for inner in by_size:
            difference = bases[around] - bases[inner]
            if 0 < difference < least and {around, inner} <= left and is_within(inner, around):
                left.remove(inner)
    before = None
    while before != left:
        before = set(left)
        for group in by_size:
            for parts in ways(group):
                if group in left:
                    used = frozenset().union(*map(seen, parts))
                    rest = bases[group] - sum(bases[g] for g in used)
                    if used and 0 < rest < least:
                        left.remove(min(used, key=lambda g: (bases[g], _name(g))))
    return left


def _name(group: Group) -> Hashable:
    return group[0], "|".join(group[1:])


@cache
def shown(wave: str, indicator: str) -> frozenset[Group]:
    """Return the groups that a wave shows an indicator of."""
    bases = {
        group: estimate(wave, domain(wave, *group), indicator).n_answered for group in all_groups()
    }
    return frozenset(unhidden(bases, bases, divided))


def is_shown(row: dict, indicator: str) -> bool:
    return (row["classification_id"], row["group_id"]) in shown(row["wave"], indicator)


@cache
def shown_alpha(wave: str, scale: str) -> frozenset[Group]:
    """Return the groups that a wave shows alpha and the items of a scale of."""
    bases = {
        group: len(complete_items(wave, domain(wave, *group), scale)) for group in all_groups()
    }
    enough = {g for g in shown(wave, scale) if bases[g] >= rule("minimum_scale_responses")}
    return frozenset(unhidden(bases, enough, divided))


@cache
def shown_cross(wave: str, scale: str, outcome: str) -> frozenset[Group]:
    """Return the groups, and bands of groups, that a wave shows an outcome by score of."""
    score, _ = columns(wave, scale)
    bands = band_of(scale, score)
    listed = seed("scale_outcomes").query("scale_id == @scale and outcome_indicator_id == @outcome")
    bases: dict[Group, int] = {}
    for row in listed.itertuples():
        group = row.classification_id, row.group_id
        member = estimate(wave, domain(wave, *group), outcome).base
        bases[group] = int((member & ~np.isnan(score)).sum())
        for band, held in bands.items():
            bases[(*group, band)] = int((member & (held == 1.0)).sum())

    def ways(group: Group) -> list[list[Group]]:
        own = [[(*part, *group[2:]) for part in parts] for parts in divided(group[:2])]
        return own if len(group) == 3 else _with_bands(own, group, list(bands))

    both = shown(wave, scale) & shown(wave, outcome)
    return frozenset(unhidden(bases, (g for g in bases if g[:2] in both), ways))


def _with_bands(own: list[list[Group]], group: Group, bands: list[str]) -> list[list[Group]]:
    """Return the ways with that of bands where its name sorts, before those of classifications."""
    return [[(*group, band) for band in bands], *own]
