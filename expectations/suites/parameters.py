"""What the files of expectations may ask of a survey: its thresholds, lists, and what it has."""

from __future__ import annotations

from barometer.project_file import variable
from expectations.checks import values_table
from registry import Registry


def parameters(registry: Registry) -> dict[str, object]:
    """Return the values that a file may name; `../.sqlfluff` gives the linter one of each."""
    return {**_thresholds(registry), **_lists(registry), **_tables(registry)}


def _thresholds(registry: Registry) -> dict[str, object]:
    rules = {rule.rule_id: rule.value for rule in registry.publication_rules}
    base = int(registry.rule("minimum_base"))
    return {
        "significance_level": float(variable("significance_level")),
        "minimum_base": base,
        "minimum_scale_base": max(base, int(rules.get("minimum_scale_responses", "0"))),
        "minimum_quartile_base": int(rules.get("minimum_quartile_responses", "0")),
    }


def _lists(registry: Registry) -> dict[str, object]:
    """A survey need not have a frame, compare anything or have scales."""
    has_scales = bool(registry.scales)
    return {
        "survey": registry.survey.survey_id,
        "wave_names": [wave.wave for wave in registry.waves],
        "readers": [group for group in registry.organisation_groups if group.own_schema],
        "topic_marts": registry.topic_marts,
        "all_columns_listed": registry.survey.unlisted_columns == "error",
        "has_treated_columns": any(column.treatment for column in registry.columns),
        "has_frame": any(wave.frame_source != "registry" for wave in registry.waves),
        "has_comparisons": bool(registry.comparisons),
        "has_claims": bool(registry.claims),
        "has_scales": has_scales,
        "has_scale_bands": has_scales and bool(registry.scale_bands),
        "has_scale_outcomes": has_scales and bool(registry.scale_outcomes),
    }


def _tables(registry: Registry) -> dict[str, object]:
    """Registries as subqueries: the raw layer is checked before dbt has loaded them."""
    waves = [
        (wave.wave, wave.frame_source, wave.expected_responses_low, wave.expected_responses_high)
        for wave in registry.waves
    ]
    deliveries = [(delivery.wave, delivery.kind, delivery.part) for delivery in registry.deliveries]
    keys = [
        (column.wave, column.kind, column.part, column.column_name)
        for column in registry.columns
        if column.role == "organisation_key"
    ]
    treated = [
        (column.wave, column.kind, column.part, column.column_name, column.treatment)
        for column in registry.columns
        if column.treatment is not None
    ]
    part = {"wave": "text", "kind": "text", "part": "text"}
    column = {**part, "column_name": "text"}
    limits = {"wave": "text", "frame_source": "text", "low": "bigint", "high": "bigint"}
    return {
        "waves": values_table(waves, limits),
        "deliveries": values_table(deliveries, part),
        "organisation_keys": values_table(keys, column),
        "treated_columns": values_table(treated, {**column, "treatment": "text"}),
    }
