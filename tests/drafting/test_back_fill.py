"""A wave before or between others: drafted from the nearest one, with what later waves know."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from barometer.settings import PROJECT_ROOT, Settings
from drafting.newwave import NewWaveReport, new_wave
from landing.check import check_file
from registry import load_registry

EXAMPLES = PROJECT_ROOT / "examples" / "ibo"
EXPORT_2021 = EXAMPLES / "IBO2021_synthetic_export_v2.csv"
FRAME_2025 = EXAMPLES / "IBO2025_synthetic_frame.csv"


def renamed_copy(source: Path, path: Path) -> Path:
    shutil.copyfile(source, path)
    return path


def with_header(path: Path, names: dict[str, str], extra: str = "") -> Path:
    """Write the export of 2021 with other column names, and one more column of codes."""
    with EXPORT_2021.open(encoding="utf-8-sig", newline="") as file:
        sample = file.read(4096)
        file.seek(0)
        delimiter = ";" if sample.count(";") > sample.count(",") else ","
        header, *rows = csv.reader(file, delimiter=delimiter)
    assert set(names) <= set(header)
    header = [names.get(name, name) for name in header] + ([extra] if extra else [])
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(row + ["1"] * bool(extra) for row in rows)
    return path


def answers_of(report: NewWaveReport) -> dict[str, str]:
    return {
        row.values["column_name"]: row.values["question_id"]
        for row in report.draft.of("columns")
        if row.values["role"] == "answer" and row.action == "add"
    }


def decide(table: str, row: dict[str, str]) -> None:
    if row["decide"]:
        row["decided"] = "ok"


def test_a_wave_before_all_others_is_drafted_written_and_fits_its_file(
    settings: Settings, tmp_path: Path, review
) -> None:
    export = renamed_copy(EXPORT_2021, tmp_path / "IBO2019_synthetic_export_v1.csv")
    report = new_wave(settings, "2019", export=export)

    assert report.source == "2021"
    assert report.mistakes == ()
    (wave,) = report.draft.of("waves")
    assert "2 years earlier" in wave.decide
    assert wave.values["reference_start"] == "2017-01-01"
    begun = [row for row in report.draft.of("questions") if row.draft.startswith("begin ")]
    assert {row.values["first_wave"] for row in begun} == {"2019"}
    assert not [row for row in report.draft.open_rows if row.table in {"questions", "options"}]
    assert not [row for row in report.draft.of("questions") if row.draft.startswith("end ")]

    review(report.folder, decide)
    assert new_wave(settings, "2019", write=True).written
    registry = load_registry(settings.seeds)
    assert registry.wave_ids[0] == "2019"
    assert registry.waves[0].wave == "2019"
    asked = {column.question_id for column in registry.columns if column.wave == "2019"} - {None}
    assert {q.first_wave for q in registry.questions if q.question_id in asked} == {"2019"}
    checked = check_file(export, wave="2019", kind="export", registry=registry)
    assert not [
        e
        for e in checked.errors
        if e.code not in {"code_unmapped", "duplicate_rows", "fieldwork_outside"}
    ]


def test_columns_that_only_later_waves_have_are_offered_and_no_new_questions(
    settings: Settings, tmp_path: Path
) -> None:
    known = answers_of(new_wave(settings, "2027", source="2025"))
    assert known["v15_ai"] == "ai_use"
    export = with_header(tmp_path / "IBO2019_synthetic_export.csv", {}, extra="v15_ai")

    report = new_wave(settings, "2019", export=export)
    assert answers_of(report)["v15_ai"] == "ai_use"
    assert not [row for row in report.draft.of("questions") if row.draft.startswith("new ")]
    (begin,) = (row for row in report.draft.of("questions") if row.draft == "begin ai_use")
    assert (begin.action, begin.values["first_wave"]) == ("change", "2019")
    assert report.mistakes == ()


def test_a_wave_between_others_is_drafted_from_the_earlier_and_knows_the_later(
    settings: Settings, tmp_path: Path
) -> None:
    export = renamed_copy(EXAMPLES / "IBO2023_synthetic_export.xlsx", tmp_path / "tussen (2).xlsx")
    frame = renamed_copy(FRAME_2025, tmp_path / "frame22.csv")
    report = new_wave(settings, "2022", export=export, frame=frame)

    assert report.source == "2021"
    registry = load_registry(settings.seeds)
    of_2023 = {c.column_name for c in registry.columns_for("2023", "export") if c.question_id}
    assert set(answers_of(report)) == of_2023
    of_frame = [
        row
        for row in report.draft.of("columns")
        if row.values["kind"] == "frame" and row.action == "add"
    ]
    assert {row.values["column_name"] for row in of_frame} == {
        column.column_name for column in registry.columns_for("2025", "frame")
    }
    assert not [row for row in of_frame if row.is_open]
    # Nothing ends before a wave that still has it.
    assert not [
        row
        for table in ("questions", "options")
        for row in report.draft.of(table)
        if row.draft.startswith("end ") and registry.question(row.values["question_id"]).last_wave
    ]
    patterns = {
        row.values["kind"]: row.values["file_pattern"] for row in report.draft.of("deliveries")
    }
    assert patterns == {"export": "tussen*.xlsx", "frame": "frame22*.csv"}
    assert report.mistakes == ()


def test_a_question_of_one_back_filled_wave_is_drafted_to_end_with_it(
    settings: Settings, tmp_path: Path
) -> None:
    export = with_header(tmp_path / "IBO2019_synthetic_export.csv", {}, extra="helemaal_anders")
    report = new_wave(settings, "2019", export=export)
    (new,) = (row for row in report.draft.of("questions") if row.draft.startswith("new "))
    assert (new.values["first_wave"], new.values["last_wave"]) == ("2019", "2019")
    assert "2019 only" in new.values["note"]


def test_what_a_person_maps_by_hand_begins_with_the_wave_too(
    settings: Settings, tmp_path: Path, review
) -> None:
    export = with_header(tmp_path / "IBO2019_synthetic_export.csv", {}, extra="helemaal_anders")
    report = new_wave(settings, "2019", export=export)

    def use_a_known_question(table: str, row: dict[str, str]) -> None:
        if table == "questions" and row["draft"].startswith("new "):
            row["action"] = "skip"
        if table == "columns" and row["column_name"] == "helemaal_anders":
            row["question_id"] = "ai_use"
        decide(table, row)

    review(report.folder, use_a_known_question)
    assert new_wave(settings, "2019").mistakes == ()
    assert new_wave(settings, "2019", write=True).written
    assert load_registry(settings.seeds).question("ai_use").first_wave == "2019"


def test_what_a_person_leaves_out_does_not_begin_earlier(
    settings: Settings, tmp_path: Path, review
) -> None:
    export = with_header(tmp_path / "IBO2019_synthetic_export.csv", {}, extra="v15_ai")
    report = new_wave(settings, "2019", export=export)

    def leave_out(table: str, row: dict[str, str]) -> None:
        if table == "columns" and row["column_name"] == "v15_ai":
            row["action"] = "skip"
        decide(table, row)

    review(report.folder, leave_out)
    assert new_wave(settings, "2019", write=True).written
    assert load_registry(settings.seeds).question("ai_use").first_wave == "2025"


def test_without_a_file_the_wave_is_planned_like_the_next_one(settings: Settings) -> None:
    report = new_wave(settings, "2019")
    assert report.source == "2021"
    assert report.mistakes == ()
    assert any("first_wave becomes 2019" in note for note in report.draft.notes)


@pytest.mark.parametrize(("wave", "source"), [("2019", "2021"), ("2022", "2021"), ("2027", "2025")])
def test_the_nearest_wave_is_the_model(settings: Settings, wave: str, source: str) -> None:
    assert new_wave(settings, wave).source == source


def test_a_file_that_has_the_name_of_another_wave_is_asked_about(settings: Settings) -> None:
    report = new_wave(settings, "2019", export=EXPORT_2021)
    (row,) = (r for r in report.draft.of("deliveries") if r.values["kind"] == "export")
    assert row.values["file_pattern"] == "IBO2021_synthetic_export*.csv"
    assert "fits 'IBO2021_synthetic_export*.csv' (wave 2021) too" in row.decide


def test_a_frame_that_is_none_is_one_message(settings: Settings) -> None:
    from drafting.seedfiles import DraftError

    with pytest.raises(DraftError, match="does not look like a frame of this survey") as refusal:
        new_wave(settings, "2027", frame=EXAMPLES / "IBO2025_synthetic_export.sav")
    assert "--export" in refusal.value.remedy


def test_a_frame_of_another_wave_is_known_by_its_names(settings: Settings) -> None:
    report = new_wave(settings, "2027", frame=EXAMPLES / "IBO2021_synthetic_frame.csv")
    assert not [row for row in report.draft.open_rows if row.table == "columns"]


def test_an_option_that_came_later_is_asked_about_unless_its_label_says_it(
    settings: Settings, tmp_path: Path
) -> None:
    export = renamed_copy(EXAMPLES / "IBO2025_synthetic_export.sav", tmp_path / "IBO2019.sav")
    report = new_wave(settings, "2019", export=export)
    by_label = [row for row in report.draft.of("options") if row.draft == "begin success/mostly"]
    assert [(row.values["first_wave"], row.is_open) for row in by_label] == [("2019", False)]

    codes = {code.raw_value for code in load_registry(settings.seeds).codes if code.wave == "2025"}
    assert "4" in codes
    plain = tmp_path / "IBO2019.csv"
    lines = ["respnr,v09_geslaagd", *(f"{number},4" for number in range(9))]
    plain.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = new_wave(settings, "2018", export=plain, source="2025")
    by_code = [row for row in report.draft.of("options") if row.draft == "begin success/mostly"]
    assert [row.is_open for row in by_code] == [True]
    assert "Did 2018 offer it?" in by_code[0].decide
