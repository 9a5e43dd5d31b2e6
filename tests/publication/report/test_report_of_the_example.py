"""The report of the example: part of its releases, sealed with them, and from them alone."""

from __future__ import annotations

import re
import stat
import time
from pathlib import Path

import duckdb
import pytest

from barometer.settings import Settings
from publication.editions import EDITIONS, PUBLIC, REPORT, edition_of
from publication.report.page import write_report
from publication.store.files import read_manifest

pytestmark = pytest.mark.xdist_group("example_refresh")
LARGEST = 3_000_000
BUDGET = 15.0
"""Seconds of processor for all pages; ten, and half as much again for a busy machine."""


@pytest.mark.parametrize("name", EDITIONS)
def test_a_release_holds_its_report_sealed_and_listed(example_refresh: Settings, name: str) -> None:
    edition = edition_of(example_refresh, name)
    manifest = read_manifest(edition.current)

    assert manifest is not None
    assert manifest["report"] == str(REPORT)
    pages = sorted((edition.current / REPORT.parent).iterdir())
    assert len(pages) == 8
    for page in pages:
        assert stat.S_IMODE(page.stat().st_mode) == edition.rights & 0o444
        assert page.stat().st_size < LARGEST


@pytest.mark.parametrize("name", EDITIONS)
def test_it_follows_from_the_database_file_alone(
    example_refresh: Settings, tmp_path: Path, name: str
) -> None:
    edition = edition_of(example_refresh, name)
    alone = tmp_path / "release.duckdb"
    alone.write_bytes((edition.current / edition.file_name).read_bytes())

    begun = time.process_time()
    pages = write_report(alone, tmp_path / REPORT.parent)
    spent = time.process_time() - begun

    for page in pages:
        assert page.read_bytes() == (edition.current / REPORT.parent / page.name).read_bytes()
    assert spent < BUDGET


@pytest.mark.parametrize("name", EDITIONS)
def test_every_claim_of_the_last_wave_is_told_with_its_verdict(
    example_refresh: Settings, name: str
) -> None:
    edition = edition_of(example_refresh, name)
    text = (edition.current / REPORT).read_text(encoding="utf-8")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        claims = connection.execute(
            "select claim_id, sentence_nl, verdict_nl from core.mart_claims"
            " where wave = (select max(wave) from core.mart_claims) order by all"
        ).fetchall()

    assert len(claims) > 10
    for claim, sentence, verdict in claims:
        told = re.search(f'id="claim-{claim.replace("_", "-")}".*?</li>', text, re.DOTALL)
        assert told
        plain = told.group().replace("&#39;", "'")
        assert sentence in plain
        assert verdict in plain


def test_the_public_report_prints_no_base_that_is_not_public(example_refresh: Settings) -> None:
    edition = edition_of(example_refresh, PUBLIC)
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        known = {
            number
            for table, columns in (
                ("mart_findings", ("n_answered",)),
                ("mart_comparisons", ("n_answered_a", "n_answered_b")),
                ("mart_scale_distribution", ("n_answered",)),
                ("mart_scale_cross", ("n_answered",)),
                ("mart_response_rates", ("n_population", "n_responses")),
                ("mart_claims", ("n_answered_a", "n_answered_b")),
            )
            for column in columns
            for (number,) in connection.execute(
                f"select distinct {column} from core.{table} where {column} is not null"
            ).fetchall()
        }
    for page in (edition.current / REPORT.parent).iterdir():
        said = re.findall(r"n = ([0-9.,]+)", page.read_text(encoding="utf-8"))
        # 60 is the example in the words on how to read a figure.
        assert {int(re.sub("[.,]", "", number)) for number in said} <= known | {60}
