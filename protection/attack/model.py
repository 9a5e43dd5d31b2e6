"""What an attacker knows: counts with bounds, and facts about sums of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, gcd, lcm

from protection.errors import ProtectionError
from protection.ranges.bands import CANDIDATES


@dataclass(frozen=True)
class Cell:
    """A whole number the attacker wants to know.

    Attributes:
        key: its name, unique in the system.
        lower: smallest value that is public knowledge.
        upper: largest value that is public knowledge.
        need: values that must stay possible; 0 where it need not be protected. A cell that never
            had so many is safe when all it had stay possible.
        likely: a value from which to begin looking, where one is known.
    """

    key: str
    lower: int
    upper: int
    need: int = CANDIDATES
    likely: int | None = None

    @property
    def required(self) -> int:
        """Values that must stay possible, at most those that were possible to begin with."""
        return min(self.need, self.upper - self.lower + 1)


@dataclass(frozen=True)
class Fact:
    """Something published about a weighted sum of cells: lower <= sum <= upper.

    Attributes:
        terms: key and coefficient of each cell in the sum.
        lower: None where there is no lower limit.
        upper: None where there is no upper limit.
        upper_open: the sum is below `upper`, not equal to it.
        source: where it was published, for the report.
    """

    terms: tuple[tuple[str, Fraction | int], ...]
    lower: Fraction | int | None = None
    upper: Fraction | int | None = None
    upper_open: bool = False
    source: str = ""


@dataclass(frozen=True)
class Row:
    """A fact in whole numbers: positions of cells, coefficients, inclusive limits."""

    positions: tuple[int, ...]
    coefficients: tuple[int, ...]
    lower: int | None
    upper: int | None


@dataclass(frozen=True)
class Block:
    """Cells tied together by facts, by position: equal blocks have equal answers.

    Attributes:
        bounds: per cell lowest and highest value.
        required: per cell how many values must stay possible.
        rows: the facts.
        likely: a value per cell from which to begin looking; nothing depends on it but time.
    """

    bounds: tuple[tuple[int, int], ...]
    required: tuple[int, ...]
    rows: tuple[Row, ...]
    likely: tuple[int, ...] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class NamedBlock:
    """A block, the keys of its cells and the sources of its facts."""

    keys: tuple[str, ...]
    block: Block
    sources: tuple[str, ...]


def blocks(cells: Iterable[Cell], facts: Iterable[Fact]) -> tuple[NamedBlock, ...]:
    """Split a system into the blocks whose cells are tied by facts.

    Raises:
        ProtectionError: a key occurs twice, or a fact names a cell that does not exist.
    """
    by_key: dict[str, Cell] = {}
    for cell in cells:
        if cell.key in by_key:
            raise ProtectionError(f"Cell {cell.key} occurs twice.", expected="every cell once")
        by_key[cell.key] = cell
    all_facts = tuple(facts)
    parent = {key: key for key in by_key}

    def root(key: str) -> str:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    for fact in all_facts:
        for key, _ in fact.terms:
            if key not in parent:
                raise ProtectionError(
                    f"A fact is about {key}, which is no cell.", where=fact.source
                )
            parent[root(key)] = root(fact.terms[0][0])
    members: dict[str, list[str]] = {}
    for key in by_key:
        members.setdefault(root(key), []).append(key)
    of_block: dict[str, list[Fact]] = {name: [] for name in members}
    for fact in all_facts:
        if fact.terms:
            of_block[root(fact.terms[0][0])].append(fact)
    return tuple(
        _named([by_key[key] for key in keys], of_block[name]) for name, keys in members.items()
    )


def _named(cells: list[Cell], facts: list[Fact]) -> NamedBlock:
    position = {cell.key: at for at, cell in enumerate(cells)}
    likely = tuple(cell.likely for cell in cells if cell.likely is not None)
    return NamedBlock(
        keys=tuple(position),
        block=Block(
            bounds=tuple((cell.lower, cell.upper) for cell in cells),
            required=tuple(cell.required for cell in cells),
            rows=tuple(sorted((whole_row(fact, position) for fact in facts), key=_order)),
            likely=likely if len(likely) == len(cells) else None,
        ),
        sources=tuple(dict.fromkeys(fact.source for fact in facts if fact.source)),
    )


def _order(row: Row) -> tuple[object, ...]:
    limits = ((limit is None, limit or 0) for limit in (row.lower, row.upper))
    return (row.positions, row.coefficients, *limits)


def whole_row(fact: Fact, position: Mapping[str, int]) -> Row:
    """Return a fact with whole coefficients and inclusive whole limits, as tight as it goes."""
    summed: dict[int, Fraction | int] = {}
    for key, coefficient in fact.terms:
        at = position[key]
        summed[at] = summed.get(at, 0) + coefficient
    terms = sorted((at, coefficient) for at, coefficient in summed.items() if coefficient)
    scale = lcm(*(coefficient.denominator for _, coefficient in terms))
    whole = [int(coefficient * scale) for _, coefficient in terms]
    common = gcd(*whole) or 1
    factor = scale // common if scale % common == 0 else Fraction(scale, common)
    lower = upper = None
    if fact.lower is not None:
        lower = -floor(-fact.lower * factor)
    if fact.upper is not None:
        limit = fact.upper * factor
        upper = floor(limit)
        if fact.upper_open and upper == limit:
            upper -= 1
    return Row(
        tuple(at for at, _ in terms),
        tuple(coefficient // common for coefficient in whole),
        lower,
        upper,
    )
