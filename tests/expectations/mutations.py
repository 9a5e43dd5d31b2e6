"""Faults that somebody could make, each as the statements that seed it into the example survey.

The numbers are those of the table of faults that the checks were first tried with.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One fault.

    Attributes:
        number: its row in the table of faults.
        layer: the layer whose checks must find it.
        statements: what seeds it.
    """

    number: int
    fault: str
    layer: str
    statements: tuple[str, ...]

    @property
    def id(self) -> str:
        """Return a name for a report of tests."""
        return f"{self.number}: {self.fault}"


GROUP_TABLES = (
    "findings",
    "response_rates",
    "comparisons",
    "trends",
    "climate",
    "climate_distribution",
)
FACTS = ("fct_response_rates", "fct_estimates", "fct_comparisons", "fct_trends")
GEMEENTEN = "wave = '2021' and classification_id = 'overheidslaag' and group_id = 'gemeenten'"
INNOVATED = f"{GEMEENTEN} and indicator_id = 'innovated'"
SUPPRESSED = "suppression_status = 'suppressed'"
RESPONSES = (
    "(select response_key from cleaned.cln_responses where wave = '2021'"
    " order by response_key limit {})"
)
LARGE, SMALL = (
    "(select response_key from cleaned.cln_weights where wave = '2021'"
    f" and stratum_id = 'gemeenten|{size}' order by response_key limit 1)"
    for size in ("groot", "klein")
)


def _exchange(column: str, one: str, other: str) -> str:
    """Return the assignment that exchanges two values of a column."""
    return f"{column} = case when {column} = '{one}' then '{other}' else '{one}' end"


def _first(table: str, where: str) -> str:
    """Return the condition that holds for one row of those that meet another."""
    return f"rowid = (select min(rowid) from {table} where {where})"


def _weights(change: str) -> tuple[str, ...]:
    return tuple(
        f"update cleaned.cln_weights set {column} = {change.format(column=column)}"
        f" where response_key = {LARGE}"
        for column in ("design_weight", "weight")
    )


_CLEANED = {
    (16, "one weight ten times as large"): (_weights("10 * {column}")[1],),
    (16, "one weight ten times as large, that of the design too"): _weights("10 * {column}"),
    (16, "one weight negative"): _weights("-{column}"),
    (16, "two weights exchanged within a wave"): tuple(
        f"""
        update cleaned.cln_weights set {column} = (
            select sum(other.{column}) from cleaned.cln_weights as other
            where other.response_key in ({LARGE}, {SMALL})
        ) - {column}
        where response_key in ({LARGE}, {SMALL})
        """
        for column in ("design_weight", "weight")
    ),
    (17, "30 responses doubled under another key"): (
        f"""
        insert into cleaned.cln_responses
        select * replace (response_key || 'x' as response_key) from cleaned.cln_responses
        where response_key in {RESPONSES.format(30)}
        """,
        f"""
        insert into cleaned.cln_answers
        select * replace (response_key || 'x' as response_key) from cleaned.cln_answers
        where response_key in {RESPONSES.format(30)}
        """,
    ),
    (18, "an option that the questionnaire does not have"): (
        f"""
        update cleaned.cln_answers set option_id = 'perhaps'
        where question_id = 'climate_appreciation' and response_key in {RESPONSES.format(5)}
        """,
    ),
    (19, "the value of a share is 2"): (
        f"""
        update cleaned.cln_indicator_values set value = 2
        where indicator_id = 'innovated' and response_key in {RESPONSES.format(1)}
        """,
    ),
    (21, "all answers of a group deleted"): (
        """
        delete from cleaned.cln_answers where (wave, response_key) in (
            select responses.wave, responses.response_key
            from cleaned.cln_responses as responses
            inner join cleaned.cln_organisation_groups as members
                on responses.wave = members.wave
                and responses.organisation_key = members.organisation_key
            where members.group_id = 'waterschappen'
        )
        """,
    ),
    (22, "20 responses moved to another wave"): (
        f"""
        update cleaned.cln_responses set wave = '2023' where response_key in {RESPONSES.format(20)}
        """,
    ),
    (25, "a stratum smaller than its responses"): (
        """
        update cleaned.cln_strata set population_count = response_count - 1
        where wave = '2021' and stratum_id = 'gemeenten|groot'
        """,
    ),
    (25, "a stratum smaller than its responses, and weights made from it"): (
        """
        update cleaned.cln_strata set population_count = response_count - 1
        where wave = '2021' and stratum_id = 'gemeenten|groot'
        """,
        """
        update cleaned.cln_weights set
            population_count = response_count - 1,
            design_weight = cast(response_count - 1 as double) / response_count,
            weight = cast(response_count - 1 as double) / response_count
        where wave = '2021' and stratum_id = 'gemeenten|groot'
        """,
    ),
}


