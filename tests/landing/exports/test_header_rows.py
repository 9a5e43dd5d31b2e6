"""Header rows as survey tools write them: who wrote them, and what the columns are called."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pytest

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.headers import TIMING, Header, interpret_header
from landing.headers.limesurvey import parse_code
from landing.readers import read_table

Rows = list[list[str]]

QUALTRICS: Rows = [
    ["StartDate", "ResponseId", "Q1", "Q2_1"],
    ["Start Date", "Response ID", "How many\nstaff?", "Which of these? - A, or B"],
    ['{"ImportId":"startDate","timeZone":"Z"}', '{"ImportId":"_recordId"}',
     '{"ImportId":"QID1_TEXT"}', '{"ImportId":"QID2","choiceId":"1"}'],
    ["2025-01-02 10:00:00", "R_1", "12", "A, or B"],
]  # fmt: skip
SURVEYMONKEY: Rows = [
    ["Respondent ID", "Start Date", "Which do you use?", "", "", "Why?", "Why?"],
    ["", "", "R", "Python", "Other (please specify)", "Open-Ended Response", "Response"],
    ["1", "03/24/2020", "R", "", "SQL", "because", "so"],
]
MICROSOFT: Rows = [
    ["ID", "Start time", "Completion time", "Email", "Who helped\u00a0you?", "Why?", "Why?"],
    ["1", "3/1/2025 9:00:00", "3/1/2025 9:05:00", "anonymous", "Colleagues;Others;", "a", "b"],
]
GOOGLE: Rows = [
    ["Timestamp", "Which tools, if any, do you use?", "Why?", "Why?"],
    ["12/13/2019 9:50:30", "R, Python", "a", "b"],
]


def names(header: Header) -> list[str]:
    return [column.name for column in header.columns]


def test_qualtrics_has_three_header_rows() -> None:
    header = interpret_header(QUALTRICS)

    assert (header.tool, header.n_header_rows) == ("qualtrics", 3)
    assert names(header) == ["StartDate", "ResponseId", "Q1", "Q2_1"]
    assert header.columns[2].label == "How many\nstaff?"


def test_older_qualtrics_exports_have_no_row_of_texts() -> None:
    header = interpret_header([QUALTRICS[0], *QUALTRICS[2:]])

    assert (header.tool, header.n_header_rows) == ("qualtrics", 2)
    assert {column.label for column in header.columns} == {None}


def test_surveymonkey_carries_questions_on_and_numbers_repeats() -> None:
    header = interpret_header(SURVEYMONKEY)

    assert (header.tool, header.n_header_rows) == ("surveymonkey", 2)
    assert names(header) == [
        "Respondent ID",
        "Start Date",
        "Which do you use? [R]",
        "Which do you use? [Python]",
        "Which do you use? [Other (please specify)]",
        "Why?",
        "Why? (2)",
    ]


def test_a_number_is_not_given_twice() -> None:
    header = interpret_header(
        [["Respondent ID", "a", "a (2)", "a"], ["", "Response", "Response", "Response"], ["1"] * 4]
    )

    assert names(header) == ["Respondent ID", "a", "a (2)", "a (3)"]


@pytest.mark.parametrize(
    ("rows", "tool"), [(MICROSOFT, "microsoft_forms"), (GOOGLE, "google_forms")]
)
def test_forms_have_one_row_of_full_texts(rows: Rows, tool: str) -> None:
    header = interpret_header(rows)

    assert (header.tool, header.n_header_rows) == (tool, 1)
    assert names(header) == [*rows[0][:-1], "Why? (2)"]


@pytest.mark.parametrize(
    "times", [("Begintijd", "Tijd van voltooien"), ("Startzeit", "Fertigstellungszeit")]
)
def test_microsoft_forms_of_other_languages(times: tuple[str, str]) -> None:
    rows = [["Id", *times, "E-mail", "Vraag"], ["1", "", "", "", "ja"]]

    assert interpret_header(rows).tool == "microsoft_forms"


@pytest.mark.parametrize("separator", [". ", "._."])
def test_limesurvey_codes_with_texts(separator: str) -> None:
    cells = [
        ("id", "Response ID"),
        ("q1", "How many? e.g. 10. Or so"),
        ("q2[SQ001]", "Which? [R, or S]"),
        ("q2[other]", "Which? [Other]"),
        ("q3[SQ001][1]", "How\nmuch? [now][Scale 1]"),
        ("interviewtime", "Total time"),
        ("groupTime12", "Group time: Start"),
        ("q1Time", "Question time: q1"),
        ("leadTime", "Lead time in days"),
    ]
    header = interpret_header([[code + separator + text for code, text in cells], [""] * 9])

    assert header.tool == "limesurvey"
    assert [(column.name, column.label) for column in header.columns] == cells
    assert [column.name for column in header.columns if column.kind == TIMING] == [
        "interviewtime", "groupTime12", "q1Time",
    ]  # fmt: skip


def test_limesurvey_codes_alone() -> None:
    rows = [["id", "submitdate", "lastpage", "startlanguage", "q1", "q2[SQ001]", "q1Time"]]

    header = interpret_header(rows)

    assert header.tool == "limesurvey"
    assert names(header) == rows[0]
    assert header.columns[-1].kind == TIMING


def test_limesurvey_texts_alone() -> None:
    rows = [["Response ID", "Date submitted", "Last page", "How many?", "Why?", "Why?"]]

    header = interpret_header(rows)

    assert header.tool == "limesurvey"
    assert names(header) == [*rows[0][:-1], "Why? (2)"]


def test_a_limesurvey_heading_of_another_kind_stays_whole_when_the_tool_is_given() -> None:
    rows = [["", "q1. How many?", "q2. Why?", "Remarks of the office"]]

    assert interpret_header(rows).tool == "generic"
    assert names(interpret_header(rows, "limesurvey")) == ["", "q1", "q2", "Remarks of the office"]


@pytest.mark.parametrize(
    ("code", "question", "parts", "is_other", "is_comment"),
    [
        ("q", "q", (), False, False),
        ("q[SQ001]", "q", ("SQ001",), False, False),
        ("q[SQ001_SQ002]", "q", ("SQ001_SQ002",), False, False),
        ("q[SQ001][1]", "q", ("SQ001", "1"), False, False),
        ("q[other]", "q", ("other",), True, False),
        ("q[SQ001comment]", "q", ("SQ001comment",), False, True),
        ("q[othercomment]", "q", ("othercomment",), True, True),
    ],
)
def test_limesurvey_codes_taken_apart(
    code: str, question: str, parts: tuple[str, ...], is_other: bool, is_comment: bool
) -> None:
    found = parse_code(code)

    assert (found.question, found.parts) == (question, parts)
    assert (found.is_other, found.is_comment) == (is_other, is_comment)


@pytest.mark.parametrize(
    "rows",
    [
        [["id", "org"], ["1", "a"]],
        [["id", "", "name"], ["1", "Response", "a"]],
        [["Timestamp", "value"], ["12/13/2019 9:50:30", "3"]],
        [["Timestamp", "How warm is it?"], ["noon", "3"]],
        [["a", "a"], ["1", "2"]],
        [["ID", "Start time", "End"], ["1", "2", "3"]],
    ],
)
def test_what_no_tool_writes_stays_as_it_is(rows: Rows) -> None:
    header = interpret_header(rows)

    assert (header.tool, header.n_header_rows) == ("generic", 1)
    assert names(header) == rows[0]


def test_the_registry_overrides_the_content() -> None:
    assert interpret_header(GOOGLE, "generic").tool == "generic"
    assert names(interpret_header(GOOGLE, "generic"))[-2:] == ["Why?", "Why?"]
    assert interpret_header([["q1", ""], ["R", "S"], ["x", ""]], "surveymonkey").n_header_rows == 2


def test_a_header_that_the_tool_does_not_write_is_refused() -> None:
    with pytest.raises(LandingError, match="no row of ImportIds"):
        interpret_header(GOOGLE, "qualtrics")
    with pytest.raises(LandingError, match="two header rows"):
        interpret_header([["q1"]], "surveymonkey")
    with pytest.raises(UsageError, match="no survey tool 'typeform'"):
        interpret_header(GOOGLE, "typeform")


@pytest.mark.parametrize("rows", [QUALTRICS, SURVEYMONKEY, MICROSOFT, GOOGLE])
@pytest.mark.parametrize("format", ["csv", "tsv", "xlsx"])
def test_every_format_gives_the_same_table(tmp_path: Path, rows: Rows, format: str) -> None:
    path = tmp_path / f"export.{format}"
    if format == "xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.worksheets[0].append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, delimiter="," if format == "csv" else "\t").writerows(rows)

    table = read_table(path)
    header = interpret_header(rows)

    assert [column.name for column in table.columns] == names(header)
    assert [[cell or "" for cell in row] for row in table.rows] == rows[header.n_header_rows :]


def test_header_rows_without_data_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(QUALTRICS[:3])

    with pytest.raises(LandingError, match="3 header rows of qualtrics but no data"):
        read_table(path)
