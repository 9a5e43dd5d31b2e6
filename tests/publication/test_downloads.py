"""What a person asks for as a file: whole or not at all, and told why."""

from __future__ import annotations

import csv
import datetime
import io
import os
from pathlib import Path

import openpyxl
import pytest
from command_line import run_cli

from barometer.errors import NotAccessibleError, UsageError
from publication.internal.release import publish
from publication.outlets import workbooks
from publication.outlets.described import Column
from publication.outlets.downloads import DUTCH, download, write_csv
from publication.outlets.handouts import write_handout
from publication.outlets.workbooks import Sheet, number_format, sheet_names, write_workbook

SUFFIXES = [".csv", ".xlsx", ".parquet"]


@pytest.fixture
def database(warehouse) -> Path:
    return publish(warehouse.settings).path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


def sheet_of(column: str, data_type: str, rows: list[list[object]]) -> Sheet:
    return Sheet("core.t", (Column(column, data_type, "", True),), rows)


def everything_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_folder_that_does_not_exist_is_told(database, place, suffix):
    with pytest.raises(UsageError, match="a folder that is there"):
        download(database, "core.estimates", place / "nowhere" / f"a{suffix}")

    assert everything_in(place) == []


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_name_of_a_folder_is_told_and_the_folder_stays(database, place, suffix):
    (place / f"a{suffix}").mkdir()
    (place / f"a{suffix}" / "theirs").touch()

    with pytest.raises(UsageError, match="this is a folder"):
        download(database, "core.estimates", place / f"a{suffix}")

    assert everything_in(place) == [f"a{suffix}", "theirs"]


