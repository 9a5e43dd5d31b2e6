"""Protect the amounts of a wave, together with what is public of them already.

The amounts of a set change together or not at all. Two releases can be subtracted, so they change
only when each amount of each lowest group was changed by nobody or by enough organisations, and
when suppressed cells that are tied to each other either all changed or none did: then what is
behind them before and after has nothing in common, or is the same. A cell that was suppressed
stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from protection.amounts.network import AmountNetwork
from protection.amounts.pattern import choose_pattern
from protection.amounts.totals import AmountSet, AmountTable, Cell
from protection.errors import ProtectionError
from publication.public.amounts.rules import AmountRules
from publication.public.amounts.tables import tag_key

SECONDARY = "secondary"
BEFORE = "suppressed_before"
WEIGHTED = "weighted_amount"
OVERLAP = "groups_overlap"
HOPELESS = "cannot_be_protected"


@dataclass(frozen=True)
class AmountCell:
    """Everything that the public edition knows about one amount.

    Attributes:
        group_id: `classification.group`.
        indicator_id: the amount.
        amount: in hundredths; None where suppressed.
        reason: why it is suppressed.
    """

    group_id: str
    indicator_id: str
    amount: int | None
    reason: str | None = None

    @property
    def cell(self) -> Cell:
        """Return amount and group, as the engine knows them."""
        return self.indicator_id, self.group_id


@dataclass(frozen=True)
class ProtectedAmounts:
    """The amounts of a wave as a public release shows them.

    Attributes:
        cells: one per published amount and group with responses.
        withheld: sets without figures, with the reason.
        tables: behind the cells that are new in this release, by set; never kept.
        tags: fingerprints behind the cells; internal.
        behind: how many responses the fingerprints were made from; internal.
    """

    cells: tuple[AmountCell, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, AmountTable] = field(default_factory=dict, repr=False)
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False)
    behind: Mapping[str, int] = field(default_factory=dict, repr=False)

    def of(self, rule: AmountSet) -> dict[Cell, AmountCell]:
        """Return the cells of a set."""
        return {cell.cell: cell for cell in self.cells if cell.indicator_id in rule.published}


def protect_amounts(
    rules: AmountRules,
    tables: Mapping[str, AmountTable],
    tags: Mapping[str, tuple[str, ...]],
    last: ProtectedAmounts | None,
    *,
    is_weighted: bool,
) -> ProtectedAmounts:
    """Protect every amount of a wave.

    Args:
        rules: what was decided in advance.
        tables: what was reported, by set.
        tags: fingerprints of it, by `tag_key`.
        last: the wave in the last public release, if any.
        is_weighted: whether a response stands for others beside itself.
    """
    cells: list[AmountCell] = []
    withheld: dict[str, str] = {}
    fresh: dict[str, AmountTable] = {}
    kept: dict[str, tuple[str, ...]] = {}
    behind: dict[str, int] = {}
    for rule in rules.sets:
        name, table = rule.set_id, tables.get(rule.set_id)
        reason = last.withheld.get(name) if last else None
        made: list[AmountCell] | None = None
        if reason is None and (is_weighted or table is None):
            reason = WEIGHTED if is_weighted else OVERLAP
        elif reason is None and table is not None:
            try:
                made = _first(table) if last is None else _later(table, tags, last)
            except ProtectionError:
                reason = HOPELESS
        old = last.of(rule) if last else {}
        if made is not None and table is not None:
            cells += made
            fresh[name] = table
            keys = {
                tag_key(m, leaf): len(own)
                for m in rule.members
                for leaf, own in table.leaves.items()
            }
            kept |= {key: tags.get(key, ()) for key in keys}
            behind |= keys
        elif old and last is not None:
            cells += old.values()
            own = {key for key in last.behind if _is_of(key, rule)}
            kept |= {key: last.tags.get(key, ()) for key in own}
            behind |= {key: last.behind[key] for key in own}
        else:
            withheld[name] = reason or HOPELESS
    return ProtectedAmounts(
        tuple(sorted(cells, key=lambda cell: cell.cell)), withheld, fresh, kept, behind
    )


def _first(table: AmountTable) -> list[AmountCell]:
    pattern = choose_pattern(table)
    return [
        AmountCell(cell[1], cell[0], None, table.primary.get(cell, SECONDARY))
        if cell in pattern.suppressed
        else AmountCell(cell[1], cell[0], table.totals[cell])
        for cell in table.shown
    ]


def _later(
    table: AmountTable, tags: Mapping[str, tuple[str, ...]], last: ProtectedAmounts
) -> list[AmountCell] | None:
    """Return the amounts of a correction, or None where the former ones must stay."""
    changed = _changed(table, tags, last)
    enough = max(table.rule.minimum_contributors, table.rule.candidates)
    if changed is None or any(0 < number < enough for number in changed.values()):
        return None
    old = last.of(table.rule)
    forced = {cell for cell, was in old.items() if was.amount is None}
    pattern = choose_pattern(table, forced)
    for block in AmountNetwork(table, pattern.suppressed).blocks():
        moved = {changed[cell] > 0 for cell in block}
        more = block.intersection(table.shown) - forced
        if len(moved) > 1 or (moved == {False} and more):
            return None
    found = []
    for cell in table.shown:
        was = old.get(cell)
        if cell not in pattern.suppressed:
            if not changed[cell] and was is not None and was.amount != table.totals[cell]:
                return None
            found.append(AmountCell(cell[1], cell[0], table.totals[cell]))
            continue
        reason = table.primary.get(cell, SECONDARY)
        if cell in forced and cell not in table.primary and was is not None:
            reason = SECONDARY if was.reason == SECONDARY else BEFORE
        found.append(AmountCell(cell[1], cell[0], None, reason))
    return found


def _changed(
    table: AmountTable, tags: Mapping[str, tuple[str, ...]], last: ProtectedAmounts
) -> dict[Cell, int] | None:
    """Return how many organisations changed each cell; None where a group is gone altogether."""
    numbers: Counter[Cell] = Counter(dict.fromkeys(table.totals, 0))
    known = {tag_key(member, leaf) for member in table.rule.members for leaf in table.leaves}
    if any(key not in known for key in last.behind if _is_of(key, table.rule)):
        return None
    for member in table.rule.members:
        for leaf in table.leaves:
            key = tag_key(member, leaf)
            before, after = Counter(last.tags.get(key, ())), Counter(tags.get(key, ()))
            # A respondent who was forgotten has no fingerprint any more and counts as gone.
            forgotten = last.behind.get(key, 0) - before.total()
            number = max((before - after).total() + forgotten, (after - before).total())
            for group in table.chains[leaf]:
                numbers[member, group] += number
    return dict(numbers)


def _is_of(key: str, rule: AmountSet) -> bool:
    return any(key.startswith(tag_key(member, "")) for member in rule.members)
