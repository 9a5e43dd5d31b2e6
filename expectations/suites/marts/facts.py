"""Expectations on the facts that every published figure comes from."""

from __future__ import annotations

from expectations.checks import (
    Between,
    Check,
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)

GROUP = ("wave", "classification_id", "group_id")
COUNTS = ("n_asked", "n_answered", "n_dont_know", "n_not_asked")
COUNT_SHARES = ("dont_know_share", "not_asked_share")
FIGURES = (
    *COUNT_SHARES,
    "unweighted_estimate",
    "unweighted_lower",
    "unweighted_upper",
    "weighted_estimate",
    "standard_error",
    "design_effect",
    "n_effective",
    "interval_size",
    "weighted_lower",
    "weighted_upper",
)
ESTIMATE = (*GROUP, "indicator_id")
RATE_FIGURES = ("n_population", "n_responses", "response_rate")
ESTIMATE_FIGURES = ("n_responses", *COUNTS, *FIGURES, "interval_method")
ROUNDING = "1e-9"


def response_rates(minimum_base: int) -> Suite:
    """Return the suite of the response rate per wave and group."""
    schema, table = "core", "fct_response_rates"
    relation = f"{schema}.{table}"
    keys = ", ".join(GROUP)
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification and group",
        keys=GROUP,
        checks=(
            *common_checks(schema, table, GROUP, RATE_FIGURES),
            Between("response_rate", 0, 1),
            NoRows(
                f"a published rate has at least {minimum_base} organisations behind it",
                f"select {keys} from {relation}\n"
                f"where suppression_status = 'published' and n_population < {minimum_base}",
            ),
            NoRows(
                "a published rate is the responses divided by the population",
                f"select {keys} from {relation}\n"
                "where suppression_status = 'published' and (\n"
                "    n_population is null or n_responses is null or response_rate is null\n"
                "    or n_responses > n_population\n"
                f"    or abs(response_rate - n_responses / n_population) > {ROUNDING}\n"
                ")",
            ),
            *_whole_tree(relation),
        ),
    )


def estimates(minimum_base: int) -> Suite:
    """Return the suite of the estimate per wave, group and indicator."""
    schema, table = "core", "fct_estimates"
    relation = f"{schema}.{table}"
    keys = ", ".join(ESTIMATE)
    published = f"select {keys} from {relation}\nwhere suppression_status = 'published' and"
    return Suite(
        layer="marts",
        schema=schema,
        table=table,
        grain="wave, classification, group and indicator",
        keys=ESTIMATE,
        checks=(
            *common_checks(schema, table, ESTIMATE, ESTIMATE_FIGURES),
            Between("n_responses", minimum=0),
            Between("confidence_level", 0.5, 0.9999),
            refers_to(relation, ("indicator_id",), "core.dim_indicators"),
            NoRows(
                f"a published estimate has at least {minimum_base} answers behind it",
                f"{published} (n_answered is null or n_answered < {minimum_base})",
            ),
            NoRows(
                "a published estimate has its counts, and a value by a named method or none",
                f"{published} (\n"
                f"    {' or '.join(f'{column} is null' for column in COUNTS)}\n"
                "    or (weighted_estimate is null) <> (interval_method is null)\n"
                "    or (weighted_estimate is null) <> (unweighted_estimate is null)\n"
                "    or (kind in ('share', 'mean', 'count') and weighted_estimate is null)\n"
                ")",
            ),
            NoRows(
                "answers are part of those asked, who are part of the responses",
                f"{published} (\n"
                "    n_answered + n_dont_know > n_asked\n"
                "    or n_asked + n_not_asked <> n_responses\n"
                f"    or {' < 0 or '.join(COUNTS)} < 0\n"
                ")",
            ),
            NoRows(
                "who did not know is a share of those asked, who was not asked of the responses",
                f"{published} (\n"
                f"    abs(coalesce(dont_know_share, 0) * n_asked - n_dont_know) > {ROUNDING}\n"
                "    or abs(coalesce(not_asked_share, 0) * n_responses - n_not_asked)"
                f" > {ROUNDING}\n"
                ")",
            ),
            NoRows(
                "an estimate lies within its interval",
                f"select {keys} from {relation}\n"
                f"where weighted_lower > weighted_estimate + {ROUNDING} * abs(weighted_estimate)\n"
                f"    or weighted_upper < weighted_estimate - {ROUNDING} * abs(weighted_estimate)\n"
                "    or unweighted_lower > unweighted_estimate"
                f" + {ROUNDING} * abs(unweighted_estimate)\n"
                "    or unweighted_upper < unweighted_estimate"
                f" - {ROUNDING} * abs(unweighted_estimate)\n"
                "    or (weighted_lower is null) <> (weighted_upper is null)\n"
                "    or (unweighted_lower is null) <> (unweighted_upper is null)",
            ),
            NoRows(
                "a share, and its interval, lie between 0 and 1",
                f"select {keys} from {relation}\nwhere kind = 'share' and (\n"
                "    least(unweighted_estimate, unweighted_lower, weighted_estimate,"
                f" weighted_lower) < -{ROUNDING}\n"
                "    or greatest(unweighted_estimate, unweighted_upper, weighted_estimate,"
                f" weighted_upper) > 1 + {ROUNDING}\n"
                ")",
            ),
            NoRows(
                "a published share has an interval",
                f"{published} kind = 'share'\n"
                "    and (weighted_lower is null or unweighted_lower is null)",
            ),
            NoRows(
                "no precision is negative or infinite, nor more than the answers can give",
                f"{published} (\n"
                "    standard_error < 0 or design_effect < 0 or n_effective <= 0\n"
                f"    or n_effective > n_answered * (1 + {ROUNDING})\n"
                f"    or not isfinite({') or not isfinite('.join(FIGURES)})\n"
                ")",
            ),
            NoRows(
                "Wilson's interval rests on no more than its error allows, others on nothing",
                f"{published} (\n"
                "    (interval_size is null) <> (interval_method <> 'wilson_kish')\n"
                "    or interval_size <= 0\n"
                "    or kind = 'share' and weighted_estimate > 0 and weighted_estimate < 1\n"
                "    and (interval_size - 1) * standard_error * standard_error\n"
                f"    > weighted_estimate * (1 - weighted_estimate) * (1 + {ROUNDING})\n"
                ")",
            ),
            *_all_indicators(relation),
        ),
    )


