"""A year before all others is added to the Public Libraries Survey, without a row by hand."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest
from built_survey import build_with_tests

from barometer.settings import PROJECT_ROOT, Settings
from drafting.newwave import NewWaveReport, new_wave
from landing.check import check_file
from registry import load_registry

pytestmark = [pytest.mark.shared_data]

# Names of later waves, and two that no wave has.
RENAMED = {
    "POPU": "POPU_LSA",
    "TOTPEMP": "TOTSTAFF",
    "LIBRARIAN": "LIBRARIA",
    "ATTEND": "VISITS",
    "BKVOL": "BOOKVOL",
    "KIDATTEND": "KIDATTND",
}
NOT_ASKED_YET = "ELMATEXP"
# In the registries from 1998 on.
ASKED_ALREADY = "GPTERMS"
LOWERED = "VISITS"
DATA_1995 = "PUPLDF95.csv"


@pytest.fixture
def settings(tmp_path: Path, shared_data: Path) -> Settings:
    registries, inbox = tmp_path / "registries", tmp_path / "inbox"
    shutil.copytree(PROJECT_ROOT / "surveys" / "pls", registries)
    inbox.mkdir()
    for source in ("PUPLDF96.csv", "PUPLDF97.csv"):
        shutil.copyfile(shared_data / "pls" / source, inbox / source)
    _write_1995(inbox / "PUPLDF96.csv", inbox / DATA_1995)
    return Settings("pls", PROJECT_ROOT, tmp_path / "home" / "pls", inbox, registries)


def _write_1995(source: Path, path: Path) -> None:
    with source.open(encoding="latin-1", newline="") as file:
        header, *rows = csv.reader(file)
    left_out = header.index(NOT_ASKED_YET)
    names = [RENAMED.get(name, name) for name in header]
    lowered = names.index(LOWERED)
    with path.open("w", encoding="latin-1", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*(n for n in names if n != NOT_ASKED_YET), ASKED_ALREADY])
        for row in rows:
            if row[lowered].isdigit():
                row[lowered] = str(int(row[lowered]) // 2)
            writer.writerow([*row[:left_out], *row[left_out + 1 :], "2"])


def _drafted(settings: Settings, tmp_path: Path) -> NewWaveReport:
    return new_wave(settings, "1995", export=settings.inbox / DATA_1995, drafts=tmp_path / "drafts")


def _written(settings: Settings, tmp_path: Path) -> None:
    """Agree with all that is drafted, as a person does in a spreadsheet, and write it."""
    for path in sorted(_drafted(settings, tmp_path).folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        asked, answer = header.index("decide"), header.index("decided")
        for row in rows:
            row[answer] = "ok" if row[asked] else ""
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *rows])
    assert new_wave(settings, "1995", drafts=tmp_path / "drafts", write=True).written


def test_a_person_decides_on_the_dates_and_the_two_unknown_names(
    settings: Settings, tmp_path: Path
) -> None:
    report = _drafted(settings, tmp_path)

    assert report.source == "1996"
    assert report.mistakes == ()
    assert [row.draft for row in report.draft.open_rows] == [
        "wave 1995",
        "export BOOKVOL answer",
        "export KIDATTND answer",
    ]
    (delivery,) = report.draft.of("deliveries")
    assert delivery.values["file_pattern"] == DATA_1995


def test_the_registries_with_the_year_are_right_and_fit_its_file(
    settings: Settings, tmp_path: Path
) -> None:
    _written(settings, tmp_path)

    registry = load_registry(settings.seeds)
    assert registry.wave_ids[:2] == ("1995", "1996")
    assert registry.question("public_internet_computers").first_wave == "1995"
    assert registry.question("electronic_materials_expenditure").first_wave == "1996"
    assert registry.question("visits").first_wave == "1995"
    checked = check_file(settings.inbox / DATA_1995, wave="1995", kind="export", registry=registry)
    assert checked.errors == ()
    assert not any("previous" in finding.message for finding in checked.findings)


@pytest.mark.thorough
def test_the_year_is_in_the_figures(settings: Settings, tmp_path: Path) -> None:
    _written(settings, tmp_path)
    build_with_tests(settings)

    with duckdb.connect(str(settings.warehouse), read_only=True) as warehouse:
        found = warehouse.execute(
            """
            select indicator_id, wave, estimate from core.fct_estimates
            where wave in ('1995', '1996') and group_id = 'us'
                and indicator_id in ('visits_total', 'branches_total')
            """
        ).fetchall()
    figures = {(indicator, wave): estimate for indicator, wave, estimate in found}
    assert figures["branches_total", "1995"] == figures["branches_total", "1996"]
    assert 0.49 < figures["visits_total", "1995"] / figures["visits_total", "1996"] < 0.5
