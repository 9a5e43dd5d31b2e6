"""Answers from responses that, by the routing of the registry, were not asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from barometer.registry_records import Route
from landing.checks.subject import Subject
from landing.drift.encoded import Rows, count
from landing.drift.model import RoutingViolation
from landing.drift.rules import Rules
from landing.drift.tallies import Tally
from landing.findings import Finding


def routing_violations(
    subject: Subject, tallies: Mapping[str, Tally], n_rows: int
) -> list[RoutingViolation]:
    """Return, per routed question, how many were not asked and how many of them answered."""
    asked = _Asked(subject, tallies, n_rows)
    found = []
    for question_id in dict.fromkeys(route.question_id for route in subject.registry.routing):
        tally = tallies.get(question_id)
        if tally is None:
            continue
        rows = asked.rows(question_id)
        if rows is None:
            continue
        not_asked = pc.invert(rows)
        answered = count(pc.and_(not_asked, tally.answered))
        found.append(RoutingViolation(question_id, count(not_asked), answered))
    return found


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
        )
        for item in found
        if item.not_asked and item.answered / item.not_asked > rules.value("routing_violation")
    ]


class _Asked:
    """Which responses were asked a question; a condition counts if its question was asked."""

    def __init__(self, subject: Subject, tallies: Mapping[str, Tally], n_rows: int) -> None:
        in_wave = {mapping.question_id for mapping in subject.mappings}
        self._tallies = tallies
        self._none = pa.repeat(pa.scalar(False), n_rows)
        self._routes: dict[str, list[Route]] = {}
        # A condition on a question that the wave did not have cannot route, as in cleaning.
        for route in subject.registry.routing:
            if route.condition_question_id in in_wave:
                self._routes.setdefault(route.question_id, []).append(route)
        self._known: dict[str, Any] = {}

    def rows(self, question_id: str) -> Rows | None:
        """Return the responses asked a question; None where a condition cannot be read."""
        if question_id not in self._known:
            self._known[question_id] = self._judge(question_id)
        return self._known[question_id]

    def _judge(self, question_id: str) -> Rows | None:
        routes = self._routes.get(question_id, [])
        result = pc.invert(self._none)
        held: dict[str, Rows] = {}
        for route in routes:
            tally = self._tallies.get(route.condition_question_id)
            asked = self.rows(route.condition_question_id)
            if tally is None or asked is None:
                return None
            holds = pc.and_(tally.rows_of.get(route.condition_option_id, self._none), asked)
            held[route.rule] = pc.or_(held.get(route.rule, self._none), holds)
        if "any_of" in held:
            result = held["any_of"]
        if "none_of" in held:
            result = pc.and_(result, pc.invert(held["none_of"]))
        return result
