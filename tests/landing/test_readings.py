"""The same bytes read in another way are another version of the file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from toy_survey import EXPORT_HEADER, answers, query, run

from barometer.settings import Settings
from landing.choosing import choose
from registry import Registry


def stating(registry: Registry, **values: Any) -> Registry:
    return replace(
        registry, deliveries=tuple(replace(one, **values) for one in registry.deliveries)
    )


@pytest.fixture
def export(settings: Settings) -> Path:
    lines = [";".join(row) for row in (EXPORT_HEADER, *answers(3, name="café, geërfd"))]
    path = settings.inbox / "toy2023_export.csv"
    path.write_bytes("\n".join(lines).encode("cp1252"))
    return path


def versions(settings: Settings) -> list[tuple[object, ...]]:
    return query(
        settings,
        "select length(export_id), encoding, superseded_by is null from raw.exports "
        "order by export_number",
    )


PLAIN = len("2023-export-main-") + 12
MARKED = PLAIN + 7


def test_a_file_is_landed_again_when_the_registry_says_that_it_is_read_otherwise(
    settings: Settings, registry: Registry, export: Path
) -> None:
    run(settings, stating(registry, encoding="cp1252"))
    (first,) = query(settings, "select export_id from raw.exports")

    report = run(settings, stating(registry, encoding="cp850"))

    (file,) = report.landed
    assert file.superseded == first[0]
    assert versions(settings) == [(PLAIN, "cp1252", False), (MARKED, "cp850", True)]
    names = query(
        settings, "select distinct value like '%café%' from raw.cells where value like '%caf%'"
    )
    assert sorted(names) == [(False,), (True,)]
    assert run(settings, stating(registry, encoding="cp850")).landed == ()


def test_a_file_read_again_as_it_was_first_is_the_first_version(
    settings: Settings, registry: Registry, export: Path
) -> None:
    for encoding in ("cp1252", "cp850"):
        run(settings, stating(registry, encoding=encoding))

    report = run(settings, stating(registry, encoding="windows-1252"))

    assert len(report.landed_again) == 1
    assert versions(settings) == [(PLAIN, "cp1252", True), (MARKED, "cp850", False)]


@pytest.mark.parametrize(
    "statement",
    [
        {"encoding": "windows-1252"},
        {"delimiter": "semicolon"},
        {"tool": "generic"},
        {"sheet": "Sheet1"},
        {"format": "csv"},
        {"decimal_sign": ","},
        {"date_order": "day_first"},
    ],
)
def test_a_statement_that_changes_nothing_lands_nothing(
    settings: Settings, registry: Registry, export: Path, statement: dict[str, str]
) -> None:
    run(settings, registry)

    report = run(settings, stating(registry, **statement))

    assert (report.landed, report.landed_again) == ((), ())
    assert [length for length, *_ in versions(settings)] == [PLAIN]


@pytest.mark.parametrize("statement", [{"table_start": 1}, {"header_rows": 1}, {"tool": "auto"}])
def test_what_may_be_another_way_of_reading_is_read(
    settings: Settings, registry: Registry, export: Path, statement: dict[str, int | str]
) -> None:
    run(settings, registry)

    report = run(settings, stating(registry, **statement))

    assert [file.row_count for file in report.landed] == [3]


def test_of_a_warehouse_of_before_what_was_found_out_counts(
    settings: Settings, registry: Registry, export: Path
) -> None:
    run(settings, registry)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("alter table raw.exports drop column read_as")

    assert run(settings, stating(registry, encoding="cp1252")).landed == ()
    assert len(run(settings, stating(registry, encoding="cp850")).landed) == 1
    assert [marked for marked, *_ in versions(settings)] == [PLAIN, MARKED]


def test_a_choice_between_two_readings_holds_until_the_registry_changes(
    settings: Settings, registry: Registry, export: Path
) -> None:
    first = stating(registry, encoding="cp1252")
    second = stating(registry, encoding="cp850")
    run(settings, first)
    run(settings, second)
    (wanted,) = query(settings, "select export_id from raw.exports where encoding = 'cp1252'")
    choose(settings, second, str(wanted[0]), lambda: None)

    assert run(settings, second).landed_again == ()
    assert versions(settings)[0][2] is True
    assert len(run(settings, stating(registry, encoding="latin-1")).landed) == 1
