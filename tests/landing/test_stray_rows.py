"""Rows that are no responses are named, so that none counts as one."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.table import Table

from barometer.settings import PROJECT_ROOT
from landing.check import check_file
from landing.readers import Layout, SourceTable, delimited, read_table
from landing.readers.table import Notice
from registry import load_registry

Rows = list[list[str]]

EXAMPLE = PROJECT_ROOT / "examples" / "ibo" / "IBO2021_synthetic_export_v2.csv"
HEADER = ["id", "datum", "aantal", "soort", "toelichting"]
DATA = [[str(n), f"2025-02-{n:02d}", str(n * 7), "A1", f"antwoord {n}"] for n in range(1, 21)]
TEXTS = ["Nummer", "Datum van invullen", "Hoeveel?", "Wat voor soort is het?", "Toelichting"]


@pytest.fixture(params=["small", "large"], autouse=True)
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "large":
        monkeypatch.setattr(delimited, "LARGE_BYTES", 0)


def read(tmp_path: Path, rows: Rows, layout: Layout | None = None) -> SourceTable:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return read_table(path, layout=layout or Layout())


def only_error(table: SourceTable) -> Notice:
    (notice,) = table.notices
    assert notice.severity == "error"
    assert notice.remedy
    return notice


@pytest.mark.parametrize("place", [0, 1, 10, 20])
def test_the_header_again_is_named_by_its_row(tmp_path: Path, place: int) -> None:
    notice = only_error(read(tmp_path, [HEADER, *DATA[:place], HEADER, *DATA[place:]]))

    assert (notice.code, notice.where) == ("header_repeated", f"data row {place + 1}")


def test_the_names_of_a_tool_with_labels_again_are_named(tmp_path: Path) -> None:
    header = [f"{code}. {text}" for code, text in zip(HEADER, TEXTS, strict=True)]

    for again in (header, HEADER, TEXTS):
        notice = only_error(read(tmp_path, [header, *DATA[:5], again, *DATA[5:]]))
        assert (notice.code, notice.where) == ("header_repeated", "data row 6")


def test_options_that_are_called_what_their_cells_say_are_no_header(tmp_path: Path) -> None:
    options = ["R", "Python", "SQL"]
    rows = [["id", *options], *([str(n), *options] for n in range(1, 6))]

    assert read(tmp_path, rows).notices == ()


@pytest.mark.parametrize("texts", [TEXTS, ["", "", *TEXTS[2:]], [*TEXTS[:2], "", "", ""]])
def test_question_texts_under_the_header_are_named(tmp_path: Path, texts: list[str]) -> None:
    notice = only_error(read(tmp_path, [HEADER, texts, *DATA]))

    assert (notice.code, notice.where) == ("question_texts", "data row 1")
    assert "column `header_rows` of deliveries.csv" in notice.remedy
    assert read(tmp_path, [HEADER, texts, *DATA], Layout(header_rows=2)).notices == ()


def test_question_texts_over_codes_alone_are_named(tmp_path: Path) -> None:
    header = [f"v{n}" for n in range(8)]
    texts = [f"Heeft u dit gedaan: {n}?" for n in range(8)]
    rows = [header, texts, *([["Y", "N", "A1", "A2", "", "1", "2", "-"]] * 10)]

    assert only_error(read(tmp_path, rows)).code == "question_texts"


def test_a_talkative_first_response_is_one(tmp_path: Path) -> None:
    talk = ["1", "2025-02-01", "een stuk of vijf, denk ik", "anders: iets heel bijzonders", "ja!"]

    assert read(tmp_path, [HEADER, talk, *DATA[1:]]).notices == ()


@pytest.mark.parametrize(
    "word",
    ["Totaal", "TOTAAL:", "Eindtotaal", "Total", "Grand total", "Gesamt", "Gesamtergebnis",
     "Summe", "Somme", "Total général", "Gemiddelde", "Average"],
)  # fmt: skip
@pytest.mark.parametrize("indent", [0, 1])
def test_a_row_of_totals_is_named(tmp_path: Path, word: str, indent: int) -> None:
    totals = ["", "", "1470", "", ""]
    totals[indent] = word

    notice = only_error(read(tmp_path, [HEADER, *DATA, totals]))

    assert (notice.code, notice.where) == ("totals_row", "data row 21")


def test_an_answer_that_is_a_word_for_totals_is_one(tmp_path: Path) -> None:
    assert read(tmp_path, [HEADER, *DATA, ["21", "2025-02-21", "5", "Totaal", ""]]).notices == ()


def test_the_totals_row_of_a_table_in_a_workbook_is_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["ID", "Aantal"], [1, 10], [2, 20], ["Σ", 30]):
        sheet.append(row)
    table = Table(displayName="T", ref="A1:B4", totalsRowCount=1)
    table._initialise_columns()
    for column, name in zip(table.tableColumns, ("ID", "Aantal"), strict=True):
        column.name = name
    sheet.add_table(table)
    book.save(tmp_path / "a.xlsx")

    notice = only_error(read_table(tmp_path / "a.xlsx"))

    assert (notice.code, notice.where) == ("totals_row", "sheet 'Sheet', row 4")


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        (lambda header, rows: [["Vraag: " + name for name in header], *rows], "question_texts", 1),
        (lambda header, rows: [*rows[:200], header, *rows[200:]], "header_repeated", 201),
        (lambda header, rows: [*rows, ["Totaal", *[""] * (len(header) - 1)]], "totals_row", 399),
    ],
)
def test_the_example_with_such_a_row_is_not_fit_to_land(
    tmp_path: Path, change: Callable[[list[str], Rows], Rows], code: str, row: int
) -> None:
    with EXAMPLE.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    path = tmp_path / EXAMPLE.name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *change(header, rows)])

    report = check_file(path, wave="2021", registry=load_registry(PROJECT_ROOT / "seeds"))

    assert [error.where for error in report.errors if error.code == code] == [f"data row {row}"]
