"""What the questions behind a filter tell about who passed it.

Nobody is taken to know how many answered those questions: that is almost what is looked for. A
question behind the filter only says that at least as many passed as answered it, or are not in the
base of the filter. So values of the filter's counts that every such question allows are possible,
and that is tried question by question, because the whole at once is large.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from protection.attack.bounds import Contradiction, tightened
from protection.attack.model import Block, NamedBlock, blocks
from protection.attack.solver import IntegerProgram
from protection.attack.walk import Walk
from protection.audit.facts import Knowledge, Scene, learn_question, learn_routing, left_out
from protection.ranges.rules import rule_for

ROOM = 2


def filter_knowledge(
    scene: Scene, filter_id: str, questions: Iterable[tuple[str, ...]]
) -> Knowledge | None:
    """Return the system that must still be attacked, or None where everything was shown to be safe.

    Args:
        scene: what is public, and the bases the attacker knows.
        filter_id: the filter.
        questions: the indicators with a range, set by set.
    """
    plan, known = scene.plan, scene.base_of
    every = tuple(questions)
    behind = tuple(names for names in every if rule_for(plan, names[0]).filter_id == filter_id)
    asked = {rule_for(plan, names[0]).question_id for names in behind}
    blind = Scene(
        scene.name,
        scene.atoms,
        scene.rows,
        plan,
        lambda atom, question_id: None if question_id in asked else known(atom, question_id),
        scene.counts,
    )
    linked = plan.set_of(filter_id)
    own = linked.members if linked else (filter_id,)
    if not behind or own not in every:
        return None
    filtering = Knowledge()
    learn_question(blind, own, filtering)
    gathered = []
    for names in behind:
        knowledge = Knowledge()
        learn_question(blind, names, knowledge, protect=False)
        gathered.append(knowledge)
    passed_of = {
        blind.base(atom, question): _Passed(
            blind.count(atom, filter_id), left_out(blind, atom, filter_id)
        )
        for atom in scene.atoms
        for question in asked
        if blind.count(atom, filter_id) in filtering.cells
    }
    followers = [block for each in gathered for block in blocks(each.cells.values(), each.facts)]
    safe = all(
        _is_safe(block, followers, passed_of)
        for block in blocks(filtering.cells.values(), filtering.facts)
    )
    if safe:
        return None
    for names, knowledge in zip(behind, gathered, strict=True):
        filtering.cells.update(knowledge.cells)
        filtering.facts += knowledge.facts
        learn_routing(blind, filter_id, names, filtering)
    return filtering


@dataclass(frozen=True)
class _Passed:
    """Who can have answered what is behind a filter: those whom it counts, and so many others."""

    key: str
    left_out: int


def _is_safe(
    own: NamedBlock, followers: Iterable[NamedBlock], passed_of: Mapping[str, _Passed]
) -> bool:
    """Say whether enough values of each count of the filter were found that all others allow."""
    place = {key: at for at, key in enumerate(own.keys)}
    behind: dict[tuple[Block, tuple[tuple[int, tuple[int, int]], ...]], _Follower] = {}
    for follower in followers:
        strange = [key for key in follower.keys if key in passed_of]
        ties = {
            at: (place[passed_of[key].key], passed_of[key].left_out)
            for at, key in enumerate(follower.keys)
            if key in passed_of and passed_of[key].key in place
        }
        if ties and len(ties) < len(strange):
            return False
        if ties:
            # Of questions with the same ranges of the same responses one is asked.
            alike = follower.block, tuple(ties.items())
            if alike not in behind:
                behind[alike] = _Follower(follower, ties)
    try:
        points = _points(own)
    except Contradiction:
        return False
    seen: list[set[int]] = [set() for _ in own.keys]
    for point in sorted(points, key=lambda point: -int(point.sum())):
        wanted = [at for at, need in enumerate(own.block.required) if len(seen[at]) < need]
        if not wanted:
            return True
        if any(int(point[at]) not in seen[at] for at in wanted) and all(
            follower.allows(point) for follower in behind.values()
        ):
            for at, value in enumerate(point):
                seen[at].add(int(value))
    return all(len(values) >= need for values, need in zip(seen, own.block.required, strict=True))


def _points(own: NamedBlock) -> list[NDArray[np.int64]]:
    bounds = tightened(own.block)
    program = IntegerProgram(own.block, bounds)
    walked: list[NDArray[np.int64]] = []
    more = tuple(need + 2 if need else 0 for need in own.block.required)
    Walk(own.block, bounds).spread(program.start(), more, program.seen, walked)
    for at, need in enumerate(own.block.required):
        if len(program.seen[at]) < need:
            program.settle(at, need, exact=False)
    return [*program.points, *walked]


class _Follower:
    """A question behind the filter, and the bases already known to be possible for it."""

    def __init__(self, named: NamedBlock, ties: Mapping[int, tuple[int, int]]) -> None:
        self._at = np.array(list(ties), dtype=np.int64)
        self._passed = np.array([at for at, _ in ties.values()], dtype=np.int64)
        self._left_out = np.array([number for _, number in ties.values()], dtype=np.int64)
        self._program = IntegerProgram(named.block, named.block.bounds)
        self._possible: list[NDArray[np.int64]] = []

    def allows(self, point: NDArray[np.int64]) -> bool:
        """Say whether the question can have been answered by at most those who may have passed."""
        passed = point[self._passed] + self._left_out
        if any((bases <= passed).all() for bases in self._possible):
            return True
        # With room to spare the bases do for the points nearby as well.
        for room in (ROOM, 0):
            solution = self._program.within(
                {
                    int(at): max(0, int(most) - room)
                    for at, most in zip(self._at, passed, strict=True)
                }
            )
            if solution is not None:
                self._possible.append(solution[self._at])
                return True
        return False
