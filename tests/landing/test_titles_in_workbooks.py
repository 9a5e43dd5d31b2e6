"""Titles above the header of a sheet: skipped and said, as in texts."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from landing.findings.errors import LandingError
from landing.readers import Layout, read_table

TABLE = [["id", "naam", "plaats"], [1, "x", "y"], [2, "x", "z"]]


def sheet_of(path: Path, rows: list[list[object]], merged: str | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    if merged:
        book.worksheets[0].merge_cells(merged)
    book.save(path)
    return path


@pytest.mark.parametrize("merged", [None, "A1:C1"])
def test_a_title_above_the_header_is_skipped_and_said(tmp_path: Path, merged: str | None) -> None:
    rows = [["Export van de enquête 2025"], [], *TABLE]
    table = read_table(sheet_of(tmp_path / "a.xlsx", rows, merged))

    assert [column.name for column in table.columns] == TABLE[0]
    assert [row[0] for row in table.rows] == ["1", "2"]
    (notice,) = table.notices
    assert notice.where == "rows 1 to 2"
    assert "'Export van de enquête 2025'" in notice.message
    assert "column `table_start`" in notice.remedy


def test_a_question_over_its_options_is_no_title(tmp_path: Path) -> None:
    rows = [
        ["Welke gebruikt u?", None, None],
        ["R", "Python", "Anders (geef nadere toelichting)"],
        ["R", None, None],
        [None, "Python", None],
    ]
    table = read_table(sheet_of(tmp_path / "a.xlsx", rows))

    assert table.tool == "surveymonkey"
    assert len(table.rows) == 2


def test_the_row_of_the_header_may_be_stated(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [["bron", "x", "y"], ["oud", "a", "b"], *TABLE])

    table = read_table(path, layout=Layout(table_start=3))

    assert [column.name for column in table.columns] == TABLE[0]
    assert table.notices == ()


def test_a_stated_row_below_the_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="no data rows"):
        read_table(sheet_of(tmp_path / "a.xlsx", TABLE), layout=Layout(table_start=9))
