"""Bands of shares that are tied to each other: a partition fixed in advance, safe in every part.

Bands of their own would be unsafe for tied shares. Three options of one question with bands from
80, 0 and 20 % up can only be exactly 80, 0 and 20 %. So the space of possible answers is cut step
by step: a cut, always at a band edge, is made only when **both** sides leave enough values of every
count, for every base that may occur. What is cut follows from public constants and from the cuts
made before, so where the cuts lie tells nothing about the answers; published is only in which part
of the partition they lie.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from protection.ranges.bands import Band, band_of
from protection.ranges.rules import Shape
from protection.ranges.weighted import range_is_safe, share_width

EVERYTHING = Band(0, 100)

Node = tuple[Band, ...]


@dataclass(frozen=True)
class SetShape:
    """A set of tied shares in one group.

    Attributes:
        kind: `exclusive` or `cover`.
        n_parts: number of parts.
        has_union: for a cover: the first band is of the union; else everybody is in some part.
        shape: responses of the group.
        candidates: values every count needs.
    """

    kind: str
    n_parts: int
    has_union: bool
    shape: Shape
    candidates: int


def set_bands(tied: SetShape, shares: Sequence[Fraction]) -> Node | None:
    """Return the band of each share in a set: the part of the partition that holds them.

    Args:
        tied: what is public about the set.
        shares: between 0 and 1; the union first where there is one.

    Returns:
        A band per share (0 to 100 where nothing can be said), or None where the group is too
        small for any band.
    """
    width = share_width(tied.shape, tied.candidates)
    if width is None:
        return None
    size = len(shares)
    # The union is the headline; the second of two exclusive parts mirrors the first.
    first = [range(1)] if tied.has_union or (tied.kind, size) == ("exclusive", 2) else []
    return descend(
        (EVERYTHING,) * size,
        (width,) * size,
        shares,
        lambda node: set_is_safe(tied, node),
        turns=(*first, range(size)),
    )


def descend(
    start: Node,
    widths: Sequence[int],
    shares: Sequence[Fraction],
    is_safe: Callable[[Node], bool],
    *,
    turns: Sequence[Sequence[int]],
    tries: int = 100,
) -> Node:
    """Cut the space until no further cut is safe, and return the part that holds the shares.

    Args:
        start: a part known to be safe.
        widths: per share the distance of the edges at which it may be cut.
        shares: the shares, between 0 and 1.
        is_safe: whether a part leaves enough values of every count.
        turns: which shares are cut in turn, one cut each; then the next of these lists.
        tries: edges tried per share and cut, from the middle outwards.
    """
    node = start
    refused: set[tuple[int, int]] = set()
    for members in turns:
        moved = True
        while moved:
            moved = False
            for member in members:
                cut = _next_cut(node, member, widths[member], refused, is_safe, tries)
                if cut is not None:
                    node = _side(node, member, cut, below=shares[member] * 100 < cut)
                    moved = True
    return node


def _next_cut(
    node: Node,
    member: int,
    width: int,
    refused: set[tuple[int, int]],
    is_safe: Callable[[Node], bool],
    tries: int,
) -> int | None:
    band = node[member]
    first = (band.lower // width + 1) * width
    edges = sorted(
        range(first, band.upper, width),
        key=lambda edge: (abs(2 * edge - (band.lower + band.upper)), edge),
    )
    for edge in edges[:tries]:
        if (member, edge) in refused:
            continue
        if all(is_safe(_side(node, member, edge, below=below)) for below in (True, False)):
            return edge
        # A smaller part has fewer values, so what is unsafe here stays unsafe further down.
        refused.add((member, edge))
    return None


def _side(node: Node, member: int, edge: int, *, below: bool) -> Node:
    band = node[member]
    kept = Band(band.lower, edge) if below else Band(edge, band.upper)
    return (*node[:member], kept, *node[member + 1 :])


def set_is_safe(tied: SetShape, node: Node) -> bool:
    """Say whether a part of the space leaves enough values of every count of a set."""
    if tied.has_union:
        return _set_is_safe(tied, (node[0], *sorted(node[1:])))
    return _set_is_safe(tied, tuple(sorted(node)))


@lru_cache(maxsize=500_000)
def _set_is_safe(tied: SetShape, node: Node) -> bool:
    if tied.shape.is_equal:
        return all(
            last - first + 1 >= tied.candidates
            for base in range(max(1, tied.shape.smallest), tied.shape.total + 1)
            for first, last in count_ranges(tied, node, base)
        )
    unit = tied.shape.coarsest_unit
    return all(band.width >= unit for band in node) and all(
        range_is_safe(tied.shape, low, high, tied.candidates)
        for low, high in weighted_ranges(tied, node, unit)
    )


def count_ranges(tied: SetShape, node: Node, base: int) -> list[tuple[int, int]]:
    """Return first and last possible count of each share; equal weights; every one between is too.

    A count v of a part is possible when the others can make up what is left (exclusive), or can
    cover the rest of the smallest possible union (cover).
    """
    limits = [(band.counts(base).start, band.counts(base).stop - 1) for band in node]
    if tied.kind == "exclusive":
        least, most = sum(low for low, _ in limits), sum(high for _, high in limits)
        return [
            (max(low, base - (most - high)), min(high, base - (least - low)))
            for low, high in limits
        ]
    union = limits[0] if tied.has_union else (base, base)
    parts = limits[1:] if tied.has_union else limits
    found = []
    for at, (low, high) in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        smallest_union = max(union[0], *(other[0] for other in others))
        covered = sum(min(other[1], smallest_union) for other in others)
        possible = smallest_union <= union[1]
        found.append(
            (max(low, smallest_union - covered), min(high, union[1])) if possible else (1, 0)
        )
    if tied.has_union:
        most = sum(high for _, high in parts)
        found.insert(0, (max(union[0], *(low for low, _ in parts)), min(union[1], most)))
    return found


def weighted_ranges(tied: SetShape, node: Node, unit: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Return a range of each share, in percentage points, in which the others can always follow.

    Weighted answers do not fill a band to the brim: putting them in one by one overshoots by at
    most one unit, so each other band is taken a unit narrower. Whatever answers make up a share
    within its range, the others can follow; so the range is as safe as that of a share alone.

    Args:
        unit: the heaviest answer as percentage points of all weight.
    """
    if tied.kind == "exclusive":
        return [_exclusive_range(node, at, unit) for at in range(len(node))]
    union = node[0] if tied.has_union else None
    parts = node[1:] if tied.has_union else node
    found = []
    zero, whole = Fraction(0), Fraction(100)
    for at, band in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        reach = _reach(others, unit)
        floor = max([other.lower for other in others] + [union.lower if union else 100])
        needed = floor + (unit if union else zero) - reach
        ceiling = union.upper if union else 100
        if union and floor + unit > union.upper:
            found.append((whole, zero))
        else:
            found.append((max(Fraction(band.lower), needed), Fraction(min(band.upper, ceiling))))
    if union:
        lowest = max([union.lower, *(band.lower for band in parts)])
        found.insert(0, (Fraction(lowest), min(Fraction(union.upper), _reach(parts, unit))))
    return found


