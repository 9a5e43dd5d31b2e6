"""How dbt's models and seeds appear in Dagster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtProject

Node = Mapping[str, Any]

SEEDS_SCHEMA = "registry"
REGISTRY = dg.AssetKey([SEEDS_SCHEMA])
MARTS_PREFIX = "marts_"
LAYERS = ("registry", "staging", "cleaned", "estimation")


class WarehouseTranslator(DagsterDbtTranslator):
    """Names a table as the warehouse does: schema, then table."""

    def get_asset_key(self, dbt_resource_props: Node) -> dg.AssetKey:
        """Return the key of a model, seed or source."""
        return asset_key(dbt_resource_props)

    def get_asset_spec(
        self, manifest: Node, unique_id: str, project: DbtProject | None
    ) -> dg.AssetSpec:
        """Return the asset of a model. Registries are what people keep: one asset for all seeds."""
        spec = super().get_asset_spec(manifest, unique_id, project)
        tables = [dep for dep in spec.deps if dep.asset_key.path[0] != SEEDS_SCHEMA]
        if tables == [*spec.deps]:
            return spec
        return spec.replace_attributes(deps=[*tables, dg.AssetDep(REGISTRY)])

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
