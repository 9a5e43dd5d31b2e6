"""Checks of what the registries mean together, which SQL cannot say simply."""

from __future__ import annotations

from collections.abc import Iterator

from barometer.registry_claims import check_claims
from barometer.registry_codes import check_codes
from barometer.registry_columns import check_columns
from barometer.registry_crossings import check_crossings
from barometer.registry_differences import check_differences
from barometer.registry_disclosure import check_disclosure
from barometer.registry_drift import check_drift_rules
from barometer.registry_frames import check_frames
from barometer.registry_indicators import check_indicators
from barometer.registry_model import Registry
from barometer.registry_organisations import check_organisations
from barometer.registry_personal import check_personal
from barometer.registry_problems import Problem
from barometer.registry_questions import check_questions
from barometer.registry_scales import check_scales
from barometer.registry_waves import check_waves
from barometer.registry_weighting import check_weighting


def check_meaning(registry: Registry) -> Iterator[Problem]:
    """Yield every problem in how the registries fit together.

    An id that no registry lists is reported by the declared references; here it is skipped.
    """
    yield from check_waves(registry)
    yield from check_questions(registry)
    yield from check_columns(registry)
    yield from check_codes(registry)
    yield from check_organisations(registry)
    yield from check_crossings(registry)
    yield from check_weighting(registry)
    yield from check_indicators(registry)
    yield from check_differences(registry)
    yield from check_claims(registry)
    yield from check_scales(registry)
    yield from check_disclosure(registry)
    yield from check_drift_rules(registry)
    yield from check_frames(registry)
    yield from check_personal(registry)
