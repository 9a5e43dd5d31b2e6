"""A new wave: drafted from the wave before and an export, reviewed, written, and landing clean."""

from __future__ import annotations

import pytest
from altered_export import GONE, NEW, NEW_BOX, RECODED, RENAMED
from draft_files import read_rows, texts_of

from barometer.errors import SeveralErrors, UsageError
from barometer.settings import PROJECT_ROOT
from drafting.context import Context
from drafting.copying import draft_strata
from drafting.newwave import new_wave
from drafting.seedfiles import DraftError, read_seed_files
from landing.check import check_file
from registry import load_registry

ENGLISH = {
    "samen_met_anderen_ontwikkeld": ("developed_together", "Developed together with others"),
    "de_energietransitie": ("energy_transition", "The energy transition"),
}


def answer(table: str, row: dict[str, str]) -> None:
    """What a domain expert fills in for the altered export."""
    if table == "options" and row["option_id"] in ENGLISH:
        row["option_id"], row["label_en"] = ENGLISH[row["option_id"]]
    if table == "questions" and row["draft"].startswith("new "):
        row["question_id"] = "regional_network"
        row["wording_en"] = "Does your organisation take part in a regional innovation network?"
        row["base_nl"], row["base_en"] = "alle organisaties", "all organisations"
    if row["decide"]:
        row["decided"] = "ok"


def test_without_an_export_everything_of_the_source_wave_is_copied(settings) -> None:
    report = new_wave(settings, "2027", source="2025")

    (wave,) = report.draft.of("waves")
    assert wave.values["label_nl"] == "Meting 2027 (over 2025-2026)"
    assert wave.values["reference_start"] == "2025-01-01"
    assert wave.values["reference_end"] == "2026-12-31"
    assert wave.values["fieldwork_start"] == "2027-02-03"
    patterns = [row.values["file_pattern"] for row in report.draft.of("deliveries")]
    assert patterns == ["IBO2027_synthetic_export*.sav", "IBO2027_synthetic_frame*.csv"]
    registry = load_registry(settings.seeds)
    assert len(report.draft.of("columns")) == len([c for c in registry.columns if c.wave == "2025"])
    assert len(report.draft.of("codes")) == len([c for c in registry.codes if c.wave == "2025"])
    assert [row.table for row in report.draft.open_rows] == ["waves", "deliveries", "deliveries"]
    assert report.mistakes == ()


def test_how_a_wave_was_sampled_is_copied_and_its_clusters_are_to_be_counted(settings) -> None:
    sources, counts = (
        settings.seeds / f"{name}.csv" for name in ("weight_sources", "cluster_counts")
    )
    sources.write_text(sources.read_text(encoding="utf-8") + "2025,design\n", encoding="utf-8")
    counts.write_text(counts.read_text(encoding="utf-8") + "2025,rijk|klein,7\n", encoding="utf-8")
    # The example has no clusters: its registries are read before some are counted.
    registry = load_registry(PROJECT_ROOT / "seeds")

    rows = draft_strata(Context(registry, read_seed_files(settings.seeds), "2025", "2027"))

    (source,) = [row for row in rows if row.table == "weight_sources"]
    assert source.values == {"wave": "2027", "weight_source": "design"}
    (count,) = [row for row in rows if row.table == "cluster_counts"]
    assert count.values == {"wave": "2027", "stratum_id": "rijk|klein", "cluster_count": "7"}
    assert "How many are there in 2027?" in count.decide


def test_expected_responses_follow_the_last_count(settings) -> None:
    report = new_wave(settings, "2027", source="2025", last_counts={"2025": 389})

    (wave,) = report.draft.of("waves")
    assert wave.values["expected_responses_low"] == "310"
    assert wave.values["expected_responses_high"] == "470"
    assert "389" in wave.decide


