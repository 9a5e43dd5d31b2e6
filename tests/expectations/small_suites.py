"""The suites of the small survey, by name."""

from __future__ import annotations

from small_survey import small_registry

from expectations.suites import LAYERS, build_suites

REGISTRY = small_registry()
SUITES = {suite.name: suite for layer in LAYERS for suite in build_suites(layer, REGISTRY)}