def common_checks(
    schema: str, table: str, keys: tuple[str, ...], figures: tuple[str, ...]
) -> tuple[Check, ...]:
    """Return what holds in every table of figures about groups in a wave."""
    relation = f"{schema}.{table}"
    listed = ", ".join(keys)
    return (
        NotEmpty(),
        refers_to(relation, ("wave",), "core.dim_waves"),
        refers_to(relation, ("classification_id", "group_id"), "core.dim_organisation_groups"),
        NoRows(
            "what is suppressed has no figures",
            f"select {listed} from {relation}\nwhere suppression_status = 'suppressed' and (\n"
            f"    {' or '.join(f'{column} is not null' for column in figures)}\n)",
        ),
        NoRows(
            "what is suppressed has a reason, and nothing else has",
            f"select {listed} from {relation}\nwhere (suppression_status = 'suppressed')\n"
            "    <> (suppression_reason is not null and suppression_reason <> '')",
        ),
    )


def _whole_tree(relation: str) -> tuple[Check, ...]:
    """Return what holds where all groups stand together."""
    return (
        NoRows(
            "every group with organisations in the frame of a wave is there, and no other",
            "select coalesce(listed.wave, found.wave) as wave,\n"
            "    coalesce(listed.classification_id, found.classification_id)"
            " as classification_id,\n"
            "    coalesce(listed.group_id, found.group_id) as group_id\n"
            "from (\n"
            "    select distinct wave, classification_id, group_id\n"
            "    from cleaned.cln_organisation_groups\n"
            ") as listed\n"
            f"full join {relation} as found\n"
            "    on listed.wave = found.wave\n"
            "    and listed.classification_id = found.classification_id\n"
            "    and listed.group_id = found.group_id\n"
            "where listed.wave is null or found.wave is null",
        ),
        NoRows(
            "every wave has a topmost group of every exhaustive classification",
            "select waves.wave, classifications.classification_id\n"
            "from core.dim_waves as waves\n"
            "cross join core.dim_classifications as classifications\n"
            "left join core.dim_organisation_groups as topmost\n"
            "    on classifications.classification_id = topmost.classification_id\n"
            "    and topmost.parent_group_id is null\n"
            f"left join {relation} as found\n"
            "    on waves.wave = found.wave\n"
            "    and topmost.classification_id = found.classification_id\n"
            "    and topmost.group_id = found.group_id\n"
            "where classifications.is_exhaustive\n"
            "group by waves.wave, classifications.classification_id\n"
            "having count(found.group_id) = 0",
        ),
        NoRows(
            "the groups below a group add up to it",
            "select parents.wave, parents.classification_id, parents.group_id\n"
            f"from {relation} as parents\n"
            "inner join core.dim_organisation_groups as groups\n"
            "    on parents.classification_id = groups.classification_id\n"
            "    and parents.group_id = groups.parent_group_id\n"
            f"inner join {relation} as children\n"
            "    on parents.wave = children.wave\n"
            "    and groups.classification_id = children.classification_id\n"
            "    and groups.group_id = children.group_id\n"
            # Organisations may be placed in the parent itself.
            "left join (\n"
            "    select members.wave, members.classification_id, members.group_id,\n"
            "        count(*) as n_population, count(responses.response_key) as n_responses\n"
            "    from cleaned.cln_organisation_groups as members\n"
            "    left join cleaned.cln_responses as responses\n"
            "        on members.wave = responses.wave\n"
            "        and members.organisation_key = responses.organisation_key\n"
            "    where members.is_leaf\n"
            "    group by members.wave, members.classification_id, members.group_id\n"
            ") as own\n"
            "    on parents.wave = own.wave\n"
            "    and parents.classification_id = own.classification_id\n"
            "    and parents.group_id = own.group_id\n"
            "group by parents.wave, parents.classification_id, parents.group_id\n"
            "having count(children.n_responses) = count(*)\n"
            "    and count(parents.n_responses) = count(*)\n"
            "    and (\n"
            "        sum(children.n_population) + coalesce(max(own.n_population), 0)\n"
            "            <> max(parents.n_population)\n"
            "        or sum(children.n_responses) + coalesce(max(own.n_responses), 0)\n"
            "            <> max(parents.n_responses)\n"
            "    )",
        ),
        NoRows(
            "the topmost groups of an exhaustive classification add up to all responses",
            "select found.wave, found.classification_id, sum(found.n_responses) as found,\n"
            "    max(kept.n_responses) as expected\n"
            f"from {relation} as found\n"
            "inner join core.dim_organisation_groups as groups\n"
            "    on found.classification_id = groups.classification_id\n"
            "    and found.group_id = groups.group_id\n"
            "    and groups.parent_group_id is null\n"
            "inner join core.dim_classifications as classifications\n"
            "    on found.classification_id = classifications.classification_id\n"
            "    and classifications.is_exhaustive\n"
            "left join (\n"
            "    select wave, count(*) as n_responses from cleaned.cln_responses group by wave\n"
            ") as kept on found.wave = kept.wave\n"
            "group by found.wave, found.classification_id\n"
            "having count(found.n_responses) = count(*)\n"
            "    and sum(found.n_responses) <> coalesce(max(kept.n_responses), 0)",
        ),
    )


