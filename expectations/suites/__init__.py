"""The suites of each layer, read from the files of this folder with a survey's parameters."""

from __future__ import annotations

from pathlib import Path

from barometer.errors import UsageError
from expectations.checks import Suite
from expectations.suites.files import read_suites
from expectations.suites.parameters import parameters
from registry import Registry
from registry.schemas import mart_schemas

LAYERS = ("raw", "cleaned", "marts")


def build_suites(layer: str, registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of a layer.

    Raises:
        UsageError: there is no such layer.
        SuiteFileError: a file does not say what it must.
    """
    if layer not in LAYERS:
        raise UsageError(
            f"There is no layer called '{layer}'.", expected="one of: " + ", ".join(LAYERS)
        )
    return read_suites(Path(__file__).parent, layer, parameters(registry))


def checked_schemas(layer: str, registry: Registry) -> tuple[str, ...]:
    """Return the schemas of a layer in which every table must have a suite."""
    return mart_schemas(registry) if layer == "marts" else ()
