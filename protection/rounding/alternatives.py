"""Other answers that somebody could have given, and what each of them would change.

An attacker who knows the weights, who is in which group and how many answered each question still
has to choose between all answers that give the same printed figures. These are found by moves: one
respondent answers one question otherwise, everything else as it was. A move is always a way in
which the questionnaire could have been filled in, so that nothing that ties figures together is
forgotten: options that exclude each other, limits, shares of "any of these", counts and means of
the same answers all follow from the answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from math import nan, prod

Chosen = Mapping[str, frozenset[str]]
"""Options that a respondent chose, by question."""

_DIGITS = 9
_ALIKE = 3
"""Moves kept of those in one atom that raise, or lower, an indicator and others beside it."""
MOST_COMBINED = 32
"""Combinations of answers to questions that are counted together, of which all are tried."""


@dataclass(frozen=True)
class Question:
    """A question as it was asked in a wave.

    Attributes:
        question_id: the question.
        options: valid answers.
        is_multiple: several may be chosen.
        exclusive: options that may not be chosen beside others.
        most: how many may be chosen.
        scores: of the options, where they have scores.
    """

    question_id: str
    options: tuple[str, ...]
    is_multiple: bool = False
    exclusive: frozenset[str] = frozenset()
    most: int | None = None
    scores: Mapping[str, float] = field(default_factory=dict)

    def others(self, given: frozenset[str]) -> Iterator[frozenset[str]]:
        """Yield the answers that differ from one in a single option, or by one for another."""
        if not self.is_multiple:
            yield from (frozenset([option]) for option in self.options if option not in given)
            return
        free = [option for option in self.options if option not in self.exclusive]
        if given & self.exclusive:
            yield from (frozenset([option]) for option in free)
            return
        for option in free:
            if option not in given and len(given) < (self.most or len(free)):
                yield given | {option}
            elif option in given and len(given) > 1:
                yield given - {option}
        yield from (frozenset([option]) for option in sorted(self.exclusive))
        for out in sorted(given):
            yield from (given - {out} | {option} for option in free if option not in given)

    def shifted(self, given: frozenset[str], steps: int) -> frozenset[str]:
        """Return the answer some steps up or down the scale, and no further than its end."""
        order = sorted(self.scores, key=lambda option: self.scores[option])
        places = [order.index(option) + steps for option in given if option in self.scores]
        return frozenset(order[min(max(at, 0), len(order) - 1)] for at in places) or given


@dataclass(frozen=True)
class Indicator:
    """What is made of the answers of one respondent.

    Attributes:
        indicator_id: the indicator.
        kind: `share`, `count`, `mean`, or `band`: whether the mean of the scores lies in a band.
        items: questions and options that count; no option for a mean and a band.
        fewest: least number of options that a share needs, or least score of a band.
        most: largest number, or the score where the next band begins.
    """

    indicator_id: str
    kind: str
    items: frozenset[tuple[str, str | None]]
    fewest: float | None = None
    most: float | None = None

    @property
    def questions(self) -> frozenset[str]:
        """The questions that it rests on."""
        return frozenset(question for question, _ in self.items)

    @property
    def is_share(self) -> bool:
        """Return whether it is 0 or 1 for a respondent."""
        return self.kind in ("share", "band")

    @property
    def is_derived(self) -> bool:
        """Return whether it counts how many of several things somebody answered."""
        bounded = self.fewest is not None or self.most is not None
        return self.kind == "count" or (self.kind == "share" and bounded)

    def value(self, chosen: Chosen, questions: Mapping[str, Question]) -> float:
        """Return the value of a respondent who is in its base; nan of a mean of no scores."""
        if self.kind in ("mean", "band"):
            scores = [
                questions[question].scores[option]
                for question in self.questions
                for option in chosen.get(question, ())
                if option in questions[question].scores
            ]
            if not scores:
                return nan
            mean = sum(scores) / len(scores)
            return mean if self.kind == "mean" else float(self.holds(mean))
        number = float(sum(option in chosen.get(each, ()) for each, option in self.items))
        return number if self.kind == "count" else float(self.holds(number))

    def holds(self, value: float) -> bool:
        """Say whether a number of options, or a score, counts in the share."""
        if self.fewest is None and self.most is None:
            return value > 0
        below = self.most is None or (
            value < self.most if self.kind == "band" else value <= self.most
        )
        return below and (self.fewest is None or value >= self.fewest)


@dataclass(frozen=True)
class Respondent:
    """Answers of one response.

    Attributes:
        atom: the atom it belongs to.
        chosen: its answers.
        bases: the indicators that it is in the base of.
    """

    atom: int
    chosen: Chosen
    bases: frozenset[str]


@dataclass(frozen=True)
class Move:
    """Somebody of an atom answers otherwise.

    Attributes:
        atom: the atom.
        effects: by how much the sum of each indicator changes that changes at all.
        respondents: who could; each of them at most once.
    """

    atom: int
    effects: Mapping[str, float]
    respondents: frozenset[int]


def moves(
    respondents: Sequence[Respondent],
    questions: Mapping[str, Question],
    indicators: Sequence[Indicator],
) -> tuple[Move, ...]:
    """Return every move, those with the same effects in one atom together."""
    resting: dict[str, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        for question in indicator.questions:
            resting[question].append(indicator)
    combined = _combined(questions, indicators)
    scales = sorted({tuple(sorted(each.questions)) for each in indicators if each.kind == "band"})
    found: dict[tuple[int, tuple[tuple[str, float], ...]], set[int]] = defaultdict(set)
    for at, one in enumerate(respondents):
        own = {
            each.indicator_id: each.value(one.chosen, questions)
            for each in indicators
            if each.indicator_id in one.bases
        }
        for change in _changes(one.chosen, questions, resting, combined, scales):
            after = {**one.chosen, **change}
            touched = {each for question in change for each in resting[question]}
            effects = tuple(
                sorted(
                    (name, round(difference, _DIGITS))
                    for each in touched
                    if (name := each.indicator_id) in one.bases
                    and (difference := each.value(after, questions) - own[name])
                )
            )
            if effects:
                found[one.atom, effects].add(at)
    return tuple(
        Move(atom, dict(effects), frozenset(who)) for (atom, effects), who in sorted(found.items())
    )


def _combined(
    questions: Mapping[str, Question], indicators: Sequence[Indicator]
) -> tuple[tuple[str, ...], ...]:
    """Return the questions with one answer each that some share or count counts together."""
    together = {
        tuple(sorted(each.questions)) for each in indicators if each.kind in ("share", "count")
    }
    return tuple(
        sorted(
            names
            for names in together
            if len(names) > 1
            and not any(questions[name].is_multiple for name in names)
            and prod(len(questions[name].options) for name in names) <= MOST_COMBINED
        )
    )


def _changes(
    chosen: Chosen,
    questions: Mapping[str, Question],
    resting: Mapping[str, Sequence[Indicator]],
    combined: Sequence[tuple[str, ...]],
    scales: Sequence[tuple[str, ...]],
) -> Iterator[Chosen]:
    known = {
        name: given
        for name, given in chosen.items()
        if name in resting and given and given <= frozenset(questions[name].options)
    }
    for names in scales:
        steps = max(len(questions[name].scores) for name in names) - 1
        for shift in range(-steps, steps + 1):
            shifted = {
                name: questions[name].shifted(known[name], shift) for name in names if name in known
            }
            if any(shifted[name] != known[name] for name in shifted):
                yield shifted
    several = [names for names in combined if all(name in known for name in names)]
    for name in sorted(known.keys() - {name for names in several for name in names}):
        yield from ({name: other} for other in questions[name].others(known[name]))
    for names in several:
        for options in product(*(questions[name].options for name in names)):
            yield dict(zip(names, map(frozenset, zip(options, strict=True)), strict=True))


def smallest(moves: Sequence[Move], name: str) -> list[Move]:
    """Return the moves that are tried: small ones that touch the fewest other indicators."""
    alike: dict[tuple[int, bool], list[Move]] = defaultdict(list)
    for move in moves:
        alike[move.atom, move.effects[name] > 0].append(move)
    kept: list[Move] = []
    for _, those in sorted(alike.items()):
        those.sort(
            key=lambda move: (
                abs(move.effects[name]),
                len(move.effects),
                -len(move.respondents),
                sorted(move.effects.items()),
            )
        )
        is_alone = len(those[0].effects) == 1 and len(those[0].respondents) > 1
        kept += those[: 1 if is_alone else _ALIKE]
    return kept
