"""Checks of what the registries mean together, which SQL cannot say simply."""

from __future__ import annotations

from collections.abc import Iterator

from registry.model import Registry
from registry.problems import Problem
from registry.rules.claims import check_claims
from registry.rules.codes import check_codes
from registry.rules.columns import check_columns
from registry.rules.crossings import check_crossings
from registry.rules.differences import check_differences
from registry.rules.disclosure import check_disclosure
from registry.rules.drift import check_drift_rules
from registry.rules.frames import check_frames
from registry.rules.indicators import check_indicators
from registry.rules.organisations import check_organisations
from registry.rules.personal import check_personal
from registry.rules.questions import check_questions
from registry.rules.scales import check_scales
from registry.rules.waves import check_waves
from registry.rules.weighting import check_weighting


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
