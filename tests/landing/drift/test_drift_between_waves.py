"""The waves of the example survey against each other, and broken copies of an export."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from drifting import Sheet, next_wave, of, with_rule

from barometer.settings import Settings
from landing.check import check_file
from landing.findings.finding import CheckReport
from registry import Registry

Check = Callable[..., CheckReport]


@pytest.fixture(scope="module")
def report_2023(landed: Settings, ibo: Registry) -> CheckReport:
    path = landed.inbox / "IBO2023_synthetic_export.xlsx"
    return check_file(path, wave="2023", registry=ibo, warehouse=landed.warehouse)


@pytest.fixture(scope="module")
def report_2025(landed: Settings, ibo: Registry) -> CheckReport:
    path = landed.inbox / "IBO2025_synthetic_export.sav"
    return check_file(path, wave="2025", registry=ibo, warehouse=landed.warehouse)


def test_a_wave_is_compared_with_the_one_before_it(report_2023, report_2025):
    assert report_2023.drift.previous.wave == "2021"
    assert report_2023.drift.previous.file_name == "IBO2021_synthetic_export_v2.csv"
    assert report_2025.drift.previous.wave == "2023"
    assert report_2023.errors == report_2025.errors == ()


def test_questions_that_were_added_are_recognised(report_2023, report_2025):
    new = [
        [change.question_id for change in report.drift.columns if change.change == "new"]
        for report in (report_2023, report_2025)
    ]

    assert new == [["innovation_budget"], ["ai_use"]]
    assert of(report_2025, "column_new")[0].where == "ai_use"


def test_columns_under_another_name_are_matched_through_the_registry(report_2025):
    (renamed,) = [c for c in report_2025.drift.columns if c.question_id == "success"]

    assert (renamed.change, renamed.basis) == ("renamed", "registry")
    assert renamed.name == "v09_geslaagd"
    assert renamed.previous_name == "Hoe geslaagd is uw laatste innovatie tot nu toe?"


def test_an_option_that_was_split_is_recognised_by_its_labels(report_2023):
    (split,) = [
        change
        for change in report_2023.drift.options
        if change.change == "continued" and change.question_id == "partners"
    ]

    assert split.option_id == "education_research"
    assert {name for name, _ in split.successors} == {"education", "research"}
    assert all(score > 65 for _, score in split.successors)
    assert "seems split" in of(report_2023, "option_renamed")[0].message


def test_a_label_that_stayed_has_one_successor(report_2023):
    successors = {
        change.option_id: [name for name, _ in change.successors]
        for change in report_2023.drift.options
        if change.change == "continued" and change.question_id == "success"
    }

    assert successors["mostly_4"] == ["mostly"]


def test_counts_before_and_now_are_those_of_the_files(report_2023, landed):
    """An independent count of one option, straight from the landed cells."""
    triggers = next(d for d in report_2023.drift.distributions if d.question_id == "triggers")
    crisis = next(share for share in triggers.shares if share.option_id == "crisis")
    with duckdb.connect(str(landed.warehouse), read_only=True) as connection:
        sql = """
            with ticks as (
                select row_number, column_name, value
                from raw.cells inner join raw.export_columns using (export_id, column_position)
                inner join raw.exports using (export_id)
                where exports.wave = '2021' and kind = 'export' and superseded_by is null
                    and column_name like 'G03Q04[%' and value = 'Y'
            )
            select count(distinct row_number) filter (where column_name = 'G03Q04[SQ008]'),
                count(distinct row_number)
            from ticks
        """
        n_crisis, n_base = connection.execute(sql).fetchone()

    assert triggers.answers_before == n_base
    assert crisis.before == pytest.approx(n_crisis / n_base)


def test_an_option_that_only_one_wave_had_moves_no_distribution(report_2025):
    triggers = next(d for d in report_2025.drift.distributions if d.question_id == "triggers")

    assert "covid" not in {share.option_id for share in triggers.shares}
    assert triggers.verdict == "steady"


def test_personal_answers_are_not_compared(report_2023):
    assert "open_example" not in {d.question_id for d in report_2023.drift.distributions}


def test_without_a_warehouse_the_registry_is_compared_alone(ibo, landed, tmp_path):
    path = landed.inbox / "IBO2023_synthetic_export.xlsx"
    report = check_file(path, wave="2023", registry=ibo, warehouse=tmp_path / "none.duckdb")

    assert report.drift.previous is None
    assert report.drift.distributions == ()
    assert report.errors == ()


def test_a_warehouse_that_cannot_be_read_is_said_and_no_obstacle(ibo, landed, tmp_path):
    broken = tmp_path / "build.duckdb"
    broken.write_bytes(b"no database" * 1000)
    path = landed.inbox / "IBO2023_synthetic_export.xlsx"

    report = check_file(path, wave="2023", registry=ibo, warehouse=broken)

    assert of(report, "previous_unavailable")[0].severity == "information"
    assert report.errors == ()


def test_the_same_answers_again_have_not_drifted(check_2022: Check, sheet: Sheet):
    drift = check_2022(sheet).drift

    assert drift.previous.wave == "2021"
    assert (drift.columns, drift.options) == ((), ())
    assert {d.distance for d in drift.distributions} == {0.0}


def test_a_column_with_the_code_of_a_missing_one_is_suggested_first(check_2022, sheet):
    sheet.rename("G04Q09", "G04Q09. Hoe geslaagd vindt u uw laatste innovatie?")

    (suggested,) = check_2022(sheet).drift.columns[-1:]

    assert (suggested.change, suggested.basis, suggested.score) == ("suggested", "code", 100)
    assert (suggested.previous_name, suggested.question_id) == ("G04Q09", "success")


def test_a_column_that_resembles_the_wording_of_a_question_is_suggested(check_2022, sheet):
    sheet.rename("G04Q09", "Hoe geslaagd vond u uw laatste innovatie, al met al?")

    suggested = [c for c in check_2022(sheet).drift.columns if c.change == "suggested"]

    assert [(c.previous_name, c.basis) for c in suggested] == [("G04Q09", "text")]
    assert 65 < suggested[0].score < 100


def test_a_column_that_resembles_nothing_is_new(check_2022, sheet):
    sheet.rename("G04Q09", "Postzegels")
    report = check_2022(sheet)

    kinds = {change.name: change.change for change in report.drift.columns}
    assert kinds == {"Postzegels": "new", "G04Q09": "gone"}
    assert of(report, "column_gone")[0].severity == "warning"


def test_a_question_that_the_registry_ended_is_no_warning(check_2022, sheet, ibo):
    registry = next_wave(ibo)
    sheet.rename("G04Q09", "Postzegels")
    ended = tuple(
        replace(q, last_wave="2021") if q.question_id == "success" else q
        for q in registry.questions
    )
    report = check_2022(sheet, replace(registry, questions=ended))

    assert [finding.severity for finding in of(report, "column_gone")] == ["information"]


def test_an_option_that_nobody_chose_any_more_is_a_warning(check_2022, sheet):
    sheet.put("G03Q04[SQ008]", range(1, len(sheet.rows) + 1), "")
    report = check_2022(sheet)

    (gone,) = of(report, "option_gone")
    assert (gone.severity, gone.where) == ("warning", "question triggers")
    assert "crisis" in gone.message


def test_a_new_label_for_an_old_option_is_suggested_without_a_code(check_2022, sheet):
    place = sheet.place("G03Q06")
    for row in sheet.rows:
        if row[place] == "A2":
            row[place] = "Technologie is een belangrijk onderdeel"
    report = check_2022(sheet)

    change = next(c for c in report.drift.options if c.change == "continued")
    assert change.question_id == "technology"
    assert "Technologie is een" in change.successors[0][0]


def test_a_distribution_that_jumped_is_a_warning_with_its_figures(check_2022, sheet):
    sheet.put("G04Q11", range(1, 301), "A1")
    report = check_2022(sheet)

    (jump,) = of(report, "distribution_jump")
    assert jump.severity == "warning"
    assert "evaluation" in jump.message
    moved = next(d for d in report.drift.distributions if d.question_id == "evaluation")
    assert moved.distance > 0.25 > 2 * moved.chance
    assert sum(share.now for share in moved.shares) == pytest.approx(1)


def test_a_distribution_may_jump_where_the_registry_notes_a_break(check_2022, sheet, ibo):
    sheet.put("G04Q11", range(1, 301), "A1")
    registry = next_wave(ibo)
    noted = replace(registry.comparability_breaks[0], question_id="evaluation", wave="2022")
    registry = replace(registry, comparability_breaks=(*registry.comparability_breaks, noted))

    (jump,) = of(check_2022(sheet, registry), "distribution_jump")
    assert (jump.severity, "notes a break" in jump.message) == ("information", True)


def test_numbers_are_compared_by_the_quarters_of_the_wave_before(check_2022, sheet):
    sheet.put("G01Q01", range(1, len(sheet.rows) + 1), "9")

    moved = next(d for d in check_2022(sheet).drift.distributions if d.question_id == "employees")
    assert moved.verdict == "jumped"
    assert [share.now for share in moved.shares] == [1, 0, 0, 0]


def test_too_few_answers_are_not_judged(check_2022, sheet, ibo):
    sheet.put("G04Q11", range(1, 301), "A1")
    registry = with_rule(next_wave(ibo), "distribution_minimum", value=1000.0)

    assert of(check_2022(sheet, registry), "distribution_jump") == []


def test_half_the_responses_are_a_warning(check_2022, sheet):
    del sheet.rows[150:]

    (finding,) = of(check_2022(sheet), "response_change")
    assert "-62% against the 398 of wave 2021" in finding.message


def test_severity_and_threshold_come_from_the_registry(check_2022, sheet, ibo, tmp_path: Path):
    sheet.put("G04Q11", range(1, 301), "A1")
    registry = with_rule(next_wave(ibo), "distribution_jump", severity="error")
    assert [f.code for f in check_2022(sheet, registry).errors] == ["distribution_jump"]

    registry = with_rule(next_wave(ibo), "distribution_jump", value=0.99)
    assert of(check_2022(sheet, registry), "distribution_jump") == []
