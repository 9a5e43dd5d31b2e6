"""What is decided in advance, and what everybody knows: registry rules and public constants."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property

from protection.errors import ProtectionError
from protection.ranges.bands import CANDIDATES, CANDIDATES_SENSITIVE, smallest_base

ANSWERED_PERCENT = Fraction(185, 2)
"""Of those who are asked a question so many answer, where the registry says nothing else."""

KINDS_OF_SETS = ("exclusive", "cover")
OWN_QUESTION = "own_question"
WHOLE_SET = "whole_set"
"""Bases of a share: who answered its own question, or the questions of every member of its set."""


@dataclass(frozen=True)
class Atom:
    """Responses of one wave that belong to the same groups and weigh the same: public knowledge.

    Attributes:
        wave: wave id.
        atom_id: unique within the wave; in a stratified survey a stratum, cut by the groups.
        responses: kept responses.
        weight: weight of each of them, above 0.
        groups: ids of the groups it belongs to, as `classification.group`, of every classification.
    """

    wave: str
    atom_id: str
    responses: int
    weight: Fraction
    groups: frozenset[str]


@dataclass(frozen=True)
class Group:
    """A group of organisations; `group_id` is `classification.group`."""

    group_id: str
    classification_id: str
    parent_id: str | None = None


@dataclass(frozen=True)
class IndicatorRule:
    """What the registry decides for one share, before any answer is seen.

    Attributes:
        indicator_id: the share.
        question_id: indicators with the same question have the same base.
        is_sensitive: four candidates instead of three.
        smallest_base_percent: published only when at least this share of the responses answered;
            the width of the bands follows from it. Behind a filter its band may ask for more
            (`units.shape_behind`).
        total: `implied` (groups are published, totals follow from them) or `fine` (the total named
            in `fine_group_id` is published first, its parts as far as that stays safe).
        fine_group_id: group of the fine total.
        classification_id: the classification whose groups get the finest bands.
        further_classifications: others, in order; published as far as that stays safe.
        filter_id: the indicator that decides who was asked: only those it counts.
    """

    indicator_id: str
    question_id: str
    classification_id: str
    is_sensitive: bool = False
    smallest_base_percent: Fraction = ANSWERED_PERCENT
    total: str = "implied"
    fine_group_id: str | None = None
    further_classifications: tuple[str, ...] = ()
    filter_id: str | None = None

    @property
    def candidates(self) -> int:
        """Counts that must stay possible."""
        return CANDIDATES_SENSITIVE if self.is_sensitive else CANDIDATES


@dataclass(frozen=True)
class LinkedSet:
    """Indicators of one question whose counts are tied to each other.

    Attributes:
        set_id: name.
        kind: `exclusive` (every answer counts in exactly one part) or `cover` (every answer that
            counts in the union counts in at least one part).
        parts: indicator ids, the most important first.
        union_id: for a cover, the indicator of those in any part; None: everybody who answered.
        base: `OWN_QUESTION` where one question is behind all members, else `WHOLE_SET`.
    """

    set_id: str
    kind: str
    parts: tuple[str, ...]
    union_id: str | None = None
    base: str = OWN_QUESTION

    @property
    def members(self) -> tuple[str, ...]:
        """Every indicator in the set, the union first."""
        return ((self.union_id,) if self.union_id else ()) + self.parts


@dataclass(frozen=True)
class Plan:
    """All rules of a survey.

    Attributes:
        groups: every group of every classification.
        indicators: every share that may be published, in order of importance.
        sets: tied indicators; an indicator is in at most one.
    """

    groups: tuple[Group, ...]
    indicators: tuple[IndicatorRule, ...]
    sets: tuple[LinkedSet, ...] = ()

    def __post_init__(self) -> None:
        seen: set[str] = set()
        for linked in self.sets:
            rules = [self.indicator(name) for name in linked.members]
            repeated = seen.intersection(linked.members)
            if linked.kind not in KINDS_OF_SETS or repeated or len(set(linked.members)) < 2:
                raise ProtectionError(
                    f"The set {linked.set_id} of tied indicators is not usable.",
                    where=", ".join(sorted(repeated)),
                    expected="kind exclusive or cover; every indicator in one set at most",
                )
            first = rules[0]
            for rule in rules:
                if _shared(rule) != _shared(first):
                    raise ProtectionError(
                        f"{rule.indicator_id} and {first.indicator_id} are tied"
                        " and have different rules.",
                        expected="the same question, base, classification, total and filter",
                    )
            seen.update(linked.members)

    @cached_property
    def _by_indicator(self) -> dict[str, IndicatorRule]:
        return {rule.indicator_id: rule for rule in self.indicators}

    @cached_property
    def _by_group(self) -> dict[str, Group]:
        return {group.group_id: group for group in self.groups}

    @cached_property
    def _set_of(self) -> dict[str, LinkedSet]:
        return {name: linked for linked in self.sets for name in linked.members}

    def indicator(self, indicator_id: str) -> IndicatorRule:
        """Return the rule of an indicator."""
        if indicator_id not in self._by_indicator:
            raise ProtectionError(f"There is no rule for the indicator {indicator_id}.")
        return self._by_indicator[indicator_id]

    def set_of(self, indicator_id: str) -> LinkedSet | None:
        """Return the set an indicator is tied into, if any."""
        return self._set_of.get(indicator_id)

    def base_of(self, indicator_id: str) -> str:
        """Return which base an indicator has: `OWN_QUESTION` or `WHOLE_SET`."""
        linked = self.set_of(indicator_id)
        return linked.base if linked else OWN_QUESTION

    def group(self, group_id: str) -> Group:
        """Return a group."""
        if group_id not in self._by_group:
            raise ProtectionError(f"There is no group {group_id}.")
        return self._by_group[group_id]

    def children(self, group_id: str) -> tuple[Group, ...]:
        """Return the groups directly below a group."""
        return tuple(group for group in self.groups if group.parent_id == group_id)


def _shared(rule: IndicatorRule) -> tuple[object, ...]:
    return (
        rule.question_id,
        rule.classification_id,
        rule.smallest_base_percent,
        rule.total,
        rule.fine_group_id,
        rule.filter_id,
    )


@dataclass(frozen=True)
class Shape:
    """The responses of one group in one wave, as everybody knows them.

    Attributes:
        responses: per atom of the group.
        weights: per atom, in the same order.
        smallest: base below which nothing is published.
    """

    responses: tuple[int, ...]
    weights: tuple[Fraction, ...]
    smallest: int

    @property
    def total(self) -> int:
        """Responses of the group."""
        return sum(self.responses)

    @property
    def is_equal(self) -> bool:
        """Say whether every response weighs the same."""
        return len(set(self.weights)) <= 1

    @property
    def missing(self) -> int:
        """Responses that may lack an answer."""
        return self.total - self.smallest

    @cached_property
    def coarsest_unit(self) -> Fraction:
        """Return the largest part, in percentage points, that one answer can be of all weight.

        The worst case: the answers that are missing are the heaviest, all but one.
        """
        pairs = zip(self.weights, self.responses, strict=True)
        units = sorted((weight for weight, n in pairs for _ in range(n)), reverse=True)
        if not units:
            return Fraction(100)
        left = units[:1] + units[1 + self.missing :]
        return 100 * units[0] / sum(left)

    @cached_property
    def weight_limits(self) -> tuple[Fraction, Fraction]:
        """Return the least and the most weight of the answers when the group is published."""
        pairs = list(zip(self.weights, self.responses, strict=True))
        heaviest = sum((weight * n for weight, n in pairs), Fraction(0))
        each = sorted((weight for weight, n in pairs for _ in range(n)), reverse=True)
        return heaviest - sum(each[: self.missing], Fraction(0)), heaviest


@dataclass(frozen=True)
class Constants:
    """Public constants of all waves of a release."""

    atoms: tuple[Atom, ...]
    _members: dict[tuple[str, str], tuple[Atom, ...]] = field(
        default_factory=dict, compare=False, hash=False, repr=False
    )
    _shapes: dict[tuple[str, str, Fraction, int], Shape] = field(
        default_factory=dict, compare=False, hash=False, repr=False
    )

    def __post_init__(self) -> None:
        keys = [(atom.wave, atom.atom_id) for atom in self.atoms]
        if len(set(keys)) != len(keys):
            raise ProtectionError("An atom occurs twice in a wave.", expected="every atom once")
        gathered: dict[tuple[str, str], list[Atom]] = {}
        for atom in self.atoms:
            if atom.weight <= 0 or atom.responses < 0:
                raise ProtectionError(f"Atom {atom.atom_id} has no usable weight or responses.")
            for group_id in atom.groups:
                if atom.responses:
                    gathered.setdefault((atom.wave, group_id), []).append(atom)
        self._members.update({key: tuple(atoms) for key, atoms in gathered.items()})

    @cached_property
    def waves(self) -> tuple[str, ...]:
        """Return the waves, in the order in which they come."""
        return tuple(dict.fromkeys(atom.wave for atom in self.atoms))

    def members(self, wave: str, group_id: str) -> tuple[Atom, ...]:
        """Return the atoms of a group in a wave, those without a response left out."""
        return self._members.get((wave, group_id), ())

    def shape(self, wave: str, group_id: str, rule: IndicatorRule) -> Shape:
        """Return the responses of a group, with the smallest base on which a share is published.

        The smallest base leaves room for as many missing answers as counts need candidates, so
        that being published does not tell how many did not answer.
        """
        key = (wave, group_id, rule.smallest_base_percent, rule.candidates)
        if key not in self._shapes:
            atoms = self.members(wave, group_id)
            total = sum(atom.responses for atom in atoms)
            room = total - (rule.candidates - 1)
            self._shapes[key] = Shape(
                tuple(atom.responses for atom in atoms),
                tuple(atom.weight for atom in atoms),
                max(0, min(smallest_base(total, rule.smallest_base_percent), room)),
            )
        return self._shapes[key]


def rule_for(plan: Plan, indicator_id: str) -> IndicatorRule:
    """Return the rule of an indicator, as sensitive as the most sensitive member of its set."""
    rule = plan.indicator(indicator_id)
    linked = plan.set_of(indicator_id)
    if linked is None:
        return rule
    sensitive = any(plan.indicator(name).is_sensitive for name in linked.members)
    return replace(rule, is_sensitive=sensitive)
