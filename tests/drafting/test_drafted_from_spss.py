"""What an SPSS file declares itself: values that are missing, columns that are one question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyreadstat
import pytest
from altered_export import EXAMPLE

from drafting import export as export_module
from drafting.newwave import new_wave
from landing.check import check_file
from landing.readers import read_table
from landing.readers.table import MultipleSet
from registry import load_registry

FILE = "IBO2027_synthetic_export.sav"


def written(folder: Path, change) -> Path:
    """Write the example export with columns added; missing ranges as they were, and those added."""
    frame, meta = pyreadstat.read_sav(str(EXAMPLE), user_missing=True)
    labels = dict(meta.column_names_to_labels)
    values = {name: dict(given) for name, given in meta.variable_value_labels.items()}
    missing = dict(meta.missing_ranges)
    change(frame, labels, values, missing)
    path = folder / FILE
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[labels.get(name) or "" for name in frame.columns],
        variable_value_labels=values,
        missing_ranges=missing,
    )
    return path


def codes_of(draft, question: str) -> dict[str, tuple[str, str, bool]]:
    return {
        row.values["raw_value"]: (
            row.values["option_id"],
            row.values["missing_reason"],
            row.is_open,
        )
        for row in draft.of("codes")
        if row.values["question_id"] == question and row.action == "add"
    }


def answered(settings, review, **filled: dict[str, str]) -> None:
    def decide(table: str, row: dict[str, str]) -> None:
        for name, value in filled.get(table, {}).items():
            if row["draft"].startswith("new ") and not row[name]:
                row[name] = value
        if row["decide"]:
            row["decided"] = "ok"

    review(settings.root / "drafts" / "ibo" / "2027", decide)


def test_a_missing_value_among_numbers_gets_a_code_and_lands(settings, tmp_path, review) -> None:
    def change(frame, labels, values, missing) -> None:
        frame.loc[frame.index[:4], "v01_medewerkers"] = -98.0
        missing["v01_medewerkers"] = [{"lo": -99.0, "hi": -98.0}]

    path = written(tmp_path, change)
    draft = new_wave(settings, "2027", source="2025", export=path).draft
    assert codes_of(draft, "employees")["-98"] == ("", "no_answer", True)
    (row,) = [r for r in draft.of("codes") if r.draft == "employees = -98"]
    assert "The file calls the value '-98' of 'employees' missing" in row.decide

    answered(settings, review)
    assert new_wave(settings, "2027", write=True).written
    report = check_file(path, wave="2027", registry=load_registry(settings.seeds))
    assert not [f for f in report.findings if f.code == "user_missing_uncoded"]


def test_the_label_of_a_missing_value_says_why(settings, tmp_path) -> None:
    def change(frame, labels, values, missing) -> None:
        frame.loc[frame.index[:4], "v01_medewerkers"] = -97.0
        values.setdefault("v01_medewerkers", {})[-97.0] = "Weet niet"
        missing["v01_medewerkers"] = [{"lo": -99.0, "hi": -97.0}]

    draft = new_wave(settings, "2027", source="2025", export=written(tmp_path, change)).draft
    assert codes_of(draft, "employees")["-97"] == ("", "dont_know", False)


def test_missing_values_of_a_new_question_are_no_answers(settings, tmp_path) -> None:
    def change(frame, labels, values, missing) -> None:
        amounts = [float(place) for place in range(len(frame))]
        frame["v20_uren"] = amounts
        frame.loc[frame.index[:3], "v20_uren"] = 9999.0
        frame["v21_soort"] = [1.0, 2.0, 7.0] * (len(frame) // 3) + [1.0] * (len(frame) % 3)
        values["v21_soort"] = {1.0: "Groot", 2.0: "Klein", 7.0: "Weigerde"}
        missing["v20_uren"] = [{"lo": 9999.0, "hi": 9999.0}]
        missing["v21_soort"] = [{"lo": 7.0, "hi": 7.0}]

    draft = new_wave(settings, "2027", source="2025", export=written(tmp_path, change)).draft
    types = {r.values["question_id"]: r.values["answer_type"] for r in draft.of("questions")}
    assert (types["v20_uren"], types["v21_soort"]) == ("number", "single")
    assert codes_of(draft, "v20_uren") == {"9999": ("", "no_answer", True)}
    assert codes_of(draft, "v21_soort") == {
        "1": ("groot", "", False),
        "2": ("klein", "", False),
        "7": ("", "no_answer", True),
    }
    options = {r.values["option_id"] for r in draft.of("options")}
    assert "weigerde" not in options


@pytest.fixture
def with_sets(monkeypatch: pytest.MonkeyPatch):
    """Let the file declare multiple-response sets, which the library reads and cannot write."""

    def declare(**sets: tuple[str | None, str | None, tuple[str, ...]]) -> None:
        def read(path, **options):
            table = read_table(path, **options)
            places = {column.name: column.position for column in table.columns}
            found = tuple(
                MultipleSet(name, label, counted, tuple(places[m] for m in members))
                for name, (label, counted, members) in sets.items()
            )
            return replace(table, multiple_sets=found)

        monkeypatch.setattr(export_module, "read_table", read)

    return declare


def test_a_set_of_boxes_is_one_question_with_an_option_per_column(
    settings, tmp_path, with_sets, review
) -> None:
    # Without the set nothing tells that 2 means ticked, nor that three columns are one question.
    def change(frame, labels, values, missing) -> None:
        for place, label in enumerate(("Provincie", "Gemeente", "Rijk")):
            name = ("steun", "hulp", "geld")[place]
            frame[name] = [2.0, 5.0] * (len(frame) // 2) + [5.0] * (len(frame) % 2)
            frame.loc[frame.index[:3], name] = -99.0
            labels[name] = label
            missing[name] = [{"lo": -99.0, "hi": -99.0}]

    with_sets(steunbronnen=("Wie gaf steun?", "2", ("steun", "hulp", "geld")))
    path = written(tmp_path, change)
    draft = new_wave(settings, "2027", source="2025", export=path).draft

    (question,) = [r for r in draft.of("questions") if r.draft.startswith("new ")]
    assert question.values["question_id"] == "steunbronnen"
    assert question.values["answer_type"] == "multiple"
    assert "Wie gaf steun?" in (question.values["wording_nl"], question.values["wording_en"])
    columns = {
        r.values["column_name"]: r.values["option_id"]
        for r in draft.of("columns")
        if r.values.get("question_id") == "steunbronnen"
    }
    assert columns == {"steun": "provincie", "hulp": "gemeente", "geld": "rijk"}
    found = codes_of(draft, "steunbronnen")
    assert found["2"] == ("selected", "", False)
    assert found["5"] == ("", "not_selected", False)
    # -99 has a code for every question already.
    assert found.get("-99", ("", "no_answer", True))[0] == ""

    english = {
        "questions": {"wording_en": "Who helped?", "base_nl": "alle", "base_en": "all"},
        "options": {"label_en": "Some authority"},
    }
    answered(settings, review, **english)
    assert new_wave(settings, "2027", write=True).written
    report = check_file(path, wave="2027", registry=load_registry(settings.seeds))
    assert not [f for f in report.findings if f.code == "code_unmapped" and "steun" in f.message]


def test_a_set_of_categories_is_told_and_not_guessed(settings, tmp_path, with_sets) -> None:
    with_sets(eerste_tweede=("Wat ging vooraf?", None, ("v13_1", "v13_2")))
    path = written(tmp_path, lambda *_: None)
    draft = new_wave(settings, "2027", source="2025", export=path).draft

    (note,) = [note for note in draft.notes if "eerste_tweede" in note]
    assert "exported as dichotomies" in note


def test_sets_and_missing_values_of_a_real_file_are_read(settings, shared_data: Path) -> None:
    path = shared_data / "exports" / "spss" / "simple_alltypes.sav"
    draft = new_wave(settings, "2027", source="2025", export=path).draft

    multiple = [
        r.values["question_id"]
        for r in draft.of("questions")
        if r.values["answer_type"] == "multiple" and r.draft.startswith("new ")
    ]
    assert multiple == ["mymrset"]
    assert [note for note in draft.notes if "categorical_array" in note]
