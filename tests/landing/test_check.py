from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from toy_survey import EXPORT_HEADER, answers, write_csv

from barometer.errors import UsageError
from landing.check import CheckReport, Finding, check_file
from landing.findings.errors import LandingErrors
from landing.findings.report import render_check
from registry import Registry


def only(report: CheckReport, code: str) -> Finding:
    (finding,) = [finding for finding in report.findings if finding.code == code]
    return finding


def codes(report: CheckReport) -> set[str]:
    return {finding.code for finding in report.findings}


@pytest.fixture
def check(deliver: Callable[..., Path], registry: Registry) -> Callable[..., CheckReport]:
    def run(
        rows: int | list[list[str]] = 3,
        header: list[str] | None = None,
        *,
        using: Registry | None = None,
    ) -> CheckReport:
        path = deliver("toy2023_export.csv", rows, header or EXPORT_HEADER)
        return check_file(path, wave="2023", kind="export", registry=using or registry)

    return run


def renamed(**names: str) -> list[str]:
    return [names.get(name, name) for name in EXPORT_HEADER]


def test_a_sound_file_has_no_findings(check: Callable[..., CheckReport]) -> None:
    report = check(4)

    assert report.findings == ()
    assert (report.row_count, report.column_count) == (4, 10)
    assert len(report.mapped_columns) == 10
    kind = next(column for column in report.mapped_columns if column.target == "kind")
    assert (kind.n_filled, kind.n_codes_known, kind.n_codes_unknown) == (4, 2, 0)


def test_an_unknown_wave_names_the_known_ones(
    deliver: Callable[..., Path], registry: Registry
) -> None:
    with pytest.raises(UsageError, match="no wave '2031'") as caught:
        check_file(deliver("toy2023_export.csv"), wave="2031", registry=registry)

    assert "2022, 2023" in caught.value.expected


def test_an_unknown_kind_names_the_known_ones(
    deliver: Callable[..., Path], registry: Registry
) -> None:
    with pytest.raises(UsageError, match="no kind of file 'sample'"):
        check_file(deliver("toy2023_export.csv"), wave="2023", kind="sample", registry=registry)


@pytest.mark.parametrize("role", ["id", "org"])
def test_a_missing_key_column_is_an_error(check: Callable[..., CheckReport], role: str) -> None:
    report = check(header=renamed(**{role: f"{role}entifier"}))

    finding = only(report, "key_missing")
    assert finding.severity == "error"
    assert f"'{role}'" in finding.message
    assert finding.remedy


def test_an_unlisted_column_is_an_error_with_a_suggestion(
    check: Callable[..., CheckReport],
) -> None:
    report = check(header=renamed(why="whyy"))

    finding = only(report, "column_unlisted")
    assert finding.severity == "error"
    assert finding.where == "header, column 10"
    assert "'why'" in finding.remedy
    assert only(report, "column_missing").severity == "warning"


def test_unlisted_columns_are_a_warning_where_the_survey_says_so(
    check: Callable[..., CheckReport], reporting_registry: Registry
) -> None:
    report = check(header=renamed(why="extra"), using=reporting_registry)

    assert only(report, "column_unlisted").severity == "warning"
    assert report.errors == ()


def test_a_column_without_a_name_is_unlisted(check: Callable[..., CheckReport]) -> None:
    finding = only(check(header=renamed(why="")), "column_unlisted")

    assert finding.message == "A column has no name."


def test_a_missing_column_with_a_role_is_an_error(check: Callable[..., CheckReport]) -> None:
    assert only(check(header=renamed(when="tijd")), "role_missing").severity == "error"


def test_a_duplicate_header_names_its_columns(check: Callable[..., CheckReport]) -> None:
    finding = only(check(header=renamed(why="size")), "column_duplicate")

    assert finding.severity == "error"
    assert finding.where == "header, columns 6, 10"


@pytest.mark.parametrize("count", [1, 21])
def test_a_response_count_outside_the_range_is_an_error(
    check: Callable[..., CheckReport], registry: Registry, count: int
) -> None:
    waves = tuple(replace(wave, expected_responses_low=2) for wave in registry.waves)

    finding = only(check(count, using=replace(registry, waves=waves)), "response_count")

    assert finding.severity == "error"
    assert f"{count} responses" in finding.message
    assert finding.expected == "2 to 20 responses"


def test_the_range_is_for_all_parts_together(
    deliver: Callable[..., Path], registry: Registry
) -> None:
    report = check_file(deliver("toy2024_north.csv", 21), wave="2024", registry=registry)

    assert only(report, "response_count_of_part").severity == "information"
    assert report.errors == ()


def test_unmapped_codes_are_counted_and_shown(check: Callable[..., CheckReport]) -> None:
    report = check(answers(3, kind="7") + answers(2, prefix="x", kind="tribunaal"))

    finding = only(report, "code_unmapped")
    assert finding.severity == "warning"
    assert "5 answer(s) to kind in 2 distinct value(s)" in finding.message
    assert "'7' (3×), 'tribunaal' (2×)" in finding.where


