"""Personal cells never reach the warehouse in clear."""

from __future__ import annotations

import hashlib
import hmac

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
from landing import loader
from landing.personal.treatment import Treatment
from landing.readers.table import SourceColumn, SourceTable, ValueLabel
from landing.storage.keys import MissingKeyError, read_key


def pseudonym(text: str, key: str = KEY) -> str:
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def test_dropped_cells_are_null_and_their_column_stays_listed(settings) -> None:
    deliver(settings, "2024_export_main.csv", respondents((1, 2)))

    land_inbox(settings, personal_registry())

    assert values_of(settings, "mail") == [None, None]
    assert values_of(settings, "remark") == [None, None]
    assert values_of(settings, "id") == ["r1", "r2"]
    assert query(settings, "select column_count from raw.exports") == [(5,)]
    assert query(settings, "select count(*) from raw.export_columns") == [(5,)]
    assert query(settings, "select count(*) from raw.cells") == [(10,)]
    assert "build.duckdb" not in files_with(settings.home, "mail-r", "I am person")


def test_a_pseudonym_is_the_keyed_hash_and_the_same_in_every_file(settings, monkeypatch) -> None:
    monkeypatch.setenv(PSEUDONYM_KEY.name, f" {KEY}\n")
    rows = [*respondents((1,)), ("r2 ", " o2\u00a0", "", "", "")]
    deliver(settings, "2024_export_main.csv", rows)
    deliver(settings, "2024_frame_main.csv", [("o1", "One"), ("o2", "Two")], ("key", "name"))

    land_inbox(settings, personal_registry(keys="pseudonymise", mail="pseudonymise"))

    keys = [pseudonym("o1"), pseudonym("o2")]
    assert values_of(settings, "id") == [pseudonym("r1"), pseudonym("r2")]
    assert values_of(settings, "org") == keys
    assert values_of(settings, "key") == keys
    assert values_of(settings, "mail") == [pseudonym("mail-r1@example.org"), ""]
    assert query(settings, "select organisation_key from raw.frame order by row_number") == [
        (key,) for key in keys
    ]


def test_an_export_that_is_its_own_frame_is_pseudonymised_there_too(settings, monkeypatch) -> None:
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    deliver(settings, "2026_export_main.csv", respondents((1,)))

    land_inbox(settings, personal_registry(keys="pseudonymise"))

    assert query(settings, "select organisation_key from raw.frame") == [(pseudonym("o1"),)]


def test_the_key_is_in_no_file_and_in_no_text(settings, monkeypatch) -> None:
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    deliver(settings, "2024_export_main.csv", respondents((1, 2, 3)))

    land_inbox(settings, personal_registry(keys="pseudonymise"))

    key = read_key(PSEUDONYM_KEY, "test")
    assert KEY not in f"{key} {key!r} {key.key_id}"
    assert files_with(settings.home, KEY, pseudonym("r1", KEY)) == ["build.duckdb"]
    assert files_with(settings.home, KEY) == []


@pytest.mark.parametrize(("value", "found"), [(None, "is not set"), ("short", "has 5 characters")])
def test_without_a_proper_key_nothing_is_read(settings, monkeypatch, value, found) -> None:
    if value is not None:
        monkeypatch.setenv(PSEUDONYM_KEY.name, value)
    deliver(settings, "2024_export_main.csv", respondents((1,)))
    monkeypatch.setattr(loader, "prepare_file", lambda *_: pytest.fail("a file was read"))

    with pytest.raises(MissingKeyError, match=f"wave 2024 export main.*{found}") as error:
        land_inbox(settings, personal_registry(mail="pseudonymise"))

    assert "openssl rand" in error.value.render()
    assert value is None or f"'{value}'" not in error.value.render()
    assert not settings.warehouse.exists()


def test_another_key_than_before_is_refused(settings, monkeypatch) -> None:
    registry = personal_registry(keys="pseudonymise")
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    deliver(settings, "2024_export_main.csv", respondents((1,)))
    land_inbox(settings, registry)
    deliver(settings, "2024_frame_main.csv", [("o1", "One")], ("key", "name"))
    monkeypatch.setenv(PSEUDONYM_KEY.name, OTHER_KEY)

    with pytest.raises(MissingKeyError, match="another than the one used before") as error:
        land_inbox(settings, registry)

    assert OTHER_KEY not in error.value.render()
    assert KEY not in error.value.render()


def test_files_landed_before_need_no_key(settings, monkeypatch) -> None:
    registry = personal_registry(keys="pseudonymise")
    monkeypatch.setenv(PSEUDONYM_KEY.name, KEY)
    deliver(settings, "2024_export_main.csv", respondents((1,)))
    land_inbox(settings, registry)
    monkeypatch.delenv(PSEUDONYM_KEY.name)

    assert len(land_inbox(settings, registry).unchanged) == 1


def test_value_labels_of_treated_columns_are_dropped() -> None:
    registry = personal_registry()
    table = SourceTable(
        columns=(SourceColumn(1, "id"), SourceColumn(2, "  mail ")),
        rows=(("r1", "a@b.nl"), ("r2", None)),
        format="sav",
        value_labels=(ValueLabel(1, "r1", "first"), ValueLabel(2, "a@b.nl", "A. Person")),
    )

    protected = Treatment().apply(table, registry.deliveries[0], registry)

    assert protected.table.value_labels == (ValueLabel(1, "r1", "first"),)
    assert protected.table.cells.column_values(2) == [None, None]
    assert protected.table.cells.column_values(1) == ["r1", "r2"]
