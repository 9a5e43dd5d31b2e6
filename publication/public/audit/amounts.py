"""The attacker over the amounts as they stand in the file that is to be published.

A cell is suppressed where the file has no amount, whatever the tables say it should hold. What an
organisation reported is known here, so that it can be said how close an attacker comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from protection.amounts.attack import AmountAttack
from protection.amounts.totals import HUNDREDTHS, AmountSet, AmountTable, Cell
from publication.public.amounts.protected import ProtectedAmounts
from publication.public.audit.file import ShownFigure
from publication.public.method.protect import ProtectedWave
from publication.public.tables.figures import quotient

AMOUNTS = frozenset({"total", "ratio"})

Printed = Mapping[Cell, float]
"""Indicator and group to the amount in the file."""


def printed_amounts(shown: Sequence[ShownFigure]) -> dict[str, dict[Cell, float]]:
    """Return the amounts in the file, by wave."""
    found: dict[str, dict[Cell, float]] = {}
    for each in shown:
        if each.kind in AMOUNTS:
            wave, group, name = each.key
            found.setdefault(wave, {})[name, group] = each.low
    return found


def amount_problems(
    wave: ProtectedWave, earlier: Sequence[ProtectedWave], printed: Printed
) -> Iterator[str]:
    """Yield every amount in the file that may not be there, or that gives another away."""
    known = set()
    for rule in wave.rules.amounts.sets:
        own = {cell: amount for cell, amount in printed.items() if cell[0] in rule.published}
        known |= set(own)
        yield from _printed(wave, rule, own)
        for before in earlier:
            yield from _again(before.amounts, rule, own, wave.wave)
    for ratio in wave.rules.amounts.ratios:
        for cell, value in printed.items():
            if cell[0] != ratio.indicator_id:
                continue
            known.add(cell)
            above, below = (
                printed.get((name, cell[1])) for name in (ratio.numerator_id, ratio.denominator_id)
            )
            if above is None or not below or value != quotient(above, below):
                yield f"{_name(wave.wave, cell)}: does not follow from two published totals"
    for cell in sorted(set(printed) - known):
        yield f"{_name(wave.wave, cell)}: an amount that no rule publishes"


def _printed(wave: ProtectedWave, rule: AmountSet, own: Printed) -> Iterator[str]:
    table = wave.amounts.tables.get(rule.set_id)
    if table is None:
        yield from _as_before(wave, rule, own)
        return
    for cell, amount in sorted(own.items()):
        if cell not in table.shown:
            yield f"{_name(wave.wave, cell)}: an amount of a group without responses"
        elif amount != table.totals[cell] / HUNDREDTHS:
            yield f"{_name(wave.wave, cell)}: is not what was reported"
        elif cell in table.primary:
            yield f"{_name(wave.wave, cell)}: printed, and unsafe ({table.primary[cell]})"
    yield from _attacks(wave.wave, table, own)


def _attacks(wave: str, table: AmountTable, own: Printed) -> Iterator[str]:
    suppressed = frozenset(table.totals) - frozenset(own)
    for finding in AmountAttack(table).findings(suppressed):
        yield f"wave {wave} {finding.reason}"


def _as_before(wave: ProtectedWave, rule: AmountSet, own: Printed) -> Iterator[str]:
    """Yield what differs from the amounts that are public already; they were attacked then."""
    public = {cell: each.amount for cell, each in wave.amounts.of(rule).items()}
    for cell, amount in sorted(own.items()):
        was = public.get(cell)
        if was is None or amount != was / HUNDREDTHS:
            yield f"{_name(wave.wave, cell)}: is not what is public of it already"


def _again(before: ProtectedAmounts, rule: AmountSet, own: Printed, wave: str) -> Iterator[str]:
    suppressed = {cell for cell, each in before.of(rule).items() if each.amount is None}
    for cell in sorted(suppressed.intersection(own)):
        yield f"{_name(wave, cell)}: was suppressed in an earlier release"


def _name(wave: str, cell: Cell) -> str:
    return f"wave {wave} {cell[0]} of {cell[1]}"
