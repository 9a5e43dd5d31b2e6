"""Everything Dagster knows of one survey; `BAROMETER_SURVEY` says which."""

from __future__ import annotations

import json

import dagster as dg

from barometer.environment import AUTOMATION
from barometer.private import keep_to_owner
from barometer.settings import Settings, load_settings
from orchestration.assets.checks import layer_checks
from orchestration.assets.dbt import dbt_layer_assets, registry_asset
from orchestration.assets.jobs import refresh_job
from orchestration.assets.landing import inbox_asset, landing_assets
from orchestration.assets.release import release_assets
from orchestration.assets.resources import WarehouseResource
from orchestration.automation.alerts import failure_sensor, finding_sensor
from orchestration.automation.schedules import yearly_schedule
from orchestration.automation.sensors import inbox_sensor
from orchestration.dbt.manifest import ensure_manifest
from orchestration.dbt.process import DBT_LAYERS
from orchestration.flow.steps import read_registry
from orchestration.state.checked_layers import LAYERS
from registry.schemas import mart_schemas


def build_definitions(settings: Settings) -> dg.Definitions:
    """Return the assets, checks, job, schedule and sensors of one survey."""
    registry = read_registry(settings)
    manifest = json.loads(ensure_manifest(settings).read_text(encoding="utf-8"))
    waves = dg.StaticPartitionsDefinition([wave.wave for wave in registry.waves])
    dbt = [dbt_layer_assets(manifest, layer) for layer in DBT_LAYERS]
    schemas = mart_schemas(registry)
    marts = [key for assets in dbt for key in assets.keys if key.path[0] in schemas]
    switched_on = AUTOMATION.read() == "on"
    schedule_status = dg.DefaultScheduleStatus("RUNNING" if switched_on else "STOPPED")
    sensor_status = dg.DefaultSensorStatus("RUNNING" if switched_on else "STOPPED")
    return dg.Definitions(
        assets=[
            inbox_asset(),
            registry_asset(),
            landing_assets(waves),
            *dbt,
            release_assets(marts),
        ],
        asset_checks=[layer_checks(layer, registry) for layer in LAYERS],
        jobs=[refresh_job()],
        schedules=[yearly_schedule(registry.waves, schedule_status)],
        sensors=[
            inbox_sensor(registry, sensor_status),
            failure_sensor(sensor_status),
            finding_sensor(sensor_status),
        ],
        resources={"warehouse": WarehouseResource.of(settings)},
        executor=dg.in_process_executor,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the definitions for the survey that the environment names."""
    # Of Dagster's own processes, those for runs, schedules and sensors begin here.
    keep_to_owner()
    return build_definitions(load_settings())
