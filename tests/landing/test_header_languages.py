"""Header rows that survey tools write in other languages and by other settings."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from landing.headers import Header, interpret_header
from landing.readers import Layout, delimited, read_table

Rows = list[list[str]]

NAMES = ["StartDate", "ResponseId", "Q1", "Q1_DO", "Q3_1_TEXT"]
TEXTS = ["Start Date", "Response ID", "Heeft u\nvernieuwd?", "Q1 - Display Order", "Anders"]
DATA = [
    ["2025-02-06 09:12:00", "R_1", "1", "1|2", ""],
    ["2025-02-06 09:13:00", "R_2", "", "2|1", "tekst"],
]


def names(header: Header) -> list[str]:
    return [column.name for column in header.columns]


def written(path: Path, rows: Rows, delimiter: str = ",") -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


@pytest.mark.parametrize("format", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "texts",
    [
        TEXTS,
        ["Begindatum", "Antwoord-ID", "Vraag", "Volgorde", "Anders"],
        ["Startdatum", "Antwort-ID", "Frage", "Reihenfolge", "Andere"],
        ["Date de début", "ID de réponse", "Question", "Ordre", "Autre"],
    ],
)
def test_qualtrics_without_import_ids_has_names_and_texts(
    tmp_path: Path, format: str, texts: list[str]
) -> None:
    table = read_table(written(tmp_path / f"export.{format}", [NAMES, texts, *DATA]))

    assert table.tool == "qualtrics"
    assert [column.name for column in table.columns] == NAMES
    assert [column.label for column in table.columns] == texts
    assert [row[1] for row in table.rows] == ["R_1", "R_2"]


def test_qualtrics_names_alone_keep_every_response() -> None:
    header = interpret_header([NAMES, *DATA])

    assert (header.tool, header.n_header_rows) == ("generic", 1)


@pytest.mark.parametrize("quotes", ["””", "“”", "„“", "‘’", "«»", "''"])
def test_import_ids_may_have_the_quotes_of_a_word_processor(quotes: str) -> None:
    ids = [f"{{{quotes[0]}ImportId{quotes[1]}:{quotes[0]}QID{n}{quotes[1]}}}" for n in range(5)]

    header = interpret_header([NAMES, TEXTS, ids, *DATA])

    assert (header.tool, header.n_header_rows) == ("qualtrics", 3)


def test_one_import_id_that_was_typed_over_does_not_hide_the_others() -> None:
    ids = [f'{{"ImportId":"QID{number}"}}' for number in range(5)]
    ids[2] = "innovatie"

    assert interpret_header([NAMES, TEXTS, ids, *DATA]).n_header_rows == 3


@pytest.mark.parametrize(
    ("respondent", "itself", "other"),
    [
        ("Respondent-ID", "Antwoord", "Anders (geef nadere toelichting)"),
        ("Respondent-id", "Open antwoord", "Overige (specificeren)"),
        ("Befragten-ID", "Antwort", "Sonstiges (bitte angeben)"),
        ("Teilnehmer-ID", "Offene Beantwortung", "Andere (bitte angeben)"),
        ("ID du répondant", "Réponse", "Autre (veuillez préciser)"),
        ("Identifiant du répondant", "Réponse ouverte", "Autres (précisez)"),
    ],
)
@pytest.mark.parametrize("has_respondent", [True, False])
def test_surveymonkey_in_other_languages(
    respondent: str, itself: str, other: str, has_respondent: bool
) -> None:
    rows = [
        [respondent, "Datum", "Vernieuwd?", "", "Met wie?", ""],
        ["", "", itself, other, "Gemeenten", "Provincies"],
        ["R1", "06/02/2025 09:12", "Ja", "", "Gemeenten", ""],
        ["R2", "06/02/2025 10:12", "Nee", "Anders nl.", "", "Provincies"],
    ]
    if not has_respondent:
        rows = [row[1:] for row in rows]

    header = interpret_header(rows)

    assert (header.tool, header.n_header_rows) == ("surveymonkey", 2)
    assert names(header)[-4:] == [
        "Vernieuwd?",
        f"Vernieuwd? [{other}]",
        "Met wie? [Gemeenten]",
        "Met wie? [Provincies]",
    ]


def test_surveymonkey_in_a_language_that_nobody_listed_is_told_by_its_answers() -> None:
    rows = [
        ["Identyfikator", "Z kim?", "", ""],
        ["", "Gminy", "Województwa", "Inni"],
        *([f"R{n}", "", "", ""] for n in range(10)),
        ["R11", "Gminy", "Województwa", ""],
    ]

    assert interpret_header(rows).tool == "surveymonkey"


def test_a_first_response_that_lacks_its_id_is_no_header() -> None:
    rows = [["id", "a", ""], ["", "ja", "Gemeenten"], ["2", "nee", "anders"], ["3", "nee", ""]]

    assert interpret_header(rows).tool == "generic"


@pytest.fixture(params=["small", "large"])
def _size(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "large":
        monkeypatch.setattr(delimited, "LARGE_BYTES", 0)


@pytest.mark.usefixtures("_size")
@pytest.mark.parametrize("codes", [["G01Q01", "G02Q02_SQ001"], ["123X4X56", "123X4X57SQ001"]])
def test_limesurvey_vv_is_read_as_such(tmp_path: Path, codes: list[str]) -> None:
    rows = [
        ["Antwoord-ID", "Datum ingezonden", "Hoeveel?", "Met wie? [Gemeenten]"],
        ["id", "submitdate", *codes],
        ["1", "2025-02-06 09:12:33", "12", "Y"],
        ["2", "{question_not_shown}", "{question_not_shown}", ""],
        ["3", "2025-02-06", "een{newline}twee{tab}drie", "{quote}x{lbrace}newline} {cr}"],
    ]
    path = tmp_path / "vvexport.csv"
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8-sig")

    table = read_table(path)

    assert table.tool == "limesurvey"
    assert [column.name for column in table.columns] == rows[1]
    assert [column.label for column in table.columns] == rows[0]
    assert list(table.rows) == [
        ("1", "2025-02-06 09:12:33", "12", "Y"),
        ("2", None, None, ""),
        ("3", "2025-02-06", "een\ntwee\tdrie", '"x{newline} \r'),
    ]


@pytest.mark.parametrize("separator", [". ", "._."])
def test_one_limesurvey_code_over_several_options_gets_a_name_each(separator: str) -> None:
    cells = [
        ("id", "Response ID"),
        ("G03Q04[multi]", "Aanleiding? [Leiding]"),
        ("G03Q04[multi]", "Aanleiding? [Medewerkers]"),
        ("G03Q05", "Waarom?"),
        ("G03Q05", "Waarom?"),
    ]
    header = interpret_header([[code + separator + text for code, text in cells], [""] * 5])

    assert header.tool == "limesurvey"
    assert names(header) == [
        "id",
        "G03Q04[multi][Leiding]",
        "G03Q04[multi][Medewerkers]",
        "G03Q05",
        "G03Q05 (2)",
    ]


def test_the_number_of_header_rows_may_be_stated(tmp_path: Path) -> None:
    rows = [["nr", "v1"], ["Nummer", "Vernieuwd?"], ["vraag", "vraag"], ["1", "ja"]]
    path = written(tmp_path / "export.csv", rows)

    table = read_table(path, layout=Layout(header_rows=3))

    assert [column.name for column in table.columns] == ["nr", "v1"]
    assert [column.label for column in table.columns] == ["Nummer", "Vernieuwd?"]
    assert table.rows == (("1", "ja"),)
    insisted = read_table(path, tool="qualtrics", layout=Layout(header_rows=2))
    assert (insisted.tool, len(insisted.rows)) == ("qualtrics", 2)


def test_fewer_header_rows_than_a_tool_writes_may_be_stated() -> None:
    header = interpret_header([["Respondent ID", "a"], ["", "b"], ["1", "c"]], "auto", 1)

    assert (header.n_header_rows, names(header)) == (1, ["Respondent ID", "a"])
