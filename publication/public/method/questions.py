"""What the registries say about the questions that the indicators of a wave rest on."""

from __future__ import annotations

from registry import Registry
from registry.tables.figures import Indicator
from registry.tables.publication import DisclosureRule
from registry.tables.questionnaire import Option


class WaveQuestions:
    """The indicators of a wave, in order, and what they rest on.

    Attributes:
        indicators: those that the wave has questions for.
        items: per indicator the questions and options that are counted.
        questions: by id.
    """

    def __init__(self, registry: Registry, wave: str, indicators: frozenset[str]) -> None:
        self._registry = registry
        self._wave = registry.wave_ids.index(wave)
        self.indicators = sorted(
            (row for row in registry.indicators if row.indicator_id in indicators),
            key=lambda row: row.position,
        )
        self.items: dict[str, frozenset[tuple[str, str | None]]] = {
            row.indicator_id: frozenset(
                (item.question_id, item.option_id)
                for item in registry.indicator_items
                if item.indicator_id == row.indicator_id and item.part == "numerator"
            )
            for row in self.indicators
        }
        self.questions = {question.question_id: question for question in registry.questions}

    def row(self, indicator: Indicator) -> DisclosureRule | None:
        """Return what `disclosure_rules` says about an indicator, or else about its topic."""
        own = [
            row
            for row in self._registry.disclosure_rules
            if row.indicator_id == indicator.indicator_id
        ]
        topic = [
            row
            for row in self._registry.disclosure_rules
            if row.topic and row.topic == indicator.topic
        ]
        return next(iter(own or topic), None)

    def set_row(self, indicator: Indicator) -> DisclosureRule | None:
        """Return the same where it puts the indicator into a set."""
        row = self.row(indicator)
        return row if row is not None and row.set_id is not None else None

    def asked(self, name: str) -> frozenset[str]:
        """Return the questions that an indicator rests on."""
        return frozenset(question for question, _ in self.items[name])

    def options(self, question_id: str) -> frozenset[str]:
        """Return the valid answers to a question in this wave."""
        order = self._registry.wave_ids
        return frozenset(
            option.option_id
            for option in self._registry.options_for(question_id)
            if not option.is_missing
            and (option.first_wave is None or order.index(option.first_wave) <= self._wave)
            and (option.last_wave is None or order.index(option.last_wave) >= self._wave)
        )

    def rows(self, question_id: str) -> list[Option]:
        """Return what the registry says of the valid answers to a question in this wave."""
        valid = self.options(question_id)
        listed = self._registry.options_for(question_id)
        return [option for option in listed if option.option_id in valid]

    def answer_type(self, question_id: str) -> str:
        """Return the kind of a question."""
        return self.questions[question_id].answer_type

    def scores(self, question: str) -> tuple[int, ...]:
        """Return the scores of a question, lowest first; none unless they are whole, without a gap.

        With a gap, or with two scores, a mean tells more of each option than
        `protection.ranges.means` reckons with. A question of numbers has no scores at all.
        """
        found = {
            option.score
            for option in self._registry.options_for(question)
            if option.option_id in self.options(question)
        }
        whole = sorted({int(score) for score in found if score is not None and score % 1 == 0})
        if not whole or len(whole) < len(found):
            return ()
        return tuple(whole) if whole == list(range(whole[0], whole[-1] + 1)) else ()

    def filters_of(self, question: str) -> list[tuple[str, bool]]:
        """Return the shares that count exactly those who were asked, or (false) all but those."""
        routes = [row for row in self._registry.routing if row.question_id == question]
        if len({row.rule for row in routes}) != 1:
            return []
        conditions = {(row.condition_question_id, row.condition_option_id) for row in routes}
        return [
            (row.indicator_id, routes[0].rule == "any_of")
            for row in self.indicators
            if row.kind == "share"
            and row.minimum_count is None
            and row.maximum_count is None
            and self.items[row.indicator_id] == conditions
        ]

    def is_routed(self, name: str) -> bool:
        """Say whether not everybody was asked what an indicator rests on."""
        asked = self.asked(name)
        return any(route.question_id in asked for route in self._registry.routing)
