"""OpenDocument spreadsheets: typed cells as text, and what is refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from landing.findings.errors import LandingError
from landing.readers import read_table

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("table", "table"),
        ("text", "text"),
        ("style", "style"),
    )
)
HIDDEN_STYLE = (
    '<office:automatic-styles><style:style style:name="hidden" style:family="table">'
    '<style:table-properties table:display="false"/></style:style></office:automatic-styles>'
)


def text(value: str, attributes: str = "") -> str:
    return (
        f'<table:table-cell office:value-type="string" {attributes}>'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def typed(kind: str, value: str, shown: str) -> str:
    name = {"date": "date-value", "boolean": "boolean-value", "time": "time-value"}.get(
        kind, "value"
    )
    return (
        f'<table:table-cell office:value-type="{kind}" office:{name}="{value}">'
        f"<text:p>{shown}</text:p></table:table-cell>"
    )


def row(*cells: str, attributes: str = "") -> str:
    # As spreadsheet programs write it: the empty rest of the row as one repeated cell.
    rest = '<table:table-cell table:number-columns-repeated="16000"/>'
    return f"<table:table-row {attributes}>{''.join(cells)}{rest}</table:table-row>"


def table(*rows: str, name: str = "data", attributes: str = "") -> str:
    rest = row(attributes='table:number-rows-repeated="1048000"')
    return f'<table:table table:name="{name}" {attributes}>{"".join(rows)}{rest}</table:table>'


HEADER = row(text("id"), text("size"))


def ods(
    path: Path,
    *tables: str,
    prolog: str = "",
    manifest: str = "",
    kind: str = "application/vnd.oasis.opendocument.spreadsheet",
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", kind)
        archive.writestr(
            "META-INF/manifest.xml", f"<m:manifest xmlns:m='m'>{manifest}</m:manifest>"
        )
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<office:document-content {NAMESPACES}>'
            f"{HIDDEN_STYLE}<office:body><office:spreadsheet>{''.join(tables)}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def test_typed_cells_become_the_text_a_person_would_type(tmp_path: Path) -> None:
    header = row(*map(text, ("id", "whole", "part", "day", "moment", "yes", "share", "clock")))
    data = row(
        text("007"),
        typed("float", "5", "5,0"),
        typed("float", "5.5", "5,5"),
        typed("date", "2025-03-01", "1-3-2025"),
        typed("date", "2025-03-01T09:30:00", "1-3-2025 9:30"),
        typed("boolean", "true", "WAAR"),
        typed("percentage", "0.5", "50%"),
        typed("time", "PT09H30M00S", "09:30"),
    )

    found = read_table(ods(tmp_path / "a.ods", table(header, data)))

    assert (found.format, found.sheet, found.tool) == ("ods", "data", "generic")
    assert found.rows == (
        ("007", "5", "5.5", "2025-03-01", "2025-03-01T09:30:00", "TRUE", "0.5", "09:30:00"),
    )


def test_repeated_rows_and_cells_are_written_out(tmp_path: Path) -> None:
    twice = row(
        text("x", 'table:number-columns-repeated="2"'), attributes="table:number-rows-repeated='3'"
    )

    assert read_table(ods(tmp_path / "a.ods", table(HEADER, twice))).rows == (("x", "x"),) * 3


def test_hidden_rows_and_sheets_are_reported(tmp_path: Path) -> None:
    hidden = row(text("2"), text("6"), attributes='table:visibility="filter"')
    path = ods(
        tmp_path / "a.ods",
        table(HEADER, row(text("1"), text("5")), hidden),
        table(row(text("name")), name="names", attributes='table:style-name="hidden"'),
    )

    found = read_table(path)

    assert len(found.rows) == 2
    assert {notice.code for notice in found.notices} == {"hidden_rows", "hidden_sheets"}


@pytest.mark.parametrize(
    ("tables", "what"),
    [
        (
            [table(HEADER, row(text("1"), '<table:table-cell table:formula="of:=2+3"/>'))],
            "no calculated value",
        ),
        (
            [
                table(
                    HEADER,
                    row(
                        text("1", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>"
                    ),
                )
            ],
            "merged cells",
        ),
        ([table(HEADER, row(text("1"))), table(HEADER, name="more")], "Several sheets"),
        ([table()], "no visible sheet"),
        ([table(HEADER)], "no data rows"),
        (
            [
                table(
                    HEADER,
                    row(
                        text("1", 'table:number-columns-repeated="16384"'),
                        attributes='table:number-rows-repeated="1000000"',
                    ),
                )
            ],
            "reaches too far",
        ),
        ([table(HEADER, row(text("1")))[:-9]], "damaged"),
    ],
)
def test_what_cannot_be_taken_as_it_looks_is_refused(
    tmp_path: Path, tables: list[str], what: str
) -> None:
    with pytest.raises(LandingError, match=what) as caught:
        read_table(ods(tmp_path / "a.ods", *tables))

    assert caught.value.remedy


def test_document_types_are_refused(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        table(HEADER, row(text("&amp;"))),
        prolog='<!DOCTYPE x [<!ENTITY a "aaa">]>',
    )

    with pytest.raises(LandingError, match="document type"):
        read_table(path)


def test_a_password_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", table(HEADER), manifest="<m:encryption-data/>")

    with pytest.raises(LandingError, match="locked with a password"):
        read_table(path)


def test_another_open_document_is_refused(tmp_path: Path) -> None:
    path = ods(tmp_path / "a.ods", kind="application/vnd.oasis.opendocument.text")

    with pytest.raises(LandingError, match="no spreadsheet"):
        read_table(path)


def test_a_kind_that_is_cut_off_is_refused(tmp_path: Path) -> None:
    """The library then says that the disk failed."""
    path = ods(tmp_path / "a.ods", table(HEADER, row(text("1"), text("2"))), kind="application/vnd")

    with pytest.raises(LandingError, match="The workbook cannot be read"):
        read_table(path)
