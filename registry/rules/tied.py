"""Checks of sets of tied shares: what the members count must be tied as the rules say, and no more.

The attacker is taken to know that parts lie in their union and that options exclude each other.
Members that are tied in another way would give counts away without anybody noticing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from registry.model import Registry
from registry.problems import Problem
from registry.records import DisclosureRule

Answer = tuple[str, str | None]
"""Question and option."""


def check_tied_shares(registry: Registry) -> Iterator[Problem]:
    """Yield every set whose members count the same answers twice, or only some of them."""
    sets: dict[str, list[DisclosureRule]] = {}
    totals = {row.indicator_id for row in registry.indicators if row.kind == "total"}
    for row in registry.disclosure_rules:
        if row.set_id is not None and row.indicator_id not in {None, *totals}:
            sets.setdefault(row.set_id, []).append(row)
    owner: dict[str, str] = {}
    for set_id, members in sets.items():
        yield from _members(registry, set_id, members)
        for row in members:
            for question, _ in sorted(_answers(registry, row), key=str):
                first = owner.setdefault(question, set_id)
                if first != set_id:
                    yield _wrong(
                        row,
                        f"The question '{question}' is in the sets '{first}' and '{set_id}'.",
                        "the answers to a question in one set at most",
                    )
                    break


def _members(
    registry: Registry, set_id: str, members: Sequence[DisclosureRule]
) -> Iterator[Problem]:
    bounded = {
        row.indicator_id
        for row in registry.indicators
        if row.minimum_count is not None or row.maximum_count is not None
    }
    whole: set[Answer] = set()
    for row in members:
        if row.set_role == "union":
            whole |= _answers(registry, row)
    taken: dict[Answer, str | None] = {}
    for row in members:
        own = _answers(registry, row)
        if row.indicator_id in bounded:
            yield _wrong(
                row,
                f"'{row.indicator_id}' counts how many answers were given; it is tied to the other "
                f"members of '{set_id}' in another way.",
                "members that count whoever gave any of their answers",
            )
        elif row.set_role != "union" and own & taken.keys():
            other = taken[sorted(own & taken.keys(), key=str)[0]]
            yield _wrong(
                row,
                f"'{row.indicator_id}' and '{other}' of the set '{set_id}' share an answer.",
                "parts and options without a common answer",
            )
        elif row.set_role == "part" and whole and not own <= whole:
            yield _wrong(
                row,
                f"'{row.indicator_id}' counts answers that the union of '{set_id}' does not.",
                "parts whose every answer is one of the union",
            )
        if row.set_role != "union":
            taken |= dict.fromkeys(own, row.indicator_id)


def _answers(registry: Registry, row: DisclosureRule) -> set[Answer]:
    return {
        (item.question_id, item.option_id)
        for item in registry.indicator_items
        if item.indicator_id == row.indicator_id and item.part == "numerator"
    }


def _wrong(row: DisclosureRule, what: str, expected: str) -> Problem:
    return Problem(
        "disclosure_rules",
        row.row,
        "set_id",
        what,
        expected,
        "Take one of them out of the set; what rests on the same answers is then withheld.",
    )
