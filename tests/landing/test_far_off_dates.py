"""Dates that the database reads and Python has no years for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import answers, write_csv

from barometer.settings import PROJECT_ROOT
from landing.check import check_file
from landing.checks.rows import timestamps
from registry import Registry
from registry.tables.thresholds import DriftRule


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("99999-01-01", dt.datetime.max),
        ("12025-04-01 12:00:00", dt.datetime.max),
        ("0000-01-01", dt.datetime.min),
        ("0044-03-15 (BC)", dt.datetime.min),
        ("2025-04-01", dt.datetime(2025, 4, 1)),
        ("2025-13-01", None),
    ],
)
def test_they_are_read_as_the_first_or_last_moment(text: str, moment: dt.datetime | None) -> None:
    assert timestamps([text]) == {text: moment}


@pytest.mark.parametrize("far", ["99999-01-01", "0000-01-01"])
@pytest.mark.parametrize("with_drift", [False, True])
def test_a_submission_in_such_a_year_is_outside_the_fieldwork(
    deliver: Callable[..., Path], registry: Registry, far: str, with_drift: bool
) -> None:
    from registry import load_registry

    rules: tuple[DriftRule, ...] = load_registry(PROJECT_ROOT / "seeds").drift_rules
    day = dt.date(2023, 3, 1)
    waves = tuple(
        replace(w, fieldwork_start=day, fieldwork_end=day + dt.timedelta(days=30))
        for w in registry.waves
    )
    path = deliver("toy2023_export.csv", [*answers(3), *answers(1, prefix="x", when=far)])

    report = check_file(
        path,
        wave="2023",
        registry=replace(registry, waves=waves, drift_rules=rules if with_drift else ()),
    )

    found = {f.code: f for f in report.findings}
    assert "1 submission(s)" in found["submitted_at_outside_fieldwork"].message


@pytest.mark.parametrize("role", ["valid_from", "valid_until"])
def test_a_frame_with_such_a_year_is_judged(tmp_path: Path, registry: Registry, role: str) -> None:
    listed = next(c for c in registry.columns if (c.wave, c.kind) == ("2023", "frame"))
    dated = replace(listed, column_name="day", role=role, attribute_id=None)
    path = write_csv(
        tmp_path / "toy2023_frame.csv",
        ["key", "name", "type", "day"],
        [["007", "A", "court", "99999-01-01"], ["008", "B", "court", "2020-01-01"]],
    )

    report = check_file(
        path,
        wave="2023",
        kind="frame",
        registry=replace(registry, columns=(*registry.columns, dated)),
    )

    assert report.row_count == 2
