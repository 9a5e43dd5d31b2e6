"""What a person asks for as a file: whole or not at all, and told why."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import openpyxl
import pytest
from command_line import run_cli

from barometer.errors import NotAccessibleError, UsageError
from publication.internal.release import publish
from publication.outlets import downloads
from publication.outlets.downloads import download, write_csv, write_xlsx
from publication.outlets.handouts import write_handout

SUFFIXES = [".csv", ".xlsx", ".parquet"]


@pytest.fixture
def database(warehouse) -> Path:
    return publish(warehouse.settings).path


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "downloads"
    folder.mkdir()
    return folder


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
        write_xlsx(place / "a.xlsx", ["label"], [[text]])


def test_the_longest_text_of_a_sheet_is_whole(place):
    write_xlsx(place / "a.xlsx", ["label"], [["x" * 32_767]])

    sheet = openpyxl.load_workbook(place / "a.xlsx").active
    assert len(sheet["A2"].value) == 32_767


def test_more_rows_than_a_sheet_has_are_told(place, monkeypatch):
    monkeypatch.setattr(downloads, "SHEET_ROWS", 3)

    write_xlsx(place / "a.xlsx", ["n"], [[1], [2]])
    with pytest.raises(UsageError, match="more than 3 rows"):
        write_xlsx(place / "a.xlsx", ["n"], [[1], [2], [3]])


def test_the_command_says_what_was_wrong(warehouse, place):
    publish(warehouse.settings)
    home = warehouse.settings.home.parent

    for target in (place / "nowhere" / "a.csv", place):
        done = run_cli("download", "core.estimates", target, "--home", home)

        assert done.returncode == 2
        assert "Nothing can be written to" in done.stderr
        assert "Traceback" not in done.stderr
    assert everything_in(place) == []
