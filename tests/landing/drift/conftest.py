"""The example survey landed, and checks of exports that something was done to."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from drifting import Sheet, next_wave

from barometer.settings import PROJECT_ROOT, Settings, load_settings
from landing.check import check_file
from landing.deliveries import find_deliveries
from landing.findings.finding import CheckReport
from landing.loader import land
from registry import Registry, load_registry

EXPORT_2021 = PROJECT_ROOT / "examples" / "ibo" / "IBO2021_synthetic_export_v2.csv"


@pytest.fixture(scope="session")
def ibo() -> Registry:
    return load_registry(PROJECT_ROOT / "seeds")


@pytest.fixture(scope="session")
def landed(tmp_path_factory: pytest.TempPathFactory, ibo: Registry) -> Settings:
    """The exports of all waves of the example survey, landed."""
    settings = load_settings("ibo", home=tmp_path_factory.mktemp("drift"))
    files = find_deliveries(settings.inbox, ibo).files
    land(settings, ibo, [file for file in files if file.delivery.kind == "export"])
    return settings


@pytest.fixture
def sheet() -> Sheet:
    with EXPORT_2021.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    return Sheet(header, rows)


@pytest.fixture
def check_2021(tmp_path: Path, ibo: Registry) -> Callable[..., CheckReport]:
    """Check a sheet as the export of 2021, before which there is no wave."""

    def check(sheet: Sheet, registry: Registry = ibo) -> CheckReport:
        return check_file(sheet.write(tmp_path), wave="2021", registry=registry)

    return check


@pytest.fixture
def check_2022(
    tmp_path: Path, ibo: Registry, landed: Settings
) -> Callable[[Sheet, Registry | None], CheckReport]:
    """Check a sheet as a wave after 2021 with the same questionnaire."""

    def check(sheet: Sheet, registry: Registry | None = None) -> CheckReport:
        return check_file(
            sheet.write(tmp_path),
            wave="2022",
            registry=registry or next_wave(ibo),
            warehouse=landed.warehouse,
        )

    return check