def test_the_registries_stay_as_they_are_without_write(settings, altered_export) -> None:
    before = texts_of(settings.seeds)
    report = new_wave(settings, "2027", source="2025", export=altered_export)

    assert texts_of(settings.seeds) == before
    assert not report.written
    assert "+2027,export,q6,answer,technology" in report.diff
    assert (report.folder / "changes.diff").read_text(encoding="utf-8") == report.diff


def test_every_difference_of_the_export_is_drafted(settings, altered_export) -> None:
    report = new_wave(settings, "2027", source="2025", export=altered_export)
    columns = {
        row.values["column_name"]: row
        for row in report.draft.of("columns")
        if row.values["kind"] == "export"
    }

    same_label = columns[RECODED[1]]
    assert (same_label.values["question_id"], same_label.score) == ("technology", "100")
    assert not same_label.is_open
    renamed = columns[RENAMED[1]]
    assert renamed.values["question_id"] == "evaluation"
    assert 70 <= int(renamed.score) < 95
    assert f"seems to be '{RENAMED[0]}' of 2025" in renamed.decide
    gone = columns[GONE]
    assert gone.action == "skip"
    assert "Was it dropped?" in gone.decide
    assert columns[NEW_BOX].values["question_id"] == "triggers"

    new = next(r for r in report.draft.of("questions") if r.draft == f"new {NEW}")
    assert f"Column '{NEW}'" in new.decide
    assert "which question?" in new.decide
    assert (new.values["answer_type"], new.values["first_wave"]) == ("single", "2027")
    ended = next(r for r in report.draft.of("questions") if r.draft == "end innovation_budget")
    assert (ended.action, ended.values["last_wave"]) == ("change", "2025")
    # Labels that the registries know bring their ids and their English with them.
    options = {r.draft: r for r in report.draft.of("options")}
    assert options[f"new {NEW}/dont_know"].values["label_en"] == "Don't know"
    assert options[f"new {NEW}/dont_know"].values["missing_reason"] == "dont_know"
    assert options["new novelty/samen_met_anderen_ontwikkeld"].is_open
    breaks = {row.values["question_id"] for row in report.draft.of("comparability_breaks")}
    assert breaks == {"evaluation", "novelty", "triggers"}


def test_write_is_refused_while_decisions_are_open(settings, altered_export) -> None:
    before = texts_of(settings.seeds)
    with pytest.raises(SeveralErrors, match="waits for") as refusal:
        new_wave(settings, "2027", source="2025", export=altered_export, write=True)

    assert f"Column '{NEW}'" in refusal.value.render()
    assert texts_of(settings.seeds) == before


def test_write_is_refused_while_the_result_is_wrong(settings, altered_export, review) -> None:
    report = new_wave(settings, "2027", source="2025", export=altered_export)
    review(report.folder, lambda _, row: row.update(decided="ok" if row["decide"] else ""))

    before = texts_of(settings.seeds)
    with pytest.raises(DraftError, match="'wording_en' is empty") as refusal:
        new_wave(settings, "2027", write=True)
    assert f"questions.csv, 'new {NEW}'" in refusal.value.render()
    assert texts_of(settings.seeds) == before


def test_once_decided_the_wave_is_written_and_the_export_lands(
    settings, altered_export, review
) -> None:
    report = new_wave(settings, "2027", source="2025", export=altered_export)
    review(report.folder, answer)
    reviewed = new_wave(settings, "2027")
    assert reviewed.draft.open_rows == ()
    assert reviewed.mistakes == ()

    lines = (settings.seeds / "codes.csv").read_text(encoding="utf-8").splitlines()
    assert new_wave(settings, "2027", write=True).written

    registry = load_registry(settings.seeds)
    assert registry.question("innovation_budget").last_wave == "2025"
    assert registry.question("regional_network").first_wave == "2027"
    # An id that the reviewer changed is followed wherever it is used.
    codes = {(c.question_id, c.raw_value): c.option_id for c in registry.codes if c.wave == "2027"}
    assert codes["novelty", "4"] == "developed_together"
    assert codes["regional_network", "1"] == "yes"
    assert ("innovation_budget", "1") not in codes
    assert any(c.option_id == "energy_transition" for c in registry.columns_for("2027", "export"))
    # Nothing that stood there was touched.
    after = (settings.seeds / "codes.csv").read_text(encoding="utf-8").splitlines()
    assert [line for line in after if ",2027," not in line] == lines

    checked = check_file(altered_export, wave="2027", kind="export", registry=registry)
    # The answers are those of 2025, dates included.
    assert {error.code for error in checked.errors} == {"fieldwork_outside"}
    unknown = [f for f in checked.findings if f.code == "code_unmapped"]
    assert all("'77'" in finding.where for finding in unknown)


