"""The sampling frame of a new wave: its columns drafted, reviewed, written, and landing clean."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from barometer.errors import UsageError
from barometer.settings import PROJECT_ROOT, Settings
from drafting.newwave import new_wave
from landing.check import check_file
from registry import load_registry

FRAME_2025 = PROJECT_ROOT / "examples" / "ibo" / "IBO2025_synthetic_frame.csv"
FRAME = "IBO2027_synthetic_frame.csv"


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    """The frame of 2025 with a column renamed, one gone, one new, and contact data."""
    with FRAME_2025.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["organisatie_type"] = row.pop("organisatietype")
        row.pop("bijgewerkt_op")
        row.pop("bedient")
        row["provincie"] = "Utrecht"
        row["contact"] = f"info{row['organisatiecode']}@voorbeeld.example"
    path = tmp_path / FRAME
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def of_frame(draft):
    rows = [row for row in draft.of("columns") if row.values["kind"] == "frame"]
    return {row.draft: row for row in rows}


def test_every_difference_of_the_frame_is_drafted(settings, frame) -> None:
    rows = of_frame(new_wave(settings, "2027", source="2025", frame=frame).draft)
    by_name = {row.values["column_name"]: row for row in rows.values()}

    assert not by_name["organisatiecode"].is_open
    assert by_name["organisatie_type"].values["attribute_id"] == "organisation_type"
    assert by_name["provincie"].values["role"] == "attribute"
    assert (by_name["provincie"].action, by_name["provincie"].is_open) == ("skip", True)
    assert (by_name["contact"].values["role"], by_name["contact"].action) == ("personal", "add")
    gone = rows["gone frame bedient attribute"]
    assert "not in the frame" in gone.decide
    assert "fte" in {row.values.get("attribute_id") for row in rows.values()}


def test_a_draft_remembers_the_frame_and_writes_a_registry_that_it_fits(
    settings: Settings, frame: Path, review
) -> None:
    report = new_wave(settings, "2027", source="2025", frame=frame)

    def decide(table: str, row: dict[str, str]) -> None:
        if row["draft"] == "gone frame bedient attribute":
            row["action"] = "skip"
        if table == "columns" and row["column_name"] == "provincie":
            row["action"], row["attribute_id"] = "add", "province"
        if row["decide"]:
            row["decided"] = "ok"

    review(report.folder, decide)
    assert new_wave(settings, "2027", write=True).written

    registry = load_registry(settings.seeds)
    columns = {c.column_name: c for c in registry.columns_for("2027", "frame")}
    assert columns["provincie"].attribute_id == "province"
    assert (columns["contact"].role, columns["contact"].treatment) == ("personal", "drop")
    assert "bedient" not in columns
    checked = check_file(frame, wave="2027", kind="frame", registry=registry)
    assert checked.errors == ()


def test_a_register_with_many_columns_asks_nothing_about_each(settings, frame) -> None:
    lines = frame.read_text(encoding="utf-8").splitlines()
    extra = ",".join(f"veld {letter}" for letter in "abcdefghijklm")
    wide = [lines[0] + "," + extra] + [line + ",x" * 13 for line in lines[1:]]
    frame.write_text("\n".join(wide) + "\n", encoding="utf-8")

    draft = new_wave(settings, "2027", source="2025", frame=frame).draft
    new = [row for row in of_frame(draft).values() if "veld" in row.values["column_name"]]
    assert [(row.action, row.is_open) for row in new] == [("skip", False)] * 13
    assert any("columns of the frame" in note for note in draft.notes)


def test_a_wave_without_a_frame_file_refuses_one(tmp_path, frame) -> None:
    seeds = PROJECT_ROOT / "surveys" / "rse"
    settings = Settings("rse", tmp_path, tmp_path / "home", tmp_path / "inbox", seeds)
    with pytest.raises(UsageError, match="takes its population from no file"):
        new_wave(settings, "2019", source="2018", frame=frame)
