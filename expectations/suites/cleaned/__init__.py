"""Expectations on cleaned data: one valid response per organisation, nothing lost unexplained."""

from __future__ import annotations

from expectations.checks import NoRows, Suite
from expectations.suites.cleaned import answers, organisations, responses
from registry import Registry

MAXIMUM_UNMAPPED_SHARE = 0.05
"""More unknown codes than this among the coded answers of a wave means the code list is wrong."""


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the cleaned layer."""
    return (
        *_unmapped_columns(registry),
        _unmapped_codes(),
        *organisations.suites(),
        *responses.suites(),
        *answers.suites(),
    )


def _unmapped_columns(registry: Registry) -> tuple[Suite, ...]:
    if registry.survey.unlisted_columns != "error":
        return ()
    relation = "staging.stg_unmapped_columns"
    return (
        Suite(
            layer="cleaned",
            schema="staging",
            table="stg_unmapped_columns",
            grain="delivered column that the registry does not list",
            keys=("export_id", "column_position"),
            checks=(
                NoRows(
                    "every column of a delivery is listed in the registry",
                    f"select export_id, wave, kind, column_position from {relation}",
                ),
            ),
        ),
    )


def _unmapped_codes() -> Suite:
    relation = "staging.stg_unmapped_codes"
    return Suite(
        layer="cleaned",
        schema="staging",
        table="stg_unmapped_codes",
        grain="raw value that the code list does not know",
        keys=("wave", "question_id"),
        checks=(
            NoRows(
                f"at most {MAXIMUM_UNMAPPED_SHARE:.0%} of a wave's coded answers are unknown codes",
                "select unknown.wave, unknown.n_cells as found, known.n_cells as expected\n"
                f"from (select wave, sum(n_cells) as n_cells from {relation} group by wave)\n"
                "    as unknown\n"
                "left join (\n"
                "    select wave, count(*) as n_cells from cleaned.cln_answers\n"
                "    where option_id is not null group by wave\n"
                ") as known on unknown.wave = known.wave\n"
                "where unknown.n_cells > "
                f"{MAXIMUM_UNMAPPED_SHARE} * (unknown.n_cells + coalesce(known.n_cells, 0))",
            ),
            NoRows(
                "no value of a personal or free-text question is listed",
                f"select distinct unknown.wave, unknown.question_id from {relation} as unknown\n"
                "inner join registry.questions as questions\n"
                "    on unknown.question_id = questions.question_id\n"
                "where questions.is_personal or questions.answer_type = 'text'",
            ),
        ),
    )
