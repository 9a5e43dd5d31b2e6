from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import openpyxl
import pytest

from landing.findings.errors import LandingError
from landing.readers import read_table


def workbook(path: Path, **sheets: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_typed_cells_become_the_text_a_person_would_type(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "export.xlsx",
        data=[
            ["id", "code", "date", "moment", "share", "yes", "nothing"],
            [1, "007", dt.date(2025, 3, 1), dt.datetime(2025, 3, 1, 9, 30), 0.1 + 0.2, True, None],
            [5.0, " x ", dt.date(2025, 3, 2), dt.datetime(2025, 3, 2), -1.25, False, None],
        ],
    )

    table = read_table(path)

    assert table.format == "xlsx"
    assert table.sheet == "data"
    assert table.rows[0] == (
        "1", "007", "2025-03-01", "2025-03-01T09:30:00", "0.3", "TRUE", None,
    )  # fmt: skip
    assert table.rows[1][:2] == ("5", " x ")
    assert table.rows[1][4:] == ("-1.25", "FALSE", None)


def test_a_number_in_a_number_cell_cannot_be_taken_for_thousands(tmp_path: Path) -> None:
    numbers = [1.513, -12.345, 0.125, 1513, 1.5, 1234.567]
    path = workbook(
        tmp_path / "export.xlsx", data=[["typed", "text"], *([n, str(n)] for n in numbers)]
    )

    table = read_table(path)

    typed, text = zip(*table.rows, strict=True)
    assert typed == ("1.5130", "-12.3450", "0.125", "1513", "1.5", "1234.567")
    assert text == ("1.513", "-12.345", "0.125", "1513", "1.5", "1234.567")


def test_rows_above_the_header_and_below_the_data_are_not_data(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "export.xlsx",
        data=[[None, None], ["id", "org"], [1, "a"], [None, None], [2, "b"], [None, ""]],
    )

    table = read_table(path)

    assert [column.name for column in table.columns] == ["id", "org"]
    assert table.rows == (("1", "a"), (None, None), ("2", "b"))


def test_the_one_sheet_with_content_is_taken(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", empty=[], data=[["id"], ["1"]])

    assert read_table(path).sheet == "data"


def test_several_sheets_need_a_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", one=[["id"], ["1"]], two=[["id"], ["2"]])

    with pytest.raises(LandingError, match="Several sheets") as caught:
        read_table(path)

    assert "one, two" in caught.value.where
    assert read_table(path, sheet="two").rows == (("2",),)


def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", one=[["id"], ["1"]])

    with pytest.raises(LandingError, match="no sheet 'three'") as caught:
        read_table(path, sheet="three")

    assert "one" in caught.value.expected


def test_a_workbook_with_a_header_only_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "export.xlsx", data=[["id", "org"]])

    with pytest.raises(LandingError, match="no data rows") as caught:
        read_table(path)

    assert "sheet 'data'" in caught.value.where


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="no visible sheet with content"):
        read_table(workbook(tmp_path / "export.xlsx", data=[]))


def test_a_cut_off_workbook_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "export.xlsx", data=[["id"], ["1"]])
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole.read_bytes()[:-200])

    with pytest.raises(LandingError, match="is damaged"):
        read_table(cut)


def test_a_workbook_with_a_broken_sheet_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "export.xlsx", data=[["id"], ["1"]])
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(broken, "w") as sink:
        for name in source.namelist():
            content = source.read(name)
            sink.writestr(name, content[:150] if "sheet1" in name else content)

    with pytest.raises(LandingError, match="is damaged"):
        read_table(broken)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("export.csv", "id\n1\n")

    with pytest.raises(LandingError, match="a ZIP archive") as caught:
        read_table(path)

    assert "Unpack" in caught.value.remedy
