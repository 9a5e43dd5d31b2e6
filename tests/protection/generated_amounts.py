"""Small tables of amounts, and what can be worked out from them by linear programming.

Nothing here uses the attacker of the project: sums are written out one by one, for all groups, and
HiGHS finds the limits of every cell.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np
from scipy.optimize import linprog

from protection.amounts.totals import AmountSet, AmountTable, Cell, amount_table

DBT_LAYERS = ("local", "state", "other")
TREE = {"a": ("a", "north"), "b": ("b", "north"), "c": ("c", "south"), "d": ("d", "south")}


def table(
    seed: int,
    sizes: tuple[int, ...] = (1, 2, 4, 7),
    parts: tuple[str, ...] = DBT_LAYERS,
    unpublished: tuple[str, ...] = (),
    **rules: object,
) -> AmountTable:
    """Return a table with skewed amounts, many zeros, and a union where there are several parts."""
    chance = random.Random(seed)
    chains, amounts = [], {part: [] for part in parts}
    for leaf in TREE:
        for _ in range(chance.choice(sizes)):
            chains.append((*TREE[leaf], "all"))
            scale = chance.choice([1, 1, 3, 20])
            for part in parts:
                amount = chance.choice([0, 0, 1, 2, 5, 9]) * scale
                amounts[part].append(100 * amount)
    union = None
    if len(parts) > 1:
        union = "income"
        amounts[union] = [sum(each) for each in zip(*amounts.values(), strict=True)]
    rule = AmountSet("set", parts, union, "c", unpublished, **rules)  # type: ignore[arg-type]
    return amount_table(rule, chains, amounts)


def sums(own: AmountTable) -> list[dict[Cell, int]]:
    """Return every sum that holds: groups for each amount, members in each group."""
    found = []
    groups = list(own.parent)
    for member in own.rule.members:
        for group in groups:
            below = [each for each in groups if own.parent[each] == group]
            if below:
                found.append({(member, group): 1} | {(member, each): -1 for each in below})
    if own.rule.union_id:
        for group in groups:
            line = {(part, group): -1 for part in own.rule.parts}
            found.append({(own.rule.union_id, group): 1} | line)
    return found


def limits(
    own: AmountTable,
    suppressed: Collection[Cell],
    cell: Cell,
    known: Mapping[Cell, int] | None = None,
    certain: Collection[Cell] = (),
    scale: float = 1.0,
) -> tuple[float, float]:
    """Return the lowest and highest amount of a suppressed cell that agree with what is known.

    Amounts are divided by `scale`, because the solver has an absolute tolerance.
    """
    free = [each for each in sorted(suppressed) if each not in certain]
    place = {each: at for at, each in enumerate(free)}
    rows, right = [], []
    for line in sums(own):
        row = np.zeros(len(free))
        rest = 0
        for each, sign in line.items():
            if each in place:
                row[place[each]] = sign
            else:
                rest += sign * own.totals[each]
        if row.any():
            rows.append(row)
            right.append(-rest / scale)
    bounds = [((known or {}).get(each, 0) / scale, None) for each in free]
    found = []
    for sign in (1.0, -1.0):
        objective = np.zeros(len(free))
        objective[place[cell]] = sign
        answer = linprog(
            objective,
            A_eq=np.array(rows) if rows else None,
            b_eq=np.array(right) if rows else None,
            bounds=bounds,
            method="highs",
        )
        assert answer.status in (0, 3), answer.message
        found.append(sign * scale * answer.fun if answer.status == 0 else float("inf"))
    return found[0], found[1]


def pinned(own: AmountTable, suppressed: Collection[Cell]) -> set[Cell]:
    """Return the unsafe cells of which a reader or any respondent learns too much."""
    found = set()
    for cell in own.primary:
        for attacker in (None, *range(len(own.leaf))):
            if _learns(own, suppressed, cell, attacker):
                found.add(cell)
                break
    return found


def _learns(
    own: AmountTable, suppressed: Collection[Cell], cell: Cell, attacker: int | None
) -> bool:
    """Say whether somebody learns another's amount in a cell to within p percent."""
    member, group = cell
    inside = [at for at, leaf in enumerate(own.leaf) if group in own.chains[leaf]]
    known, certain = {}, set()
    if attacker is not None:
        for name in own.rule.members:
            amount = own.amounts[name][attacker] or 0
            for each in own.chains[own.leaf[attacker]]:
                known[name, each] = amount
                if sum(each in own.chains[leaf] for leaf in own.leaf) == 1:
                    certain.add((name, each))
    if cell in certain:
        return False
    low, high = limits(own, suppressed, cell, known, certain)
    mine = known.get(cell, 0)
    theirs = max([own.amounts[member][at] or 0 for at in inside if at != attacker], default=0)
    total, tolerance = own.totals[cell], 1e-4
    percent = float(own.rule.p_percent) / 100
    # He knows of the other: at most high - mine; the rest is nobody's he knows.
    too_high = high - mine < theirs * (1 + percent) - tolerance
    room = theirs * (1 + percent) - (total - mine)
    too_low = room > 0 and low > total - room + tolerance
    return too_high or too_low or high - low < own.rule.width - tolerance


def fewest(own: AmountTable) -> int:
    """Return how few cells beside the unsafe ones are enough, by trying all."""
    base = {*own.primary, *(set(own.totals) - set(own.shown))}
    rest = [cell for cell in own.totals if cell not in base]
    for number in range(len(rest) + 1):
        for further in combinations(rest, number):
            if not pinned(own, base | set(further)):
                return number
    raise AssertionError("no pattern is safe")