def _exclusive_range(node: Node, at: int, unit: Fraction) -> tuple[Fraction, Fraction]:
    band, others = node[at], node[:at] + node[at + 1 :]
    if len(others) == 1:
        low, high = Fraction(100 - others[0].upper), Fraction(100 - others[0].lower)
    else:
        low = 100 - _reach(others, unit)
        high = 100 - sum((other.lower + unit for other in others if other.lower), Fraction(0))
    return max(Fraction(band.lower), low), min(Fraction(band.upper), high)


def _reach(bands_of_others: Sequence[Band], unit: Fraction) -> Fraction:
    """Return how much the others can take together at least, in percentage points."""
    if any(band.upper == 100 for band in bands_of_others):
        return Fraction(100)
    return sum((band.upper - unit for band in bands_of_others), Fraction(0))


def implied_exclusive(node: Node) -> Node:
    """Return what the bands of exclusive shares say about each together, in whole points."""
    lowest, highest = sum(band.lower for band in node), sum(band.upper for band in node)
    return tuple(
        Band(
            max(band.lower, 100 - (highest - band.upper)),
            min(band.upper, 100 - (lowest - band.lower)),
        )
        for band in node
    )


def share_band(shape: Shape, candidates: int, share: Fraction) -> Band | None:
    """Return the band of a share that is tied to no other, or None where no width is safe."""
    width = share_width(shape, candidates)
    return None if width is None else band_of(share, width)
