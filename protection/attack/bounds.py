"""Limits of single cells that follow from the facts one by one, in exact arithmetic."""

from __future__ import annotations

from protection.attack.model import Block

ROUNDS = 12


class Contradiction(Exception):
    """No whole numbers agree with the facts."""


def tightened(block: Block) -> tuple[tuple[int, int], ...]:
    """Return the bounds of the cells, narrowed by each fact until nothing changes.

    Raises:
        Contradiction: a cell is left without any value.
    """
    low = [pair[0] for pair in block.bounds]
    high = [pair[1] for pair in block.bounds]
    for _ in range(ROUNDS):
        changed = False
        for row in block.rows:
            terms = tuple(zip(row.positions, row.coefficients, strict=True))
            least = sum(c * (low[at] if c > 0 else high[at]) for at, c in terms)
            most = sum(c * (high[at] if c > 0 else low[at]) for at, c in terms)
            for at, c in terms:
                rest_least = least - c * (low[at] if c > 0 else high[at])
                rest_most = most - c * (high[at] if c > 0 else low[at])
                above = None if row.upper is None else row.upper - rest_least
                below = None if row.lower is None else row.lower - rest_most
                new_low, new_high = _limits(c, below, above, low[at], high[at])
                if new_low > new_high:
                    raise Contradiction
                if (new_low, new_high) != (low[at], high[at]):
                    low[at], high[at] = new_low, new_high
                    least = rest_least + c * (new_low if c > 0 else new_high)
                    most = rest_most + c * (new_high if c > 0 else new_low)
                    changed = True
        if not changed:
            break
    return tuple(zip(low, high, strict=True))


def _limits(
    coefficient: int, below: int | None, above: int | None, low: int, high: int
) -> tuple[int, int]:
    """Return the values x between low and high with below <= coefficient * x <= above."""
    if coefficient < 0:
        coefficient, below, above = (
            -coefficient,
            None if above is None else -above,
            None if below is None else -below,
        )
    if below is not None:
        low = max(low, -(-below // coefficient))
    if above is not None:
        high = min(high, above // coefficient)
    return low, high