def test_a_wave_that_exists_is_refused(settings) -> None:
    with pytest.raises(UsageError, match="'2025' is in the registries already"):
        new_wave(settings, "2025", source="2023")


def test_an_unknown_source_is_refused(settings) -> None:
    with pytest.raises(UsageError, match="no wave '2020'"):
        new_wave(settings, "2027", source="2020")


def test_the_same_run_again_changes_nothing(settings, altered_export) -> None:
    first = new_wave(settings, "2027", source="2025", export=altered_export)
    before = texts_of(first.folder)
    again = new_wave(settings, "2027", source="2025", export=altered_export)
    remembered = new_wave(settings, "2027")

    assert texts_of(first.folder) == before
    assert again == first
    assert remembered == first


def test_edits_survive_a_later_run_with_an_export(settings, altered_export, review) -> None:
    report = new_wave(settings, "2027", source="2025")

    def edit(table: str, row: dict[str, str]) -> None:
        if table == "waves":
            row.update(fieldwork_start="2027-02-08", decided="dates by the field agency")

    review(report.folder, edit)
    report = new_wave(settings, "2027", export=altered_export)

    (wave,) = report.draft.of("waves")
    assert wave.values["fieldwork_start"] == "2027-02-08"
    assert not wave.is_open
    assert "+2027,export,q6,answer,technology" in report.diff


def test_a_row_deleted_from_the_draft_stays_out(settings) -> None:
    report = new_wave(settings, "2027", source="2025")
    path = report.folder / "columns.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if "v15_ai" not in line]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")

    for _ in range(2):
        report = new_wave(settings, "2027")
        row = next(r for r in report.draft.of("columns") if r.values["column_name"] == "v15_ai")
        assert row.action == "skip"
        assert "v15_ai" not in report.diff
    # Its codes go with it, without being asked for.
    assert any(row.values["question_id"] == "ai_use" for row in report.left_out)


def test_a_draft_saved_by_a_dutch_spreadsheet_is_read(settings) -> None:
    report = new_wave(settings, "2027", source="2025")
    path = report.folder / "deliveries.csv"
    rows = read_rows(path)
    lines = [";".join(rows[0]), *(";".join(row.values()) for row in rows)]
    text = "\r\n".join(lines).replace(";true", ";WAAR")
    path.write_bytes(b"\xef\xbb\xbf" + text.encode("utf-8"))

    again = new_wave(settings, "2027")
    assert again.draft == report.draft


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("draft,decide", "draft,besluit", "other columns"),
        (",add,", ",toevoegen,", "'toevoegen' is no action"),
    ],
)
def test_a_draft_that_cannot_be_read_says_where(settings, before, after, message) -> None:
    report = new_wave(settings, "2027", source="2025")
    path = report.folder / "waves.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")

    with pytest.raises(DraftError, match=message) as error:
        new_wave(settings, "2027")
    assert "waves.csv" in error.value.where


def test_no_free_text_of_an_export_enters_the_draft(settings, altered_export) -> None:
    report = new_wave(settings, "2027", source="2025", export=altered_export)

    written = b"".join(texts_of(report.folder).values())
    assert b"voorbeeld.invalid" not in written
    assert b"Voorbeeld-zbo" not in written
