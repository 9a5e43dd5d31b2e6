"""Small files from outside that were once read wrongly without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from landing.findings.errors import LandingError
from landing.readers import read_table

QUALTRICS = (
    ("StartDate", "ResponseId", "Q1"),
    [("2025-02-06 09:12:00", "R_1", "1"), ("2025-02-06 09:13:00", "R_2", "")],
)
READ = {
    "e03_macroman_small.csv": (
        ("id", "tekst"),
        [("1", "Coördinatie van één loket"), ("2", "Financiële ruimte")],
        "encoding_guessed",
    ),
    "e13_cp1252_coordinatie.csv": (
        ("id",),
        [("1",), ("2",)],
        "encoding_guessed",
    ),
    "h01_surveymonkey_nl.csv": (
        ("Respondent-ID", "Einddatum", "Heeft u vernieuwd?"),
        [("R1", "06/02/2025 09:12", "Ja"), ("R2", "06/02/2025 10:12", "Nee")],
        None,
    ),
    "h05c_qualtrics_no_importids.csv": (*QUALTRICS, None),
    "h05g_qualtrics_curly.csv": (*QUALTRICS, None),
    "h08d_lime_vv.csv": (
        ("id", "submitdate", "G01Q01", "G02Q02_SQ001"),
        [
            ("1", "2025-02-06 09:12:33", "12", "Y"),
            ("2", "2025-02-06 09:12:33", None, None),
            ("3", "2025-02-06 09:12:33", "8", "regel\ntwee"),
        ],
        None,
    ),
    "h12_limesurvey_code_repeated.csv": (
        ("id", "G03Q04[multi][Leiding]", "G03Q04[multi][Medewerkers]"),
        [("1", "Yes", "No"), ("2", "No", "Yes")],
        None,
    ),
    "m02_space_after_comma_quotes.csv": (
        ("id", "naam", "plaats"),
        [("1", "Jansen, P.", "Utrecht"), ("2", "De Vries, A.", "Arnhem")],
        "space_before_quote",
    ),
    "m07_comment_lines.csv": (("id", "a"), [("1", "x"), ("2", "y")], "lines_above_header"),
    "m08b_blank_delims_first.csv": (("id", "a"), [("1", "x"), ("2", "y")], None),
    "m30_semicolon_header_commas.csv": (
        ("nr", "Heeft u een product, dienst of proces vernieuwd?", "Uren, gemiddeld"),
        [("1", "Ja, deels", "3,5"), ("2", "Nee, niets", "2,5"), ("3", "Ja, geheel", "1,5")],
        "delimiter_guessed",
    ),
    "s01_one_date_in_year_20250.sav": (
        ("respnr", "datum"),
        [("1", "2025-01-14T00:00:00"), ("2", None)],
        "date_out_of_range",
    ),
    "s06_durations_over_a_day.sav": (
        ("respnr", "duur", "duur_d"),
        [
            ("1", "01:00:00", "01:00:00"),
            ("2", "27:05:00", "277:46:40"),
            ("3", "-00:01:00", "25:00:00"),
        ],
        None,
    ),
    "s07_float_noise.sav": (("respnr", "score"), [("1", "0.3")], None),
    "x17_durations.xlsx": (("id", "duur"), [("1", "27:05:00"), ("2", "01:00:00")], None),
    "x40_table_total_row.xlsx": (
        ("ID", "Aantal", "Tekst"),
        [("1", "10", "a"), ("2", "20", "b"), ("3", "30", "c")],
        "totals_row",
    ),
}
"""The first columns, their rows, and what is told of the file."""
REFUSED = {
    "e04_utf8_cut_off.csv": ("cut off", "line 4"),
    "e05_two_pasted_encodings.csv": ("two encodings", "line 4"),
    "e08_cp850.csv": ("cp850", "Coördinatie"),
}


@pytest.fixture
def traps(shared_data: Path) -> Path:
    folder = shared_data / "cases" / "ingest"
    if not folder.is_dir():
        pytest.skip(f"no such cases at {folder}")
    return folder


@pytest.mark.parametrize("name", READ)
def test_a_trap_is_read_as_it_was_meant(traps, name):
    columns, rows, told = READ[name]

    table = read_table(traps / name)

    assert tuple(column.name for column in table.columns)[: len(columns)] == columns
    assert [tuple(row)[: len(columns)] for row in table.rows][: len(rows)] == rows
    assert [notice.code for notice in table.notices] == ([told] if told else [])


@pytest.mark.parametrize("name", REFUSED)
def test_a_trap_that_cannot_be_read_is_refused_with_its_place(traps, name):
    with pytest.raises(LandingError) as refused:
        read_table(traps / name)

    assert all(word in refused.value.render() for word in REFUSED[name])
