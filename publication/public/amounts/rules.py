"""Which amounts the public edition publishes in a wave, worked out from the registries alone.

An amount has a figure only where `disclosure_rules` names it (or its topic): amounts are exact, and
only a person knows which of them add up. Nothing here has seen an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from protection.amounts.totals import HIDDEN, HUNDREDTHS, AmountSet
from protection.ranges.bands import CANDIDATES, CANDIDATES_SENSITIVE
from registry import Registry
from registry.rules.disclosure import MINIMUM_CONTRIBUTORS, P_PERCENT
from registry.tables.figures import Indicator
from registry.tables.publication import DisclosureRule

RuleOf = Callable[[Indicator], DisclosureRule | None]


@dataclass(frozen=True)
class RatioRule:
    """A quotient of two published amounts of the same group."""

    indicator_id: str
    numerator_id: str
    denominator_id: str


@dataclass(frozen=True)
class AmountRules:
    """What is decided about the amounts of a wave.

    Attributes:
        sets: amounts that are protected together.
        ratios: quotients of amounts.
        withheld: totals and ratios without a figure, with the reason.
    """

    sets: tuple[AmountSet, ...] = ()
    ratios: tuple[RatioRule, ...] = ()
    withheld: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """The indicators that may have figures."""
        totals = {name for each in self.sets for name in each.published}
        return frozenset({*totals, *(ratio.indicator_id for ratio in self.ratios)})

    def set_of(self, indicator_id: str) -> AmountSet | None:
        """Return the set of a total that may be published."""
        return next((each for each in self.sets if indicator_id in each.published), None)


def amount_rules(
    registry: Registry,
    indicators: Collection[Indicator],
    rule_of: RuleOf,
    taken: Collection[str],
) -> AmountRules:
    """Return what is published of the amounts of a wave.

    Args:
        registry: the registries.
        indicators: those that the wave has questions for, in order.
        rule_of: the row of `disclosure_rules` of an indicator.
        taken: questions that published shares and means rest on.
    """
    return _Choice(registry, indicators, rule_of, taken).rules()


class _Choice:
    def __init__(
        self,
        registry: Registry,
        indicators: Collection[Indicator],
        rule_of: RuleOf,
        taken: Collection[str],
    ) -> None:
        self._registry = registry
        self._indicators = indicators
        self._rule_of = rule_of
        self._taken = set(taken)
        self._questions = {question.question_id: question for question in registry.questions}
        self._values = {rule.rule_id: rule.value for rule in registry.publication_rules}

    def rules(self) -> AmountRules:
        withheld: dict[str, str] = {}
        members: dict[str, list[Indicator]] = {}
        for indicator in self._indicators:
            if indicator.kind != "total":
                continue
            row = self._rule_of(indicator)
            in_set = row is not None and row.set_id is not None
            if row is None or not row.is_published:
                withheld[indicator.indicator_id] = "not_chosen"
            if row is not None and (row.is_published or in_set):
                members.setdefault(row.set_id or indicator.indicator_id, []).append(indicator)
        sets: list[AmountSet] = []
        for set_id, own in members.items():
            for each in self._split(set_id, own):
                reason = self._reason(each)
                if reason is None:
                    sets.append(each)
                    self._taken |= self._of_set(each)
                else:
                    withheld |= dict.fromkeys(each.published, reason)
        ratios, without = self._ratios(sets)
        return AmountRules(tuple(sets), ratios, withheld | without)

    def _asked(self, name: str, part: str = "numerator") -> frozenset[str]:
        return frozenset(
            item.question_id
            for item in self._registry.indicator_items
            if item.indicator_id == name and item.part == part
        )

    def _split(self, set_id: str, own: list[Indicator]) -> list[AmountSet]:
        """Return the set; without its union in this wave the parts are not tied to each other."""
        roles = {row.indicator_id: self._role(row) for row in own}
        union = next((name for name, role in roles.items() if role == "union"), None)
        parts = [name for name in roles if name != union]
        if union is None or not parts:
            return [self._set(name, [name], None, own) for name in roles if self._is_public(name)]
        return [self._set(set_id, parts, union, own)]

    def _set(
        self, set_id: str, parts: list[str], union: str | None, own: list[Indicator]
    ) -> AmountSet:
        names = [*parts, *([union] if union else [])]
        rows = [row for each in own if (row := self._rule_of(each)) is not None]
        first = next(row for row in rows if row.is_published)
        default = min(self._registry.classifications, key=lambda each: each.position)
        sensitive = any(self._is_sensitive(each) for each in own if each.indicator_id in names)
        hidden = [name for name in names if not self._is_public(name)]
        if union is not None and self._leaves_a_rest(union, parts):
            hidden.append(f"{HIDDEN}{set_id}")
            parts = [*parts, f"{HIDDEN}{set_id}"]
        minimum = int(float(self._values.get(*MINIMUM_CONTRIBUTORS)))
        return AmountSet(
            set_id,
            tuple(parts),
            union,
            first.classification_id or default.classification_id,
            tuple(hidden),
            minimum + 1 if sensitive else minimum,
            Fraction(self._values.get(*P_PERCENT)),
            CANDIDATES_SENSITIVE if sensitive else CANDIDATES,
            {name: highest for name in names if (highest := self._highest(name)) is not None},
        )

    def _role(self, indicator: Indicator) -> str | None:
        row = self._rule_of(indicator)
        return None if row is None else row.set_role

    def _is_public(self, name: str) -> bool:
        indicator = next(row for row in self._indicators if row.indicator_id == name)
        row = self._rule_of(indicator)
        return row is not None and row.is_published

    def _is_sensitive(self, indicator: Indicator) -> bool:
        row = self._rule_of(indicator)
        if row is not None and row.is_sensitive is not None:
            return row.is_sensitive
        asked = self._asked(indicator.indicator_id)
        return any(bool(self._questions[each].is_sensitive) for each in asked)

    def _leaves_a_rest(self, union: str, parts: list[str]) -> bool:
        """Say whether the union adds up questions of which some are in no part."""
        whole = self._asked(union)
        inside = frozenset().union(*(self._asked(part) for part in parts))
        return bool(whole & inside) and bool(whole - inside)

    def _highest(self, name: str) -> int | None:
        """Return the most that one organisation can have, in hundredths, as the registry says."""
        found = [self._questions[each].maximum for each in self._asked(name)]
        known = [value for value in found if value is not None]
        return round(sum(known) * HUNDREDTHS) if len(known) == len(found) else None

    def _of_set(self, each: AmountSet) -> set[str]:
        names = [name for name in each.members if not name.startswith(HIDDEN)]
        return {question for name in names for question in self._asked(name)}

    def _reason(self, each: AmountSet) -> str | None:
        asked = self._of_set(each)
        if any((self._questions[name].minimum or 0) < 0 for name in asked) or any(
            self._questions[name].minimum is None for name in asked
        ):
            return "may_be_negative"
        if asked & self._taken or (each.union_id is None and len(each.parts) > 1):
            return "same_answers"
        counted = [question for name in each.parts for question in self._asked(name)]
        return "same_answers" if len(counted) > len(set(counted)) else None

    def _ratios(self, sets: list[AmountSet]) -> tuple[tuple[RatioRule, ...], dict[str, str]]:
        totals = {
            self._asked(name): (name, each.classification_id)
            for each in sets
            for name in each.published
        }
        found, withheld = [], {}
        for indicator in self._indicators:
            if indicator.kind != "ratio":
                continue
            name, row = indicator.indicator_id, self._rule_of(indicator)
            above = totals.get(self._asked(name))
            below = totals.get(self._asked(name, "denominator"))
            if row is not None and not row.is_published:
                withheld[name] = "not_chosen"
            elif not above or not below or above[1] != below[1]:
                withheld[name] = "totals_not_published"
            else:
                found.append(RatioRule(name, above[0], below[0]))
        return tuple(found), withheld
