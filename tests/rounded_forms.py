"""Ways in which questions may be answered, as the registry has them, for `rounded_attack`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import inf, prod

from rounded_attack import Form

MOST_PATTERNS = 64
"""Ways to answer some questions that are told apart; beyond them options are, one by one."""
BAND = "|"
"""Between a scale and a band of it, in the name of the share whose score lies in the band."""
Tie = tuple[Mapping[int, float], float, float, str | None]


@dataclass(frozen=True)
class Question:
    """A question of the wave.

    Attributes:
        options: valid answers, and their scores where they have any.
        exclusive: those that go with no other.
        most: largest number of answers.
    """

    options: Mapping[str, float | None]
    exclusive: frozenset[str]
    is_multiple: bool
    most: int | None


@dataclass(frozen=True)
class Indicator:
    """An indicator of the wave, or the band of a scale."""

    kind: str
    items: frozenset[tuple[str, str | None]]
    least: float | None = None
    most: float | None = None

    @property
    def questions(self) -> frozenset[str]:
        """The questions that it rests on."""
        return frozenset(question for question, _ in self.items)


@dataclass(frozen=True)
class Registry:
    """Questions and indicators of a wave, by name."""

    questions: Mapping[str, Question]
    indicators: Mapping[str, Indicator]

    def form(self, answered: frozenset[str], bases: frozenset[str]) -> Form:
        """Return the ways in which some questions may have been answered."""
        asked = [self.questions[name] for name in sorted(answered)]
        ways = prod(len(each.options) for each in asked)
        if ways <= MOST_PATTERNS and not any(each.is_multiple for each in asked):
            return self._patterns(sorted(answered), bases)
        return self.form_by_option(answered, bases)

    def form_by_option(self, answered: frozenset[str], bases: frozenset[str]) -> Form:
        """Return them option by option."""
        return _Options(self, sorted(answered), bases).form()

    def form_of_asked(self, asked: frozenset[str], bases: frozenset[str]) -> Form:
        """Return them where some of those who were asked did not answer a question."""
        options = _Options(self, sorted(asked), bases)
        return replace(options.form(), silent=options.silent(), adds=options.adds)

    def largest(self, name: str) -> float:
        """Return the largest value of an indicator."""
        indicator = self.indicators[name]
        if indicator.kind in ("share", "band"):
            return 1.0
        if indicator.kind == "count":
            return float(len(indicator.items))
        return max(
            score
            for each in indicator.questions
            for score in self.questions[each].options.values()
            if score is not None
        )

    def _patterns(self, answered: list[str], bases: frozenset[str]) -> Form:
        adds: list[dict[str, float]] = []
        for given in product(*(self.questions[name].options for name in answered)):
            chosen = dict(zip(answered, given, strict=True))
            own = {name: self._value(self.indicators[name], chosen) for name in bases}
            if own not in adds:
                adds.append(own)
        return Form(tuple(adds), ((dict.fromkeys(range(len(adds)), 1.0), 1, 1, None),))

    def _value(self, indicator: Indicator, chosen: Mapping[str, str]) -> float:
        if indicator.kind == "mean":
            scores = [
                self.questions[name].options[chosen[name]] or 0.0
                for name in indicator.questions & chosen.keys()
            ]
            return sum(scores) / len(scores)
        number = sum(chosen.get(question) == option for question, option in indicator.items)
        if indicator.kind == "count":
            return float(number)
        least = 1 if indicator.least is indicator.most is None else indicator.least or 0
        return float(least <= number <= (inf if indicator.most is None else indicator.most))


class _Options:
    """Ways to answer told apart by option: whatever anybody may answer keeps to these ties."""

    def __init__(self, about: Registry, answered: list[str], bases: frozenset[str]) -> None:
        self._about, self._answered, self._bases = about, answered, bases
        self._of = {
            (name, option): at
            for at, (name, option) in enumerate(
                (name, option) for name in answered for option in about.questions[name].options
            )
        }
        self._adds: list[dict[str, float]] = [{} for _ in self._of]
        self._ties: list[Tie] = []

    def form(self) -> Form:
        for name in self._answered:
            self._ties += self._of_question(name)
        unions = {}
        for name in sorted(self._bases):
            indicator = self._about.indicators[name]
            if indicator.kind in ("mean", "count"):
                self._score(name, indicator)
            elif indicator.kind == "share":
                items = frozenset(self._of[item] for item in indicator.items if item in self._of)
                if self._is_sum(indicator):
                    for at in items:
                        self._adds[at][name] = 1.0
                else:
                    unions[self._new(name)] = items
        for scale in {name.split(BAND)[0] for name in self._bases if BAND in name}:
            self._bands(scale)
        self._ties += self._of_unions(unions)
        return Form(tuple(self._adds), tuple(self._ties))

    def silent(self) -> dict[str, int]:
        """Add an unknown to each question for those who do not answer it, by its indicators."""
        found = {}
        for question in self._answered:
            self._adds.append({})
            for name in self._bases:
                if self._about.indicators[name].questions == {question}:
                    found[name] = len(self._adds) - 1
        return found

    @property
    def adds(self) -> tuple[Mapping[str, float], ...]:
        """What the unknowns add to the indicators."""
        return tuple(self._adds)

    def _new(self, name: str) -> int:
        self._adds.append({name: 1.0})
        return len(self._adds) - 1

    def _is_sum(self, indicator: Indicator) -> bool:
        if len(indicator.items) == 1:
            return True
        (first, *more) = indicator.questions
        return not more and not self._about.questions[first].is_multiple

    def _rests_on(self, question: str) -> str | None:
        """Return an indicator with the base of the question."""
        return next(
            (
                name
                for name in sorted(self._bases)
                if self._about.indicators[name].questions == {question}
            ),
            None,
        )

    def _of_question(self, name: str) -> Iterator[Tie]:
        question, rests = self._about.questions[name], self._rests_on(name)
        own = {self._of[name, option]: 1.0 for option in question.options}
        if not question.is_multiple:
            yield own, 1, 1, rests
            return
        for at in own:
            yield {at: 1.0}, -inf, 1, rests
        yield own, 1, question.most or inf, rests
        for alone in question.exclusive:
            for option in question.options.keys() - question.exclusive:
                yield {self._of[name, alone]: 1.0, self._of[name, option]: 1.0}, -inf, 1, rests

    def _of_unions(self, unions: Mapping[int, frozenset[int]]) -> Iterator[Tie]:
        for at, items in unions.items():
            (rests,) = self._adds[at]
            yield {at: 1.0}, -inf, 1, rests
            yield {**dict.fromkeys(items, 1.0), at: -1.0}, 0, inf, rests
            for item in items:
                yield {at: 1.0, item: -1.0}, 0, inf, rests
            for other, its in unions.items():
                if its < items:
                    yield {at: 1.0, other: -1.0}, 0, inf, rests
            asked = self._about.indicators[rests].questions
            if len(asked) == 1:
                (name,) = asked
                question = self._about.questions[name]
                own = {self._of[name, option]: 1.0 for option in question.options}
                outside = {column: 1.0 for column in own if column not in items}
                yield {**outside, at: 1.0}, 1, inf, rests
                for alone in question.exclusive:
                    if self._of[name, alone] not in items:
                        yield {self._of[name, alone]: 1.0, at: 1.0}, -inf, 1, rests

    def _score(self, name: str, indicator: Indicator) -> None:
        asked = [each for each in self._answered if each in indicator.questions]
        for question in asked:
            for option, score in self._about.questions[question].options.items():
                if indicator.kind == "mean":
                    self._adds[self._of[question, option]][name] = (score or 0.0) / len(asked)
                elif (question, option) in indicator.items:
                    self._adds[self._of[question, option]][name] = 1.0

    def _bands(self, scale: str) -> None:
        """Tie how many are in each band of a scale to the sum of its scores."""
        indicator = self._about.indicators[scale]
        asked = [each for each in self._answered if each in indicator.questions]
        scores = [
            each
            for name in asked
            for each in self._about.questions[name].options.values()
            if each is not None
        ]
        bands = {
            self._new(name): self._about.indicators[name]
            for name in sorted(self._bases)
            if name.startswith(f"{scale}{BAND}")
        }
        total = {at: -own[scale] for at, own in enumerate(self._adds) if own.get(scale)}
        low = {
            at: each.least if each.least is not None else min(scores) for at, each in bands.items()
        }
        high = {
            at: max(scores) if each.most is None else each.most - 1 / len(asked)
            for at, each in bands.items()
        }
        self._ties += [
            (dict.fromkeys(bands, 1.0), 1, 1, None),
            ({**total, **low}, -inf, 0, None),
            ({**total, **high}, 0, inf, None),
        ]
