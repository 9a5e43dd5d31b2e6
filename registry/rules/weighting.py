"""Checks of the margins that weights must add up to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.records import WeightingMargin

Margins = dict[tuple[str, str], list[WeightingMargin]]


def check_weighting(registry: Registry) -> Iterator[Problem]:
    """Yield every problem with weighting margins."""
    margins: Margins = defaultdict(list)
    for row in registry.weighting_margins:
        margins[row.wave, row.classification_id].append(row)
    sources = {wave.wave: wave.frame_source for wave in registry.waves}
    for row in registry.weighting_margins:
        yield from _count(row, sources.get(row.wave))
    for rows in margins.values():
        yield from _nested(rows, _ancestors(registry, rows[0].classification_id))
    yield from _totals(margins)


def _count(row: WeightingMargin, frame_source: str | None) -> Iterator[Problem]:
    if row.population_count is None and frame_source == "registry":
        yield _wrong(
            row,
            "population_count",
            f"Nobody knows how many organisations '{row.group_id}' has: the wave has no frame.",
            "a count, where frame_source is registry",
            "Fill population_count.",
        )
    if row.population_count is not None and row.population_count < 1:
        yield _wrong(
            row,
            "population_count",
            f"The weights of '{row.group_id}' are to add up to {row.population_count}.",
            "1 or more",
            "Correct the number, or delete the row.",
        )


def _nested(rows: list[WeightingMargin], ancestors: dict[str, set[str]]) -> Iterator[Problem]:
    listed = {row.group_id for row in rows}
    for row in rows:
        containing = ancestors.get(row.group_id, set())
        above = sorted(containing & listed)
        # Groups in a circle are reported by themselves.
        if above and row.group_id not in containing:
            yield _wrong(
                row,
                "group_id",
                f"The group '{row.group_id}' lies within '{above[0]}', which is a margin too.",
                "groups that have no organisation in common",
                "Keep one of the two levels.",
            )


def _totals(margins: Margins) -> Iterator[Problem]:
    first: dict[str, tuple[str, int]] = {}
    for (wave, classification_id), rows in margins.items():
        counts = [row.population_count for row in rows]
        if None in counts:
            continue
        total = sum(count for count in counts if count is not None)
        other, expected = first.setdefault(wave, (classification_id, total))
        if total != expected:
            yield _wrong(
                rows[0],
                "population_count",
                f"The margins of '{classification_id}' add up to {total} in wave '{wave}', those "
                f"of '{other}' to {expected}.",
                "the same number of organisations in every classification of a wave",
                "Correct the counts.",
            )


def _ancestors(registry: Registry, classification_id: str) -> dict[str, set[str]]:
    parents = {
        row.group_id: row.parent_group_id
        for row in registry.organisation_groups
        if row.classification_id == classification_id
    }
    result: dict[str, set[str]] = {}
    for group_id in parents:
        above: set[str] = set()
        parent = parents[group_id]
        while parent is not None and parent not in above:
            above.add(parent)
            parent = parents.get(parent)
        result[group_id] = above
    return result


def _wrong(row: WeightingMargin, column: str, what: str, expected: str, remedy: str) -> Problem:
    return Problem("weighting_margins", row.row, column, what, expected, remedy)
