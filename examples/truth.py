"""The truth of the finite population: every indicator over every organisation of the frame.

The rules are those of the registries (`indicators`, `indicator_items`), written a second time and
independently of the SQL, so that one can be checked against the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from examples.model import Answer, Answers
from examples.registries import Registries, in_force


@dataclass(frozen=True)
class TruthRow:
    """The true value of an indicator in a group.

    Attributes:
        population: organisations of the group in the frame.
        base: those among them for which the indicator has a value.
    """

    wave: str
    classification_id: str
    group_id: str
    indicator_id: str
    true_value: float | None
    population: int
    base: int


@dataclass(frozen=True)
class _Rule:
    kind: str
    minimum_answered: int
    fewest: int | None
    most: int | None
    items: list[tuple[str, str]]


class IndicatorRules:
    """The indicators of one wave, ready to be applied to answers."""

    def __init__(self, registries: Registries, wave: str) -> None:
        self._missing: set[tuple[str, str]] = set()
        self._scores: dict[tuple[str, str], float] = {}
        for question_id in registries.questions:
            for option in registries.offered(question_id, wave):
                key = (question_id, option["option_id"])
                if option["is_missing"] == "true":
                    self._missing.add(key)
                elif option["score"]:
                    self._scores[key] = float(option["score"])
        offered = {
            (question_id, option["option_id"])
            for question_id in registries.questions
            for option in registries.offered(question_id, wave)
        }
        self.rules: dict[str, _Rule] = {}
        for row in registries.indicators:
            items = [
                (item["question_id"], item["option_id"])
                for item in registries.indicator_items[row["indicator_id"]]
                if in_force(registries.questions[item["question_id"]], wave)
                and (not item["option_id"] or (item["question_id"], item["option_id"]) in offered)
            ]
            # An option that was not on the form has no share, not a share of nought.
            if items:
                self.rules[row["indicator_id"]] = _Rule(
                    row["kind"],
                    int(row["minimum_answered"]),
                    _whole(row["minimum_count"]),
                    _whole(row["maximum_count"]),
                    items,
                )

    def values(self, answers: Answers) -> dict[str, float]:
        """Return the indicators that have a value for these answers."""
        result = {}
        for indicator_id, rule in self.rules.items():
            value = self._value(answers, rule)
            if value is not None:
                result[indicator_id] = value
        return result

    def is_valid(self, question_id: str, answer: Answer | None) -> bool:
        """Tell whether a question was answered with something other than don't know."""
        return answer is not None and (question_id, answer) not in self._missing

    def _value(self, answers: Answers, rule: _Rule) -> float | None:
        answered = {
            question_id
            for question_id, _ in rule.items
            if self.is_valid(question_id, answers.get(question_id))
        }
        enough = len(answered) >= rule.minimum_answered
        if rule.kind == "mean":
            if not enough:
                return None
            scores = [self._scores[question, str(answers[question])] for question in answered]
            return sum(scores) / len(scores)
        matched = sum(_chosen(answers.get(question), option) for question, option in rule.items)
        if rule.fewest is not None or rule.most is not None:
            too_few = rule.fewest is not None and matched < rule.fewest
            too_many = rule.most is not None and matched > rule.most
            return float(not too_few and not too_many) if enough else None
        if not enough:
            return None
        return float(min(matched, 1) if rule.kind == "share" else matched)


def _whole(text: str) -> int | None:
    return int(text) if text else None


def _chosen(answer: Answer | None, option_id: str) -> bool:
    return option_id in answer if isinstance(answer, tuple) else answer == option_id


def finite_population_truth(
    wave: str,
    groups: Mapping[str, tuple[tuple[str, str], ...]],
    values: Mapping[str, Mapping[str, float]],
    indicator_ids: list[str],
) -> list[TruthRow]:
    """Average the indicator values over the organisations of every group.

    Args:
        wave: the wave.
        groups: (classification, group) memberships by organisation key.
        values: indicator values by organisation key.
        indicator_ids: indicators of the wave.
    """
    members: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key, memberships in groups.items():
        for membership in memberships:
            members[membership].append(key)
    rows = []
    for (classification_id, group_id), keys in sorted(members.items()):
        for indicator_id in indicator_ids:
            known = [values[key][indicator_id] for key in keys if indicator_id in values[key]]
            mean = sum(known) / len(known) if known else None
            rows.append(
                TruthRow(
                    wave, classification_id, group_id, indicator_id, mean, len(keys), len(known)
                )
            )
    return rows
