"""What the public edition publishes in a wave, worked out from the registries alone.

Nothing here has seen an answer. What the registry `disclosure_rules` does not say follows from the
kinds of questions: options of a question with one answer exclude each other, options of a question
with several answers are free as long as one of them stays unpublished, and whatever rests on the
same answers as a figure before it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from protection.ranges.rules import OWN_QUESTION, WHOLE_SET, Group, IndicatorRule, LinkedSet, Plan
from publication.public.amounts.rules import AmountRules, amount_rules
from publication.public.method.questions import WaveQuestions
from publication.public.method.rounding import RoundedRules, rounded_rules
from registry import Registry
from registry.tables.figures import Indicator

NOT_EVERYBODY_ASKED = Fraction(50)
FEWEST_SCORES = 3
"""Of two scores a mean gives the count."""
REST = "~"
"""Begins the id of the part of a set that counts who is in no other part; it is not published."""


@dataclass(frozen=True)
class MeanRule:
    """A mean that may be published.

    Attributes:
        rule: as for a share; groups and smallest base follow from it.
        lowest: lowest score of an answer.
        highest: highest score.
    """

    rule: IndicatorRule
    lowest: int
    highest: int


@dataclass(frozen=True)
class WaveRules:
    """Everything that is decided about one wave.

    Attributes:
        plan: shares, sets and groups, for the engine.
        means: means.
        withheld: indicators of the wave that are not published, with the reason.
        averages: per scale of several questions the means that it is the average of; nothing
            else is published of it.
        amounts: totals and ratios.
        rounded: figures that are rounded instead; None where the method of the survey is bands.
    """

    plan: Plan
    means: tuple[MeanRule, ...]
    withheld: Mapping[str, str] = field(default_factory=dict)
    averages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    amounts: AmountRules = field(default_factory=AmountRules)
    rounded: RoundedRules | None = None

    @property
    def asked(self) -> frozenset[str]:
        """Indicators that the wave had questions for when its rules were fixed."""
        named = {rule.indicator_id for rule in self.plan.indicators}
        named |= {mean.rule.indicator_id for mean in self.means}
        named |= set(self.rounded.indicators if self.rounded else ())
        return frozenset({*named, *self.withheld, *self.averages, *self.amounts.asked})

    @property
    def classifications(self) -> tuple[str, ...]:
        """Classifications whose groups have figures."""
        return tuple(dict.fromkeys(group.classification_id for group in self.plan.groups))


def group_key(classification_id: str, group_id: str) -> str:
    """Return the id of a group as the engine knows it."""
    return f"{classification_id}.{group_id}"


def wave_rules(registry: Registry, wave: str, indicators: frozenset[str]) -> WaveRules:
    """Return what is published of a wave.

    Args:
        registry: the registries.
        wave: wave id.
        indicators: indicators that the wave has questions for.
    """
    about = WaveQuestions(registry, wave, indicators)
    rounded = rounded_rules(registry, about)
    if rounded is None:
        return _Choice(registry, about).rules()
    left = indicators - frozenset(rounded.indicators)
    rules = _Choice(registry, WaveQuestions(registry, wave, left)).rules()
    groups = _groups(registry, {each.classification_id for each in registry.classifications})
    return replace(rules, plan=replace(rules.plan, groups=groups), rounded=rounded)


def _groups(registry: Registry, classifications: set[str]) -> tuple[Group, ...]:
    return tuple(
        Group(
            group_key(group.classification_id, group.group_id),
            group.classification_id,
            group.parent_group_id and group_key(group.classification_id, group.parent_group_id),
        )
        for group in registry.organisation_groups
        if group.classification_id in classifications
    )


class _Choice:
    def __init__(self, registry: Registry, about: WaveQuestions) -> None:
        self._registry = registry
        self._about = about
        self._chosen: dict[str, str] = {}
        self._sets: dict[str, list[str]] = {}
        self._withheld: dict[str, str] = {}
        self._averages: dict[str, tuple[str, ...]] = {}

    def rules(self) -> WaveRules:
        declared = [row for row in self._about.indicators if self._about.row(row) is not None]
        others = [row for row in self._about.indicators if self._about.row(row) is None]
        shares = [row for row in (*declared, *others) if row.kind == "share"]
        shares.sort(key=lambda row: self._about.set_row(row) is None)
        for row in shares:
            self._try_share(row)
        self._keep_within_limits()
        self._free_an_option()
        self._keep_behind_filters()
        self._break_up_sets_of_one()
        means: list[MeanRule] = []
        for row in sorted(
            self._about.indicators, key=lambda row: len(self._about.asked(row.indicator_id)) > 1
        ):
            mean = self._try_mean(row, means)
            means += [mean] if mean else []
        for row in self._about.indicators:
            if row.kind == "count":
                self._withheld[row.indicator_id] = "same_answers"
        shown = (*self._chosen, *(mean.rule.indicator_id for mean in means))
        taken = {question for name in shown for question in self._about.asked(name)}
        amounts = amount_rules(self._registry, self._about.indicators, self._about.row, taken)
        self._withheld |= amounts.withheld
        rules = self._with_filters([row for row in self._about.indicators if self._is_chosen(row)])
        sets = self._linked_sets({rule.indicator_id: rule for rule in rules})
        rests = [self._rest(linked, rules) for linked in sets if linked.parts[-1].startswith(REST)]
        used = {
            name
            for rule in (*rules, *(mean.rule for mean in means))
            for name in (rule.classification_id, *rule.further_classifications)
        }
        used |= {each.classification_id for each in amounts.sets}
        groups = _groups(self._registry, used)
        plan = Plan(groups, (*rules, *rests), sets)
        return WaveRules(plan, tuple(means), self._withheld, self._averages, amounts)

    def _is_chosen(self, indicator: Indicator) -> bool:
        return indicator.indicator_id in self._chosen

    def _try_share(self, indicator: Indicator) -> None:
        name = indicator.indicator_id
        row = self._about.row(indicator)
        if row is not None and not row.is_published:
            self._withheld[name] = "not_chosen"
            return
        if self._about.is_routed(name) and self._filter_of(name) is None:
            self._withheld[name] = "filter_not_published"
            return
        if row is not None and row.set_id is not None:
            self._chosen[name] = row.set_id
            self._sets.setdefault(row.set_id, []).append(name)
            return
        questions = self._about.asked(name)
        sharing = [other for other in self._chosen if self._about.asked(other) & questions]
        bounded = indicator.minimum_count is not None or indicator.maximum_count is not None
        if not sharing:
            self._chosen[name] = name
        elif bounded or len(questions) > 1 or not all(self._fits(name, one) for one in sharing):
            self._withheld[name] = "same_answers"
            return
        else:
            self._chosen[name] = name
        (first,) = questions if len(questions) == 1 else (None,)
        if first is not None and not bounded and self._about.answer_type(first) != "multiple":
            set_id = f"question.{first}"
            self._chosen[name] = set_id
            self._sets.setdefault(set_id, []).append(name)

    def _fits(self, name: str, other: str) -> bool:
        """Say whether two shares of one question are options beside each other."""
        if self._about.items[name] & self._about.items[other] or len(self._about.asked(other)) > 1:
            return False
        if self._chosen[other] in {row.set_id for row in self._registry.disclosure_rules}:
            return False
        (question,) = self._about.asked(name)
        if self._about.answer_type(question) != "multiple":
            return self._chosen[other].startswith("question.")
        exclusive = {
            (question, option.option_id)
            for option in self._registry.options_for(question)
            if option.is_exclusive
        }
        return not exclusive & (self._about.items[name] | self._about.items[other])

    def _break_up_sets_of_one(self) -> None:
        for set_id, members in list(self._sets.items()):
            if len(members) == 1:
                self._chosen[members[0]] = members[0]
                del self._sets[set_id]

    def _leave_out(self, name: str, reason: str) -> None:
        del self._chosen[name]
        self._withheld[name] = reason
        for set_id, members in list(self._sets.items()):
            self._sets[set_id] = [member for member in members if member != name]
            if not self._sets[set_id]:
                del self._sets[set_id]

    def _keep_within_limits(self) -> None:
        """Publish no more options of a question than may be ticked: so many are free together.

        With one more the limit would tie them: their counts add up to at most the limit times the
        base. A union is no option: whoever ticked any published option is in it.
        """
        unions = {
            row.indicator_id
            for row in self._registry.disclosure_rules
            if row.set_role == "union" and row.indicator_id is not None
        }
        for question in self._registry.questions:
            if question.maximum_answers is None:
                continue
            options = [
                name
                for name in self._chosen
                if question.question_id in self._about.asked(name) and name not in unions
            ]
            for name in options[question.maximum_answers :]:
                self._leave_out(name, "same_answers")

    def _keep_behind_filters(self) -> None:
        """Leave out what is behind a filter that was left out after all."""
        while strays := [
            name
            for name in self._chosen
            if self._about.is_routed(name) and self._filter_of(name) is None
        ]:
            for name in strays:
                self._leave_out(name, "filter_not_published")

    def _free_an_option(self) -> None:
        """Leave out the last option where all options of a question with several answers stand."""
        for question in self._registry.questions:
            free = [
                name
                for name in self._chosen
                if self._about.asked(name) == {question.question_id} and self._chosen[name] == name
            ]
            taken = {option for name in free for _, option in self._about.items[name]}
            several = question.answer_type == "multiple" and len(free) > 1
            if several and self._about.options(question.question_id) <= taken:
                self._leave_out(free[-1], "same_answers")

    def _try_mean(self, indicator: Indicator, means: list[MeanRule]) -> MeanRule | None:
        name = indicator.indicator_id
        if indicator.kind != "mean":
            return None
        row = self._about.row(indicator)
        questions = self._about.asked(name)
        scales = {self._about.scores(question) for question in questions}
        scores = next(iter(scales), ())
        before = {
            question: mean.rule.indicator_id
            for mean in means
            for question in self._about.asked(mean.rule.indicator_id)
        }
        if row is not None and not row.is_published:
            self._withheld[name] = "not_chosen"
        elif any(self._about.asked(other) & questions for other in self._chosen):
            self._withheld[name] = "same_answers"
        elif self._about.is_routed(name):
            self._withheld[name] = "filter_not_published"
        elif len(scales) != 1 or len(scores) < FEWEST_SCORES:
            self._withheld[name] = "no_whole_scores"
        elif len(questions) > 1 and questions <= before.keys():
            self._averages[name] = tuple(before[question] for question in sorted(questions))
        elif questions & before.keys():
            self._withheld[name] = "same_answers"
        else:
            return MeanRule(self._rule(indicator, name, None), scores[0], scores[-1])
        return None

    def _filter_of(self, name: str) -> str | None:
        """Return the published share that counts exactly those who were asked."""
        found: set[str | None] = set()
        for question in self._about.asked(name):
            fitting = [
                other
                for other, is_counted in self._about.filters_of(question)
                if is_counted and other in self._chosen
            ]
            found.add(fitting[0] if fitting else None)
        return found.pop() if len(found) == 1 else None

    def _with_filters(self, chosen: list[Indicator]) -> list[IndicatorRule]:
        return [
            self._rule(row, self._chosen[row.indicator_id], self._filter_of(row.indicator_id))
            for row in sorted(chosen, key=lambda row: (self._about.row(row) is None, row.position))
        ]

    def _rule(self, indicator: Indicator, question: str, filter_id: str | None) -> IndicatorRule:
        row = self._about.row(indicator)
        default = min(self._registry.classifications, key=lambda each: each.position)
        percent = row.smallest_base_percent if row is not None else None
        classification = row.classification_id if row is not None else None
        further = row.further_classification_id if row is not None else None
        fine = row.fine_group_id if row is not None else None
        sensitive = row.is_sensitive if row is not None else None
        own = classification or default.classification_id
        rule = IndicatorRule(
            indicator.indicator_id,
            question,
            own,
            is_sensitive=any(
                bool(self._about.questions[each].is_sensitive)
                for each in self._about.asked(indicator.indicator_id)
            )
            if sensitive is None
            else sensitive,
            total=(row.total if row is not None else None) or "implied",
            fine_group_id=group_key(own, fine) if fine else None,
            further_classifications=(further,) if further else (),
            filter_id=filter_id,
        )
        if percent is None and filter_id is None:
            return rule
        chosen = NOT_EVERYBODY_ASKED if percent is None else Fraction(str(percent))
        return replace(rule, smallest_base_percent=chosen)

    def _linked_sets(self, rules: Mapping[str, IndicatorRule]) -> tuple[LinkedSet, ...]:
        linked = []
        for set_id, members in self._sets.items():
            roles = {
                name: row.set_role
                for name in members
                for indicator in self._about.indicators
                if indicator.indicator_id == name
                and (row := self._about.set_row(indicator)) is not None
            }
            union = next((name for name in members if roles.get(name) == "union"), None)
            parts = [name for name in rules if name in members and name != union]
            kind = "cover" if "part" in roles.values() else "exclusive"
            if self._leaves_a_rest(union, parts):
                parts.append(f"{REST}{set_id}")
            questions = {question for name in members for question in self._about.asked(name)}
            base = OWN_QUESTION if len(questions) == 1 else WHOLE_SET
            linked.append(LinkedSet(set_id, kind, tuple(parts), union, base))
        return tuple(linked)

    def _leaves_a_rest(self, union: str | None, parts: list[str]) -> bool:
        covered = {item for name in parts for item in self._about.items[name]}
        if union is not None:
            whole = self._about.items[union]
        else:
            questions = {question for question, _ in covered}
            whole = frozenset((q, option) for q in questions for option in self._about.options(q))
            covered_questions = len(questions)
            if covered_questions != 1:
                return True
        return any(item not in covered for item in whole if item[1] in self._about.options(item[0]))

    def _rest(self, linked: LinkedSet, rules: list[IndicatorRule]) -> IndicatorRule:
        first = next(rule for rule in rules if rule.indicator_id == linked.parts[0])
        return IndicatorRule(
            linked.parts[-1],
            first.question_id,
            first.classification_id,
            is_sensitive=first.is_sensitive,
            smallest_base_percent=first.smallest_base_percent,
            total=first.total,
            fine_group_id=first.fine_group_id,
            further_classifications=first.further_classifications,
            filter_id=first.filter_id,
        )
