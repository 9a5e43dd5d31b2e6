"""Answers from responses that, by the routing of the registry, were not asked."""

from __future__ import annotations

from collections.abc import Mapping

from landing.checks.subject import Subject
from landing.drift.source import FileSource
from landing.drift.tallies import CODED_TYPES, Tally
from landing.findings.drift import RoutingViolation
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from registry.tables.questionnaire import Route


def routing_violations(
    subject: Subject, source: FileSource, tallies: Mapping[str, Tally]
) -> list[RoutingViolation]:
    """Return, per routed question, how many were not asked and how many of them answered."""
    asked = Asked(subject, source, tallies)
    questions, conditions = [], []
    for question_id in dict.fromkeys(route.question_id for route in subject.registry.routing):
        was_asked = asked.condition(question_id) if question_id in tallies else None
        if was_asked is not None:
            questions.append(question_id)
            answered = _answered(subject, source, tallies[question_id])
            conditions += [f"not {was_asked}", f"not {was_asked} and {answered}"]
    counts = source.count_where(conditions)
    return [
        RoutingViolation(question_id, counts[2 * place], counts[2 * place + 1])
        for place, question_id in enumerate(questions)
    ]


def routing_findings(rules: Rules, found: list[RoutingViolation]) -> list[Finding]:
    """Judge the violations."""
    return [
        rules.finding(
            "routing_violation",
            f"{item.answered:,} of the {item.not_asked:,} responses that should not have been "
            f"asked {item.question_id} answered it; cleaning sets these answers aside.",
            where=f"question {item.question_id}",
            expected=f"at most {rules.value('routing_violation'):.0%} of them, by routing.csv",
            remedy="Compare the routing of the questionnaire with routing.csv.",
            measured=item.answered / item.not_asked,
        )
        for item in found
        if item.not_asked and item.answered / item.not_asked > rules.value("routing_violation")
    ]


def _answered(subject: Subject, source: FileSource, tally: Tally) -> str:
    """Return the SQL condition that a row answers, with anything that is not missing."""
    question = tally.question
    if question.answer_type in CODED_TYPES:
        options = subject.registry.options_for(question.question_id)
        missing = {option.option_id for option in options if option.is_missing}
        return source.holds(tally.meaning(o for o in tally.choices if o not in missing))
    tests = []
    for position in tally.positions:
        # Codes of other types stand for missing answers, and are few.
        text = f"lower(trim(coalesce({source.rows.cell(position)}, '')))"
        codes = ", ".join("'" + code.replace("'", "''") + "'" for code in ("", *tally.codes))
        tests.append(f"{text} not in ({codes})")
    return f"({' or '.join(tests)})"


class Asked:
    """Which rows were asked a question; a condition counts if its own question was asked."""

    def __init__(self, subject: Subject, source: FileSource, tallies: Mapping[str, Tally]) -> None:
        in_wave = {mapping.question_id for mapping in subject.mappings}
        self._source = source
        self._tallies = tallies
        self._routes: dict[str, list[Route]] = {}
        # A condition on a question that the wave did not have cannot route, as in cleaning.
        for route in subject.registry.routing:
            if route.condition_question_id in in_wave:
                self._routes.setdefault(route.question_id, []).append(route)
        self._known: dict[str, str | None] = {}

    def condition(self, question_id: str) -> str | None:
        """Return the SQL condition of being asked; None where the file cannot tell."""
        if question_id not in self._known:
            self._known[question_id] = self._judge(question_id)
        return self._known[question_id]

    def _judge(self, question_id: str) -> str | None:
        options: dict[tuple[str, str], list[str]] = {}
        for route in self._routes.get(question_id, []):
            place = (route.rule, route.condition_question_id)
            options.setdefault(place, []).append(route.condition_option_id)
        held: dict[str, list[str]] = {}
        for (rule, question), chosen in options.items():
            tally, asked = self._tallies.get(question), self.condition(question)
            if tally is None or asked is None:
                return None
            holds = self._source.holds(tally.meaning(chosen))
            held.setdefault(rule, []).append(holds if asked == "true" else f"({holds} and {asked})")
        tests = []
        if "any_of" in held:
            tests.append(f"({' or '.join(held['any_of'])})")
        if "none_of" in held:
            tests.append(f"not ({' or '.join(held['none_of'])})")
        return f"({' and '.join(tests)})" if tests else "true"
