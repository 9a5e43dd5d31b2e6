"""Expectations on tables that repeat the facts: with labels, or for one group only."""

from __future__ import annotations

from barometer.registry_records import OrganisationGroup
from expectations.checks import (
    Check,
    HasColumns,
    NoRows,
    NotEmpty,
    Suite,
    literal,
    not_null,
    unique,
)
from expectations.suites.marts_dimensions import nobody_identifiable
from expectations.suites.marts_facts import (
    ESTIMATE,
    ESTIMATE_COLUMNS,
    ESTIMATE_FIGURES,
    GROUP,
    RATE_COLUMNS,
    RATE_FIGURES,
)


def response_rates(schema: str, table: str, group: OrganisationGroup | None = None) -> Suite:
    """Return the suite of a table that repeats response rates, all or those of one group."""
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification and group",
        keys=GROUP,
        checks=(
            HasColumns(RATE_COLUMNS),
            *_same(schema, table, group, GROUP, RATE_FIGURES, "core.fct_response_rates"),
        ),
    )


def estimates(schema: str, table: str, group: OrganisationGroup | None = None) -> Suite:
    """Return the suite of a table that repeats estimates, all or those of one group."""
    figures = ("n_responses", "kind", *ESTIMATE_FIGURES)
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(
            HasColumns(ESTIMATE_COLUMNS),
            *_same(schema, table, group, ESTIMATE, figures, "core.fct_estimates"),
        ),
    )


def _same(
    schema: str,
    table: str,
    group: OrganisationGroup | None,
    keys: tuple[str, ...],
    figures: tuple[str, ...],
    fact: str,
) -> tuple[Check, ...]:
    relation = f"{schema}.{table}"
    join = " and ".join(f"here.{column} = fact.{column}" for column in keys)
    different = "\n    or ".join(
        f"here.{column} is distinct from fact.{column}"
        for column in (*figures, "suppression_status", "suppression_reason")
    )
    scope, about = "true", ""
    if group is not None:
        about = f" about {group.group_id} itself"
        scope = (
            f"fact.classification_id = {literal(group.classification_id)}"
            f" and fact.group_id = {literal(group.group_id)}"
        )
    return (
        NotEmpty(),
        *not_null(*keys, "suppression_status"),
        unique(relation, *keys),
        NoRows(
            f"every row says the same as {fact}",
            f"select {', '.join(f'here.{column}' for column in keys)}\n"
            f"from {relation} as here\nleft join {fact} as fact on {join}\n"
            f"where fact.wave is null\n    or {different}",
        ),
        NoRows(
            f"every row of {fact}{about} is there",
            f"select {', '.join(f'fact.{column}' for column in keys)}\n"
            f"from {fact} as fact\nleft join {relation} as here on {join}\n"
            f"where {scope} and here.wave is null",
        ),
        *(() if group is None else (within_group(relation, group),)),
        nobody_identifiable(schema, table),
    )


def within_group(
    relation: str, group: OrganisationGroup, columns: tuple[str, ...] = ("group_id",)
) -> NoRows:
    """Return that nothing is there but the group, what is below it, and what divides it.

    Where several columns name a group, one of them must lie within it.
    """
    return NoRows(
        f"all groups lie within {group.group_id}",
        f"select distinct here.classification_id, here.{columns[0]} as group_id\n"
        f"from {relation} as here\nwhere "
        + "\nand ".join(_outside(group, column) for column in columns),
    )


def _outside(group: OrganisationGroup, column: str) -> str:
    return (
        "not exists (\n"
        "    select 1 from staging.stg_group_ancestors as ancestors\n"
        "    where ancestors.classification_id = here.classification_id\n"
        f"        and ancestors.group_id = here.{column}\n"
        f"        and ancestors.classification_id = {literal(group.classification_id)}\n"
        f"        and ancestors.ancestor_group_id = {literal(group.group_id)}\n"
        ") and not exists (\n"
        "    select 1 from registry.classifications as dividing\n"
        "    where dividing.classification_id = here.classification_id\n"
        f"        and dividing.within_group_id = {literal(group.group_id)}\n"
        ") and not exists (\n"
        "    select 1 from staging.stg_organisation_groups as crossed\n"
        "    left join staging.stg_group_ancestors as ancestors\n"
        "        on crossed.divided_classification_id = ancestors.classification_id\n"
        "        and crossed.divided_group_id = ancestors.group_id\n"
        f"        and ancestors.classification_id = {literal(group.classification_id)}\n"
        f"        and ancestors.ancestor_group_id = {literal(group.group_id)}\n"
        "    left join registry.classifications as dividing\n"
        "        on crossed.divided_classification_id = dividing.classification_id\n"
        f"        and dividing.within_group_id = {literal(group.group_id)}\n"
        "    where crossed.classification_id = here.classification_id\n"
        f"        and crossed.group_id = here.{column}\n"
        "        and (ancestors.group_id is not null or dividing.classification_id is not null)\n"
        ")"
    )
