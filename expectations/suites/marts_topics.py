"""Expectations on the findings, on their tables per topic, and on what a group gets of them."""

from __future__ import annotations

from barometer.registry import Registry
from barometer.registry_records import OrganisationGroup
from expectations.checks import NoRows, NotEmpty, Suite, literal, not_null, unique
from expectations.suites.marts_copies import within_group
from expectations.suites.marts_dimensions import nobody_identifiable
from expectations.suites.marts_facts import ESTIMATE, common_checks

FIGURES = (
    "n_answered",
    "estimate",
    "estimate_lower",
    "estimate_upper",
    "standard_error",
    "n_answered_rest",
    "estimate_rest",
    "difference_from_rest",
    "n_answered_previous",
    "estimate_previous",
    "change",
)
FINDING = (
    *ESTIMATE,
    *FIGURES,
    "position_verdict",
    "change_verdict",
    "suppression_status",
    "suppression_reason",
)
SCALE = ("wave", "classification_id", "group_id", "scale_id")
# Table of a group, the table it is taken from, what identifies a row, which columns name groups.
COPIES = (
    ("findings", "mart_findings", ESTIMATE, ("group_id",)),
    (
        "comparisons",
        "mart_comparisons",
        ("wave", "comparison_id", "indicator_id"),
        ("group_a", "group_b"),
    ),
    (
        "trends",
        "mart_trends",
        ("classification_id", "group_id", "indicator_id", "wave_from", "wave"),
        ("group_id",),
    ),
    ("scale_scores", "mart_scale_scores", SCALE, ("group_id",)),
    ("scale_reliability", "mart_scale_reliability", SCALE, ("group_id",)),
    ("scale_distribution", "mart_scale_distribution", (*SCALE, "band_id"), ("group_id",)),
    (
        "scale_cross",
        "mart_scale_cross",
        (*SCALE, "band_id", "outcome_indicator_id"),
        ("group_id",),
    ),
    (
        "scale_associations",
        "mart_scale_associations",
        (*SCALE, "outcome_indicator_id"),
        ("group_id",),
    ),
)


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the findings, of the tables per topic, and of those per group."""
    own = tuple(group for group in registry.organisation_groups if group.own_schema)
    return (
        _findings(),
        *(_topic(mart.schema_name, mart.mart_id) for mart in registry.topic_marts),
        *(_copy(group, *copy) for group in own for copy in COPIES),
    )


def _findings() -> Suite:
    relation = "core.mart_findings"
    return Suite(
        layer="marts",
        schema="core",
        table="mart_findings",
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(
            *common_checks("core", "mart_findings", ESTIMATE, FIGURES),
            NoRows(
                "every finding says the same as core.fct_estimates",
                f"select {', '.join(f'here.{key}' for key in ESTIMATE)}\n"
                f"from {relation} as here\nleft join core.fct_estimates as fact\n"
                f"    on {_same_keys('here', 'fact', ESTIMATE)}\n"
                "where fact.wave is null\n"
                "    or here.n_answered is distinct from fact.n_answered\n"
                "    or here.estimate is distinct from fact.weighted_estimate\n"
                "    or here.estimate_lower is distinct from fact.weighted_lower\n"
                "    or here.suppression_reason is distinct from fact.suppression_reason",
            ),
            NoRows(
                "every row of core.fct_estimates is there",
                f"select {', '.join(f'fact.{key}' for key in ESTIMATE)}\n"
                f"from core.fct_estimates as fact\nleft join {relation} as here\n"
                f"    on {_same_keys('here', 'fact', ESTIMATE)}\n"
                "where here.wave is null",
            ),
            NoRows(
                "a position is a comparison with a rest",
                f"select {', '.join(f'here.{key}' for key in ESTIMATE)}\n"
                f"from {relation} as here\n"
                "where here.position_verdict is not null and not exists (\n"
                "    select 1 from core.mart_comparisons as compared\n"
                "    where compared.wave = here.wave\n"
                "        and compared.classification_id = here.classification_id\n"
                "        and compared.group_a = here.group_id\n"
                "        and compared.rest_of_group_id = here.rest_of_group_id\n"
                "        and compared.indicator_id = here.indicator_id\n"
                "        and compared.verdict = here.position_verdict\n"
                "        and compared.difference is not distinct from here.difference_from_rest\n"
                ")",
            ),
            NoRows(
                "a change is a trend since an earlier wave",
                f"select {', '.join(f'here.{key}' for key in ESTIMATE)}\n"
                f"from {relation} as here\n"
                "where here.change_verdict is not null and not exists (\n"
                "    select 1 from core.mart_trends as changed\n"
                f"    where {_same_keys('changed', 'here', ESTIMATE)}\n"
                "        and changed.wave_from = here.previous_wave\n"
                "        and changed.verdict = here.change_verdict\n"
                "        and changed.difference is not distinct from here.change\n"
                ")",
            ),
        ),
    )


def _topic(schema: str, table: str) -> Suite:
    relation = f"{schema}.{table}"
    shown = (
        f"select indicator_id from registry.topic_mart_indicators where mart_id = {literal(table)}"
    )
    different = "\n    or ".join(
        f"here.{column} is distinct from finding.{column}" for column in FINDING[len(ESTIMATE) :]
    )
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(
            NotEmpty(),
            NoRows(
                "every row says the same as core.mart_findings, about an indicator of the topic",
                f"select {', '.join(f'here.{key}' for key in ESTIMATE)}\n"
                f"from {relation} as here\nleft join core.mart_findings as finding\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                f"    and finding.indicator_id in ({shown})\n"
                f"where finding.wave is null\n    or {different}",
            ),
            NoRows(
                "every finding about an indicator of the topic is there",
                f"select {', '.join(f'finding.{key}' for key in ESTIMATE)}\n"
                f"from core.mart_findings as finding\nleft join {relation} as here\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                f"where here.wave is null and finding.indicator_id in ({shown})",
            ),
        ),
    )


def _copy(
    group: OrganisationGroup,
    table: str,
    mart: str,
    keys: tuple[str, ...],
    group_columns: tuple[str, ...],
) -> Suite:
    relation, source = f"{group.group_id}.{table}", f"core.{mart}"
    about = " or ".join(f"source.{column} = {literal(group.group_id)}" for column in group_columns)
    return Suite(
        layer="marts",
        schema=group.group_id,
        table=table,
        grain=", ".join(keys),
        keys=tuple(key for key in keys if key in ESTIMATE),
        checks=(
            *not_null("wave", "classification_id", "suppression_status"),
            unique(relation, *keys),
            NoRows(
                f"every row is one of {source}",
                "select distinct wave, classification_id from (\n"
                f"    select * from {relation}\n    except\n    select * from {source}\n"
                ") as strange",
            ),
            NoRows(
                f"every row of {source} about {group.group_id} itself is there",
                f"select distinct source.wave, source.classification_id from {source} as source\n"
                f"left join {relation} as here on {_same_keys('here', 'source', keys)}\n"
                f"where source.classification_id = {literal(group.classification_id)}\n"
                f"    and ({about}) and here.wave is null",
            ),
            within_group(relation, group, group_columns),
            nobody_identifiable(group.group_id, table),
        ),
    )


def _same_keys(one: str, other: str, keys: tuple[str, ...]) -> str:
    return " and ".join(f"{one}.{key} = {other}.{key}" for key in keys)
