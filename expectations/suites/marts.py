"""Expectations on what is published: complete, consistent, and nothing below its base."""

from __future__ import annotations

from barometer.registry import Registry
from expectations.checks import Suite
from expectations.suites import (
    marts_copies,
    marts_differences,
    marts_dimensions,
    marts_facts,
    marts_scales,
    marts_topics,
    marts_weighting,
)

CORE = "core"


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the marts, those of every group with a schema of its own included."""
    minimum_base = int(float(registry.rule("minimum_base")))
    own_schemas = tuple(group for group in registry.organisation_groups if group.own_schema)
    return (
        *marts_dimensions.suites(),
        marts_facts.response_rates(minimum_base),
        marts_facts.estimates(minimum_base),
        marts_weighting.suite(),
        marts_copies.response_rates(CORE, "mart_response_rates"),
        marts_copies.estimates(CORE, "mart_estimates"),
        *(
            suite
            for group in own_schemas
            for suite in (
                marts_copies.response_rates(group.group_id, "response_rates", group),
                marts_copies.estimates(group.group_id, "estimates", group),
            )
        ),
        *marts_differences.suites(registry),
        *marts_scales.suites(registry),
        *marts_topics.suites(registry),
    )


def schemas(registry: Registry) -> tuple[str, ...]:
    """Return the schemas in which every table must have a suite."""
    return (
        CORE,
        *sorted({mart.schema_name for mart in registry.topic_marts}),
        *(group.group_id for group in registry.organisation_groups if group.own_schema),
    )
