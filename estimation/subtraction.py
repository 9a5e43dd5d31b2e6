"""Which groups may be shown, so that nobody computes a small one by subtraction.

Decided from bases alone: how many answered, never what. What stays shown differs from everything
shown that holds it by no answer or by at least the minimum base.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

Group = tuple[str, str]
"""Classification and group."""


@dataclass
class Nesting:
    """What lies within which group.

    Attributes:
        divisions: by group, its divisions; the parts of one division do not overlap.
        within: by group, everything that lies within it, however deep.
    """

    divisions: dict[Group, dict[str, list[Group]]] = field(default_factory=dict)
    within: dict[Group, set[Group]] = field(default_factory=dict)


def nesting(rows: Iterable[Mapping[str, str]]) -> Nesting:
    """Return the nesting that the rows of `stg_group_divisions` describe."""
    return nesting_of(
        (
            (row["classification_id"], row["group_id"]),
            row["division_id"],
            (row["part_classification_id"], row["part_group_id"]),
        )
        for row in rows
    )


def nesting_of(parts: Iterable[tuple[Group, str, Group]]) -> Nesting:
    """Return the nesting that groups, their divisions and the parts of these describe."""
    found = Nesting()
    # Sorted, so that what is blank does not depend on the order of rows.
    for group, division, part in sorted(parts):
        found.divisions.setdefault(group, {}).setdefault(division, []).append(part)

    def below(group: Group) -> set[Group]:
        if group not in found.within:
            direct = {p for d in found.divisions.get(group, {}).values() for p in d}
            found.within[group] = direct.union(*(below(part) for part in direct))
        return found.within[group]

    for group in list(found.divisions):
        below(group)
    return found


def with_bands(nested: Nesting, bands: Iterable[str]) -> Nesting:
    """Return the nesting with every group divided into bands too; see `banded`."""
    bands = list(bands)
    groups = {*nested.within, *set().union(*nested.within.values())} if nested.within else set()
    return nesting_of(
        [
            *((group, "bands", banded(group, band)) for group in groups for band in bands),
            *(
                (banded(group, band), division, banded(part, band))
                for group, divisions in nested.divisions.items()
                for division, parts in divisions.items()
                for part in parts
                for band in bands
            ),
            *(
                (group, division, part)
                for group, divisions in nested.divisions.items()
                for division, parts in divisions.items()
                for part in parts
            ),
        ]
    )


def banded(group: Group, band: str) -> Group:
    """Return what those of a group who are in a band are called; ids hold no bar."""
    return group[0], f"{group[1]}|{band}"


def shown_groups(
    bases: Mapping[Group, int],
    nested: Nesting,
    minimum: int,
    candidates: Collection[Group] | None = None,
) -> set[Group]:
    """Return the groups whose figures on one indicator of one wave may be shown.

    A group stays blank if its base is below the minimum, or if a shown group around it has a base
    that is larger by less than the minimum. Where the parts of a shown group leave a rest below
    the minimum, the smallest part that is shown is blank too: what is left is then large enough.
    Others than the candidates, if these are given, are blank anyway.
    """
    shown = {group for group, base in bases.items() if base >= max(minimum, 1)}
    if candidates is not None:
        shown &= set(candidates)
    if minimum <= 1:
        return shown
    # From the largest on, so that a group that is blank itself hides nothing within it.
    order = sorted(shown, key=lambda group: (-bases[group], group))
    for around in order:
        if around in shown:
            shown -= {
                inner
                for inner in nested.within.get(around, set()) & shown
                if 0 < bases[around] - bases[inner] < minimum
            }
    is_changed = True
    while is_changed:
        is_changed = False
        for group in order:
            for parts in nested.divisions.get(group, {}).values() if group in shown else ():
                seen = {leaf for part in parts for leaf in _visible(part, shown, bases, nested)}
                rest = bases[group] - sum(bases[leaf] for leaf in seen)
                if seen and 0 < rest < minimum:
                    shown.remove(min(seen, key=lambda leaf: (bases[leaf], leaf)))
                    is_changed = True
    return shown


def _visible(
    group: Group, shown: set[Group], bases: Mapping[Group, int], nested: Nesting
) -> set[Group]:
    """Return the group, or where it is blank the shown groups that say most about it."""
    if group in shown:
        return {group}
    ways = (
        {leaf for part in parts for leaf in _visible(part, shown, bases, nested)}
        for parts in nested.divisions.get(group, {}).values()
    )
    return max(ways, key=lambda way: sum(bases[leaf] for leaf in way), default=set())