def test_a_hand_out_is_told_the_same(database, place):
    (place / "a.duckdb").mkdir()
    for target, said in (
        (place / "a.duckdb", "this is a folder"),
        (place / "nowhere" / "b.duckdb", "a folder that is there"),
        (place / "c.csv", "a name that ends in .duckdb"),
    ):
        with pytest.raises(UsageError, match=said):
            write_handout(database, "rechtswezen", target)

    assert everything_in(place) == ["a.duckdb"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_halfway_leaves_what_was_there_and_nothing_beside_it(
    database, place, monkeypatch, suffix
):
    target = place / f"a{suffix}"
    target.write_text("theirs")

    def fail(*_: object) -> None:
        raise OSError(5, os.strerror(5), "draft")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(NotAccessibleError, match=os.strerror(5)):
        download(database, "core.estimates", target)

    assert target.read_text() == "theirs"
    assert everything_in(place) == [target.name]


def test_a_name_as_long_as_names_can_be_is_written(database, place):
    target = place / f"{'n' * 247}.csv"

    assert download(database, "core.estimates", target) == 3
    with pytest.raises(NotAccessibleError, match="name too long"):
        download(database, "core.estimates", place / f"{'n' * 248}.csv")
    assert download(database, "core.estimates", place / f"{'n' * 247}.parquet") == 3


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\r\nb", 'a "b", c', "\ra"])
def test_a_text_with_a_line_break_stays_one_cell(text):
    stream = io.StringIO(newline="")
    write_csv(stream, ["label", "n"], [[text, 1], ["plain", None]])

    header, first, second = csv.reader(io.StringIO(stream.getvalue(), newline=""), strict=True)
    assert (header, second) == (["label", "n"], ["plain", ""])
    assert (first[0].lstrip("'"), first[1]) == (text, "1")
    # Unquoted, a lone carriage return begins a new row for most readers.
    assert stream.getvalue().startswith('label,n\n"')


@pytest.mark.parametrize("text", ["a\x00b", "a\x0bb", "\x1b[31m", "x" * 32_768, "😀" * 16_384])
def test_a_text_that_no_sheet_can_hold_is_told_rather_than_cut(place, text):
    with pytest.raises(UsageError, match="does not fit in a workbook"):
        write_workbook(place / "a.xlsx", [sheet_of("label", "VARCHAR", [[text]])], ())


def test_the_longest_text_of_a_sheet_is_whole(place):
    write_workbook(place / "a.xlsx", [sheet_of("label", "VARCHAR", [["x" * 32_767]])], ())

    sheet = openpyxl.load_workbook(place / "a.xlsx")["t"]
    assert len(sheet["A2"].value) == 32_767


def test_more_rows_than_a_sheet_has_are_told(place, monkeypatch):
    monkeypatch.setattr(workbooks, "SHEET_ROWS", 3)

    write_workbook(place / "a.xlsx", [sheet_of("n", "INTEGER", [[1], [2]])], ())
    with pytest.raises(UsageError, match="more than 3 rows"):
        write_workbook(place / "a.xlsx", [sheet_of("n", "INTEGER", [[1], [2], [3]])], ())


def test_a_workbook_shows_numbers_as_what_they_are_and_says_what_columns_mean(place):
    columns = (
        Column("kind", "VARCHAR", "What the figure is.", True),
        Column("n_answered", "BIGINT", "How many answered.", True),
        Column("estimate", "DOUBLE", "The figure.", True),
        Column("day", "DATE", "A day.", True),
    )
    day = datetime.date(2025, 1, 31)
    rows = [("share", 1_360, 0.5, day), ("mean", 9, 3.7, day), ("share", None, None, None)]

    write_workbook(place / "a.xlsx", [Sheet("core.mart_findings", columns, rows)], ("Secret.",))

    book = openpyxl.load_workbook(place / "a.xlsx")
    assert book.sheetnames == ["about", "mart_findings", "codebook"]
    sheet = book["mart_findings"]
    assert [cell.value for cell in sheet[1]] == ["kind", "n_answered", "estimate", "day"]
    assert [[cell.number_format for cell in row[1:]] for row in sheet["A2:D3"]] == [
        ["#,##0", "0.0 %", "yyyy-mm-dd"],
        ["#,##0", "0.00", "yyyy-mm-dd"],
    ]
    assert [cell.value for cell in sheet[4]] == ["share", None, None, None]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D4")
    assert sheet.column_dimensions["B"].width == len("n_answered") + 3
    assert sheet.oddHeader.center.text == "Secret."
    assert [cell.value for cell in book["codebook"][3]] == [
        "core.mart_findings",
        "n_answered",
        "BIGINT",
        "How many answered.",
    ]


@pytest.mark.parametrize(
    ("name", "meaning", "kind", "shown_as"),
    [
        ("estimate_lower", "Lower limit.", "share", "0.0 %"),
        ("estimate_lower", "Lower limit.", "total", "#,##0"),
        ("estimate_lower", "Lower limit.", "mean", "0.00"),
        ("response_rate", "Responses over population.", "mean", "0.0 %"),
        ("hampered_estimate", "Share that the factor hampered.", "mean", "0.0 %"),
        ("balance_estimate", "Mean influence.", "share", "0.00"),
        ("change_effect_size", "Size of the difference.", "share", "0.00"),
        ("change_p_adjusted", "The p-value.", "share", "0.0000"),
        ("odds_ratio", "By how much.", "share", "0.00"),
    ],
)
def test_a_share_is_shown_in_per_cent_wherever_it_stands(name, meaning, kind, shown_as):
    assert number_format(Column(name, "DOUBLE", meaning, True), kind, True) == shown_as


def test_sheets_have_names_that_a_workbook_can_hold():
    long = "core." + "n" * 40

    assert list(sheet_names(["a.findings", "b.Findings", "core.about", long, long])) == [
        "findings",
        "Findings~2",
        "about~2",
        "n" * 31,
        "n" * 29 + "~2",
    ]


def test_a_schema_becomes_one_workbook_and_no_other_file(warehouse, place):
    warehouse.execute("create table core.other as select 1 as n")
    warehouse.write_manifest([*warehouse.tables(), ("core", "other")])
    database = publish(warehouse.settings).path

    assert download(database, "core", place / "core.xlsx") == 5
    assert openpyxl.load_workbook(place / "core.xlsx").sheetnames == [
        "about",
        "about_release",
        "estimates",
        "other",
        "codebook",
    ]
    for name in ("core.csv", "core.parquet"):
        with pytest.raises(UsageError, match="only a workbook has room"):
            download(database, "core", place / name)
    assert everything_in(place) == ["core.xlsx"]


def test_a_dutch_csv_has_semicolons_decimal_commas_and_texts_that_stay_texts():
    stream = io.StringIO()
    row = [0.7857, 1e-05, 1_360, True, datetime.date(2021, 3, 1), None, "=1+1", "2021", "a;b"]
    changed = ["3-4", "007", "1,5", "3 mei", "12%", "1e5", "waar", "12:30"]
    write_csv(stream, ["x"] * len(row), [row, changed], DUTCH)

    _, first, second = stream.getvalue().splitlines()
    assert first == '0,7857;1e-05;1360;WAAR;2021-03-01;;\'=1+1;2021;"a;b"'
    assert second == ";".join(f"'{text}" for text in changed)


@pytest.mark.parametrize("text", ["ZBO", "4 of meer", "1 type", "93 % (85–97), n = 60", "2021"])
def test_a_dutch_csv_marks_no_text_that_stays_what_it_is(text):
    stream = io.StringIO()
    write_csv(stream, ["label"], [[text]], DUTCH)

    assert stream.getvalue().splitlines()[1].strip('"') == text


def test_decimal_commas_are_for_csv_alone(database, place):
    with pytest.raises(UsageError, match="Decimal commas are for CSV"):
        download(database, "core.estimates", place / "a.parquet", style=DUTCH)

    assert download(database, "core.estimates", place / "a.csv", style=DUTCH) == 3
    content = (place / "a.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfwave;group_id;")
    assert b";0,9206;" in content


def test_the_command_says_what_was_wrong(warehouse, place):
    publish(warehouse.settings)
    home = warehouse.settings.home.parent

    for target in (place / "nowhere" / "a.csv", place):
        done = run_cli("download", "core.estimates", target, "--home", home)

        assert done.returncode == 2
        assert "Nothing can be written to" in done.stderr
        assert "Traceback" not in done.stderr
    assert everything_in(place) == []
