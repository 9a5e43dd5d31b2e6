"""The thresholds and severities of the registry, and findings made by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from landing.findings.finding import Finding, Severity
from registry import Registry
from registry.tables.thresholds import COUNT, DRIFT_RULES, DriftRule


@dataclass(frozen=True)
class Rules:
    """The rules of drift of one survey; a registry that was loaded has all of them."""

    registry: Registry

    @cached_property
    def _by_id(self) -> dict[str, DriftRule]:
        return {rule.rule_id: rule for rule in self.registry.drift_rules}

    def value(self, rule_id: str) -> float:
        """Return the threshold of a rule."""
        value = self._rule(rule_id).value
        if value is None:
            raise ValueError(f"the rule {rule_id} has no threshold")
        return value

    def severity(self, rule_id: str, measured: float | None = None) -> Severity:
        """Return how bad it is to pass a rule: an error beyond its second limit, where it has one.

        Args:
            rule_id: the rule.
            measured: what was found, in the unit of the rule; None where it measures nothing.
        """
        rule = self._rule(rule_id)
        limit = rule.error_value
        if limit is not None and measured is not None:
            # Counts are reached, shares and factors are passed: as their descriptions say.
            stops = measured >= limit if DRIFT_RULES.get(rule_id) == COUNT else measured > limit
            if stops:
                return "error"
        return rule.severity

    def graded(self, rule_id: str, measured: float) -> Severity:
        """Return how bad a measure is of what is always reported: below its rule, information."""
        is_passed = measured > self.value(rule_id)
        return self.severity(rule_id, measured) if is_passed else "information"

    def limit(self, rule_id: str) -> str:
        """Return in words what stops landing, to be added to what is expected."""
        limit = self._rule(rule_id).error_value
        return "" if limit is None else f"; more than {limit:.0%} stops landing"

    def finding(
        self,
        rule_id: str,
        message: str,
        *,
        where: str = "",
        expected: str = "",
        remedy: str = "",
        only_inform: bool = False,
        measured: float | None = None,
        code: str | None = None,
    ) -> Finding:
        """Return a finding with the severity of its rule; its code is the rule unless given."""
        return Finding(
            "information" if only_inform else self.severity(rule_id, measured),
            code or rule_id,
            message,
            where=where,
            expected=expected,
            remedy=remedy,
        )

    def _rule(self, rule_id: str) -> DriftRule:
        # A registry made in memory may have no rules at all; then everything is reported.
        if not self.registry.drift_rules:
            return DriftRule(rule_id, 0.0, None, "warning", "", row=0)
        return self._by_id[rule_id]
