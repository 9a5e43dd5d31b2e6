"""Expectations on what is published: complete, consistent, and nothing below its base."""

from __future__ import annotations

from expectations.checks import Suite
from expectations.suites.marts import (
    copies,
    differences,
    dimensions,
    facts,
    groups,
    scales,
    topics,
    weighting,
)
from registry import Registry

CORE = "core"


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the marts, those of the reader groups included."""
    minimum_base = int(float(registry.rule("minimum_base")))
    return (
        *dimensions.suites(),
        facts.response_rates(minimum_base),
        facts.estimates(minimum_base),
        weighting.suite(),
        copies.response_rates(CORE, "mart_response_rates"),
        copies.estimates(CORE, "mart_estimates"),
        *differences.suites(registry),
        *scales.suites(registry),
        *topics.suites(registry),
        *groups.suites(registry),
    )
