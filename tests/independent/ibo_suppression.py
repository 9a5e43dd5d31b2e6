"""Which groups of the example survey stay blank so that subtraction gives nobody away.

Worked out from who is in which group, with projections: a sum of organisations follows from groups
exactly if the space that these span holds it. The rule is that of docs/methodology.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from ibo_deliveries import rule, seed
from ibo_estimates import columns, estimate, inside
from ibo_population import all_groups, domain
from ibo_scales import band_of, items

Group = tuple[str, ...]
"""Classification and group, and for those of a band of scores the band too."""
Masks = dict[Group, np.ndarray]
"""By group, whether each response of the wave is in it and counts."""


def _order(group: Group, base: int) -> tuple:
    """Groups before bands, plain ones before crossed ones, then by position, size and name."""
    plain = seed("classifications").set_index("classification_id").position
    position = int(plain.get(group[0], 1_000))
    return len(group), position, -base, group[0], "|".join(group[1:])


def _holds_something_small(space: np.ndarray, counts: np.ndarray, least: int) -> bool:
    """Return whether a few cells, wholly taken, lie in the space that the columns span."""
    left, sizes, _ = np.linalg.svd(space, full_matrices=False)
    basis = left[:, sizes > 1e-9]
    missing = np.eye(len(counts)) - basis @ basis.T
    few = [at for at in range(len(counts)) if counts[at] < least]

    reach = missing[few][:, few]

    def found(start: int, near: np.ndarray, distance: float, total: int) -> bool:
        # How far the cells taken so far are from the space, squared.
        if total and distance < 1e-9:
            return True
        return any(
            found(
                at + 1,
                near + reach[at],
                distance + 2 * near[at] + reach[at, at],
                total + counts[few[at]],
            )
            for at in range(start, len(few))
            if total + counts[few[at]] < least
        )

    return found(0, np.zeros(len(few)), 0.0, 0)


def unhidden(masks: Masks, candidates: Iterable[Group]) -> set[Group]:
    """Return the candidates that are left when nothing small can be computed any more."""
    least = rule("minimum_base")
    names = list(masks)
    cells, counts = np.unique(
        np.array([masks[name] for name in names]).T, axis=0, return_counts=True
    )
    inside_any = cells.any(axis=1)
    cells, counts = cells[inside_any].astype(float), counts[inside_any]
    bases = {name: int(mask.sum()) for name, mask in masks.items()}
    wanted = [name for name in candidates if bases.get(name, 0) >= max(least, 1)]
    taken: list[int] = []
    for group in sorted(wanted, key=lambda name: _order(name, bases[name])):
        more = [*taken, names.index(group)]
        if not _holds_something_small(cells[:, more], counts, least):
            taken = more
    return {names[at] for at in taken}


@cache
def _unhidden(masks: tuple[tuple[Group, bytes], ...]) -> frozenset[Group]:
    read = {group: np.frombuffer(mask, dtype=bool) for group, mask in masks}
    return frozenset(unhidden(read, read))


@cache
def shown(wave: str, indicator: str) -> frozenset[Group]:
    """Return the groups that a wave shows an indicator of."""
    return _unhidden(
        tuple(
            (group, estimate(wave, domain(wave, *group), indicator).base.tobytes())
            for group in all_groups()
        )
    )


def is_shown(row: dict, indicator: str) -> bool:
    return (row["classification_id"], row["group_id"]) in shown(row["wave"], indicator)


@cache
def shown_alpha(wave: str, scale: str) -> frozenset[Group]:
    """Return the groups that a wave shows alpha and the items of a scale of."""
    complete = ~np.isnan(items(wave, scale)).any(axis=1)
    masks = {group: complete & inside(wave, domain(wave, *group)) for group in all_groups()}
    enough = [
        group
        for group in shown(wave, scale)
        if masks[group].sum() >= rule("minimum_scale_responses")
    ]
    return frozenset(unhidden(masks, enough))


@cache
def shown_cross(wave: str, scale: str, outcome: str) -> frozenset[Group]:
    """Return the groups, and bands of groups, that a wave shows an outcome by score of."""
    score, _ = columns(wave, scale)
    bands = band_of(scale, score)
    listed = seed("scale_outcomes").query("scale_id == @scale and outcome_indicator_id == @outcome")
    masks: Masks = {}
    for row in listed.itertuples():
        group = row.classification_id, row.group_id
        member = estimate(wave, domain(wave, *group), outcome).base
        masks[group] = member & ~np.isnan(score)
        for band, held in bands.items():
            masks[(*group, band)] = member & (held == 1.0)
    both = shown(wave, scale) & shown(wave, outcome)
    return frozenset(unhidden(masks, [name for name in masks if name[:2] in both]))
