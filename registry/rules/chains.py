"""Checks of what leads from row to row: no circle, and no chain longer than the SQL follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from barometer.project_file import variable
from registry.model import Registry
from registry.problems import Problem, at, listed
from registry.tables.declaring import Record

GROUP_DEPTH = int(variable("group_depth"))
"""How many levels above a group the SQL follows."""
ROUTING_DEPTH = int(variable("routing_depth"))
"""How often the SQL applies the routing rules."""

Links = Sequence[tuple[Record, str, str | None]]
"""Rows, each with where it leads from and where to, if anywhere."""


def check_chains(registry: Registry) -> Iterator[Problem]:
    """Yield every circle of groups, conditions or successors, and every chain that is too long."""
    groups = [(row, row.group_id, row.parent_group_id) for row in registry.organisation_groups]
    for row, circle, walk in _walks(groups):
        place = at(row, "parent_group_id")
        if circle:
            yield place.wrong(
                f"The groups contain each other: {' → '.join(circle)}.",
                "a parent that does not lie within the group",
                "Correct or empty one of the parents.",
            )
        elif len(walk) - 1 > GROUP_DEPTH:
            yield place.wrong(
                f"The group lies {len(walk) - 1} levels deep: {listed(walk)}.",
                f"at most {GROUP_DEPTH} groups above a group",
                "Leave out a level, or raise group_depth in dbt_project.yml.",
            )
    routes = [(row, row.question_id, row.condition_question_id) for row in registry.routing]
    for row, circle, walk in _walks(routes):
        place = at(row, "condition_question_id")
        if circle:
            yield place.wrong(
                f"The routing goes in a circle: {' → '.join(circle)}.",
                "conditions on questions that do not depend on this one",
                "Remove one of the conditions.",
            )
        elif len(walk) - 1 > ROUTING_DEPTH:
            yield place.wrong(
                f"The chain of conditions is too long: {listed(walk)}.",
                f"at most {ROUTING_DEPTH} conditions in a row",
                "Put the condition on an earlier question of the chain, or raise routing_depth in "
                "dbt_project.yml.",
            )
    ended = [
        (row, row.organisation_key, row.successor_key) for row in registry.organisation_succession
    ]
    for row, circle, _ in _walks(ended):
        if circle:
            yield at(row, "successor_key").wrong(
                f"The organisations continue each other: {' → '.join(circle)}.",
                "a successor that is not continued by this organisation",
                "Delete or correct one of the rows.",
            )


def _walks(links: Links) -> Iterator[tuple[Record, tuple[str, ...], tuple[str, ...]]]:
    """Yield the row, circle and longest walk from every start; a circle is told once."""
    edges: dict[str, list[str]] = defaultdict(list)
    rows: dict[str, Record] = {}
    for row, start, target in links:
        rows.setdefault(start, row)
        if target and target not in edges[start]:
            edges[start].append(target)
    told: set[frozenset[str]] = set()
    for start in rows:
        walk = _longest_walk(edges, start)
        circle = walk[walk.index(walk[-1]) :]
        if len(circle) == 1:
            yield rows[start], (), walk
        elif frozenset(circle) not in told:
            told.add(frozenset(circle))
            yield rows[circle[0]], circle, walk


def _longest_walk(edges: Mapping[str, Sequence[str]], start: str) -> tuple[str, ...]:
    """Return the longest walk along the edges from a node.

    A walk that meets a node again ends there, with that node repeated, and comes before all
    others: it is a circle.
    """
    best: tuple[str, ...] = (start,)
    pending: list[tuple[str, ...]] = [(start,)]
    while pending:
        walk = pending.pop()
        for target in edges.get(walk[-1], ()):
            longer = (*walk, target)
            if target in walk:
                return longer
            if len(longer) > len(best):
                best = longer
            pending.append(longer)
    return best
