"""Landing any file at all, by a registry that is made for it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb

from barometer.settings import PROJECT_ROOT, Settings
from landing.checks.subject import known_as
from landing.deliveries import InboxFile
from landing.loader import LandingReport, land
from landing.readers import SourceTable
from registry import Registry
from registry.tables.waves import ColumnMapping, Delivery, Survey, Wave

WAVE = "2025"


def record(row_type: Any, /, **fields: object) -> Any:
    """A registry row of which only some fields matter."""
    return row_type(**dict.fromkeys(row_type.__dataclass_fields__) | {"row": 2} | fields)


def registry_for(keys: Sequence[str] = ("id", "id"), **more: object) -> Registry:
    """A registry that knows the keys of a file, and lands the other columns unused."""
    empty = dict.fromkeys(Registry.__dataclass_fields__, ())
    roles = zip(("response_id", "organisation_key"), keys, strict=True)
    fields: dict[str, object] = {
        "survey": record(Survey, survey_id="any", unlisted_columns="report"),
        "waves": (
            record(
                Wave,
                wave=WAVE,
                expected_responses_low=1,
                expected_responses_high=10**6,
                frame_source="file",
            ),
        ),
        "deliveries": (
            record(
                Delivery,
                wave=WAVE,
                kind="export",
                part="main",
                file_pattern="*",
                format="auto",
                is_synthetic=False,
                archive="plain",
            ),
        ),
        "columns": tuple(
            record(ColumnMapping, wave=WAVE, kind="export", column_name=name, role=role)
            for role, name in roles
        ),
    }
    return Registry(**empty | fields | more)


def keys_of(table: SourceTable) -> tuple[str, str]:
    """The first and the last column, which are one where there are no more."""
    return known_as(table.columns[0]), known_as(table.columns[-1])


def settings_for(home: Path) -> Settings:
    """Where such a file lands."""
    return Settings(survey="any", root=PROJECT_ROOT, home=home, inbox=home.parent)


def land_one(path: Path, settings: Settings, registry: Registry) -> LandingReport:
    """Land one file."""
    return land(settings, registry, [InboxFile(path, registry.deliveries[0])])


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    """What the warehouse holds."""
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()