def _all_indicators(relation: str) -> tuple[Check, ...]:
    """Return what holds where all groups and indicators stand together."""
    return (
        NoRows(
            "every group of a wave has every indicator that the wave can give",
            "select groups.wave, groups.classification_id, groups.group_id,\n"
            "    indicators.indicator_id\n"
            "from core.fct_response_rates as groups\n"
            "inner join (\n"
            "    select distinct wave, indicator_id from cleaned.cln_indicator_values\n"
            ") as indicators on groups.wave = indicators.wave\n"
            f"left join {relation} as found\n"
            "    on groups.wave = found.wave\n"
            "    and groups.classification_id = found.classification_id\n"
            "    and groups.group_id = found.group_id\n"
            "    and indicators.indicator_id = found.indicator_id\n"
            "where found.indicator_id is null",
        ),
        NoRows(
            "a group has as many responses here as among the response rates",
            f"select distinct found.wave, found.classification_id, found.group_id\n"
            f"from {relation} as found\n"
            "left join core.fct_response_rates as rates\n"
            "    on found.wave = rates.wave\n"
            "    and found.classification_id = rates.classification_id\n"
            "    and found.group_id = rates.group_id\n"
            "where rates.wave is null\n"
            "    or (rates.n_responses is not null and found.n_responses <> rates.n_responses)",
        ),
    )
