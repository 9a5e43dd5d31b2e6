"""A respondent is taken out of everything, and does not come back."""

from __future__ import annotations

from pathlib import Path

import pytest
from personal_survey import (
    KEY,
    OTHER_KEY,
    deliver,
    files_with,
    land_inbox,
    personal_registry,
    query,
    respondents,
    values_of,
)

from barometer.environment import PSEUDONYM_KEY
from barometer.errors import UsageError
from landing.personal.finishing import finish, unfinished
from landing.personal.forgetting import erase, plan
from landing.storage.archive import fingerprint
from landing.storage.keys import MissingKeyError
from landing.storage.warehouse import open_warehouse

PLANTED = "planted-r2@example.org"
OF_2 = ("planted-r2@", "mail-r2@", "person r2")


@pytest.fixture
def landed(settings):
    """Two versions of one export; respondent r2 is in both, and twice in the second."""
    registry = personal_registry()
    deliver(settings, "2024_export_main_v1.csv", respondents((1, 2, 3)))
    land_inbox(settings, registry)
    deliver(settings, "2024_export_main_v2.csv", respondents((1, 2, 2, 3, 4)))
    land_inbox(settings, registry)
    # As a build would leave them: tables made of the raw ones.
    with open_warehouse(settings.warehouse) as connection:
        connection.execute("create schema staging")
        connection.execute("create table staging.stg_cells as select * from raw.cells")
    return registry


def test_the_rows_are_gone_from_current_and_superseded_exports(settings, landed) -> None:
    assert files_with(settings.home, PLANTED)

    record = erase(settings, landed, "2024", "r2")

    assert record is not None
    assert record.row_count == 3
    assert len(record.exports) == 2
    assert files_with(settings.home, *OF_2) == []
    assert values_of(settings, "id") == ["r1", "r3", "r1", "r3", "r4"] or values_of(
        settings, "id"
    ) == ["r1", "r3", "r4", "r1", "r3"]
    assert sorted(query(settings, "select row_count, archive_path from raw.exports")) == [
        (2, None),
        (3, None),
    ]


def test_findings_that_may_quote_the_respondent_go_too(settings, landed) -> None:
    codes = "select distinct code from raw.delivery_findings where code <> 'findings_removed'"
    assert query(settings, codes)

    erase(settings, landed, "2024", "r2")

    assert query(settings, codes) == []
    assert query(
        settings, "select count(*) from raw.delivery_findings where export_id is not null"
    ) == [(2,)]


def test_what_is_left_is_whole_and_counted_anew(settings, landed) -> None:
    before = query(settings, "select * from raw.export_columns order by all")

    erase(settings, landed, "2024", "r2")

    assert query(settings, "select * from raw.export_columns order by all") == before
    rows = query(
        settings,
        """
        select export_id, max(row_count), min(row_number), max(row_number),
            count(distinct row_number), count(*), max(column_count)
        from raw.cells inner join raw.exports using (export_id) group by export_id
        """,
    )
    assert {(low, high, n, cells) for _, _, low, high, n, cells, _ in rows} == {
        (1, 2, 2, 10),
        (1, 3, 3, 15),
    }
    names = values_of(settings, "name")
    assert {name.removeprefix("Name planted-") for name in names} == {
        "r1@example.org",
        "r3@example.org",
        "r4@example.org",
    }


def test_only_the_raw_tables_are_taken_over(settings, landed) -> None:
    erase(settings, landed, "2024", "r2")

    schemas = query(settings, "select distinct schema_name from duckdb_tables()")
    assert schemas == [("raw",)]
    with pytest.raises(Exception, match="Constraint"), open_warehouse(settings.warehouse) as open_:
        open_.execute("insert into raw.exports select * from raw.exports")


def test_the_originals_are_gone_and_others_stay(settings, landed) -> None:
    deliver(settings, "2024_frame_main.csv", [("o1", "One")], ("key", "name"))
    land_inbox(settings, landed)

    erase(settings, landed, "2024", "r2")

    kept = [path.name for path in settings.archive.rglob("*") if path.is_file()]
    frame = settings.inbox / "2024_frame_main.csv"
    assert kept == [fingerprint(frame).sha256]


def test_the_record_does_not_hold_the_id(settings, landed) -> None:
    record = erase(settings, landed, "2024", "r2")
    finish(settings)

    assert "'r2'" not in repr(record)
    log = (settings.home / "forgotten.log").read_text(encoding="utf-8")
    assert log.count("\n") == 1
    assert f"record={record.record_id} wave=2024 part=main rows=3" in log
    assert "r2" not in log.replace(record.record_id, "").replace(",".join(record.exports), "")
    assert unfinished(settings) == ()


def test_a_corrected_file_does_not_bring_the_respondent_back(settings, landed) -> None:
    erase(settings, landed, "2024", "r2")
    corrected = deliver(settings, "2024_export_main_v3.csv", respondents((2, 5, 1)))

    report = land_inbox(settings, landed)

    assert [file.row_count for file in report.landed] == [2]
    assert [f.code for check in report.checks for f in check.findings][-1] == "forgotten_left_out"
    export = report.landed[0].export_id
    assert values_of(settings, "id", export) == ["r5", "r1"]
    assert files_with(settings.home, *OF_2) == []
    sha256 = fingerprint(corrected).sha256
    assert query(
        settings,
        f"select archive_path, row_count from raw.exports where content_sha256 = '{sha256}'",
    ) == [(None, 2)]


def test_the_same_file_lands_nobody_again(settings, landed) -> None:
    erase(settings, landed, "2024", "r2")

    report = land_inbox(settings, landed)

    assert report.landed == ()
    assert "r2" not in values_of(settings, "id")


