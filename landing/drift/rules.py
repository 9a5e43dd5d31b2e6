"""The thresholds and severities of the registry, and findings made by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import cast

from barometer.registry import Registry
from barometer.registry_records import DriftRule
from landing.findings import Finding, Severity


@dataclass(frozen=True)
class Rules:
    """The rules of drift of one survey; a loaded registry has all of them."""

    registry: Registry

    @cached_property
    def _by_id(self) -> dict[str, DriftRule]:
        return {rule.rule_id: rule for rule in self.registry.drift_rules}

    def value(self, rule_id: str) -> float:
        """Return the threshold of a rule."""
        value = self._by_id[rule_id].value
        if value is None:
            raise ValueError(f"the rule {rule_id} has no threshold")
        return value

    def finding(
        self,
        rule_id: str,
        message: str,
        *,
        where: str = "",
        expected: str = "",
        remedy: str = "",
        only_inform: bool = False,
    ) -> Finding:
        """Return a finding with the severity of its rule."""
        severity = cast(Severity, self._by_id[rule_id].severity)
        return Finding(
            "information" if only_inform else severity,
            rule_id,
            message,
            where=where,
            expected=expected,
            remedy=remedy,
        )
