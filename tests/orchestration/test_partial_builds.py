"""After random changes a build of what changed leaves what a full build leaves, table by table."""

from __future__ import annotations

import csv
import dataclasses
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from built_survey import build_with_tests
from sample_sizes import chunks

from barometer.settings import PROJECT_ROOT, Settings
from orchestration.flow.steps import build_in_full
from publication.tables import keys_by_model

TOLERANCE = 1e-9


def edit(path: Path, change: Callable[[list[dict[str, str]]], None], delimiter: str = ",") -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=delimiter))
    names = list(rows[0])
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=delimiter, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def another_label(settings: Settings, draw: random.Random) -> None:
    table = draw.choice(["indicators", "organisation_groups", "classifications", "scales"])

    def change(rows: list[dict[str, str]]) -> None:
        draw.choice(rows)["label_en"] += " (as it is called now)"

    edit(settings.seeds / f"{table}.csv", change)


def another_order(settings: Settings, draw: random.Random) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        one, other = draw.sample(rows, 2)
        one["position"], other["position"] = other["position"], one["position"]

    edit(settings.seeds / "indicators.csv", change)


def another_rule(settings: Settings, draw: random.Random) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rule = next(row for row in rows if row["rule_id"] == "minimum_base")
        rule["value"] = str(int(rule["value"]) + draw.randint(1, 3))

    edit(settings.seeds / "publication_rules.csv", change)


def a_claim_less(settings: Settings, draw: random.Random) -> None:
    edit(settings.seeds / "claims.csv", lambda rows: rows.remove(draw.choice(rows)))


def a_corrected_export(settings: Settings, draw: random.Random) -> None:
    export = settings.inbox / "IBO2021_synthetic_export_v2.csv"
    with export.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    del rows[draw.randrange(len(rows) // 2, len(rows))]
    corrected = settings.inbox / "IBO2021_synthetic_export_v3.csv"
    with corrected.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def a_table_altered_by_hand(settings: Settings, draw: random.Random) -> None:
    with duckdb.connect(str(settings.warehouse)) as connection:
        tables = connection.execute(
            "select concat(schema_name, '.', table_name) from duckdb_tables() where schema_name in"
            " ('registry', 'cleaned', 'estimation', 'core', 'groups') and estimated_size > 1"
            " order by all"
        ).fetchall()
        (table,) = draw.choice(tables)
        connection.execute(f"delete from {table} where rowid = (select min(rowid) from {table})")


CHANGES = [
    another_label,
    another_order,
    another_rule,
    a_claim_less,
    a_corrected_export,
    a_table_altered_by_hand,
]


@pytest.mark.parametrize("seeds", chunks(3, everyday=1, size=1))
def test_a_build_of_what_changed_equals_a_full_build(example_refresh, tmp_path, seeds):
    home = tmp_path / "home" / "ibo"
    shutil.copytree(example_refresh.settings.home, home, symlinks=True)
    settings = dataclasses.replace(
        example_refresh.settings,
        home=home,
        inbox=shutil.copytree(PROJECT_ROOT / "examples" / "ibo", tmp_path / "inbox"),
        registries=shutil.copytree(PROJECT_ROOT / "seeds", tmp_path / "registries"),
    )
    draw = random.Random(seeds.start)
    for change in draw.sample(CHANGES, 3):
        change(settings, draw)

    build_with_tests(settings)
    partial = shutil.copy(settings.warehouse, tmp_path / "partial.duckdb")
    build_in_full(settings)
    build_with_tests(settings)

    manifest = json.loads((settings.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    assert built_tables(partial) == built_tables(settings.warehouse)
    for relation, key in keyed_tables(manifest).items():
        assert rows_that_differ(partial, settings.warehouse, relation, key) == [], relation


def built_tables(warehouse: Path) -> list[tuple[object, ...]]:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return connection.execute(
            "select schema_name, table_name, column_name, data_type, comment from duckdb_columns()"
            " where database_name = current_database() and schema_name not in ('raw', 'main')"
            " and not internal order by all"
        ).fetchall()


def keyed_tables(manifest: dict) -> dict[str, tuple[str, ...]]:
    nodes = manifest["nodes"]
    found = {
        f"{node['schema']}.{node.get('alias') or node['name']}": keys_by_model(nodes)[unique_id]
        for unique_id, node in nodes.items()
        if node["resource_type"] in ("model", "seed")
        and node["config"]["materialized"] not in ("view", "ephemeral")
        and unique_id in keys_by_model(nodes)
    }
    assert len(found) > 60
    return found


def rows_that_differ(
    one: Path, other: Path, relation: str, key: tuple[str, ...]
) -> list[tuple[object, ...]]:
    with duckdb.connect(":memory:") as connection:
        connection.execute(f"attach '{one}' as one (read_only)")
        connection.execute(f"attach '{other}' as other (read_only)")
        columns = connection.execute(f"describe one.{relation}").fetchall()
        differs = " or ".join(
            f"not coalesce(abs(a.{name} - b.{name}) <= {TOLERANCE} * greatest(1, abs(a.{name})),"
            f" a.{name} is not distinct from b.{name})"
            if kind == "DOUBLE"
            else f"a.{name} is distinct from b.{name}"
            for name, kind, *_ in columns
        )
        same = " and ".join(f"a.{name} is not distinct from b.{name}" for name in key)
        return connection.execute(
            f"select * from one.{relation} as a full join other.{relation} as b on {same}"
            f" where {differs} limit 3"
        ).fetchall()
