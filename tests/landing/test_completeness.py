"""Answers without their frame, or a frame without its answers, are not landed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import write_csv

from barometer.settings import Settings
from landing.completeness import require_complete_waves
from landing.deliveries import find_deliveries
from landing.findings.errors import LandingErrors
from landing.loader import land
from registry import Registry


def files(settings: Settings, registry: Registry, kind: str):
    found = find_deliveries(settings.inbox, registry).files
    return [file for file in found if file.delivery.kind == kind]


@pytest.fixture
def delivered(settings: Settings, deliver: Callable[..., Path]) -> Settings:
    deliver("toy2023_export.csv")
    write_csv(
        settings.inbox / "toy2023_frame.csv", ["key", "name", "type"], [["007", "A", "court"]]
    )
    return settings


@pytest.mark.parametrize(
    ("kind", "missing"), [("frame", "export with the answers"), ("export", "sampling frame")]
)
def test_half_a_wave_is_refused_with_the_name_of_the_missing_file(
    delivered: Settings, registry: Registry, kind: str, missing: str
):
    with pytest.raises(LandingErrors) as caught:
        require_complete_waves(delivered, registry, files(delivered, registry, kind))
    (error,) = caught.value.errors
    assert error.what == f"The {missing} of wave 2023 is missing."
    assert "toy2023_" in error.expected
    assert not delivered.warehouse.exists()


def test_a_whole_wave_passes_and_so_does_none(delivered: Settings, registry: Registry):
    require_complete_waves(delivered, registry, find_deliveries(delivered.inbox, registry).files)
    require_complete_waves(delivered, registry, [])


def test_what_was_landed_before_counts_as_delivered(delivered: Settings, registry: Registry):
    land(delivered, registry, files(delivered, registry, "frame"))
    require_complete_waves(delivered, registry, files(delivered, registry, "export"))


def test_an_export_that_is_its_own_frame_needs_no_other_file(
    delivered: Settings, registry: Registry
):
    census = replace(
        registry, waves=tuple(replace(wave, frame_source="export") for wave in registry.waves)
    )
    require_complete_waves(delivered, census, files(delivered, registry, "export"))
