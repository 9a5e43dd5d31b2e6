"""Day and month that a spreadsheet program exchanged are seen, said, and left as they are."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from toy_survey import EXPORT_HEADER, answers

from landing.check import check_file
from landing.findings.finding import Finding
from landing.readers import read_table
from registry import Registry

# As a tool wrote them, and as a program set to the United States keeps them.
DAYS = [dt.date(2023, month, day) for month in (3, 4, 5) for day in (2, 5, 9, 14, 21, 28)]


def as_american_excel_reads(day: dt.date) -> dt.datetime | str:
    if day.day > 12:
        return f"{day:%d-%m-%Y}"
    return dt.datetime(day.year, day.day, day.month)


def workbook(folder: Path, cells: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    book.worksheets[0].append(EXPORT_HEADER)
    place = EXPORT_HEADER.index("when")
    for row, cell in zip(answers(len(cells)), cells, strict=True):
        book.worksheets[0].append([*row[:place], cell, *row[place + 1 :]])
    book.save(folder / "toy2023_export.xlsx")
    return folder / "toy2023_export.xlsx"


def text_file(folder: Path, cells: Sequence[object]) -> Path:
    place = EXPORT_HEADER.index("when")
    path = folder / "toy2023_export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(EXPORT_HEADER)
        for row, cell in zip(answers(len(cells)), cells, strict=True):
            writer.writerow([*row[:place], cell, *row[place + 1 :]])
    return path


def found_in(path: Path, registry: Registry, order: str | None = "day_first") -> list[Finding]:
    ordered = replace(
        registry,
        deliveries=tuple(replace(d, date_order=order) for d in registry.deliveries),
        waves=tuple(
            replace(w, expected_responses_low=0, expected_responses_high=99) for w in registry.waves
        ),
    )
    report = check_file(path, wave="2023", registry=ordered)
    return [finding for finding in report.findings if finding.code == "dates_exchanged"]


@pytest.mark.parametrize("order", ["day_first", None])
def test_a_workbook_that_an_american_excel_saved_is_refused(
    tmp_path: Path, registry: Registry, order: str | None
) -> None:
    path = workbook(tmp_path, [as_american_excel_reads(day) for day in DAYS])

    (finding,) = found_in(path, registry, order)

    assert finding.severity == "error"
    assert "9 date(s)" in finding.message
    assert "column 'when'" in finding.where
    assert "'2023-02-03' in data row 1" in finding.where
    assert "'14-03-2023' in data row 4" in finding.where
    assert "Export again from the survey tool" in finding.remedy


@pytest.mark.parametrize(
    "understood",
    ["{:%Y-%m-%d}", "{:%Y-%m-%d %H:%M:%S}", "{0.toordinal}"],
)
def test_the_same_saved_as_text_is_refused(
    tmp_path: Path, registry: Registry, understood: str
) -> None:
    def saved(day: dt.date) -> str:
        cell = as_american_excel_reads(day)
        if isinstance(cell, str):
            return cell
        if "toordinal" in understood:
            return str((cell - dt.datetime(1899, 12, 30)).days)
        return understood.format(cell)

    (finding,) = found_in(text_file(tmp_path, [saved(day) for day in DAYS]), registry)

    assert finding.severity == "error"


def test_a_month_first_file_in_a_dutch_excel_is_refused(tmp_path: Path, registry: Registry) -> None:
    cells = [
        f"{day:%m/%d/%Y}" if day.day > 12 else dt.datetime(day.year, day.day, day.month)
        for day in DAYS
    ]

    (finding,) = found_in(workbook(tmp_path, cells), registry, "month_first")

    assert finding.severity == "error"


def test_of_few_dates_it_is_only_a_warning(tmp_path: Path, registry: Registry) -> None:
    cells = ["2023-02-03", "2023-05-03", "14-03-2023"]

    (finding,) = found_in(text_file(tmp_path, cells), registry)

    assert finding.severity == "warning"


def test_another_sign_between_the_parts_is_a_warning(tmp_path: Path, registry: Registry) -> None:
    """Written as read, 3/4 stays 3 April; written as 4/3 it does not, and nobody can tell."""
    cells = [f"{day:%d-%m-%Y}" if day.day > 12 else f"{day.day}/{day.month}/2023" for day in DAYS]

    (finding,) = found_in(text_file(tmp_path, cells), registry)

    assert finding.severity == "warning"


@pytest.mark.parametrize(
    "cells",
    [
        [f"{day:%Y-%m-%d}" for day in DAYS],
        [f"{day:%d-%m-%Y}" for day in DAYS],
        [f"{day:%m/%d/%Y %H:%M}" for day in DAYS],
        # Two tools in one file, each with days of all kinds.
        [f"{day:%Y-%m-%d}" if n % 2 else f"{day:%d-%m-%Y}" for n, day in enumerate(DAYS)],
        # Text beyond the twelfth, but understood dates beyond it, too.
        [f"{day:%d-%m-%Y}" if day.day > 20 else f"{day:%Y-%m-%d}" for day in DAYS],
        ["", "gisteren", "2023-02-03", "n.v.t."],
        ["2023-02-03", "14-03-2023"],
    ],
)
def test_dates_as_people_and_tools_write_them_are_left_alone(
    tmp_path: Path, registry: Registry, cells: list[str]
) -> None:
    assert not found_in(text_file(tmp_path, cells), registry, None)


def fieldwork(registry: Registry) -> Registry:
    start, end = dt.date(2023, 3, 1), dt.date(2023, 3, 31)
    return replace(
        registry,
        waves=tuple(replace(w, fieldwork_start=start, fieldwork_end=end) for w in registry.waves),
    )


def test_dates_that_fall_into_the_fieldwork_once_exchanged_are_a_warning(
    tmp_path: Path, registry: Registry
) -> None:
    cells = ["2023-03-15", *(f"2023-{day:02}-03" for day in (1, 5, 7, 9, 11))]

    (finding,) = found_in(text_file(tmp_path, cells), fieldwork(registry))

    assert finding.severity == "warning"
    assert "5 submission(s)" in finding.message
    assert "'2023-01-03' in data row 2" in finding.where
    assert finding.expected == "2023-03-01 to 2023-03-31"
    assert "date_order" in finding.remedy


def test_late_answers_are_no_exchanged_dates(tmp_path: Path, registry: Registry) -> None:
    cells = ["2023-03-15", "2023-04-01", "2023-04-03", "2023-04-14", "2023-04-15", "2023-05-20"]

    assert not found_in(text_file(tmp_path, cells), fieldwork(registry))


def test_nothing_is_corrected(tmp_path: Path) -> None:
    path = workbook(tmp_path, [as_american_excel_reads(day) for day in DAYS])

    found = read_table(path).column_values(EXPORT_HEADER.index("when") + 1)

    assert found[0] == "2023-02-03"
    assert found[3] == "14-03-2023"