def test_numbers_that_are_none_are_shown_and_missing_codes_are_not(
    check: Callable[..., CheckReport],
) -> None:
    report = check(answers(2, size="1,234") + answers(1, prefix="x", size="-9"))

    finding = only(report, "number_unreadable")
    assert "2 answer(s) to size" in finding.message
    assert "'1,234' (2×)" in finding.where


def test_codes_match_in_any_case_and_spacing(check: Callable[..., CheckReport]) -> None:
    assert "code_unmapped" not in codes(check(answers(2, kind="\u00a0 GERECHT")))


def test_options_that_nobody_chose_are_information(check: Callable[..., CheckReport]) -> None:
    report = check(answers(2, **{"kind": "1", "t[B]": "N"}))

    unused = [finding for finding in report.findings if finding.code == "option_unused"]
    assert {finding.where for finding in unused} == {"court", "crisis"}
    assert {finding.severity for finding in unused} == {"information"}


def test_personal_values_and_free_text_are_never_shown(
    check: Callable[..., CheckReport], registry: Registry
) -> None:
    questions = tuple(
        replace(question, is_personal=question.question_id == "kind")
        for question in registry.questions
    )
    rows = answers(3, kind="SECRET-KIND", why="SECRET-TEXT", email="SECRET-MAIL")
    report = check(rows, using=replace(registry, questions=questions))
    console = Console(file=io.StringIO(), width=200)
    render_check(report, console)

    assert "code_unmapped" in codes(report)
    assert "SECRET" not in repr(report)
    assert "SECRET" not in console.file.getvalue()  # type: ignore[attr-defined]


def test_double_responses_and_organisations_are_told_apart(
    check: Callable[..., CheckReport],
) -> None:
    report = check(answers(2) + answers(2))

    assert only(report, "response_id_duplicate").severity == "warning"
    assert only(report, "organisation_key_duplicate").severity == "information"
    assert "'1' in data rows 1/3" in only(report, "response_id_duplicate").where


def test_submission_dates_are_read_as_the_models_read_them(
    check: Callable[..., CheckReport],
) -> None:
    rows = answers(1, when="31-03-2023") + answers(1, prefix="x", when="2022-12-31")
    report = check(rows + answers(1, prefix="y", when=""))

    assert "'31-03-2023'" in only(report, "submitted_at_unreadable").where
    outside = only(report, "submitted_at_outside_fieldwork")
    assert outside.severity == "information"
    assert "1 submission(s)" in outside.message


def test_a_name_that_landing_would_not_find_is_mentioned(
    deliver: Callable[..., Path], registry: Registry
) -> None:
    report = check_file(deliver("other.csv"), wave="2023", registry=registry)

    assert "toy2023_export*" in only(report, "file_name").expected


def test_a_frame_needs_every_key_once(tmp_path: Path, registry: Registry) -> None:
    path = write_csv(
        tmp_path / "toy2023_frame.csv",
        ["key", "name", "type", "more"],
        [["01", "a", "x", ""], ["01", "b", "x", ""], [" ", "c", "y", ""]],
    )

    report = check_file(path, wave="2023", kind="frame", registry=registry)

    assert {finding.code for finding in report.errors} == {
        "organisation_key_duplicate",
        "organisation_key_blank",
    }
    assert "'01' in data rows 1/2" in only(report, "organisation_key_duplicate").where
    assert "data rows 3" in only(report, "organisation_key_blank").where
    assert only(report, "column_unlisted").severity == "warning"


def test_a_kind_without_registered_columns_is_an_error(
    deliver: Callable[..., Path], registry: Registry
) -> None:
    report = check_file(
        deliver("toy2023_export.csv"), wave="2023", registry=replace(registry, columns=())
    )

    assert "columns_unregistered" in {finding.code for finding in report.errors}


def test_errors_are_told_with_file_place_expectation_and_remedy(
    check: Callable[..., CheckReport],
) -> None:
    report = check(header=renamed(id="nr", why="size"))

    message = str(LandingErrors(f"{report.file_name} cannot be landed.", report.as_errors()))

    assert message.count("toy2023_export.csv, header") >= 3
    assert "expected:" in message
    assert "to do:" in message


def test_a_report_shows_what_a_data_engineer_needs(check: Callable[..., CheckReport]) -> None:
    console = Console(file=io.StringIO(), width=200)

    render_check(check(answers(3, kind="[bold]7[/bold]")), console, all_columns=True)

    shown = console.file.getvalue()  # type: ignore[attr-defined]
    for part in ("3 (expected 1 to 20", "utf-8, comma", "triggers / law", "[bold]7", "Fit to land"):
        assert part in shown
