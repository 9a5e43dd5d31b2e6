"""The organisations of a frame as the models will count them: by key, in their groups."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from barometer.labels import normalise_label
from landing.checks.frame import ended_rows
from landing.checks.rows import numbers, timestamps
from landing.checks.subject import Subject
from registry.tables.organisations import MembershipRule

Group = tuple[str, str]
"""A classification and one of its groups."""


@dataclass(frozen=True)
class Member:
    """One organisation: the first row of its key that has not ended.

    Attributes:
        attributes: what the frame says of it, without what is empty.
    """

    key: str
    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True)
class Population:
    """The organisations of one frame."""

    subject: Subject
    members: Mapping[str, Member]

    @cached_property
    def leaves(self) -> dict[str, dict[str, str]]:
        """Per classification the group of every organisation that has one, by its key."""
        return _Classifier(self.subject, self.members.values()).leaves()

    @cached_property
    def group_counts(self) -> Counter[Group]:
        """How many organisations every group has, those of the groups within it included."""
        parents = {
            (group.classification_id, group.group_id): group.parent_group_id
            for group in self.subject.registry.organisation_groups
        }
        counts: Counter[Group] = Counter()
        for classification, groups in self.leaves.items():
            for leaf, count in Counter(groups.values()).items():
                group: str | None = leaf
                while group is not None:
                    counts[classification, group] += count
                    group = parents.get((classification, group))
        return counts

    def without_group(self, classification: str) -> list[str]:
        """Return the keys of the organisations that are in no group of a classification."""
        known = self.leaves.get(classification, {})
        return [key for key in self.members if key not in known]


def population(subject: Subject) -> Population:
    """Return the organisations that a frame counts."""
    key_use = subject.first_use("organisation_key")
    if key_use is None:
        return Population(subject, {})
    name_use = subject.first_use("organisation_name")
    keys = subject.table.column_values(key_use.column.position)
    names = subject.table.column_values(name_use.column.position) if name_use else [""] * len(keys)
    attributes = {
        use.mapping.attribute_id or "": subject.table.column_values(use.column.position)
        for use in subject.uses
        if use.mapping.role == "attribute"
    }
    ended = ended_rows(subject, timestamps)
    members: dict[str, Member] = {}
    for place, cell in enumerate(keys):
        key = (cell or "").strip()
        if not key or key in members or place + 1 in ended:
            continue
        filled = {name: (values[place] or "").strip() for name, values in attributes.items()}
        members[key] = Member(
            key, (names[place] or "").strip(), {name: text for name, text in filled.items() if text}
        )
    return Population(subject, members)


class _Classifier:
    """The rules of membership, applied as the model of the organisations' groups does."""

    def __init__(self, subject: Subject, members: Iterable[Member]) -> None:
        day = subject.wave.reference_end
        self._members = list(members)
        self._rules: dict[str, list[MembershipRule]] = {}
        for rule in subject.registry.organisation_membership:
            starts = rule.valid_from is None or day >= rule.valid_from
            if starts and (rule.valid_to is None or day <= rule.valid_to):
                self._rules.setdefault(rule.attribute_id, []).append(rule)
        by_size = {name for name, rules in self._rules.items() if any(map(_is_measured, rules))}
        measured = {
            text
            for member in self._members
            for name, text in member.attributes.items()
            if name in by_size
        }
        self._numbers = _register_numbers(sorted(measured))

    def leaves(self) -> dict[str, dict[str, str]]:
        leaves: dict[str, dict[str, str]] = {}
        known: dict[tuple[str, str], list[MembershipRule]] = {}
        for member in self._members:
            fitting: list[MembershipRule] = []
            for name, text in {"organisation_key": member.key, **member.attributes}.items():
                if (name, text) not in known:
                    known[name, text] = self._fitting(name, text)
                fitting += known[name, text]
            fitting.sort(key=lambda rule: (rule.priority, rule.group_id))
            for rule in fitting:
                leaves.setdefault(rule.classification_id, {}).setdefault(member.key, rule.group_id)
        return leaves

    def _fitting(self, attribute: str, text: str) -> list[MembershipRule]:
        label = normalise_label(text)
        number = None if attribute == "organisation_key" else self._numbers.get(text)
        return [
            rule
            for rule in self._rules.get(attribute, ())
            if (rule.match_value is None or normalise_label(rule.match_value) == label)
            and (not _is_measured(rule) or (number is not None and _within(rule, number)))
        ]


def _is_measured(rule: MembershipRule) -> bool:
    return rule.match_minimum is not None or rule.match_maximum is not None


def _within(rule: MembershipRule, number: float) -> bool:
    above = rule.match_minimum is None or number >= rule.match_minimum
    return above and (rule.match_maximum is None or number < rule.match_maximum)


def _register_numbers(texts: list[str]) -> dict[str, float | None]:
    """Return numbers as the macro `to_register_number` reads them."""
    read = numbers(texts)
    with_comma = {
        text: text.replace(".", "").replace(",", ".")
        for text, number in read.items()
        if number is None and text.count(",") == 1 and "." not in text.partition(",")[2]
    }
    again = numbers(sorted(set(with_comma.values())))
    return {text: again[with_comma[text]] if text in with_comma else read[text] for text in read}
