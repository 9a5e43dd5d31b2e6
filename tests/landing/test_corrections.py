"""What a corrected file changes is counted, before it is landed and when it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, answers, query, run, write_csv

from barometer.environment import PSEUDONYM_KEY
from barometer.settings import Settings
from landing.check import check_file
from landing.findings.finding import CheckReport, Finding
from registry import Registry

Deliver = Callable[..., Path]
NAME = "toy2023_export_v2.csv"


def corrections(report: CheckReport) -> list[Finding]:
    return [finding for finding in report.findings if finding.code == "correction"]


def checked(settings: Settings, registry: Registry, path: Path, kind: str = "export") -> Finding:
    report = check_file(
        path, wave="2023", kind=kind, registry=registry, warehouse=settings.warehouse
    )
    (found,) = corrections(report)
    return found


@pytest.fixture
def landed(settings: Settings, registry: Registry, deliver: Deliver) -> list[list[str]]:
    rows = answers(5)
    deliver("toy2023_export.csv", rows)
    assert corrections(run(settings, registry).checks[0]) == []
    return rows


def test_rows_and_cells_are_counted_by_response_id(
    settings: Settings, registry: Registry, deliver: Deliver, landed: list[list[str]]
) -> None:
    rows = [list(row) for row in landed[1:]]
    rows[0][EXPORT_HEADER.index("size")] = "99"
    rows[0][EXPORT_HEADER.index("why")] = "a secret reason"
    rows[2][EXPORT_HEADER.index("size")] = "98"
    rows += [answers(7)[6], answers(8)[7]]
    path = deliver(NAME, rows[::-1])

    found = checked(settings, registry, path)
    (report,) = run(settings, registry).checks

    assert corrections(report) == [found]
    assert found.severity == "information"
    assert "toy2023_export.csv, landed 2" in found.message
    assert "2 response(s) added, 1 removed, 2 changed in 3 cell(s)" in found.message
    assert found.where == "cells per column: size 2, why 1"
    assert "secret" not in str(found)


def test_columns_that_come_and_go_are_named(
    settings: Settings, reporting_registry: Registry, deliver: Deliver, landed: list[list[str]]
) -> None:
    header = [*EXPORT_HEADER[:-1], "because"]
    path = deliver(NAME, landed, header)

    found = checked(settings, reporting_registry, path)

    assert "that both have columns for are the same" in found.message
    assert found.where == "new column(s): because; column(s) gone: why"


def test_the_same_rows_in_another_order_and_with_spaces_change_nothing(
    settings: Settings, registry: Registry, deliver: Deliver, landed: list[list[str]]
) -> None:
    path = deliver(NAME, [[f"{cell} " for cell in row] for row in landed[::-1]])

    assert "are the same" in checked(settings, registry, path).message


def test_repeated_and_empty_ids_are_matched_in_their_order(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    rows = answers(4)
    for row in rows[1:3]:
        row[0] = "1"
    deliver("toy2023_export.csv", rows)
    changed = [list(row) for row in rows]
    changed[2][EXPORT_HEADER.index("size")] = "7"
    quiet = replace(registry, survey=replace(registry.survey, unlisted_columns="report"))
    run(settings, quiet)
    path = deliver(NAME, changed[:3])

    assert "0 response(s) added, 1 removed, 1 changed in 1 cell(s)" in (
        checked(settings, quiet, path).message
    )


def test_frames_are_compared_by_the_key_of_the_organisation(
    settings: Settings, registry: Registry, deliver: Deliver, landed: list[list[str]]
) -> None:
    header = ["key", "name", "type"]
    rows = [["1", "Hof", "court"], ["2", "Raad", "council"]]
    write_csv(settings.inbox / "toy2023_frame.csv", header, rows)
    run(settings, registry)
    rows = [["2", "Raad van State", "council"], ["3", "Dienst", "agency"]]
    path = write_csv(settings.inbox / "toy2023_frame_v2.csv", header, rows)

    found = checked(settings, registry, path, "frame")

    assert "1 organisation(s) added, 1 removed, 1 changed in 1 cell(s)" in found.message


def test_without_ids_whole_rows_are_compared(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    ids = ("response_id", "organisation_key")
    anonymous = replace(
        registry,
        survey=replace(registry.survey, unlisted_columns="report"),
        columns=tuple(c for c in registry.columns if c.role not in ids),
        waves=tuple(replace(wave, frame_source="export") for wave in registry.waves),
    )
    rows = answers(4)
    deliver("toy2023_export.csv", rows)
    run(settings, anonymous)
    rows[0][EXPORT_HEADER.index("size")] = "7"
    path = deliver(NAME, rows[:3])

    assert "1 row(s) only in this file, 2 only in that one" in (
        checked(settings, anonymous, path).message
    )


def test_pseudonyms_are_matched_and_without_the_key_nothing_is(
    settings: Settings, registry: Registry, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    treated = replace(
        registry,
        columns=tuple(
            replace(c, treatment="pseudonymise" if c.role == "response_id" else c.treatment)
            for c in registry.columns
        ),
    )
    monkeypatch.setenv(PSEUDONYM_KEY.name, "0123456789abcdef0123456789abcdef0123456789abcdef")
    deliver("toy2023_export.csv", answers(4))
    run(settings, treated)
    path = deliver(NAME, answers(5))

    assert "1 response(s) added, 0 removed, 0 changed" in checked(settings, treated, path).message
    monkeypatch.delenv(PSEUDONYM_KEY.name)
    assert "could not be counted" in checked(settings, treated, path).message


def test_a_wave_that_was_not_landed_has_no_correction(
    settings: Settings, registry: Registry, deliver: Deliver, landed: list[list[str]]
) -> None:
    path = deliver("toy2025_export.csv")
    report = check_file(path, wave="2025", registry=registry, warehouse=settings.warehouse)

    assert corrections(report) == []
    assert query(settings, "select count(*) from raw.exports") == [(1,)]
