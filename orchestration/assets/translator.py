"""How dbt's models and seeds appear in Dagster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

Node = Mapping[str, Any]

REGISTRY = dg.AssetKey(["registry"])
MARTS_PREFIX = "marts_"
LAYERS = ("registry", "staging", "cleaned", "estimation")


class WarehouseTranslator(DagsterDbtTranslator):
    """Names a table as the warehouse does: schema, then table.

    Args:
        readers_of_seeds: unique ids of what reads a seed; see `without_seeds`.
    """

    def __init__(self, readers_of_seeds: frozenset[str]) -> None:
        super().__init__()
        self.readers_of_seeds = readers_of_seeds

    def get_asset_key(self, dbt_resource_props: Node) -> dg.AssetKey:
        """Return the key of a model, seed or source."""
        return asset_key(dbt_resource_props)

    def get_asset_spec(
        self, manifest: Node, unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Return the asset of a model; what reads a seed rests on the registries as one asset."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        if unique_id not in self.readers_of_seeds:
            return spec
        return spec.merge_attributes(deps=[REGISTRY])

    def get_group_name(self, dbt_resource_props: Node) -> str:
        """Return the layer, or the organisation group of a mart."""
        return group_name(dbt_resource_props)

    def get_description(self, dbt_resource_props: Node) -> str:
        """Return what the project says of the table; the SQL is a click away in dbt's docs."""
        return str(dbt_resource_props.get("description") or "")


def asset_key(node: Node) -> dg.AssetKey:
    """Return `schema/table`."""
    return dg.AssetKey([node["schema"], table_name(node)])


def table_name(node: Node) -> str:
    """Return the name of the table in the database."""
    return str(node.get("alias") or node.get("identifier") or node["name"])


def group_name(node: Node) -> str:
    """Return the layer; marts are grouped by the schema that a reader is given."""
    schema = str(node["schema"])
    return schema if schema in LAYERS else f"{MARTS_PREFIX}{schema}"


def without_seeds(manifest: Node) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the manifest as Dagster is to see it, and what reads a seed.

    Registries are what people keep, not what the pipeline makes: they are one asset in Dagster.
    """

    def kept(unique_ids: list[str]) -> list[str]:
        return [unique_id for unique_id in unique_ids if not unique_id.startswith("seed.")]

    nodes, readers = {}, set()
    for unique_id in kept(list(manifest["nodes"])):
        node = manifest["nodes"][unique_id]
        upstream = node["depends_on"]["nodes"] if "nodes" in node.get("depends_on", {}) else []
        if kept(upstream) != upstream:
            readers.add(unique_id)
            node = {**node, "depends_on": {**node["depends_on"], "nodes": kept(upstream)}}
        nodes[unique_id] = node
    maps = {
        name: {key: kept(manifest[name][key]) for key in kept(list(manifest[name]))}
        for name in ("parent_map", "child_map")
    }
    return {**manifest, **maps, "nodes": nodes}, frozenset(readers)
