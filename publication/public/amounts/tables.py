"""From responses to tables of amounts: what their protection starts from. Confidential."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from protection.amounts.totals import HIDDEN, HUNDREDTHS, AmountSet, AmountTable, amount_table
from protection.ranges.rules import Plan
from publication.public.amounts.rules import AmountRules

Reported = tuple[frozenset[str], Mapping[str, Fraction | None]]
"""Groups and values of one response."""


def amount_tables(
    rules: AmountRules, plan: Plan, responses: Sequence[Reported]
) -> dict[str, AmountTable]:
    """Return the table of every set, by set; without those whose groups overlap."""
    found = {}
    for rule in rules.sets:
        chains = [_chain(groups, rule, plan) for groups, _ in responses]
        if None in chains:
            continue
        inside = [
            (chain, values) for chain, (_, values) in zip(chains, responses, strict=True) if chain
        ]
        reported = [_amounts(rule, values) for _, values in inside]
        amounts = {name: [own[name] for own in reported] for name in rule.members}
        found[rule.set_id] = amount_table(rule, [chain for chain, _ in inside], amounts)
    return found


def amount_texts(tables: Mapping[str, AmountTable]) -> dict[str, tuple[str, ...]]:
    """Return per amount and lowest group every amount as text, for the fingerprints."""
    found = {}
    for table in tables.values():
        for member in table.rule.members:
            for leaf, own in table.leaves.items():
                key = tag_key(member, leaf)
                found[key] = tuple(f"{key} {table.amounts[member][at]}" for at in own)
    return found


def tag_key(member: str, leaf: str) -> str:
    """Return the name under which the fingerprints of an amount of a group are kept."""
    return f"{HIDDEN}amount {member} {leaf}"


def _chain(groups: frozenset[str], rule: AmountSet, plan: Plan) -> tuple[str, ...] | None:
    """Return the groups of a response, lowest first; None where two are lowest."""
    own = {
        group.group_id: group.parent_id
        for group in plan.groups
        if group.classification_id == rule.classification_id and group.group_id in groups
    }
    lowest = sorted(set(own) - set(own.values()))
    if len(lowest) > 1:
        return None
    chain = list(lowest)
    while chain and (above := own.get(chain[-1])) is not None:
        chain.append(above)
    return tuple(chain)


def _amounts(rule: AmountSet, values: Mapping[str, Fraction | None]) -> dict[str, int | None]:
    """Return the amounts of one response in hundredths; the rest of a union is what is left."""
    own = {
        name: None if (value := values.get(name)) is None else round(value * HUNDREDTHS)
        for name in rule.members
    }
    for name in rule.members:
        if name.startswith(HIDDEN) and rule.union_id is not None:
            union = own[rule.union_id]
            others = sum(own[part] or 0 for part in rule.parts if part != name)
            own[name] = None if union is None else max(0, union - others)
    return own
