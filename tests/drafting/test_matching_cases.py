"""Cases that are easy to get wrong: reused names, swapped codes, other tools, chosen columns."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyreadstat
import pytest
from altered_export import EXAMPLE

from barometer.settings import PROJECT_ROOT
from drafting.newwave import new_wave
from registry import load_registry

EXAMPLES = PROJECT_ROOT / "examples" / "ibo"


def relabelled(path: Path, column: str, *, label: str = "", values: dict | None = None) -> Path:
    frame, meta = pyreadstat.read_sav(str(EXAMPLE), user_missing=True)
    labels = dict(meta.column_names_to_labels)
    known = {name: dict(given) for name, given in meta.variable_value_labels.items()}
    labels[column] = label or labels[column]
    known[column] = values or known[column]
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[labels[name] or "" for name in frame.columns],
        variable_value_labels=known,
    )
    return path


def drafted(settings, export: Path):
    return new_wave(settings, "2027", source="2025", export=export).draft


def test_a_name_that_holds_another_question_now_is_asked_about(settings, tmp_path) -> None:
    export = relabelled(
        tmp_path / "IBO2027_synthetic_export.sav", "v15_ai", label="Is uw organisatie gefuseerd?"
    )
    draft = drafted(settings, export)
    row = next(r for r in draft.of("columns") if r.values["column_name"] == "v15_ai")
    assert row.is_open
    assert "has a known name, but the registry reads" in row.decide
    assert "ai_use" in {r.values["question_id"] for r in draft.of("comparability_breaks")}


def test_values_whose_labels_are_swapped_are_asked_about(settings, tmp_path) -> None:
    values = {1.0: "Nee", 2.0: "Ja", 8.0: "Weet niet"}
    export = relabelled(tmp_path / "IBO2027_synthetic_export.sav", "v15_ai", values=values)
    codes = {
        r.values["raw_value"]: r
        for r in drafted(settings, export).of("codes")
        if r.values["question_id"] == "ai_use"
    }
    assert "is labelled 'Nee' now; it stood for 'Ja' (yes)" in codes["1"].decide
    assert "reads like option 'no'" in codes["1"].decide
    assert codes["2"].is_open
    assert not codes["8"].is_open


def test_a_label_that_is_gone_ends_the_option(settings, tmp_path) -> None:
    frame, meta = pyreadstat.read_sav(str(EXAMPLE), user_missing=True)
    known = {name: dict(given) for name, given in meta.variable_value_labels.items()}
    known["v03_nieuwheid"].pop(3)
    frame.loc[frame["v03_nieuwheid"] == 3, "v03_nieuwheid"] = 2
    path = tmp_path / "IBO2027_synthetic_export.sav"
    labels = [meta.column_names_to_labels[name] or "" for name in frame.columns]
    pyreadstat.write_sav(frame, str(path), column_labels=labels, variable_value_labels=known)

    draft = drafted(settings, path)
    (row,) = draft.of("options")
    assert (row.action, row.values["option_id"], row.values["last_wave"]) == (
        "change",
        "copied",
        "2025",
    )
    assert "Was it dropped?" in row.decide


@pytest.mark.parametrize(
    ("file", "wave"),
    [("IBO2021_synthetic_export_v2.csv", "2021"), ("IBO2023_synthetic_export.xlsx", "2023")],
)
def test_a_wave_in_another_tool_takes_over_the_wave_that_used_it(settings, file, wave) -> None:
    report = new_wave(settings, "2027", source="2025", export=EXAMPLES / file)
    registry = load_registry(settings.seeds)

    live = [r for r in report.draft.of("columns") if r.action == "add"]
    names = {r.values["column_name"] for r in live if r.values["kind"] == "export"}
    assert names == {column.column_name for column in registry.columns_for(wave, "export")}
    # Options that end with this wave break the trend: whether that is so, a person declares.
    assert all("no break is declared" in str(mistake) for mistake in report.mistakes)
    assert len(report.draft.open_rows) <= 25
    codes = {
        (r.values["question_id"], r.values["raw_value"].lower()): r.values["option_id"]
        for r in report.draft.of("codes")
        if r.action == "add"
    }
    single = {q.question_id for q in registry.questions if q.answer_type in {"single", "scale"}}
    known = {
        (code.question_id, code.raw_value.lower()): code.option_id
        for code in registry.codes
        if code.wave == wave and code.option_id and code.question_id in single
    }
    assert {key: codes.get(key) for key in known if key in codes} == {
        key: option for key, option in known.items() if key in codes
    }
    assert len([key for key in known if key in codes]) > 0.8 * len(known)


def test_a_survey_that_maps_chosen_columns_is_not_asked_about_the_others(
    settings, tmp_path
) -> None:
    seeds = tmp_path / "pls"
    shutil.copytree(PROJECT_ROOT / "surveys" / "pls", seeds)
    names = [c.column_name for c in load_registry(seeds).columns_for("2018", "export")]
    header = [*dict.fromkeys(names), "A_NEW_COLUMN"]
    export = tmp_path / "pls_fy2019_libraries.csv"
    with export.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *([str(n)] * len(header) for n in range(9))])

    report = new_wave(
        replace(settings, survey="pls", registries=seeds), "2019", source="2018", export=export
    )
    new = next(r for r in report.draft.of("columns") if r.values["column_name"] == "A_NEW_COLUMN")
    assert (new.action, new.decide) == ("skip", "")
    assert any("1 columns are in no wave" in note for note in report.draft.notes)
    assert report.mistakes == ()


def test_rare_words_in_a_choice_stay_out_of_the_draft(settings, tmp_path) -> None:
    export = tmp_path / "IBO2027_synthetic_export.csv"
    answers = ["Ja"] * 10 + ["Nee"] * 10 + ["ja, onze wethouder Jansen deed dat", "Piet"]
    lines = ["id,organisatiecode,v15_ai", *(f'{n},{n},"{a}"' for n, a in enumerate(answers))]
    export.write_text("\n".join(lines) + "\n", encoding="utf-8")

    report = new_wave(settings, "2027", source="2025", export=export)
    written = b"".join(path.read_bytes() for path in report.folder.iterdir())
    assert b"Jansen" not in written
    assert b"Piet" not in written
    assert any("ai_use (2)" in note for note in report.draft.notes)
    codes = {
        r.values["raw_value"]: r.values["option_id"]
        for r in report.draft.of("codes")
        if r.values["question_id"] == "ai_use" and r.action == "add"
    }
    assert (codes["Ja"], codes["Nee"]) == ("yes", "no")


def test_the_command_drafts_and_lists_decisions(tmp_path, altered_export) -> None:
    command = [sys.executable, "-m", "orchestration.cli", "new-wave", "2027", "--from", "2025"]
    before = (PROJECT_ROOT / "seeds" / "columns.csv").read_bytes()
    done = subprocess.run(
        [
            *command,
            "--export",
            str(altered_export),
            "--drafts",
            str(tmp_path),
            "--home",
            str(tmp_path / "home"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
    )
    assert done.returncode == 0, done.stderr
    assert "+2027,export,q6,answer,technology" in done.stdout
    assert "To decide (" in done.stdout
    assert "Column 'v17_netwerk'" in done.stdout
    assert (tmp_path / "ibo" / "2027" / "columns.csv").is_file()

    refused = subprocess.run(
        [*command, "--drafts", str(tmp_path), "--home", str(tmp_path / "home"), "--write"],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT_ROOT,
    )
    assert refused.returncode == 2
    assert "waits for" in refused.stderr
    assert (PROJECT_ROOT / "seeds" / "columns.csv").read_bytes() == before
