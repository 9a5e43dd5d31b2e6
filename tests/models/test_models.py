"""What every model must be: portable, documented, one grain, under contract when published."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from sqlglot.errors import ErrorLevel

from barometer.settings import PROJECT_ROOT, load_settings

# On the worker that refreshes the example: another one would only wait for it.
pytestmark = pytest.mark.xdist_group("example_refresh")

DUCKDB_ONLY = re.compile(
    r"::|\bqualify\b|\bpivot\b|\bunpivot\b|\bgroup\s+by\s+all\b|\border\s+by\s+all\b"
    r"|\bexclude\s*\(|\bilike\b|\bstruct_pack\b|\blist_\w+\(|\bfilter\s*\(",
    re.IGNORECASE,
)
MODELS = sorted((PROJECT_ROOT / "models").rglob("*.sql"))


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The manifest of a compiled project; nothing is built."""
    folder = tmp_path_factory.mktemp("compiled")
    environment = load_settings("ibo", home=folder).dbt_environment() | {
        "BAROMETER_WAREHOUSE": ":memory:"
    }
    subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "--quiet", "compile"],
        cwd=PROJECT_ROOT,
        env=os.environ | environment,
        check=True,
    )
    return json.loads((Path(environment["DBT_TARGET_PATH"]) / "manifest.json").read_text())


def nodes(manifest: dict[str, Any], resource_type: str) -> list[dict[str, Any]]:
    return [n for n in manifest["nodes"].values() if n["resource_type"] == resource_type]


def test_every_compiled_model_and_test_is_spark_sql(manifest: dict[str, Any]) -> None:
    compiled = [
        node
        for kind in ("model", "test")
        for node in nodes(manifest, kind)
        if node.get("compiled_code") and node["language"] == "sql"
    ]
    assert len(compiled) > 200
    for node in compiled:
        sqlglot.parse_one(node["compiled_code"], dialect="spark", error_level=ErrorLevel.RAISE)


def test_no_model_uses_what_only_duckdb_reads() -> None:
    assert len(MODELS) > 90
    found = {path.stem: DUCKDB_ONLY.findall(path.read_text()) for path in MODELS}
    assert {name: words for name, words in found.items() if words} == {}


def test_every_model_states_its_grain_and_describes_its_columns(manifest: dict[str, Any]) -> None:
    for model in nodes(manifest, "model"):
        assert model["description"].startswith("One row per "), model["name"]
        assert model["columns"], model["name"]
        for column in model["columns"].values():
            assert column["description"].strip(), (model["name"], column["name"])


def test_every_seed_states_its_grain_and_describes_its_columns(manifest: dict[str, Any]) -> None:
    for seed in nodes(manifest, "seed"):
        assert seed["description"].startswith("One row per "), seed["name"]
        assert set(seed["config"]["column_types"]) == set(seed["columns"]), seed["name"]
        assert all(column["description"] for column in seed["columns"].values()), seed["name"]


def test_every_published_model_has_a_contract_and_a_tested_key(manifest: dict[str, Any]) -> None:
    keyed = {
        test["attached_node"]
        for test in nodes(manifest, "test")
        if test.get("test_metadata", {}).get("name") == "grain"
    }
    published = [m for m in nodes(manifest, "model") if m["fqn"][1] == "marts"]
    assert len(published) > 20
    for model in published:
        assert model["config"]["contract"]["enforced"], model["name"]
        assert model["unique_id"] in keyed, model["name"]
        assert all(c["data_type"] for c in model["columns"].values()), model["name"]


def test_no_data_test_repeats_a_contract_or_what_validate_checks(manifest: dict[str, Any]) -> None:
    contracted = {
        model["unique_id"] for model in nodes(manifest, "model") if "marts" in model["fqn"]
    }
    assert len(contracted) > 30
    for test in nodes(manifest, "test"):
        name = test.get("test_metadata", {}).get("name", "singular")
        looked_at = test.get("attached_node") or ""
        assert not looked_at.startswith(("seed.", "source.")), test["name"]
        assert looked_at not in contracted or name == "grain", test["name"]


def test_the_documented_columns_are_the_built_ones(
    manifest: dict[str, Any], example_warehouse: Path
) -> None:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        rows = connection.execute(
            "select table_schema, table_name, list(column_name order by ordinal_position)"
            " from information_schema.columns group by all"
        ).fetchall()
    built = {(schema, name): columns for schema, name, columns in rows}
    for model in nodes(manifest, "model"):
        if model["config"]["materialized"] == "ephemeral":
            continue
        name = (model["schema"], model["alias"])
        assert sorted(built[name]) == sorted(model["columns"]), name


def test_every_topic_with_a_schema_has_its_folder(manifest: dict[str, Any]) -> None:
    from registry import load_registry

    registry = load_registry(PROJECT_ROOT / "seeds")
    wanted = {mart.schema_name for mart in registry.topic_marts if mart.has_own_columns}
    folders = {path.name for path in (PROJECT_ROOT / "models/marts/ibo").iterdir() if path.is_dir()}
    schemas = {m["schema"] for m in nodes(manifest, "model") if m["fqn"][1] == "marts"}
    assert folders == wanted
    assert schemas == wanted | {"core", "groups", "topics"}
