"""No likeness is stronger than an exact name, whichever wave has it."""

from __future__ import annotations

from drafting.form import Form, FormColumn
from drafting.matching import Matching, Target, match_columns


def answer(name: str, question: str, *, wave: str = "2021", wording: str = "") -> Target:
    row = {"role": "answer", "question_id": question, "wave": wave}
    wordings = (wording, wording) if wording else ()
    return Target(name, (row,), question, wordings=wordings, stems=("", ""), wave=wave)


def matched(columns: list[FormColumn], known: list[Target], others: list[Target]) -> Matching:
    form = Form(tuple(columns), "export.csv", format="csv")
    return match_columns(form, known, [], {target.name: target for target in others})


def pairs(matching: Matching) -> dict[str, str]:
    return {match.column.name: match.target.question_id for match in matching.matches}


def test_an_exact_name_of_a_later_wave_comes_before_the_same_name_written_differently() -> None:
    found = matched(
        [FormColumn("Q_1")],
        [answer("q1", "staff")],
        [answer("Q_1", "budget", wave="2025")],
    )
    assert pairs(found) == {"Q_1": "budget"}


def test_an_exact_name_of_another_wave_comes_before_the_same_text() -> None:
    text = "How many people work here?"
    found = matched(
        [FormColumn("v07", texts={"en": text}), FormColumn("v08", texts={"en": text})],
        [answer("x1", "staff", wording=text)],
        [answer("v07", "budget", wave="2025", wording="What is the budget?")],
    )
    assert pairs(found) == {"v07": "budget", "v08": "staff"}


def test_a_known_name_is_never_matched_by_likeness_with_something_else() -> None:
    found = matched(
        [FormColumn("TOTEMP"), FormColumn("TOTSTAFF")],
        [answer("TOTSTAFF", "staff"), answer("TOTEMPL", "budget")],
        [answer("TOTEMP", "staff", wave="1996")],
    )
    assert pairs(found) == {"TOTSTAFF": "staff"}
    assert [column.name for column in found.new] == ["TOTEMP"]
    assert found.held["TOTEMP"].question_id == "staff"


def test_of_one_name_the_source_wave_comes_first() -> None:
    found = matched([FormColumn("q1")], [answer("q1", "staff")], [answer("q1", "budget")])
    assert pairs(found) == {"q1": "staff"}
