"""A sampling frame against that of the wave before it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from drifting import next_wave, of, with_rule

from barometer.settings import PROJECT_ROOT, Settings, load_settings
from landing.check import check_file
from landing.checks.subject import Subject
from landing.deliveries import find_deliveries
from landing.drift.as_json import report_as_json
from landing.drift.page import render_page
from landing.drift.population import population
from landing.findings.finding import CheckReport
from landing.loader import land
from landing.readers import read_table
from registry import Registry
from registry.tables.organisations import Succession

FRAME_2021 = PROJECT_ROOT / "examples" / "ibo" / "IBO2021_synthetic_frame.csv"
KEY, NAME, TYPE, FTE = "Organisatiecode", "Organisatienaam", "Soort organisatie", "Aantal fte"

Rows = list[dict[str, str]]
Check = Callable[..., CheckReport]


@pytest.fixture(scope="module")
def landed_frames(tmp_path_factory: pytest.TempPathFactory, ibo: Registry) -> Settings:
    settings = load_settings("ibo", home=tmp_path_factory.mktemp("frames"))
    files = find_deliveries(settings.inbox, ibo).files
    land(settings, ibo, [file for file in files if file.delivery.kind == "frame"])
    return settings


@pytest.fixture
def rows() -> Rows:
    text = FRAME_2021.read_bytes().decode("cp1252")
    dialect = csv.Sniffer().sniff(text.splitlines()[0], delimiters=",;")
    return list(csv.DictReader(io.StringIO(text), delimiter=dialect.delimiter))


@pytest.fixture
def check_2022(tmp_path: Path, ibo: Registry, landed_frames: Settings) -> Check:
    """Check rows as the frame of a wave after 2021 with the same columns."""

    def check(rows: Rows, registry: Registry | None = None) -> CheckReport:
        path = tmp_path / "IBO2021_synthetic_frame.csv"
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue(), encoding="utf-8", newline="")
        return check_file(
            path,
            wave="2022",
            kind="frame",
            registry=registry or next_wave(ibo),
            warehouse=landed_frames.warehouse,
        )

    return check


def changed(report: CheckReport) -> set[str]:
    return {
        f.code for f in report.findings if f.code.startswith(("frame_key", "frame_g", "frame_s"))
    }


def test_the_same_frame_again_has_not_changed(check_2022, rows):
    report = check_2022(rows)

    assert changed(report) == set()
    assert report.drift.previous.wave == "2021"
    assert report.drift.frame.keys == ()
    assert report.drift.frame.organisations_now == report.drift.frame.organisations_before
    assert all(group.before == group.now > 0 for group in report.drift.frame.groups)


@pytest.mark.xdist_group("example_refresh")
def test_groups_are_counted_as_the_models_count_them(ibo, example_warehouse):
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        expected = {
            (wave, classification, group): count
            for wave, classification, group, count in connection.execute(
                "select wave, classification_id, group_id, count(*)"
                " from cleaned.cln_organisation_groups group by all"
            ).fetchall()
            if classification in {one.classification_id for one in ibo.classifications}
        }
    found = {}
    for file in find_deliveries(PROJECT_ROOT / "examples" / "ibo", ibo).files:
        delivery = file.delivery
        if delivery.kind == "frame":
            table = read_table(file.path, format=delivery.format, sheet=delivery.sheet)
            wave = ibo.wave(delivery.wave)
            subject = Subject(table, wave, "frame", delivery.part, ibo)
            for (classification, group), count in population(subject).group_counts.items():
                found[wave.wave, classification, group] = count

    assert found == expected
    assert len({wave for wave, _, _ in found}) == 3


def test_a_column_that_is_gone_or_new_is_named(check_2022, rows):
    for row in rows:
        row["Rechtsvormen"] = row.pop("Rechtsvorm")
        row["Provincie"] = "Utrecht"
    report = check_2022(rows)

    changes = {(c.change, c.name): c for c in report.drift.columns}
    assert changes["gone", "Rechtsvorm"].question_id == "legal_form"
    assert changes["suggested", "Rechtsvormen"].previous_name == "Rechtsvorm"
    assert changes["suggested", "Rechtsvormen"].question_id == "legal_form"
    assert ("new", "Provincie") in changes
    assert "attribute legal_form" in of(report, "column_gone")[0].message


def test_keys_given_anew_stop_landing(check_2022, rows):
    for place, row in enumerate(rows):
        row[KEY] = f"NEW{place}"
        row[NAME] = f"Organisatie {place}"
    report = check_2022(rows)

    assert {of(report, "frame_key_new")[0].severity, of(report, "frame_key_gone")[0].severity} == {
        "error"
    }


def test_an_organisation_under_another_key_is_recognised_by_its_name(check_2022, rows):
    old, name = rows[7][KEY], rows[7][NAME]
    rows[7][KEY] = "X1"
    report = check_2022(rows)

    (gone,) = [c for c in report.drift.frame.keys if c.change == "rekeyed"]
    assert (gone.key, gone.name, gone.successors) == (old, name, ("X1",))
    assert of(report, "frame_key_gone")[0].severity == "information"
    assert f"'{old}'" in of(report, "frame_merged")[0].where


def test_organisations_that_merged_are_suggested_or_known(check_2022, rows, ibo):
    # The frame of 2021 lands with two neighbours; the next has one with the names of both.
    old = [rows[3][KEY], rows[4][KEY]]
    del rows[4]
    rows[3][KEY], rows[3][NAME] = "M1", rows[3][NAME] + " en omstreken"
    report = check_2022(rows)
    hints = {c.key: (c.change, c.successors) for c in report.drift.frame.keys if c.change != "new"}
    assert (hints[old[0]][0], hints[old[0]][1][0]) == ("merged", "M1")
    assert "M1" not in hints[old[1]][1], "another number is another organisation"

    registry = next_wave(ibo)
    day = registry.wave("2022").reference_end
    known = tuple(Succession(key, "M1", day, None, row=9) for key in old)
    report = check_2022(rows, replace(registry, organisation_succession=known))
    assert not of(report, "frame_key_gone")
    assert "2 organisation(s)" in of(report, "frame_key_succeeded")[0].message


def test_a_group_that_shrinks_warns_and_one_that_is_gone_stops(check_2022, rows):
    kinds = {"gemeente": [], "waterschap": []}
    for row in rows:
        if row[TYPE].lower() in kinds:
            kinds[row[TYPE].lower()].append(row)
    left = [row for row in rows if row not in kinds["gemeente"][::2]]
    (shrunk,) = [f for f in of(check_2022(left), "frame_group_change") if "gemeenten" in f.where]
    assert shrunk.severity == "warning"
    assert "-50%" in shrunk.message

    report = check_2022([row for row in rows if row not in kinds["waterschap"]])
    gone = [f for f in of(report, "frame_group_gone") if "waterschappen" in f.where]
    assert [f.severity for f in gone] == ["error"]


def test_the_limits_stand_in_the_registry(check_2022, rows, ibo):
    half = rows[: len(rows) * 2 // 3]
    assert of(check_2022(half), "frame_size_change")[0].severity == "warning"

    strict = with_rule(next_wave(ibo), "frame_size_change", error_value=0.2)
    assert of(check_2022(half, strict), "frame_size_change")[0].severity == "error"
    lenient = with_rule(next_wave(ibo), "frame_size_change", value=0.9, error_value=None)
    assert not of(check_2022(half, lenient), "frame_size_change")


def test_an_organisation_without_a_group_stops_before_the_build_does(check_2022, rows):
    rows[5][TYPE] = "Gemeente (nieuwe stijl)"
    (error,) = [f for f in check_2022(rows).errors if f.code == "frame_unclassified"]

    assert "1 organisation(s)" in error.message
    assert rows[5][KEY] in error.where


def test_personal_data_in_a_frame_is_found_and_never_shown(check_2022, rows):
    for row in rows:
        row["Contact"] = ""
        row["Telefoon"] = ""
    rows[0]["Contact"] = "j.jansen@voorbeeld.example"
    rows[1]["Telefoon"] = "06 12345678"
    rows[2]["Contact"] = "BSN 111222333"
    report = check_2022(rows)

    severities = {f.code: f.severity for f in report.findings if f.code.startswith("personal_")}
    assert severities == {
        "personal_email": "error",
        "personal_phone": "warning",
        "personal_bsn": "error",
    }
    text = report_as_json(report) + render_page(report)
    assert not [secret for secret in ("jansen", "12345678", "111222333") if secret in text]


def test_numbers_of_organisations_are_no_citizen_service_numbers(check_2022, rows):
    for row in rows:
        row["RSIN"] = "111222333"
    assert not of(check_2022(rows), "personal_bsn")


def test_the_page_of_a_frame_shows_groups_and_keys(check_2022, rows):
    rows[7][KEY] = "X1"
    page = render_page(check_2022(rows))

    assert "perhaps under another key" in page
    assert "Organisations, before and now" in page
    assert 'id="answers"' not in page


def test_without_an_earlier_frame_only_the_frame_itself_is_judged(tmp_path, ibo):
    report = check_file(FRAME_2021, wave="2021", kind="frame", registry=ibo)

    assert report.drift.previous is None
    assert report.drift.frame.organisations_before is None
    assert not changed(report)
    assert "There is no earlier frame" in render_page(report)
