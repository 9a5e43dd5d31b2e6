"""What a file says besides its cells: missing values, clocks, hidden rows, and who wrote it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from landing.check import CheckReport, check_file
from registry import Registry
from registry.tables.questionnaire import Code, Question
from registry.tables.waves import ColumnMapping, Delivery, Survey, Wave

WAVE = "2025"


@pytest.fixture
def registry() -> Registry:
    empty = dict.fromkeys(Registry.__dataclass_fields__, ())
    return Registry(
        **empty
        | {
            "survey": record(Survey, survey_id="s", unlisted_columns="error"),
            "waves": (
                record(
                    Wave,
                    wave=WAVE,
                    expected_responses_low=1,
                    expected_responses_high=9,
                    frame_source="export",
                ),
            ),
            "deliveries": (
                record(
                    Delivery, wave=WAVE, kind="export", part="main", file_pattern="*", format="auto"
                ),
            ),
            "columns": (
                record(
                    ColumnMapping, wave=WAVE, kind="export", column_name="id", role="response_id"
                ),
                record(
                    ColumnMapping,
                    wave=WAVE,
                    kind="export",
                    column_name="size",
                    role="answer",
                    question_id="size",
                ),
            ),
            "questions": (
                record(Question, question_id="size", answer_type="number", is_personal=False),
            ),
        }
    )


def record(row_type: Any, /, **fields: object) -> Any:
    """A registry row of which only some fields matter."""
    return row_type(**dict.fromkeys(row_type.__dataclass_fields__) | {"row": 2} | fields)


def check(path: Path, registry: Registry) -> CheckReport:
    return check_file(path, wave=WAVE, registry=registry)


def codes(report: CheckReport) -> set[tuple[str, str]]:
    return {(finding.severity, finding.code) for finding in report.findings}


def spss(path: Path) -> Path:
    frame = pd.DataFrame({"id": ["a", "b", "c"], "size": [12.0, 999.0, -3.0]})
    missing = {"size": [{"lo": 999, "hi": 999}, {"lo": -9, "hi": -1}]}
    pyreadstat.write_sav(frame, str(path), missing_ranges=missing)
    return path


def test_a_number_that_the_file_calls_missing_does_not_count(
    tmp_path: Path, registry: Registry
) -> None:
    path = spss(tmp_path / "export.sav")

    (error,) = check(path, registry).errors

    assert error.code == "user_missing_uncoded"
    assert "2 value(s)" in error.message
    assert "'-3', '999'" in error.where


def test_once_the_registry_codes_it_all_is_well(tmp_path: Path, registry: Registry) -> None:
    coded = replace(
        registry,
        codes=tuple(
            record(Code, question_id="size", raw_value=value, missing_reason="no_answer")
            for value in ("999", "-3")
        ),
    )

    assert not check(spss(tmp_path / "export.sav"), coded).errors


def test_clocks_of_the_tool_need_no_registry_rows(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,submitdate,lastpage,size,interviewtime,sizeTime\n1,,,12,3.5,1.0\n")

    report = check(path, registry)

    assert report.tool == "limesurvey"
    assert ("information", "column_timing") in codes(report)
    assert {f.where for f in report.findings if f.code == "column_unlisted"} == {
        "header, column 2", "header, column 3",
    }  # fmt: skip


def test_what_a_workbook_hides_is_a_warning(tmp_path: Path, registry: Registry) -> None:
    book = openpyxl.Workbook()
    for row in (["id", "size"], [1, 12], [2, 13]):
        book.worksheets[0].append(row)
    book.worksheets[0].row_dimensions[2].hidden = True
    book.save(tmp_path / "export.xlsx")

    report = check(tmp_path / "export.xlsx", registry)

    assert ("warning", "hidden_rows") in codes(report)
    assert report.row_count == 2


def test_the_tool_of_the_registry_is_used(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id. Response ID,size. How many?\n1,12\n")
    generic = replace(registry, deliveries=(replace(registry.deliveries[0], tool="generic"),))

    assert not check(path, registry).errors
    assert check(path, generic).errors
