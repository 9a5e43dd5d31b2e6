"""What an export says about itself: personal data, routing, duplicates and dates."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from drifting import of, with_rule
from rich.console import Console

from barometer.settings import Settings
from landing.deliveries import find_deliveries
from landing.drift.as_json import report_as_json
from landing.drift.page import render_page
from landing.findings.errors import LandingErrors
from landing.findings.report import render_check
from landing.loader import land

# Invented, and valid by the eleven-test.
BSN = "123456782"


def every_text_of(report) -> str:
    console = Console(file=io.StringIO(), width=200)
    render_check(report, console, all_columns=True)
    terminal = console.file.getvalue()  # type: ignore[attr-defined]
    return "\n".join([repr(report), terminal, report_as_json(report), render_page(report)])


def test_the_example_holds_no_personal_data_where_it_should_not(check_2021, sheet):
    report = check_2021(sheet)

    assert report.drift.personal == ()
    assert report.errors == ()


@pytest.mark.parametrize(
    ("rule", "value", "severity"),
    [
        ("personal_email", "mail j.jansen@gemeente.invalid", "error"),
        ("personal_phone", "06-12345678", "warning"),
        ("personal_phone", "bel +44 20 7946 0958", "warning"),
        ("personal_bsn", f"mijn bsn is {BSN}", "error"),
        ("personal_bsn", BSN, "error"),
    ],
)
@pytest.mark.parametrize("column", ["startlanguage", "G04Q11"])
def test_personal_data_is_counted_and_never_shown(check_2021, sheet, rule, value, severity, column):
    sheet.put(column, [3, 17], value)
    report = check_2021(sheet)

    (finding,) = of(report, rule)
    assert finding.severity == severity
    assert finding.message.startswith("2 cell(s)")
    assert f"'{column}'" in finding.where
    assert finding.where.endswith("data rows 3, 17")
    shown = every_text_of(report)
    for part in ("j.jansen", "12345678", "7946", BSN):
        assert part not in shown


def test_columns_marked_as_personal_are_not_searched(check_2021, sheet):
    sheet.put("contactEmail", [1], "j.jansen@gemeente.invalid")
    sheet.put("G07Q14", [1], "bel 06-12345678")

    assert check_2021(sheet).drift.personal == ()


def test_numbers_that_pass_the_eleven_test_by_chance_are_no_bsn(check_2021, sheet):
    sheet.put("seed", [1, 2, 3], BSN)

    assert of(check_2021(sheet), "personal_bsn") == []


def test_numbers_of_organisations_are_no_bsn(check_2021, sheet):
    sheet.put("organisatiecode", range(1, len(sheet.rows) + 1), BSN)

    assert of(check_2021(sheet), "personal_bsn") == []


def test_a_telephone_number_may_stop_landing_where_the_registry_says_so(check_2021, sheet, ibo):
    sheet.put("startlanguage", [3, 17], "06-12345678")

    strict = with_rule(ibo, "personal_phone", severity="error")
    assert [f.code for f in check_2021(sheet, strict).errors] == ["personal_phone"]
    lenient = with_rule(ibo, "personal_phone", value=3.0)
    assert of(check_2021(sheet, lenient), "personal_phone") == []


def test_errors_of_drift_stop_landing_and_nothing_is_landed(sheet, ibo, tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    sheet.put("startlanguage", [3], "j.jansen@gemeente.invalid")
    sheet.write(inbox).rename(inbox / "IBO2021_synthetic_export_v1.csv")
    settings = Settings(survey="ibo", root=tmp_path, home=tmp_path / "home", inbox=inbox)

    with pytest.raises(LandingErrors, match="look like an e-mail address") as caught:
        land(settings, ibo, find_deliveries(inbox, ibo).files)

    assert "jansen" not in str(caught.value)
    assert not settings.warehouse.exists()


def test_answers_to_questions_that_were_not_asked_are_counted(check_2021, sheet):
    innovations = [sheet.place(f"G02Q02[SQ00{number}]") for number in range(1, 5)]
    not_asked = [
        number
        for number, row in enumerate(sheet.rows, start=1)
        if all(row[place] != "A1" for place in innovations)
    ]
    sheet.put("G03Q06", not_asked[:20], "A1")
    report = check_2021(sheet)

    (violation,) = [item for item in report.drift.routing if item.question_id == "technology"]
    assert (violation.not_asked, violation.answered) == (len(not_asked), 20)
    assert "technology" in {
        f.where.removeprefix("question ") for f in of(report, "routing_violation")
    }


def test_questions_for_those_without_innovation_are_asked_of_them_only(check_2021, sheet):
    innovations = [sheet.place(f"G02Q02[SQ00{number}]") for number in range(1, 5)]
    innovators = [
        number
        for number, row in enumerate(sheet.rows, start=1)
        if any(row[place] == "A1" for place in innovations)
    ]
    violations = {item.question_id: item for item in check_2021(sheet).drift.routing}

    assert violations["under_way"].not_asked == len(innovators)


def test_routing_is_not_judged_without_the_question_it_depends_on(check_2021, sheet):
    sheet.rename("G02Q02[SQ001]", "Postzegels")
    for name in ("G02Q02[SQ002]", "G02Q02[SQ003]", "G02Q02[SQ004]"):
        sheet.rename(name, f"{name}x")

    assert check_2021(sheet).drift.routing == ()


def test_an_export_pasted_twice_is_refused(check_2021, sheet, ibo):
    sheet.rows.extend(list(row) for row in list(sheet.rows))
    waves = tuple(replace(wave, expected_responses_high=2000) for wave in ibo.waves)
    report = check_2021(sheet, replace(ibo, waves=waves))

    (finding,) = of(report, "duplicate_response_id")
    assert finding.severity == "error"
    assert finding.message.startswith("398 of 796 rows")
    assert report.drift.repeated_answers >= 398 - 20


def test_a_copied_response_is_named_by_its_row(check_2021, sheet):
    before = check_2021(sheet).drift.repeated_answers
    sheet.rows.append(["99999", *sheet.rows[0][1:]])
    report = check_2021(sheet)

    assert report.drift.repeated_answers == before + 1
    assert str(len(sheet.rows)) in of(report, "duplicate_answers")[0].where


def test_empty_responses_are_no_duplicates(check_2021, sheet):
    before = check_2021(sheet).drift.repeated_answers
    answers = [place for place, name in enumerate(sheet.header) if name.startswith("G0")]
    for row in sheet.rows[:5]:
        for place in answers:
            row[place] = ""

    assert check_2021(sheet).drift.repeated_answers <= before


def test_many_submissions_outside_the_fieldwork_are_a_warning(check_2021, sheet):
    sheet.put("submitdate", range(1, 101), "2020-05-01 12:00:00")
    report = check_2021(sheet)

    (finding,) = of(report, "fieldwork_outside")
    assert finding.severity == "warning"
    assert "the first 2020-05-01" in finding.message
    assert report.drift.fieldwork.outside == 100


def test_a_few_submissions_outside_the_fieldwork_are_none(check_2021, sheet):
    sheet.put("submitdate", [1, 2], "2020-05-01 12:00:00")

    assert of(check_2021(sheet), "fieldwork_outside") == []


def test_dates_with_the_day_first_are_read_as_the_delivery_says(check_2021, sheet, ibo):
    place = sheet.place("submitdate")
    for row in sheet.rows:
        if row[place]:
            year, month, day = row[place][:10].split("-")
            row[place] = f"{day}-{month}-{year} 10:00"
    deliveries = tuple(replace(row, date_order="day_first") for row in ibo.deliveries)
    period = check_2021(sheet, replace(ibo, deliveries=deliveries)).drift.fieldwork

    assert (str(period.first), period.outside) == ("2021-02-04 10:00:00", 0)


def test_one_amount_that_passes_the_eleven_test_is_no_bsn(check_2021, sheet):
    sheet.put("G01Q01", [8], BSN)

    assert of(check_2021(sheet), "personal_bsn") == []


def test_several_among_amounts_are(check_2021, sheet):
    sheet.put("G01Q01", [8, 9, 10], BSN)

    assert of(check_2021(sheet), "personal_bsn")[0].message.startswith("3 cell(s)")
