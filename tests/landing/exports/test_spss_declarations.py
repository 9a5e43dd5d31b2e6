"""What an SPSS file says of its columns stands in the warehouse: missing values and sets."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from any_landing import WAVE, keys_of, land_one, query, record, registry_for, settings_for

from barometer.settings import Settings
from landing import loader
from landing.personal.forgetting import erase
from landing.readers import read_table
from landing.storage.warehouse import insert
from registry.tables.waves import ColumnMapping

RANGES = "select column_position, low, high from raw.missing_ranges order by all"


def written(path: Path, last: float = 3.0) -> Path:
    frame = pd.DataFrame({"id": ["a", "b"], "size": [1.0, last], "why": ["x", "nvt"]})
    missing = {"size": [{"lo": -9, "hi": -1}, 999], "why": ["nvt"]}
    pyreadstat.write_sav(frame, str(path), missing_ranges=missing)
    return path


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_for(tmp_path / "home")


def test_ranges_and_single_values_are_stored(tmp_path: Path, settings: Settings) -> None:
    land_one(written(tmp_path / "a.sav"), settings, registry_for())

    assert query(settings, RANGES) == [(2, "-9", "-1"), (2, "999", "999"), (3, "nvt", "nvt")]


@pytest.mark.shared_data
def test_the_multiple_response_sets_of_a_real_file_are_stored(
    shared_data: Path, settings: Settings
) -> None:
    path = shared_data / "exports" / "spss" / "simple_alltypes.sav"

    land_one(path, settings, registry_for(keys_of(read_table(path))))

    _, metadata = pyreadstat.read_sav(str(path))
    places = {name.lower(): at for at, name in enumerate(metadata.column_names, start=1)}
    expected = [
        (name, found["label"] or None, found["counted_value"], places[member.lower()])
        for name, found in metadata.mr_sets.items()
        for member in found["variable_list"]
    ]
    stored = query(
        settings,
        "select set_name, set_label, counted_value, column_position from raw.multiple_sets",
    )
    assert len(expected) == 6
    assert {(n, label, at) for n, label, _, at in stored} == {
        (n, label, at) for n, label, _, at in expected
    }
    assert {(name, value) for name, _, value, _ in stored} == {
        ("mymrset", "1"),
        ("categorical_array", None),
    }


@pytest.mark.shared_data
def test_the_missing_values_of_a_real_file_are_stored(
    shared_data: Path, settings: Settings
) -> None:
    path = shared_data / "exports" / "spss" / "sample_missing.sav"

    land_one(path, settings, registry_for(keys_of(read_table(path))))

    _, metadata = pyreadstat.read_sav(str(path), user_missing=True)
    n_ranges = sum(len(ranges) for ranges in metadata.missing_ranges.values())
    stored = query(settings, RANGES)
    assert len(stored) == n_ranges > 2
    assert stored[:2] == [(2, "-1", "-1"), (2, "2000", "3000")]


def test_landing_again_adds_nothing_and_a_correction_has_its_own(
    tmp_path: Path, settings: Settings
) -> None:
    first = written(tmp_path / "a.sav")
    land_one(first, settings, registry_for())
    land_one(first, settings, registry_for())
    assert len(query(settings, RANGES)) == 3

    land_one(written(tmp_path / "b.sav", last=4.0), settings, registry_for())

    assert query(
        settings,
        "select superseded_by is null, count(*) from raw.missing_ranges "
        "inner join raw.exports using (export_id) group by 1 order by 1",
    ) == [(False, 3), (True, 3)]


@pytest.mark.parametrize("table", ["missing_ranges", "multiple_sets", "cells"])
def test_a_landing_that_fails_leaves_none(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    def fail(connection: object, name: str, *rest: object) -> None:
        insert(connection, name, *rest)  # type: ignore[arg-type]
        if name == table:
            raise RuntimeError("power cut")

    land_one(written(tmp_path / "a.sav"), settings, registry_for())
    monkeypatch.setattr(loader, "insert", fail)

    with pytest.raises(RuntimeError, match="power cut"):
        land_one(written(tmp_path / "b.sav", last=4.0), settings, registry_for())

    assert len(query(settings, RANGES)) == 3
    assert query(settings, "select count(*) from raw.exports") == [(1,)]


def test_forgetting_a_respondent_keeps_what_the_file_says(
    tmp_path: Path, settings: Settings
) -> None:
    registry = registry_for()
    land_one(written(tmp_path / "a.sav"), settings, registry)

    erase(settings, registry, WAVE, "a")

    assert query(settings, "select count(*) from raw.cells") == [(3,)]
    assert len(query(settings, RANGES)) == 3


def test_of_a_column_that_is_dropped_nothing_is_kept(tmp_path: Path, settings: Settings) -> None:
    registry = registry_for()
    dropped = record(
        ColumnMapping,
        wave=WAVE,
        kind="export",
        column_name="why",
        role="personal",
        treatment="drop",
    )

    land_one(
        written(tmp_path / "a.sav"),
        settings,
        replace(registry, columns=(*registry.columns, dropped)),
    )

    assert query(settings, RANGES) == [(2, "-9", "-1"), (2, "999", "999")]