def test_an_earlier_file_that_is_in_force_again_does_not_bring_the_respondent_back(
    settings, landed
) -> None:
    erase(settings, landed, "2024", "r2")
    deliver(settings, "2024_export_main_v3.csv", respondents((1, 2, 3)))

    report = land_inbox(settings, landed)

    assert [file.row_count for file in report.landed_again] == [2]
    current = query(settings, "select export_id from raw.exports where superseded_by is null")
    assert current == [(report.landed_again[0].export_id,)]
    assert values_of(settings, "id", report.landed_again[0].export_id) == ["r1", "r3"]
    assert files_with(settings.home, *OF_2) == []


def test_the_same_id_of_another_wave_or_part_is_somebody_else(settings) -> None:
    registry = personal_registry()
    for name in ("2024_export_main.csv", "2025_export_north.csv", "2025_export_south.csv"):
        deliver(settings, name, respondents((1, 2)))
    land_inbox(settings, registry)

    with pytest.raises(UsageError, match=r"Several parts of wave 2025.*north, south"):
        plan(settings, registry, "2025", "r2")
    with pytest.raises(UsageError, match="no part 'west'"):
        plan(settings, registry, "2025", "r2", "west")
    erase(settings, registry, "2025", "r2", "south")

    assert values_of(settings, "id", "2024%") == ["r1", "r2"]
    assert values_of(settings, "id", "2025-export-north%") == ["r1", "r2"]
    assert values_of(settings, "id", "2025-export-south%") == ["r1"]
    with pytest.raises(UsageError, match="No response"):
        erase(settings, registry, "2025", "r99", "south")


def test_an_export_that_is_the_frame_loses_the_row_there_too(settings) -> None:
    registry = personal_registry()
    deliver(settings, "2026_export_main.csv", respondents((1, 2, 3)))
    land_inbox(settings, registry)

    erase(settings, registry, "2026", "r2")

    rows = query(settings, "select row_number, organisation_key from raw.frame order by 1")
    assert rows == [(1, "o1"), (2, "o3")]


def test_an_unknown_id_changes_nothing(settings, landed) -> None:
    before = fingerprint(settings.warehouse)

    with pytest.raises(UsageError, match="No response of wave 2024 has this id"):
        erase(settings, landed, "2024", "r22")
    with pytest.raises(UsageError, match="no wave '2023'"):
        erase(settings, landed, "2023", "r2")

    assert fingerprint(settings.warehouse) == before


def test_a_respondent_is_forgotten_once(settings, landed) -> None:
    erase(settings, landed, "2024", "r2")
    assert plan(settings, landed, "2024", " r2 ").begun is not None
    assert erase(settings, landed, "2024", "r2") is None
    finish(settings)

    with pytest.raises(UsageError, match="was forgotten before"):
        erase(settings, landed, "2024", "r2")


def test_a_wave_that_could_not_be_built_any_more_is_left_as_it_is(settings, landed) -> None:
    registry = personal_registry(low=4)
    before = fingerprint(settings.warehouse)

    with pytest.raises(UsageError, match="would have 3 responses left") as error:
        erase(settings, registry, "2024", "r2")

    assert "expected_responses_low" in error.value.render()
    assert fingerprint(settings.warehouse) == before


def test_files_elsewhere_that_may_hold_the_respondent_are_named(settings, landed) -> None:
    stray = settings.archive / "aa" / ("a" * 64)
    stray.parent.mkdir()
    stray.write_bytes(b"of a landing that failed")

    planned = plan(settings, landed, "2024", "r2")

    assert [path.name for path in planned.elsewhere] == [
        "2024_export_main_v1.csv",
        "2024_export_main_v2.csv",
        stray.name,
    ]


def test_pseudonymised_ids_are_found_and_recognised_by_the_key(settings, monkeypatch) -> None:
    registry = personal_registry(keys="pseudonymise")
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    deliver(settings, "2024_export_main_v1.csv", respondents((1, 2)))
    land_inbox(settings, registry)
    monkeypatch.delenv(PSEUDONYM_KEY.name)
    with pytest.raises(MissingKeyError, match="response ids of wave 2024"):
        erase(settings, registry, "2024", "r2")
    monkeypatch.setenv(PSEUDONYM_KEY.name, OTHER_KEY)
    with pytest.raises(MissingKeyError, match="another"):
        erase(settings, registry, "2024", "r2")

    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    record = erase(settings, registry, "2024", "r2")
    deliver(settings, "2024_export_main_v2.csv", respondents((1, 2, 3)))
    report = land_inbox(settings, registry)

    assert record is not None
    assert record.key_id is not None
    assert report.landed[0].row_count == 2


def test_whoever_was_remembered_by_a_key_is_not_landed_without_it(settings, monkeypatch) -> None:
    registry = personal_registry()
    deliver(settings, "2024_export_main_v1.csv", respondents((1, 2)))
    land_inbox(settings, registry)
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    erase(settings, registry, "2024", "r2")
    deliver(settings, "2024_export_main_v2.csv", respondents((1, 2, 3)))

    monkeypatch.delenv(PSEUDONYM_KEY.name)
    with pytest.raises(MissingKeyError, match="forgotten respondents are recognised"):
        land_inbox(settings, registry)
    monkeypatch.setenv(PSEUDONYM_KEY.name, OTHER_KEY)
    with pytest.raises(MissingKeyError, match="another"):
        land_inbox(settings, registry)
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)

    assert land_inbox(settings, registry).landed[0].row_count == 2


def test_a_spilled_or_half_written_copy_is_removed(settings, landed) -> None:
    for folder in (settings.home / ".forgetting", Path(f"{settings.warehouse}.tmp")):
        folder.mkdir()
        (folder / "spill").write_text(PLANTED, encoding="utf-8")

    erase(settings, landed, "2024", "r2")

    assert files_with(settings.home, PLANTED) == []
