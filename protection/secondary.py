"""Secondary suppression: the fewest further cells, until the attacker learns no unsafe one.

An implicit hitting set (Chandrasekaran, Karp, Moreno-Centeno & Vempala 2011; for cells of tables
Fischetti & Salazar 2001): a small integer program proposes the cheapest pattern, the attacker tries
it, and each success gives a new condition. A pattern that leaves a cell unsafe stays unsafe with
fewer suppressions, so the next one must contain a cell outside it. What the attacker cannot break
any more is then a pattern of fewest cells.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from protection.attack import AttackReport, CellRange, attack
from protection.attack_model import Cell, Fact
from protection.bands import CANDIDATES
from protection.errors import ProtectionError
from protection.hitting_set import HittingSet

ROUNDS = 400


@dataclass(frozen=True)
class Line:
    """A total that equals the sum of its parts; all of them cells of the table."""

    total: str
    parts: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


@dataclass(frozen=True)
class Need:
    """What an unsafe cell needs: possible values, and room around the true one.

    Attributes:
        candidates: values that must stay possible.
        below: the smallest possible value must be at least this much below the truth.
        above: the largest possible value must be at least this much above it.
    """

    candidates: int = CANDIDATES
    below: int = 0
    above: int = 0


@dataclass(frozen=True)
class Table:
    """A table of whole numbers with all its margins.

    Attributes:
        values: the number in each cell, 0 or more.
        lines: every sum that holds among the cells.
        cost: what it costs to lose a cell, beside the one that every cell costs; below 1 in all.
        fixed: cells that may not be suppressed.
    """

    values: Mapping[str, int]
    lines: tuple[Line, ...]
    cost: Mapping[str, float] = field(default_factory=dict)
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pattern:
    """What to suppress.

    Attributes:
        primary: unsafe by themselves.
        secondary: suppressed so that the primary ones cannot be computed.
        is_fewest: proven that no pattern with fewer cells is safe.
    """

    primary: frozenset[str]
    secondary: frozenset[str]
    is_fewest: bool

    @property
    def suppressed(self) -> frozenset[str]:
        """Every cell that is not published."""
        return self.primary | self.secondary


def check_table(table: Table) -> None:
    """Check that the sums hold, so that the attack is on the table that will be published.

    Raises:
        ProtectionError: a total differs from the sum of its parts, or a cell is missing.
    """
    for line in table.lines:
        missing = [key for key in line.keys if key not in table.values]
        if missing:
            raise ProtectionError(f"A sum is about {missing[0]}, which is no cell of the table.")
        total = sum(table.values[key] for key in line.parts)
        if total != table.values[line.total]:
            raise ProtectionError(
                f"{line.total} is {table.values[line.total]}, its parts add up to {total}.",
                expected="totals that are the sum of their parts",
            )


def attack_pattern(
    table: Table,
    suppressed: Collection[str],
    needs: Mapping[str, int] | None = None,
    *,
    exact: bool = False,
) -> AttackReport:
    """Play the attacker over a table with some cells suppressed.

    Args:
        table: the table; only its published cells are used, and that no cell is negative.
        suppressed: keys of the cells that are not published.
        needs: per suppressed cell how many values must stay possible; 3 where not given.
        exact: prove smallest and largest value of every suppressed cell.
    """
    ceiling = 2 * sum(abs(value) for value in table.values.values()) + 10
    cells = [
        Cell(key, 0, ceiling, CANDIDATES if needs is None else needs.get(key, 0))
        for key in table.values
        if key in suppressed
    ]
    facts = []
    for line in table.lines:
        signed = [(line.total, 1), *((part, -1) for part in line.parts)]
        known = sum(sign * table.values[key] for key, sign in signed if key not in suppressed)
        terms = tuple((key, sign) for key, sign in signed if key in suppressed)
        if terms:
            facts.append(Fact(terms, -known, -known, source=f"sum of {line.total}"))
    return attack(cells, facts, exact=exact)


def suppress(
    table: Table,
    primary: Collection[str],
    needs: Mapping[str, Need] | None = None,
    *,
    rounds: int = ROUNDS,
) -> Pattern:
    """Choose the fewest further cells that make every primary cell safe.

    Args:
        table: the table with its sums.
        primary: cells that are unsafe by themselves.
        needs: per primary cell what it needs; three candidates where not given.
        rounds: patterns to try before settling for one that is safe but perhaps not smallest.

    Raises:
        ProtectionError: no pattern is safe, even with every cell that may go suppressed.
    """
    check_table(table)
    wanted = {key: (needs or {}).get(key, Need()) for key in primary}
    everything = frozenset(table.values) - table.fixed | frozenset(primary)
    hopeless = _unsafe(table, everything, wanted)
    if hopeless:
        raise ProtectionError(
            f"{hopeless[0]} cannot be protected, whatever else is suppressed.",
            expected="a table with other cells beside the unsafe ones",
            remedy="Merge the cell with another before the table is made.",
        )
    master = _master(table, frozenset(primary))
    for _ in range(rounds):
        pattern = master.cheapest()
        broken = _unsafe(table, pattern, wanted)
        if not broken:
            return Pattern(frozenset(primary), pattern - frozenset(primary), True)
        for key in broken:
            master.demand_one_of(everything - _enlarged(table, pattern, key, wanted, everything))
    return _greedy(table, master, frozenset(primary), wanted, everything)


def _unsafe(table: Table, suppressed: frozenset[str], wanted: Mapping[str, Need]) -> list[str]:
    return [key for key in wanted if not _is_safe(table, suppressed, key, wanted[key])]


def _is_safe(table: Table, suppressed: frozenset[str], key: str, need: Need) -> bool:
    spacious = bool(need.below or need.above)
    report = attack_pattern(table, suppressed, {key: need.candidates}, exact=spacious)
    found: CellRange = report.ranges[key]
    true = table.values[key]
    return (
        found.candidates >= need.candidates
        and found.lower <= max(0, true - need.below)
        and found.upper >= true + need.above
    )


def _enlarged(
    table: Table,
    pattern: frozenset[str],
    key: str,
    wanted: Mapping[str, Need],
    everything: frozenset[str],
) -> frozenset[str]:
    """Return a largest pattern around this one in which the cell is still unsafe."""
    larger = pattern
    for other in sorted(everything - pattern):
        if not _is_safe(table, larger | {other}, key, wanted[key]):
            larger = larger | {other}
    return larger


def _greedy(
    table: Table,
    master: HittingSet[str],
    primary: frozenset[str],
    wanted: Mapping[str, Need],
    everything: frozenset[str],
) -> Pattern:
    pattern = master.cheapest()
    by_cost = sorted(everything - pattern, key=lambda key: (table.values[key], key))
    while _unsafe(table, pattern, wanted):
        pattern = pattern | {by_cost.pop(0)}
    for key in sorted(pattern - primary, key=lambda key: (-table.values[key], key)):
        if not _unsafe(table, pattern - {key}, wanted):
            pattern = pattern - {key}
    return Pattern(primary, pattern - primary, False)


def _master(table: Table, primary: frozenset[str]) -> HittingSet[str]:
    """Return the integer program that proposes the cheapest pattern."""
    largest = max(1, *table.values.values())
    scale = 1 / (2 * len(table.values) * largest)
    costs = {
        key: 1 + value * scale + table.cost.get(key, 0.0) for key, value in table.values.items()
    }
    master = HittingSet(costs, primary, table.fixed)
    for line in table.lines:
        master.demand_company(line.keys)
    return master
