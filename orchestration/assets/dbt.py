"""Every model of the dbt project, in two parts with a gate between them."""

from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtProject, dbt_assets
from dagster_dbt.asset_utils import get_subset_selection_for_context
from dagster_dbt.core.dbt_cli_event import DbtCoreCliEventMessage

from barometer.settings import Settings
from orchestration.assets.resources import RETRIES, WAREHOUSE_POOL, WarehouseResource
from orchestration.assets.translator import REGISTRY, WarehouseTranslator, without_seeds
from orchestration.dbt.process import (
    DBT_LAYERS,
    SEEDS,
    DbtError,
    DbtNode,
    build_arguments,
    finished_node,
    stream_dbt,
)
from orchestration.state.checked_layers import forget_checked

Manifest = Mapping[str, Any]


def dbt_layer_assets(settings: Settings, manifest: Manifest, layer: str) -> dg.AssetsDefinition:
    """Return the assets that one run of dbt builds and tests."""
    shown, readers = without_seeds(manifest)
    translator = WarehouseTranslator(readers)
    # Dagster shows the seeds as one asset that others make; here they are built all the same.
    selection = " ".join(chosen for chosen in DBT_LAYERS[layer] if chosen != SEEDS)
    seeds = [SEEDS] if SEEDS in DBT_LAYERS[layer] else []

    @dbt_assets(
        manifest=shown,
        select=selection,
        name=f"dbt_{layer}",
        project=DbtProject(settings.root, target_path=settings.dbt_target),
        dagster_dbt_translator=translator,
        retry_policy=RETRIES,
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Any]:
        selected, _ = get_subset_selection_for_context(
            context=context,
            manifest=shown,
            select=selection,
            exclude=None,
            selector=None,
            dagster_dbt_translator=translator,
            current_dbt_indirect_selection_env=None,
        )
        with warehouse.writing() as present:
            forget_checked(present, layer)
            for event in stream_dbt(present, build_arguments(layer, [*selected, *seeds])):
                node = finished_node(event)
                if node is not None:
                    require_known(node, manifest)
                    context.log.info(node.line())
                    if node.resource_type == "seed":
                        continue
                yield from DbtCoreCliEventMessage(dict(event), {}).to_default_asset_events(
                    shown, translator, context
                )

    return build


def registry_asset() -> dg.AssetSpec:
    """Return the registries, which people keep; dbt loads them as seeds before it builds."""
    return dg.AssetSpec(
        REGISTRY,
        group_name="landing",
        description="The survey as data: a CSV file per registry, loaded by `dbt_cleaned`.",
        kinds={"csv"},
    )


def require_known(node: DbtNode, manifest: Manifest) -> None:
    """Refuse a node that was not there when Dagster loaded the project.

    Raises:
        DbtError: a model or test was added or changed meanwhile.
    """
    if node.unique_id not in manifest["nodes"]:
        raise DbtError(
            "The dbt project has changed since Dagster loaded it.",
            where=node.unique_id,
            expected="the models and tests that Dagster shows",
            remedy="Choose 'Reload definitions' in Dagster, then run the job again.",
        )
