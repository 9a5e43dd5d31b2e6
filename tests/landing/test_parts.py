"""Files of one wave with columns of their own, and respondents who are units themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, answers, column, delivery, query, run, write_csv

from barometer.errors import UsageError
from barometer.settings import Settings
from landing.check import check_file
from registry import Registry


@pytest.fixture
def two_parts(registry: Registry) -> Registry:
    """Wave 2022 in two parts: without a name for the first column, and `size` elsewhere."""
    columns = [
        column("2022", "export", "(column 1)", "response_id"),
        column("2022", "export", "size", "answer", "size", part="north"),
        column("2022", "export", "kind", "answer", "size", part="south"),
    ]
    return replace(
        registry,
        survey=replace(registry.survey, unlisted_columns="report"),
        deliveries=(
            delivery("2022", "export", "toy2022_north*", part="north"),
            delivery("2022", "export", "toy2022_south*", part="south"),
        ),
        columns=tuple(columns),
    )


def header() -> list[str]:
    return ["", *EXPORT_HEADER[1:]]


def test_a_file_is_checked_with_the_columns_of_its_part(
    tmp_path: Path, two_parts: Registry
) -> None:
    north = write_csv(tmp_path / "toy2022_north.csv", header(), answers(2))
    south = write_csv(tmp_path / "toy2022_south.csv", header(), answers(2, kind="7"))

    found = {
        path.stem: [
            (use.column_name, use.target)
            for use in check_file(path, wave="2022", registry=two_parts).mapped_columns
            if use.role == "answer"
        ]
        for path in (north, south)
    }

    assert found == {"toy2022_north": [("size", "size")], "toy2022_south": [("kind", "size")]}


def test_a_column_without_a_name_goes_by_its_position(tmp_path: Path, two_parts: Registry) -> None:
    path = write_csv(tmp_path / "toy2022_north.csv", header(), answers(2))

    report = check_file(path, wave="2022", registry=two_parts)

    assert report.errors == ()
    assert [use.role for use in report.mapped_columns] == ["response_id", "answer"]
    (unlisted,) = [f for f in report.findings if f.code == "column_unlisted"]
    assert "no name" not in unlisted.where


def test_a_name_that_fits_no_part_is_refused(tmp_path: Path, two_parts: Registry) -> None:
    path = write_csv(tmp_path / "toy2022.csv", header(), answers(2))

    with pytest.raises(UsageError, match="which part of the wave"):
        check_file(path, wave="2022", registry=two_parts)


def test_respondents_without_an_organisation_key_are_units_of_their_part(
    settings: Settings, two_parts: Registry
) -> None:
    for part in ("north", "south"):
        write_csv(settings.inbox / f"toy2022_{part}.csv", header(), answers(2, kind="7"))

    run(settings, two_parts)

    assert query(settings, "select organisation_key from raw.frame order by all") == [
        ("north-1",),
        ("north-2",),
        ("south-1",),
        ("south-2",),
    ]
