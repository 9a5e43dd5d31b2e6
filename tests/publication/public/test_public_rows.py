"""The rows of the public edition, their keys and names, are the same whatever anybody answered."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import duckdb
import pytest
from built_survey import build_survey

from barometer.settings import Settings, load_settings
from publication.copying import columns_of_source
from publication.public.tables.columns import KEPT, ROWS
from publication.tables import SOURCE, released_tables
from registry import Registry, load_registry

WAVE = "2021"
OTHER = "other_answers"


def exchange_answers(path: Path, registry: Registry) -> None:
    """Give every response of an export the answers of another; who responded stays."""
    answers = {
        each.column_name
        for each in registry.columns
        if (each.wave, each.kind, each.role) == (WAVE, "export", "answer")
    }
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file)
    places = [at for at, name in enumerate(header) if name in answers]
    assert len(places) > 50
    others = random.Random(5).sample(rows, len(rows))
    given = [[row[at] for at in places] for row in others]
    for row, values in zip(rows, given, strict=True):
        for at, value in zip(places, values, strict=True):
            row[at] = value
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([header, *rows])


@pytest.mark.thorough
@pytest.mark.xdist_group("example_refresh")
def test_what_is_kept_of_the_build_is_the_same_when_answers_change_hands(
    example_refresh: Settings, tmp_path: Path
) -> None:
    registry = load_registry(example_refresh.seeds)
    inbox = tmp_path / "inbox"
    shutil.copytree(example_refresh.inbox, inbox)
    for path in sorted(inbox.glob(f"IBO{WAVE}_synthetic_export*.csv")):
        exchange_answers(path, registry)
    settings = load_settings("ibo", home=tmp_path / "home", inbox=inbox)
    build_survey(settings, "path:models/marts")

    with duckdb.connect() as connection:
        connection.execute(f"attach '{example_refresh.warehouse}' as {SOURCE} (read_only)")
        connection.execute(f"attach '{settings.warehouse}' as {OTHER} (read_only)")
        connection.execute("create temp table public_claims (wave text, claim_id text)")
        manifest = example_refresh.dbt_target / "manifest.json"
        tables = released_tables(connection, registry, manifest)
        columns = columns_of_source(connection)
        figures = " except all ".join(
            f"select estimate from {build}.core.fct_estimates where wave = '{WAVE}'"
            for build in (SOURCE, OTHER)
        )
        moved = connection.execute(f"select count(*) from ({figures})").fetchone()
        assert moved is not None
        assert moved[0] > 1000
        for place in sorted({table.place for table in tables}):
            kept = ", ".join(f'"{name}"' for name, _ in columns[place] if name in KEPT)
            one, other = (
                f"select {kept} from {build}.{'.'.join(place)} where {ROWS.get(place, 'true')}"
                for build in (SOURCE, OTHER)
            )
            for these, those in ((one, other), (other, one)):
                found = connection.execute(f"({these}) except all ({those}) limit 3").fetchall()
                assert found == [], place
