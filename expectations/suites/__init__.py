"""The suites of each layer, built from a survey's registries."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from barometer.errors import UsageError
from expectations.checks import Suite
from expectations.suites import cleaned, marts, raw
from registry import Registry
from registry.schemas import mart_schemas

LAYERS: Mapping[str, Callable[[Registry], tuple[Suite, ...]]] = {
    "raw": raw.suites,
    "cleaned": cleaned.suites,
    "marts": marts.suites,
}


def build_suites(layer: str, registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of a layer.

    Raises:
        UsageError: there is no such layer.
    """
    if layer not in LAYERS:
        raise UsageError(
            f"There is no layer called '{layer}'.", expected="one of: " + ", ".join(LAYERS)
        )
    return LAYERS[layer](registry)


def checked_schemas(layer: str, registry: Registry) -> tuple[str, ...]:
    """Return the schemas of a layer in which every table must have a suite."""
    return mart_schemas(registry) if layer == "marts" else ()
