"""Two data sets with the same protected cells give the same release, byte for byte."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from public_survey import (
    INDICATORS,
    cells,
    lookups,
    publish,
    redrawn,
    registry,
    settings_in,
    survey,
)
from sample_sizes import chunks

from protection.edition.cells import protect_counts
from publication.public.ledger.ledger import read_ledger
from publication.public.method.counts import WaveResponses, count
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import wave_rules
from publication.store import swap
from publication.tables import quote

KEY = b"secret"
CHUNKS = chunks(200, everyday=20, size=20)
TRIES = 40
RULES = wave_rules(registry(), "2025", INDICATORS)


def protected(responses: WaveResponses) -> ProtectedWave:
    return protect_wave(responses, RULES, [], KEY)


def twin(responses: WaveResponses, seed: int) -> WaveResponses:
    """Return a wave with other counts in the same protected cells."""
    first = count(responses, RULES)
    shown = protect_counts(first.counts, RULES.plan, first.constants)
    published = cells(protected(responses))
    for attempt in range(TRIES):
        other = redrawn(responses, 1000 * seed + attempt, 1)
        counted = count(other, RULES)
        if (
            counted.counts != first.counts
            and protect_counts(counted.counts, RULES.plan, counted.constants) == shown
            and cells(protected(other)) == published
        ):
            return other
    return responses


def as_bytes(wave: ProtectedWave, responses: WaveResponses) -> bytes:
    found = lookups([wave], [responses])
    return json.dumps([[each.name, each.columns, each.rows] for each in found]).encode()


@pytest.mark.parametrize("seeds", CHUNKS)
def test_surveys_that_differ_inside_the_bands_give_the_same_figures(seeds: range) -> None:
    differing = 0
    for seed in seeds:
        one = survey(seed)
        other = twin(one, seed)
        differing += count(one, RULES).counts != count(other, RULES).counts
        assert as_bytes(protected(one), one) == as_bytes(protected(other), other)
    # Every pair but the rare one whose bands are so full that nothing can move.
    assert differing >= len(seeds) - 1


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a release but the database."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".duckdb"
    }


def in_database(path: Path) -> dict[str, list[object]]:
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "select table_schema, table_name from information_schema.tables order by all"
        ).fetchall()
        found: dict[str, list[object]] = {
            f"{schema}.{name}": connection.execute(
                f"select * from {quote(schema)}.{quote(name)}"
            ).fetchall()
            for schema, name in tables
        }
        found["comments"] = connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
            " where not internal order by all"
        ).fetchall()
    return found


@pytest.mark.parametrize("seed", [1, 4])
def test_the_files_of_two_such_surveys_are_the_same(seed: int, tmp_path: Path, monkeypatch) -> None:
    one = survey(seed)
    other = twin(one, seed)
    assert count(one, RULES).counts != count(other, RULES).counts

    class Earlier:
        @staticmethod
        def now(_zone: object) -> datetime:
            return datetime(2021, 3, 4, tzinfo=UTC)

    first = publish(settings_in(tmp_path / "one"), one, content="one")
    monkeypatch.setattr(swap, "datetime", Earlier)
    second = publish(settings_in(tmp_path / "other"), other, content="another export file")

    assert first.release_id == second.release_id
    files = contents(first.path.parent)
    assert {"manifest.json", "datapackage.json", "codebook.csv"} < set(files)
    assert len(files) > 40
    assert files == contents(second.path.parent)
    assert in_database(first.path) == in_database(second.path)


def test_a_figure_that_moves_out_of_its_band_does_change_the_release() -> None:
    one = survey(3)
    other = redrawn(one, 3, 40)

    assert cells(protected(one)) != cells(protected(other))
    assert as_bytes(protected(one), one) != as_bytes(protected(other), other)


def test_the_release_says_nothing_about_when_and_from_what_it_was_made(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    report = publish(settings, survey(1), content="c0ffee5eed0ddba1")
    (entry,) = read_ledger(settings)

    assert entry.created_at.startswith("20")
    assert entry.notes["sources"][0]["content_sha256"] == "c0ffee5eed0ddba1"
    for path in report.path.parent.rglob("*"):
        if path.is_file() and path.suffix != ".parquet":
            content = path.read_bytes()
            assert b"c0ffee5eed0ddba1" not in content
            assert entry.created_at[:10].encode() not in content
            assert b"answers.csv" not in content


def test_the_database_is_written_by_a_process_that_never_held_an_answer(
    tmp_path: Path, monkeypatch
) -> None:
    rewritten = []
    original = swap.rewrite_database

    def record(folder: Path, file_name: str, *of: Any) -> None:
        before = in_database(folder / file_name), (folder / file_name).stat().st_ino
        original(folder, file_name, *of)
        after = in_database(folder / file_name), (folder / file_name).stat().st_ino
        rewritten.append((before, after))

    monkeypatch.setattr(swap, "rewrite_database", record)
    publish(settings_in(tmp_path), survey(1))

    ((before, after),) = rewritten
    assert before[1] != after[1]
    assert before[0] == after[0]
