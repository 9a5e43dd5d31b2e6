"""Expectations on which responses are kept and what they weigh."""

from __future__ import annotations

from expectations.checks import (
    Between,
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)


def suites() -> tuple[Suite, ...]:
    """Return the suites about responses and their weights."""
    return (_responses(), _excluded_responses(), _weights())


def _responses() -> Suite:
    relation = "cleaned.cln_responses"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_responses",
        grain="wave and response that is kept",
        keys=("wave", "response_key"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave", "organisation_key"), "cleaned.cln_organisations"),
            NoRows(
                "every delivered row is kept or excluded with a reason, once",
                "select delivered.wave, delivered.n_rows as expected,\n"
                "    coalesce(handled.n_rows, 0) as found\n"
                "from (\n"
                "    select wave, sum(row_count) as n_rows from raw.exports\n"
                "    where kind = 'export' and superseded_by is null group by wave\n"
                ") as delivered\n"
                "left join (\n"
                "    select wave, count(*) as n_rows from (\n"
                f"        select wave, response_key from {relation}\n"
                "        union all\n"
                "        select wave, response_key from cleaned.cln_excluded_responses\n"
                "    ) as both_kinds group by wave\n"
                ") as handled on delivered.wave = handled.wave\n"
                "where delivered.n_rows <> coalesce(handled.n_rows, 0)",
            ),
            NoRows(
                "as many responses are kept as the registry expects of the wave",
                "select waves.wave, count(responses.response_key) as found\n"
                "from registry.waves as waves\n"
                f"inner join {relation} as responses on waves.wave = responses.wave\n"
                "group by waves.wave\n"
                "having count(responses.response_key) not between\n"
                "    min(waves.expected_responses_low) and max(waves.expected_responses_high)",
            ),
        ),
    )


def _excluded_responses() -> Suite:
    relation = "cleaned.cln_excluded_responses"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_excluded_responses",
        grain="wave and response that is not kept",
        keys=("wave", "response_key"),
        checks=(
            NoRows(
                "no excluded response is kept as well",
                f"select excluded.wave, excluded.response_key from {relation} as excluded\n"
                "inner join cleaned.cln_responses as kept\n"
                "    on excluded.wave = kept.wave and excluded.response_key = kept.response_key",
            ),
        ),
    )


def _weights() -> Suite:
    relation = "cleaned.cln_weights"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_weights",
        grain="wave and response that is kept",
        keys=("wave", "response_key"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave", "response_key"), "cleaned.cln_responses"),
            refers_to(
                "cleaned.cln_responses",
                ("wave", "response_key"),
                relation,
                description="every kept response has a weight",
            ),
            Between("response_count", minimum=1),
            # Who answers stands for himself at least.
            Between("design_weight", minimum=1),
            NoRows(
                "a stratum has one population, one count of responses and one weight",
                f"select wave, stratum_id from {relation} group by wave, stratum_id\n"
                "having count(distinct population_count) > 1\n"
                "    or count(distinct response_count) > 1\n"
                "    or count(distinct design_weight) > 1\n"
                "    or min(response_count) <> count(*)",
            ),
            NoRows(
                "the weights of a stratum add up to its population",
                "select wave, stratum_id, min(population_count) as expected,\n"
                f"    round(sum(design_weight), 3) as found\n"
                f"from {relation} group by wave, stratum_id\n"
                "having abs(sum(design_weight) - min(population_count))\n"
                "    > 1e-6 * min(population_count)",
            ),
            NoRows(
                "without margins the weight is that of the design",
                f"select weights.wave, weights.response_key from {relation} as weights\n"
                "left join cleaned.cln_weighting_margins as margins\n"
                "    on weights.wave = margins.wave\n"
                "where margins.wave is null\n"
                "    and abs(weights.weight - weights.design_weight)\n"
                "    > 1e-9 * weights.design_weight",
            ),
            NoRows(
                "the weights of a group of a margin add up to its organisations",
                "select margins.wave, margins.classification_id, margins.group_id,\n"
                "    min(margins.population_count) as expected,\n"
                "    round(coalesce(sum(weights.weight), 0), 3) as found\n"
                "from cleaned.cln_weighting_margins as margins\n"
                "inner join cleaned.cln_organisation_groups as members\n"
                "    on margins.wave = members.wave\n"
                "    and margins.classification_id = members.classification_id\n"
                "    and margins.group_id = members.group_id\n"
                f"left join {relation} as weights\n"
                "    on members.wave = weights.wave\n"
                "    and members.organisation_key = weights.organisation_key\n"
                f"where margins.wave in (select wave from {relation})\n"
                "group by margins.wave, margins.classification_id, margins.group_id\n"
                "having abs(coalesce(sum(weights.weight), 0) - min(margins.population_count))\n"
                "    > 1e-6 * min(margins.population_count)",
            ),
            NoRows(
                "the weights of a wave add up to the organisations of its covered strata",
                "select strata.wave, strata.n_covered as expected,\n"
                "    round(coalesce(weights.total, 0), 3) as found\n"
                "from (\n"
                "    select wave,\n"
                "        sum(case when is_covered then population_count else 0 end) as n_covered\n"
                "    from cleaned.cln_strata group by wave\n"
                ") as strata\n"
                "left join (\n"
                f"    select wave, sum(design_weight) as total from {relation} group by wave\n"
                ") as weights on strata.wave = weights.wave\n"
                "where abs(coalesce(weights.total, 0) - strata.n_covered)\n"
                "    > 1e-6 * strata.n_covered",
            ),
            NoRows(
                "the strata of a wave hold every organisation of its frame",
                "select organisations.wave, organisations.n_organisations as expected,\n"
                "    coalesce(strata.n_organisations, 0) as found\n"
                "from (\n"
                "    select listed.wave, count(*) as n_organisations\n"
                "    from cleaned.cln_organisations as listed\n"
                "    inner join registry.waves as waves on listed.wave = waves.wave\n"
                "    where waves.frame_source <> 'registry' group by listed.wave\n"
                ") as organisations\n"
                "left join (\n"
                "    select wave, sum(population_count) as n_organisations\n"
                "    from cleaned.cln_strata group by wave\n"
                ") as strata on organisations.wave = strata.wave\n"
                "where organisations.n_organisations <> coalesce(strata.n_organisations, 0)",
            ),
        ),
    )
