"""The asset graph: complete, grouped, gated, and never changed by accident."""

from __future__ import annotations

import os
from pathlib import Path

import dagster as dg
import pytest
from graph import asset_lines, expectation_lines

from barometer.settings import load_settings
from orchestration.definitions import build_definitions
from registry import load_registry
from registry.schemas import mart_schemas

SNAPSHOT = Path(__file__).parent / "asset_graph.txt"


@pytest.fixture(scope="module")
def graph(ibo_definitions):
    return ibo_definitions.resolve_asset_graph()


def test_the_graph_is_as_agreed(graph):
    """After a change on purpose, run this file with UPDATE_SNAPSHOTS=1 and review the diff."""
    lines = "\n".join([*asset_lines(graph), "", *expectation_lines(graph)]) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SNAPSHOT.write_text(lines, encoding="utf-8")

    assert lines == SNAPSHOT.read_text(encoding="utf-8")


def test_every_source_of_dbt_is_landed_here(graph):
    missing = [
        key.to_user_string() for key in graph.get_all_asset_keys() if graph.get(key).is_external
    ]

    assert sorted(missing) == ["inbox/deliveries", "registry"]


def test_the_release_rests_on_every_released_table(graph, ibo_settings):
    schemas = mart_schemas(load_registry(ibo_settings.seeds))
    marts = {key for key in graph.get_all_asset_keys() if key.path[0] in schemas}

    assert graph.get(dg.AssetKey(["release", "internal"])).parent_keys == marts
    assert {key.path[0] for key in marts} == set(schemas)


def test_marts_are_grouped_by_their_schema(graph):
    assert graph.get(dg.AssetKey(["groups", "findings"])).group_name == "marts_groups"
    assert graph.get(dg.AssetKey(["core", "mart_estimates"])).group_name == "marts_core"


def test_landing_is_partitioned_by_wave_and_nothing_else_is(graph):
    partitioned = {
        key.to_user_string()
        for key in graph.get_all_asset_keys()
        if graph.get(key).partitions_def is not None
    }

    assert partitioned == {
        f"raw/{table}" for table in ("exports", "export_columns", "value_labels", "cells", "frame")
    }
    assert graph.get(dg.AssetKey(["raw", "cells"])).partitions_def.get_partition_keys() == [
        "2021",
        "2023",
        "2025",
    ]


def test_every_writer_takes_the_one_slot_of_the_pool(ibo_definitions):
    job = ibo_definitions.resolve_job_def("refresh")

    pools = {node.name: node.definition.pool for node in job.graph.nodes}

    assert set(pools) == {
        "land_inbox",
        "check_raw",
        "dbt_cleaned",
        "check_cleaned",
        "dbt_marts",
        "check_marts",
        "release",
    }
    assert set(pools.values()) == {"warehouse"}


def test_dbt_tests_are_checks_of_their_tables(graph):
    names = {
        key.name
        for key in graph.asset_check_keys
        if key.asset_key == dg.AssetKey(["core", "mart_estimates"])
    }

    assert "expectations" in names
    assert any(name.startswith("grain_") for name in names)


@pytest.mark.thorough
def test_another_survey_needs_no_line_of_code(tmp_path):
    settings = load_settings("pls", home=tmp_path)
    graph = build_definitions(settings).resolve_asset_graph()

    keys = {key.to_user_string() for key in graph.get_all_asset_keys()}

    assert {"raw/cells", "cleaned/cln_answers", "core/mart_estimates", "release/internal"} <= keys
    assert not any("rechtswezen" in key for key in keys)
    waves = graph.get(dg.AssetKey(["raw", "cells"])).partitions_def.get_partition_keys()
    assert waves[0] == "1996"
