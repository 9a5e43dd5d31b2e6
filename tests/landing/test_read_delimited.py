from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.readers import read_table

HEADER = ["id", "naam", "antwoord"]
ROWS = [
    ["007", "  Café Zoë ", "ja, soms"],
    ["008", 'zei "nee"', "regel een\nregel twee"],
    ["009", "", "€ 1.000,50; ongeveer | circa"],
]


def text_of(delimiter: str = ",", line_end: str = "\r\n") -> str:
    stream = io.StringIO()
    writer = csv.writer(
        stream, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_NONNUMERIC
    )
    writer.writerows([HEADER, *ROWS])
    return stream.getvalue()


def write(tmp_path: Path, content: str | bytes, name: str = "export.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_every_dialect_and_encoding_reads_back_verbatim(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = write(tmp_path, text_of(delimiter).encode(encoding))

    table = read_table(path)

    assert [column.name for column in table.columns] == HEADER
    assert [list(row) for row in table.rows] == ROWS
    assert table.delimiter == delimiter
    assert table.format == ("tsv" if delimiter == "\t" else "csv")
    assert table.encoding == encoding


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_line_ends_of_every_system(tmp_path: Path, line_end: str) -> None:
    path = write(tmp_path, text_of(line_end=line_end))

    assert [list(row) for row in read_table(path).rows] == ROWS


def test_mac_roman_is_not_taken_for_windows(tmp_path: Path) -> None:
    words = ["één coördinatie", "geïnnoveerd", "financiële ruimte", "beïnvloeden", "crèche", "à"]
    text = "id,antwoord\n" + "".join(f"{n},{word}\n" for n, word in enumerate(words * 5))

    table = read_table(write(tmp_path, text.encode("mac_roman")))

    assert table.encoding == "mac_roman"
    assert table.rows[0][1] == "één coördinatie"


def test_unquoted_tsv_keeps_its_quotes(tmp_path: Path) -> None:
    path = write(tmp_path, 'id\ttekst\n1\t"Eight" of ten\n2\tplain\n', "export.tsv")

    assert read_table(path).rows == (("1", '"Eight" of ten'), ("2", "plain"))


def test_the_separator_line_of_a_spreadsheet_is_not_the_header(tmp_path: Path) -> None:
    path = write(tmp_path, "sep=;\r\nid;naam\r\n1;a,b\r\n")

    table = read_table(path)

    assert [column.name for column in table.columns] == ["id", "naam"]
    assert table.rows == (("1", "a,b"),)


def test_empty_rows_and_unnamed_empty_columns_at_the_end_are_dropped(tmp_path: Path) -> None:
    path = write(tmp_path, "id,naam,,\n1,a,,\n,,,\n2,b,,\n,,,\n,,,\n")

    table = read_table(path)

    assert [column.name for column in table.columns] == ["id", "naam"]
    assert table.rows == (("1", "a"), ("", ""), ("2", "b"))


def test_content_decides_whatever_the_suffix(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, text_of(), "export.sav")).format == "csv"


@pytest.mark.parametrize(
    ("content", "what", "where"),
    [
        (b"", "The file is empty", "export.csv"),
        (b"\xef\xbb\xbf", "The file is empty", "export.csv"),
        (b" \n\n", "The file is empty", "export.csv"),
        (b"id,naam\n", "column names but no data rows", "export.csv"),
        (b"id,naam\n,\n", "column names but no data rows", "export.csv"),
        (b"id,naam\n1,a\n2\n3,c,d\n", "2 row(s) do not have", "line 3: 1 cells; line 4: 3 cells"),
        (b'id,naam\n1,"a\n2,b\n', "A quoted cell does not end", "starts on line 2"),
        (b'id,naam\n1,"a" b\n', "A quoted cell does not end", "starts on line 2"),
        (b"id,naam\n1,a\n2,\x00b\n", "1 NUL characters", "export.csv, line 3"),
        ("id,naam\n1,é\n2,ë\n3,ï\n4,ö\n".encode() + b"5,\xff\n", "1 broken character", "line 6"),
        (b"%PDF-1.7 ...", "a PDF document", "export.csv"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel file", "export.csv"),
        (b"<!DOCTYPE html><html>", "an HTML or XML document", "export.csv"),
        (bytes(range(1, 30)) * 9, "binary data", "export.csv"),
        (b"PK\x03\x04 cut off", "is damaged", "export.csv"),
    ],
)
def test_unreadable_files_are_refused_with_place_and_remedy(
    tmp_path: Path, content: bytes, what: str, where: str
) -> None:
    with pytest.raises(LandingError) as caught:
        read_table(write(tmp_path, content))

    assert what in caught.value.what
    assert where in caught.value.where
    assert caught.value.expected
    assert caught.value.remedy


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="There is no such file") as caught:
        read_table(tmp_path / "gone.csv")

    assert caught.value.where.endswith("gone.csv")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="not a file"):
        read_table(tmp_path)


def test_a_format_that_is_insisted_on_is_held_against_the_content(tmp_path: Path) -> None:
    with pytest.raises(LandingError, match="The content of the file is text, not xlsx"):
        read_table(write(tmp_path, text_of()), format="xlsx")


def test_an_unknown_format_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="There is no format 'dbf'"):
        read_table(write(tmp_path, text_of()), format="dbf")


def test_a_forced_tsv_is_split_on_tabs_alone(tmp_path: Path) -> None:
    path = write(tmp_path, "a,b,c\td\n1,2,3\t4\n")

    assert read_table(path, format="tsv").rows == (("1,2,3", "4"),)


@pytest.mark.shared_data
def test_the_same_answers_as_csv_tsv_and_xlsx_have_the_same_shape(shared_data: Path) -> None:
    folder = shared_data / "exports" / "google-forms"
    tables = [
        read_table(folder / f"2019 English R Community Survey Responses.{suffix}")
        for suffix in ("csv", "tsv", "xlsx")
    ]

    assert [table.format for table in tables] == ["csv", "tsv", "xlsx"]
    assert {(len(table.rows), len(table.columns)) for table in tables} == {(1838, 52)}
    names = [[" ".join(column.name.split()) for column in table.columns] for table in tables]
    assert names[0] == names[1] == names[2]


@pytest.mark.shared_data
def test_leading_zeros_of_a_real_file_survive(shared_data: Path) -> None:
    table = read_table(shared_data / "pls" / "PUPLDF98.csv")
    postal = next(column for column in table.columns if column.name == "ZIP")
    codes = [code for code in table.column_values(postal.position) if code]

    assert sum(code.startswith("0") for code in codes) > 500
    assert {len(code) for code in codes if code.startswith("0")} == {5}
