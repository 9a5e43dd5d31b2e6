"""The end of a refresh names the responses that speak for nobody in the frame."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from barometer.errors import UsageError
from barometer.settings import PROJECT_ROOT, Settings, load_settings
from landing.frames.matching import unmatched_counts
from landing.loader import LandingReport
from orchestration.flow.standing import standing_lines
from orchestration.flow.steps import read_registry
from publication.internal.release import ReleaseReport

MATCHES = [
    ("2023", "a", "key", "1", False),
    ("2023", "b", None, None, False),
    ("2023", "c", None, None, False),
    # A test of the form is nobody's response; a decision that it is nobody's waits for nothing.
    ("2023", "d", None, None, True),
    ("2023", "e", "decision", None, False),
    ("2025", "f", None, None, False),
    ("2021", "g", "name", "2", False),
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings("ibo", home=tmp_path)


def build(settings: Settings) -> None:
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute("create schema staging; create schema cleaned")
        for table in ("stg_organisation_identities",):
            connection.execute(f"create table staging.{table} (export_id text)")
        for table in ("cln_frame", "cln_organisations"):
            connection.execute(f"create table cleaned.{table} (wave text)")
        connection.execute("create table staging.stg_submissions (response_key text, is_test bool)")
        connection.execute(
            "create table cleaned.cln_organisation_matches"
            " (wave text, response_key text, match_method text, organisation_key text)"
        )
        for wave, key, method, organisation, is_test in MATCHES:
            connection.execute(
                "insert into cleaned.cln_organisation_matches values (?, ?, ?, ?)",
                [wave, key, method, organisation],
            )
            connection.execute("insert into staging.stg_submissions values (?, ?)", [key, is_test])


def test_only_responses_that_wait_for_a_decision_are_counted(settings):
    build(settings)
    assert unmatched_counts(settings) == {"2023": 2, "2025": 1}


def test_before_the_first_build_there_is_nothing_to_count(settings):
    with pytest.raises(UsageError, match="have not been cleaned yet"):
        unmatched_counts(settings)


def told(settings: Settings, *unmatched: tuple[str, int]) -> str:
    release = ReleaseReport("r1", Path("release"), (), unchanged=True)
    registry = read_registry(settings)
    return "\n".join(standing_lines(settings, registry, LandingReport(), release, unmatched, ()))


def test_the_report_names_the_command_that_lists_candidates(settings):
    text = told(settings, ("2023", 2), ("2025", 1))

    assert "2 response(s) of wave 2023 could not be matched" in text
    home = settings.home.parent
    assert f".venv/bin/barometer match --home {home} --wave 2023" in text
    assert f".venv/bin/barometer match --home {home} --wave 2025" in text


def test_the_command_names_no_home_where_that_is_the_usual_one():
    settings = load_settings("ibo", home=PROJECT_ROOT / "warehouse")
    assert ".venv/bin/barometer match --wave 2023" in told(settings, ("2023", 2))
    assert "matched" not in told(settings)