def _everywhere(change: str, where: str) -> tuple[str, ...]:
    """Return the same change of an estimate in the fact and in every table that repeats it."""
    weighted = change.format(column="estimate")
    plain = change.format(column="estimate")
    return (
        f"update core.fct_estimates set {weighted} where {where}",
        f"update core.mart_estimates set {weighted} where {where}",
        f"update core.mart_findings set {plain} where {where}",
        f"update topics.findings set {plain} where {where}",
    )


_MARTS = {
    **{
        (27, f"a row missing from {table}"): (
            f"delete from core.{table} where {_first(f'core.{table}', 'true')}",
        )
        for table in FACTS
    },
    **{
        (27, f"a group missing from {table}"): (
            f"delete from core.{table} where group_id = 'gemeenten'",
        )
        for table in ("fct_response_rates", "fct_estimates", "fct_trends")
    },
    **{
        (27, f"a wave missing from {table}"): (f"delete from core.{table} where wave = '2023'",)
        for table in FACTS
    },
    **{
        (27, f"a row missing from {table} only"): (
            f"delete from {table} where {_first(table, 'true')}",
        )
        for table in (
            "core.mart_response_rates",
            "core.mart_estimates",
            "core.mart_comparisons",
            "core.mart_trends",
            "core.mart_findings",
            "topics.findings",
        )
    },
    (28, "a share of 1.2"): (f"update core.fct_estimates set estimate = 1.2 where {INNOVATED}",),
    (28, "a share of 1.2, its interval with it"): (
        f"update core.fct_estimates set estimate = 1.2, estimate_upper = 1.3 where {INNOVATED}",
    ),
    (28, "a share in per cent, its interval with it"): (
        "update core.fct_estimates set estimate = 100 * estimate,"
        " estimate_lower = 100 * estimate_lower, estimate_upper = 100 * estimate_upper"
        f" where {INNOVATED}",
    ),
    (28, "a standard error that is not a number"): (
        f"update core.fct_estimates set standard_error = 'nan'::double where {INNOVATED}",
    ),
    (28, "a p-value of 1.7 in a comparison"): (
        "update core.fct_comparisons set p_value = 1.7, p_adjusted = 1.7"
        f" where {_first('core.fct_comparisons', 'p_value is not null')}",
    ),
    (28, "a p-value of 1.7 in a trend"): (
        "update core.fct_trends set p_value = 1.7, p_adjusted = 1.7"
        f" where {_first('core.fct_trends', 'p_value is not null')}",
    ),
    (28, "a p-value of 1.7 in a claim"): (
        "update core.mart_claims set p_value = 1.7, p_adjusted = 1.7"
        f" where {_first('core.mart_claims', 'p_value is not null')}",
    ),
    (29, "a share moved by 0.01 in the fact only"): _everywhere(
        "{column} = {column} + 0.01", INNOVATED
    )[:1],
    (29, "a share moved by 0.01 in the fact and everywhere"): _everywhere(
        "{column} = {column} + 0.01", INNOVATED
    ),
    (30, "a base larger than the responses"): (
        f"update core.fct_estimates set n_answered = n_responses + 1 where {INNOVATED}",
    ),
    (30, "a base and those asked larger than the responses"): (
        "update core.fct_estimates set n_answered = n_responses + 1, n_asked = n_responses + 1"
        f" where {INNOVATED}",
    ),
    (32, "two waves exchanged for one indicator in the fact"): (
        f"update core.fct_estimates set {_exchange('wave', '2021', '2023')}"
        " where wave in ('2021', '2023') and indicator_id = 'innovated'",
    ),
    (32, "two waves exchanged for one indicator in the findings"): (
        f"update core.mart_findings set {_exchange('wave', '2021', '2023')}"
        " where wave in ('2021', '2023') and indicator_id = 'innovated'",
    ),
    (33, "a suppressed cell filled in and called published"): (
        "update core.fct_estimates set suppression_status = 'published', suppression_reason = null,"
        " estimate = 0.5, n_answered = 3"
        f" where {_first('core.fct_estimates', SUPPRESSED)}",
    ),
    (33, "a suppressed cell filled in, still called suppressed"): (
        "update core.fct_estimates set estimate = 0.5"
        f" where {_first('core.fct_estimates', SUPPRESSED)}",
    ),
    **{
        (34, f"a doubled row in {table}"): (
            f"insert into {table} select * from {table} where {_first(table, 'true')}",
        )
        for table in (
            "core.fct_response_rates",
            "core.fct_estimates",
            "core.fct_comparisons",
            "core.fct_trends",
            "core.mart_claims",
            "core.mart_estimates",
            "core.mart_findings",
            "core.mart_scale_scores",
            "core.dim_organisation_groups",
            "topics.findings",
        )
    },
    (35, "an interval upside down"): (
        "update core.fct_estimates set estimate_lower = estimate_upper,"
        f" estimate_upper = estimate_lower where {INNOVATED}",
    ),
    (35, "the lower end above the estimate"): (
        f"update core.fct_estimates set estimate_lower = estimate + 0.001 where {INNOVATED}",
    ),
    (36, "the sign of a difference turned in the fact only"): (
        "update core.fct_comparisons set difference = -difference"
        f" where {_first('core.fct_comparisons', 'difference > 0')}",
    ),
    (36, "a verdict against its p-value"): (
        "update core.fct_comparisons set verdict = 'a_higher' where {}".format(
            _first("core.fct_comparisons", "verdict = 'no_difference' and p_adjusted > 0.5")
        ),
    ),
    (36, "a verdict against the sign, in the fact and everywhere"): tuple(
        f"update core.{table} set verdict = 'a_lower' where verdict = 'a_higher'"
        for table in ("fct_comparisons", "mart_comparisons")
    ),
    (36, "the sign of every difference turned, in the fact and everywhere"): tuple(
        f"update core.{table} set difference = -difference"
        for table in ("fct_comparisons", "mart_comparisons")
    ),
    (37, "a response rate wrong by 0.1"): (
        f"update core.fct_response_rates set response_rate = response_rate + 0.1 where {GEMEENTEN}",
    ),
    (38, "weighted and unweighted columns exchanged"): (
        "update core.fct_estimates set estimate = unweighted_estimate,"
        " estimate_lower = unweighted_lower, estimate_upper = unweighted_upper,"
        " unweighted_estimate = estimate, unweighted_lower = estimate_lower,"
        " unweighted_upper = estimate_upper",
    ),
    **{
        (40, f"a row of another group among what gemeenten are told in {table}"): (
            f"insert into groups.{table} select * replace ('gemeenten' as reader_group_id)"
            f" from groups.{table} where reader_group_id = 'provincies' limit 1",
        )
        for table in GROUP_TABLES
    },
    **{
        (40, f"a row missing from what gemeenten are told in {table}"): (
            f"delete from groups.{table} where rowid ="
            f" (select min(rowid) from groups.{table} where reader_group_id = 'gemeenten')",
        )
        for table in GROUP_TABLES
    },
}

MUTATIONS = tuple(
    Mutation(number, fault, layer, statements)
    for layer, faults in (("cleaned", _CLEANED), ("marts", _MARTS))
    for (number, fault), statements in faults.items()
)
