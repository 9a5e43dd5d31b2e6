"""The list of candidates: harmless in a spreadsheet program, and read back as it was delivered."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from barometer.settings import PROJECT_ROOT
from barometer.spreadsheet_cells import harmless, verbatim
from drafting.decisions import add_decisions
from landing.findings.errors import LandingError, LandingErrors
from landing.frames.matching import MatchReport, Unmatched
from landing.frames.names import Candidate, Suggestion
from landing.frames.review import read_decisions, review_list, write_review_list
from registry import load_registry

EVIL = ("=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\tx", "\rx", "\n=x", "'=x", "''=x", "＝x")
PLAIN = ("", "x", "'x", "00120", "-12", "+31 6", "-1,5", "Gemeente 's-Hertogenbosch", "a=b")


@pytest.mark.parametrize("text", EVIL)
def test_what_begins_a_formula_is_not_run(text):
    assert harmless(text) == f"'{text}"
    assert verbatim(harmless(text)) == text


@pytest.mark.parametrize("text", [text for text in PLAIN if text != "+31 6"])
def test_other_texts_and_numbers_stay_as_they_are(text):
    assert harmless(text) == text == verbatim(text)


@given(st.text(alphabet=st.sampled_from("'=+-@\t\r\n 0123.,abＡ＝"), max_size=8) | st.text())
def test_every_text_reads_back_verbatim(text):
    assert verbatim(harmless(text)) == text
    assert not harmless(text).startswith(("=", "@", "\t", "\r"))


def unmatched(key: str, name: str) -> Unmatched:
    candidate = Candidate("00042", '=HYPERLINK("http://x")', 90.0)
    return Unmatched(key, name, 2, None, None, Suggestion(name, (candidate,), "clear"))


@pytest.fixture
def report() -> MatchReport:
    pairs = [
        ("=1+1", "@evil"),
        ("-k", "Dienst, met komma"),
        ("00120", "Plain"),
        ("", "\u0022q\u0022"),
    ]
    waiting = tuple(unmatched(key, name) for key, name in pairs)
    return MatchReport("2025", {}, waiting, 0, (), frozenset({"00042", "00121"}))


def reviewed(path: Path, report: MatchReport, *, delimiter: str = ",", **decisions: str) -> Path:
    """Fill decisions by delivered key, and save as a spreadsheet program would."""
    rows = list(csv.DictReader(io.StringIO(review_list(report), newline="")))
    for row in rows:
        row["decision"] = decisions.get(verbatim(row["delivered_key"]), "")
        row["decided_by"] = "j.jansen"
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


def test_no_cell_of_the_list_is_run(report):
    rows = list(csv.reader(io.StringIO(review_list(report), newline="")))

    assert len(rows) == 5
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert sum(cell.startswith("'=HYPERLINK") for row in rows for cell in row) == 4


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_decisions_are_about_the_keys_and_names_as_delivered(report, tmp_path, delimiter):
    path = reviewed(
        tmp_path / "list.csv",
        report,
        delimiter=delimiter,
        **{"=1+1": "00042", "-k": "none", "00120": "00121"},
    )

    found = {(d.delivered_key, d.delivered_name): d for d in read_decisions(path, report)}
    assert {pair: d.organisation_key for pair, d in found.items()} == {
        ("=1+1", "@evil"): "00042",
        ("-k", "Dienst, met komma"): "",
        ("00120", "Plain"): "00121",
    }


def test_decisions_become_rows_of_the_registry_verbatim(report, tmp_path):
    seeds = shutil.copytree(PROJECT_ROOT / "seeds", tmp_path / "seeds")
    path = reviewed(tmp_path / "list.csv", report, **{"=1+1": "00042", "-k": "None"})

    assert add_decisions(seeds, "2025", read_decisions(path, report)) == 2
    assert [
        (m.wave, m.delivered_key, m.delivered_name, m.organisation_key, m.decided_by)
        for m in load_registry(seeds).organisation_matches
    ] == [
        ("2025", "=1+1", "@evil", "00042", "j.jansen"),
        ("2025", "-k", "Dienst, met komma", None, "j.jansen"),
    ]


def test_a_list_with_mistakes_is_refused_as_a_whole(report, tmp_path):
    path = reviewed(tmp_path / "list.csv", report, **{"=1+1": "42", "00120": "00121"})
    text = path.read_text(encoding="utf-8").replace("00120", "120")
    path.write_text(text, encoding="utf-8")

    with pytest.raises(LandingErrors) as caught:
        read_decisions(path, report)

    first, second = caught.value.errors
    assert "no organisation '42'" in first.what
    assert "delivered as '120'" in second.what
    assert "zeros" in second.expected


def test_another_file_is_no_list(report, tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(LandingError, match="no list of responses"):
        read_decisions(path, report)


def test_a_list_that_cannot_be_written_is_an_error_for_people(report, tmp_path):
    with pytest.raises(LandingError, match="cannot be written"):
        write_review_list(report, tmp_path / "nowhere" / "list.csv")
