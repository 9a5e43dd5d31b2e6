"""The attacker: which values each count can still have, given everything published.

Enumeration where a block is small, mixed integer programming (HiGHS) where it is not. A cell is
called safe only when enough different values were found, each with a whole solution that was
checked in exact arithmetic: a wide range proves nothing, because it can have holes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np

from protection.attack.bounds import Contradiction, tightened
from protection.attack.model import Block, Cell, Fact, NamedBlock, blocks
from protection.attack.solver import IntegerProgram
from protection.attack.walk import Walk
from protection.errors import ProtectionError

ENUMERATE_UP_TO = 40_000
_SAFE_INTEGER = 2**62


@dataclass(frozen=True)
class CellRange:
    """What the attacker knows about one cell.

    Attributes:
        lower: smallest value shown to be possible.
        upper: largest value shown to be possible.
        candidates: different values shown to be possible; all of them where `is_complete`.
        required: values that had to stay possible.
        is_complete: the limits are proven to be the smallest and largest.
    """

    lower: int
    upper: int
    candidates: int
    required: int
    is_complete: bool

    @property
    def is_safe(self) -> bool:
        """Say whether enough values stay possible."""
        return self.candidates >= self.required


@dataclass(frozen=True)
class Finding:
    """A cell that is not safe, why, and from which published facts it follows."""

    key: str
    found: CellRange
    sources: tuple[str, ...]

    @property
    def reason(self) -> str:
        """One sentence for a person."""
        span = f"{self.found.lower}"
        if self.found.upper > self.found.lower:
            span += f" to {self.found.upper}"
        values = "value" if self.found.candidates == 1 else "values"
        return (
            f"{self.key}: {self.found.candidates} possible {values} ({span}),"
            f" {self.found.required} needed"
        )


@dataclass(frozen=True)
class AttackReport:
    """The outcome of an attack on a system of cells and facts.

    Attributes:
        ranges: per key what the attacker knows.
        findings: the cells that are not safe.
        n_blocks: blocks attacked; `n_distinct` of them differ.
    """

    ranges: dict[str, CellRange]
    findings: tuple[Finding, ...]
    n_blocks: int
    n_distinct: int

    @property
    def is_safe(self) -> bool:
        """Say whether every cell is safe."""
        return not self.findings


def attack(cells: Iterable[Cell], facts: Iterable[Fact], *, exact: bool = False) -> AttackReport:
    """Play the attacker over a whole system.

    Args:
        cells: the counts, with what is public about each.
        facts: everything published.
        exact: also prove the smallest and largest value of every cell, not only of unsafe ones.

    Raises:
        ProtectionError: the facts contradict each other: what was published cannot be true, or
            the description of it is wrong.
    """
    ranges: dict[str, CellRange] = {}
    findings: list[Finding] = []
    named = blocks(cells, facts)
    for each in named:
        for key, found in zip(each.keys, _attacked(each, exact), strict=True):
            ranges[key] = found
            if not found.is_safe:
                findings.append(Finding(key, found, each.sources))
    return AttackReport(ranges, tuple(findings), len(named), len({each.block for each in named}))


def _attacked(named: NamedBlock, exact: bool) -> tuple[CellRange, ...]:
    try:
        return attack_block(named.block, exact)
    except Contradiction as contradiction:
        raise ProtectionError(
            "The published facts contradict each other.",
            where="; ".join([*named.keys[:5], *named.sources[:5]]),
            expected="at least one set of counts that agrees with everything published",
            remedy="Compare the rules and public constants given to the audit with the release.",
        ) from contradiction


@lru_cache(maxsize=200_000)
def attack_block(block: Block, exact: bool = False) -> tuple[CellRange, ...]:
    """Return what can be known about each cell of a block, in its order.

    Raises:
        Contradiction: no whole numbers agree with the facts.
    """
    bounds = tightened(block)
    if not block.rows:
        return tuple(
            CellRange(low, high, high - low + 1, required, True)
            for (low, high), required in zip(bounds, block.required, strict=True)
        )
    if prod(high - low + 1 for low, high in bounds) <= ENUMERATE_UP_TO and _fits(block):
        return _enumerated(block, bounds)
    return _solved(block, bounds, exact)


def _fits(block: Block) -> bool:
    largest = max((abs(value) for pair in block.bounds for value in pair), default=0)
    return all(sum(map(abs, row.coefficients)) * largest < _SAFE_INTEGER for row in block.rows)


def _enumerated(block: Block, bounds: tuple[tuple[int, int], ...]) -> tuple[CellRange, ...]:
    axes = np.meshgrid(*(np.arange(low, high + 1) for low, high in bounds), indexing="ij")
    points = np.stack([axis.ravel() for axis in axes]).astype(np.int64)
    for row in block.rows:
        sums = np.asarray(row.coefficients, dtype=np.int64) @ points[list(row.positions)]
        kept = np.ones(sums.shape, dtype=bool)
        if row.lower is not None:
            kept &= sums >= row.lower
        if row.upper is not None:
            kept &= sums <= row.upper
        points = points[:, kept]
    if points.shape[1] == 0:
        raise Contradiction
    found = []
    for values, required in zip(points, block.required, strict=True):
        distinct = np.unique(values)
        found.append(CellRange(int(distinct[0]), int(distinct[-1]), len(distinct), required, True))
    return tuple(found)


def _solved(
    block: Block, bounds: tuple[tuple[int, int], ...], exact: bool
) -> tuple[CellRange, ...]:
    program = IntegerProgram(block, bounds)
    start = program.start()
    if any(block.required) and _fits(block):
        Walk(block, bounds).spread(start, block.required, program.seen)
    program.explore(block.required)
    found = []
    for at, required in enumerate(block.required):
        complete = bounds[at][0] == bounds[at][1]
        if exact or len(program.seen[at]) < required:
            complete = program.settle(at, required, exact=exact)
        seen = program.seen[at]
        found.append(CellRange(min(seen), max(seen), len(seen), required, complete))
    return tuple(found)
