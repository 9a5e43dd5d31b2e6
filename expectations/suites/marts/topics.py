"""Expectations on the findings, and on their tables per topic."""

from __future__ import annotations

from expectations.checks import NoRows, NotEmpty, Suite, literal
from expectations.suites.marts.facts import ESTIMATE, common_checks
from registry import Registry

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


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the findings and of the tables per topic."""
    return (
        _findings(),
        *([_topics()] if registry.topic_marts else []),
        *(
            _topic(mart.schema_name, mart.mart_id)
            for mart in registry.topic_marts
            if mart.has_own_columns
        ),
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


def _topics() -> Suite:
    """The rows of every topic in one table, from which the release cuts one table per topic."""
    relation = "topics.findings"
    keys = ("mart_id", *ESTIMATE)
    listed = "registry.topic_mart_indicators as listed"
    return Suite(
        layer="marts",
        schema="topics",
        table="findings",
        grain="topic, wave, classification, group and indicator",
        keys=keys,
        checks=(
            NotEmpty(),
            NoRows(
                "every row says the same as core.mart_findings, about an indicator of the topic",
                f"select {', '.join(f'here.{key}' for key in keys)}\n"
                f"from {relation} as here\nleft join {listed}\n"
                "    on here.mart_id = listed.mart_id and here.indicator_id = listed.indicator_id\n"
                "left join core.mart_findings as finding\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                f"where listed.mart_id is null or finding.wave is null\n    or {_different()}",
            ),
            NoRows(
                "every finding about an indicator of the topic is there",
                f"select listed.mart_id, {', '.join(f'finding.{key}' for key in ESTIMATE)}\n"
                f"from core.mart_findings as finding\ninner join {listed}\n"
                "    on finding.indicator_id = listed.indicator_id\n"
                f"left join {relation} as here\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                "    and here.mart_id = listed.mart_id\n"
                "where here.wave is null",
            ),
        ),
    )


def _topic(schema: str, table: str) -> Suite:
    """A topic that has columns of its own, in a table of its own."""
    relation, rows = f"{schema}.{table}", f"topics.findings where mart_id = {literal(table)}"
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(
            NotEmpty(),
            NoRows(
                "every row says the same as topics.findings",
                f"select {', '.join(f'here.{key}' for key in ESTIMATE)}\n"
                f"from {relation} as here\nleft join (select * from {rows}) as finding\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                f"where finding.wave is null\n    or {_different()}",
            ),
            NoRows(
                "every row of topics.findings about it is there",
                f"select {', '.join(f'finding.{key}' for key in ESTIMATE)}\n"
                f"from (select * from {rows}) as finding\nleft join {relation} as here\n"
                f"    on {_same_keys('here', 'finding', ESTIMATE)}\n"
                "where here.wave is null",
            ),
        ),
    )


def _different() -> str:
    return "\n    or ".join(
        f"here.{column} is distinct from finding.{column}" for column in FINDING[len(ESTIMATE) :]
    )


def _same_keys(one: str, other: str, keys: tuple[str, ...]) -> str:
    return " and ".join(f"{one}.{key} = {other}.{key}" for key in keys)
