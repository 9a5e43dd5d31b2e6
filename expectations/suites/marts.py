"""Expectations on what is published: complete, consistent, and nothing below its base."""

from __future__ import annotations

from barometer.registry import Registry
from expectations.checks import Suite
from expectations.suites import (
    marts_copies,
    marts_differences,
    marts_dimensions,
    marts_facts,
    marts_groups,
    marts_scales,
    marts_topics,
    marts_weighting,
)

CORE = "core"


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the marts, those of the reader groups included."""
    minimum_base = int(float(registry.rule("minimum_base")))
    return (
        *marts_dimensions.suites(),
        marts_facts.response_rates(minimum_base),
        marts_facts.estimates(minimum_base),
        marts_weighting.suite(),
        marts_copies.response_rates(CORE, "mart_response_rates"),
        marts_copies.estimates(CORE, "mart_estimates"),
        *marts_differences.suites(registry),
        *marts_scales.suites(registry),
        *marts_topics.suites(registry),
        *marts_groups.suites(registry),
    )
