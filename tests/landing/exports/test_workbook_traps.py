"""Workbooks that hide something, and packages that are not what they say."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from landing.findings.errors import LandingError
from landing.readers import read_table

SHEET = "xl/worksheets/sheet1.xml"


def saved(path: Path, change: Callable[[Worksheet], None] | None = None) -> Path:
    """A workbook of two responses, changed as asked."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["id", "size", "why"], [1, 5, "a"], [2, 5.5, "b"]):
        sheet.append(row)
    if change:
        change(sheet)
    book.save(path)
    return path


def rewritten(path: Path, parts: dict[str, bytes | Callable[[bytes], bytes]]) -> Path:
    """The same package with parts replaced, changed or added."""
    with zipfile.ZipFile(path) as archive:
        contents = {name: archive.read(name) for name in archive.namelist()}
    for name, part in parts.items():
        contents[name] = part if isinstance(part, bytes) else part(contents[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def refusal(path: Path) -> LandingError:
    with pytest.raises(LandingError) as caught:
        read_table(path)
    assert caught.value.remedy
    return caught.value


def test_whole_numbers_have_no_decimals(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"].number_format = "0.0"

    table = read_table(saved(tmp_path / "a.xlsx", change))

    assert [row[1] for row in table.rows] == ["5", "5.5"]


def test_a_formula_gives_its_stored_value(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    stored = b'<c r="B2"><f>2+3</f><v>5</v></c>'
    rewritten(path, {SHEET: lambda xml: xml.replace(b'<c r="B2" t="n"><v>5</v></c>', stored)})

    assert read_table(path).rows[0] == ("1", "5", "a")


def test_a_formula_with_an_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    stored = b'<c r="B2" t="str"><f>IF(1,"","x")</f><v></v></c>'
    rewritten(path, {SHEET: lambda xml: xml.replace(b'<c r="B2" t="n"><v>5</v></c>', stored)})

    assert read_table(path).rows[0] == ("1", None, "a")


def test_a_formula_without_a_value_is_refused(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["B2"] = "=2+3"
        sheet["B3"] = "=B2"

    error = refusal(saved(tmp_path / "a.xlsx", change))

    assert "2 formula cell(s) have no calculated value" in error.what
    assert "B2, B3" in error.where


def test_merged_answers_are_refused(tmp_path: Path) -> None:
    error = refusal(saved(tmp_path / "a.xlsx", lambda sheet: sheet.merge_cells("C2:C3")))

    assert "data have merged cells" in error.what
    assert "C2:C3" in error.where


def test_merged_headings_are_refused(tmp_path: Path) -> None:
    error = refusal(saved(tmp_path / "a.xlsx", lambda sheet: sheet.merge_cells("B1:C1")))

    assert "header has merged cells" in error.what
    assert "B1:C1" in error.where


def test_merged_cells_without_content_do_no_harm(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx", lambda sheet: sheet.merge_cells("E1:F2"))

    assert len(read_table(path).rows) == 2


def test_merged_questions_over_options_are_what_surveymonkey_means(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Respondent ID", "Which?", None, None])
    sheet.append([None, "R", "Python", "Other (please specify)"])
    sheet.append([1, "R", None, "SQL"])
    sheet.merge_cells("B1:D1")
    book.save(tmp_path / "a.xlsx")

    table = read_table(tmp_path / "a.xlsx")

    assert table.tool == "surveymonkey"
    assert [column.name for column in table.columns][1:] == [
        "Which? [R]", "Which? [Python]", "Which? [Other (please specify)]",
    ]  # fmt: skip


def test_hidden_rows_and_columns_are_read_and_reported(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["C"].hidden = True

    table = read_table(saved(tmp_path / "a.xlsx", change))

    assert len(table.rows) == 2
    notices = {notice.code: notice for notice in table.notices}
    assert set(notices) == {"hidden_rows", "hidden_columns"}
    assert "row 3" in notices["hidden_rows"].where
    assert "column C" in notices["hidden_columns"].where


def test_hidden_sheets_are_reported(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        other = sheet.parent.create_sheet("names")
        other.append(["name"])
        other.sheet_state = "hidden"

    path = saved(tmp_path / "a.xlsx", change)

    (notice,) = read_table(path).notices
    assert notice.code == "hidden_sheets"
    assert "'names'" in notice.where


def test_error_cells_are_empty_and_reported(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    error = b'<c r="B2" t="e"><v>#N/A</v></c>'
    rewritten(path, {SHEET: lambda xml: xml.replace(b'<c r="B2" t="n"><v>5</v></c>', error)})

    table = read_table(path)

    assert table.rows[0] == ("1", None, "a")
    (notice,) = table.notices
    assert "B2 #N/A" in notice.where


def test_one_far_off_cell_does_not_take_all_memory(tmp_path: Path) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "here"

    error = refusal(saved(tmp_path / "a.xlsx", change))

    assert "reaches too far" in error.what
    assert "XFD1048576" in error.where


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    rewritten(path, {"xl/media/image1.png": bytes(64 * 1024**2)})

    error = refusal(path)

    assert "unpacks from" in error.what
    assert "image1.png" in error.where


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    name = SHEET.encode()
    directory = content.rindex(name) - 46
    assert struct.unpack_from("<L", content, directory + 24) == (size,)
    struct.pack_into("<L", content, directory + 24, 20)
    path.write_bytes(content)

    assert "damaged" in refusal(path).what


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        b'<!DOCTYPE x SYSTEM "file:///etc/passwd">',
        b'<!DOCTYPE x [<!ENTITY % p SYSTEM "http://example.invalid/x.dtd"> %p;]>',
    ],
)
def test_document_types_are_refused(tmp_path: Path, part: str, declaration: bytes) -> None:
    path = saved(tmp_path / "a.xlsx")

    def declare(xml: bytes) -> bytes:
        start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
        return xml[:start] + declaration + xml[start:]

    error = refusal(rewritten(path, {part: declare}))

    assert "document type" in error.what
    assert part in error.where


@pytest.mark.parametrize(
    "name", ["../../evil.xml", "/etc/evil.xml", "..\\evil.xml", "C:\\evil.xml"]
)
def test_names_that_lead_out_of_the_package_are_refused(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / "a.xlsx")
    rewritten(path, {name: b"<a/>"})

    assert "leads out of the package" in refusal(path).what


def test_a_locked_part_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.xlsx")
    content = bytearray(path.read_bytes())
    content[content.rindex(SHEET.encode()) - 46 + 8] |= 1
    path.write_bytes(content)

    assert "password" in refusal(path).what


def compound(*streams: str) -> bytes:
    """The start of a compound file, as old Office files and locked new ones are."""
    entries = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries


@pytest.mark.parametrize(
    ("streams", "what", "remedy"),
    [
        (("EncryptionInfo", "EncryptedPackage"), "a workbook with a password", "password"),
        (("Workbook",), "an old Excel file (.xls)", ".xlsx"),
        (("Book",), "an old Excel file (.xls)", ".xlsx"),
        (("WordDocument",), "other old Office file", ".xlsx"),
    ],
)
def test_locked_and_old_workbooks_are_told_apart(
    tmp_path: Path, streams: tuple[str, ...], what: str, remedy: str
) -> None:
    path = tmp_path / "export.xlsx"
    path.write_bytes(compound("Root Entry", *streams))

    error = refusal(path)

    assert what in error.what
    assert remedy in error.remedy


def test_a_binary_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"")

    assert "binary Excel workbook" in refusal(path).what


@pytest.mark.parametrize(
    "again",
    [
        b'<sheet name="Sheet" sheetId="2" state="visible" r:id="rId1"/>',
        b'<sheet name="other" sheetId="2" state="visible" r:id="rId1"/>' * 3000,
    ],
)
def test_a_sheet_that_is_listed_more_than_once_is_refused(tmp_path: Path, again: bytes) -> None:
    """Read once for every time it is listed, it would take hours."""
    path = saved(tmp_path / "a.xlsx")
    rewritten(
        path, {"xl/workbook.xml": lambda xml: xml.replace(b"</sheets>", again + b"</sheets>")}
    )

    assert "more than once" in refusal(path).what
