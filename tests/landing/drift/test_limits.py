"""How much of a thing is bad enough to stop landing is for the registry to say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drifting import Sheet, of, with_rule

N_UNKNOWN = 40


def column_of(ibo, question: str) -> str:
    (column,) = [c for c in ibo.columns_for("2021", "export") if c.question_id == question]
    return column.column_name


def test_a_few_values_without_a_code_warn(check_2021, sheet, ibo):
    sheet.put(column_of(ibo, "novelty"), range(1, 5), "9")
    report = check_2021(sheet)

    (found,) = [f for f in of(report, "code_unmapped") if "novelty" in f.message]
    assert found.severity == "warning"
    assert "will be rejected" in found.message
    assert "more than 5% stops landing" in found.expected


def test_more_than_the_limit_stops_landing(check_2021, sheet, ibo):
    name = column_of(ibo, "novelty")
    answered = [n for n, row in enumerate(sheet.rows, 1) if row[sheet.place(name)]]
    sheet.put(name, answered[:N_UNKNOWN], "9")
    report = check_2021(sheet)

    (found,) = [f for f in report.errors if "novelty" in f.message]
    assert found.code == "code_unmapped"
    assert f"{N_UNKNOWN} answer(s)" in found.message
    share = N_UNKNOWN / len(answered)
    assert share > 0.05
    assert f"({share:.1%} of all answers to it)" in found.message
    assert "too many" in found.message


def test_the_limit_and_the_fewest_are_set_in_the_registry(check_2021, sheet, ibo):
    sheet.put(column_of(ibo, "novelty"), range(1, 5), "9")
    strict = with_rule(ibo, "code_unmapped", error_value=0.0)
    report = check_2021(sheet, strict)
    assert not [f for f in report.errors if "novelty" in f.message], "fewer than answer_minimum"

    report = check_2021(sheet, with_rule(strict, "answer_minimum", value=1))
    assert [f.code for f in report.errors if "novelty" in f.message] == ["code_unmapped"]

    for_all = with_rule(ibo, "code_unmapped", error_value=None)
    sheet.put(column_of(ibo, "novelty"), range(1, 300), "9")
    assert not [f for f in check_2021(sheet, for_all).errors if "novelty" in f.message]


def test_a_share_below_the_value_is_information(check_2021, sheet, ibo):
    sheet.put(column_of(ibo, "novelty"), range(1, 20), "9")
    lenient = with_rule(ibo, "code_unmapped", value=0.5, error_value=0.9)

    (found,) = [
        f for f in of(check_2021(sheet, lenient), "code_unmapped") if "novelty" in f.message
    ]
    assert found.severity == "information"


def test_numbers_that_cannot_be_read_have_a_limit_too(check_2021, sheet, ibo):
    sheet.put(column_of(ibo, "employees"), range(1, 60), "veel")
    (found,) = of(check_2021(sheet), "number_unreadable")

    assert found.severity == "error"


@pytest.mark.parametrize(("share", "severity"), [(0.2, "warning"), (0.7, "error")])
def test_a_file_without_most_of_its_columns_is_another_file(
    check_2021, sheet, ibo, share, severity
):
    names = [c.column_name for c in ibo.columns_for("2021", "export") if c.role == "answer"]
    gone = {sheet.place(name) for name in names[: int(len(names) * share)]}
    narrow = Sheet(
        [name for place, name in enumerate(sheet.header) if place not in gone],
        [[c for place, c in enumerate(row) if place not in gone] for row in sheet.rows],
    )

    assert {f.severity for f in of(check_2021(narrow), "column_missing")} == {severity}


@pytest.mark.parametrize(("count", "severity"), [(3, "warning"), (300, "error")])
def test_keys_that_are_blank_have_a_limit(check_2021, sheet, ibo, count, severity):
    (key,) = [c for c in ibo.columns_for("2021", "export") if c.role == "organisation_key"]
    sheet.put(key.column_name, range(1, count + 1), "")

    (found,) = of(check_2021(sheet), "organisation_key_blank")
    assert found.severity == severity


def in_versions(ibo, second: str):
    """Let another column be a second version of the question on novelty."""
    name = column_of(ibo, "novelty")
    columns = []
    for column in ibo.columns:
        if column.wave == "2021" and column.column_name in (name, second):
            column = replace(column, question_id="novelty", part="main")
        columns.append(column)
    return replace(ibo, columns=tuple(columns))


def test_versions_of_a_question_of_which_all_saw_one_are_fine(check_2021, sheet, ibo):
    first, second = column_of(ibo, "novelty"), column_of(ibo, "evaluation")
    for number, row in enumerate(sheet.rows):
        other = row[sheet.place(first)]
        row[sheet.place(second)] = other if number % 2 else ""
        row[sheet.place(first)] = "" if number % 2 else other

    assert not of(check_2021(sheet, in_versions(ibo, second)), "answered_twice")


def test_two_questions_taken_for_versions_of_one_stop_landing(check_2021, sheet, ibo):
    report = check_2021(sheet, in_versions(ibo, column_of(ibo, "evaluation")))

    (found,) = of(report, "answered_twice")
    assert found.severity == "error"
    assert "5%" in found.expected


@pytest.mark.parametrize("n_rows", [20, None], ids=["20 rows", "all rows"])
def test_rows_one_column_to_the_right_stop_landing(check_2021, sheet, n_rows):
    sheet.rows[:n_rows] = [["", *row[:-1]] for row in sheet.rows[:n_rows]]

    assert check_2021(sheet).errors
