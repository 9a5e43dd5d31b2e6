"""Every model of the dbt project, in two parts with a gate between them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliInvocation, DbtCliResource, dbt_assets

from barometer.settings import Settings
from orchestration.assets.resources import RETRIES, WAREHOUSE_POOL, WarehouseResource
from orchestration.assets.translator import REGISTRY, WarehouseTranslator
from orchestration.dbt.child import close_warehouse
from orchestration.dbt.command import executable
from orchestration.dbt.process import (
    BUILD,
    DBT_LAYERS,
    SEEDS,
    DbtError,
    build_environment,
    dbt_failure,
    failed_nodes,
)
from orchestration.flow.steps import note_node
from orchestration.state.checked_layers import forget_checked

Manifest = Mapping[str, Any]


def dbt_layer_assets(manifest: Manifest, layer: str) -> dg.AssetsDefinition:
    """Return the assets that one run of dbt builds and tests."""

    # Not given a project: to build many single assets the library would copy its whole folder,
    # environment and warehouses included.
    @dbt_assets(
        manifest=manifest,
        # Others make the registries, as Dagster shows them; here they are built all the same.
        select=" ".join(chosen for chosen in DBT_LAYERS[layer] if chosen != SEEDS),
        name=f"dbt_{layer}",
        dagster_dbt_translator=WarehouseTranslator(),
        retry_policy=RETRIES,
        pool=WAREHOUSE_POOL,
    )
    def build(context: dg.AssetExecutionContext, warehouse: WarehouseResource) -> Iterator[Any]:
        with warehouse.writing(f"dbt_{layer}") as present:
            forget_checked(present, layer)
            for event in stream_build(context, present, layer):
                context.log.info(node_line(event))
                if not is_seed(event):
                    yield event

    return build


def registry_asset() -> dg.AssetSpec:
    """Return the registries, which people keep; dbt loads them as seeds before it builds."""
    return dg.AssetSpec(
        REGISTRY,
        group_name="landing",
        description="The survey as data: a CSV file per registry, loaded by `dbt_cleaned`.",
        kinds={"csv"},
    )


def stream_build(
    context: dg.AssetExecutionContext, settings: Settings, layer: str
) -> Iterator[Any]:
    """Build and test what the run selects of a layer; yield Dagster's events when dbt has ended.

    Rows and columns are read then, through a connection of our own: nobody can open the file before
    dbt lets go of it. Until then `dbt.log` tells how far it is.

    Raises:
        DbtError: dbt ended with an error, or does not know the project that Dagster shows.
        DiskFullError: there is no room left.
    """
    # So that a run that ends early is not told by what an earlier one left.
    (settings.dbt_target / "run_results.json").unlink(missing_ok=True)
    arguments = dagster_arguments(settings, layer)
    resource = DbtCliResource(
        project_dir=settings.root, profiles_dir=settings.root, dbt_executable=executable()
    )
    with _environment(build_environment(settings)):
        invocation = resource.cli(
            arguments, context=context, target_path=settings.dbt_target, raise_on_error=False
        )
    try:
        # First the end: the library would wait for it in a loop that takes a whole processor.
        succeeded = invocation.is_successful()
        # No lineage of columns: the library reads the SQL of a model again for it, which takes
        # more processor than all else here, and it cannot read those in Python.
        events = invocation.stream().fetch_row_counts()
        yield from events.fetch_column_metadata(with_column_lineage=False)
        if not succeeded:
            raise dbt_failure(settings, arguments, _problems(invocation))
    except KeyError as unknown:
        require_known(str(unknown.args[0]), invocation.manifest)
        raise
    finally:
        invocation.process.kill()
        invocation.process.wait()
        close_warehouse()


def dagster_arguments(settings: Settings, layer: str) -> list[str]:
    """Return dbt's arguments for a run of Dagster, which adds what it selects."""
    seeds = ["--select", SEEDS] if SEEDS in DBT_LAYERS[layer] else []
    logs = ["--log-path", str(settings.dbt_logs), "--log-level-file", "info", "--no-use-colors"]
    return [*BUILD, *logs, *seeds]


def node_line(event: Any) -> str:  # noqa: ANN401 - outputs, check results and observations
    """Return what an event says of a node of dbt, as a line of the log."""
    said = {name: value.value for name, value in event.metadata.items()}
    seconds = said.get("Execution Duration") or 0.0
    rows = said.get("dagster/row_count")
    counted = "" if rows is None else f", {rows:,} rows"
    return f"{said.get('unique_id', '')} {said.get('status', '')} in {seconds:.1f} s{counted}"


def is_seed(event: Any) -> bool:  # noqa: ANN401
    """Return whether an event is about a seed, which in Dagster is no table of its own."""
    return str(event.metadata["unique_id"].value).startswith("seed.")


def require_known(unique_id: str, manifest: Manifest) -> None:
    """Refuse a node that was not there when Dagster loaded the project.

    Raises:
        DbtError: a model or test was added or changed meanwhile.
    """
    if unique_id not in manifest["nodes"]:
        raise DbtError(
            "The dbt project has changed since Dagster loaded it.",
            where=unique_id,
            expected="the models and tests that Dagster shows",
            remedy="Choose 'Reload definitions' in Dagster, then run the job again.",
        )


def _problems(invocation: DbtCliInvocation) -> list[str]:
    try:
        found = failed_nodes(invocation.get_artifact("run_results.json"))
    except FileNotFoundError:
        found = {}
    for unique_id in found:
        note_node(unique_id, "failed", ok=False)
    lines = [f"{unique_id}: {message}" for unique_id, message in found.items()]
    return lines or [str(invocation.get_error())]


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Set variables while the library starts dbt: it hands on those of this process alone."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
