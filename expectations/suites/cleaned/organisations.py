"""Expectations on the frame and on how organisations are grouped."""

from __future__ import annotations

from expectations.checks import (
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)


def suites() -> tuple[Suite, ...]:
    """Return the suites about organisations."""
    return (_frame(), _organisations(), _organisation_groups())


def _frame() -> Suite:
    relation = "cleaned.cln_frame"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_frame",
        grain="row of a current sampling frame, with the reason where it does not count",
        keys=("export_id", "row_number"),
        checks=(
            NoRows(
                "every row of the current frames is there, and no other",
                "select coalesce(delivered.export_id, judged.export_id) as export_id,\n"
                "    coalesce(delivered.n_rows, 0) as expected,\n"
                "    coalesce(judged.n_rows, 0) as found\n"
                "from (\n"
                "    select frame.export_id, count(*) as n_rows from raw.frame as frame\n"
                "    inner join raw.exports as exports on frame.export_id = exports.export_id\n"
                "    where exports.superseded_by is null group by frame.export_id\n"
                ") as delivered\n"
                "full join (\n"
                f"    select export_id, count(*) as n_rows from {relation} group by export_id\n"
                ") as judged on delivered.export_id = judged.export_id\n"
                "where coalesce(delivered.n_rows, 0) <> coalesce(judged.n_rows, 0)",
            ),
            NoRows(
                "a row that repeats or contradicts another leaves one that counts",
                "select repeated.wave, repeated.organisation_key\n"
                f"from {relation} as repeated\n"
                f"left join {relation} as kept\n"
                "    on repeated.wave = kept.wave\n"
                "    and repeated.organisation_key = kept.organisation_key\n"
                "    and kept.exclusion_reason is null\n"
                "where repeated.exclusion_reason in ('repeated_row', 'contradicting_row')\n"
                "    and kept.organisation_key is null",
            ),
        ),
    )


def _organisations() -> Suite:
    relation = "cleaned.cln_organisations"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_organisations",
        grain="wave and organisation of the population",
        keys=("wave", "organisation_key"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave",), "registry.waves"),
            NoRows(
                "every organisation of the frame, or of a response where there is none, is there",
                "select coalesce(listed.wave, kept.wave) as wave,\n"
                "    coalesce(listed.n_organisations, 0) as expected,\n"
                "    coalesce(kept.n_organisations, 0) as found\n"
                "from (\n"
                "    select framed.wave, count(*) as n_organisations\n"
                "    from cleaned.cln_frame as framed\n"
                "    inner join registry.waves as waves on framed.wave = waves.wave\n"
                "    where framed.exclusion_reason is null and waves.frame_source = 'file'\n"
                "    group by framed.wave\n"
                "    union all\n"
                "    select responses.wave, count(distinct responses.organisation_key)\n"
                "    from cleaned.cln_responses as responses\n"
                "    inner join registry.waves as waves on responses.wave = waves.wave\n"
                "    where waves.frame_source <> 'file' group by responses.wave\n"
                ") as listed\n"
                "full join (\n"
                f"    select wave, count(*) as n_organisations from {relation} group by wave\n"
                ") as kept on listed.wave = kept.wave\n"
                "where coalesce(listed.n_organisations, 0) <> coalesce(kept.n_organisations, 0)",
            ),
        ),
    )


def _organisation_groups() -> Suite:
    relation = "cleaned.cln_organisation_groups"
    return Suite(
        layer="cleaned",
        schema="cleaned",
        table="cln_organisation_groups",
        grain="wave, organisation and group it belongs to, ancestors included",
        keys=("wave", "organisation_key", "classification_id", "group_id"),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave", "organisation_key"), "cleaned.cln_organisations"),
            refers_to(
                relation, ("classification_id", "group_id"), "staging.stg_organisation_groups"
            ),
            NoRows(
                "an organisation is placed in exactly one group of a classification",
                f"select wave, organisation_key, classification_id from {relation}\n"
                "group by wave, organisation_key, classification_id\n"
                "having sum(case when is_leaf then 1 else 0 end) <> 1",
            ),
            NoRows(
                "who is in a group is in its parent too",
                "select members.wave, members.organisation_key, members.classification_id,\n"
                "    members.group_id, listed.parent_group_id\n"
                f"from {relation} as members\n"
                "inner join staging.stg_organisation_groups as listed\n"
                "    on members.classification_id = listed.classification_id\n"
                "    and members.group_id = listed.group_id\n"
                f"left join {relation} as parents\n"
                "    on members.wave = parents.wave\n"
                "    and members.organisation_key = parents.organisation_key\n"
                "    and members.classification_id = parents.classification_id\n"
                "    and listed.parent_group_id = parents.group_id\n"
                "where listed.parent_group_id is not null and parents.group_id is null",
            ),
            NoRows(
                "every organisation has a group in every exhaustive classification",
                "select organisations.wave, organisations.organisation_key,\n"
                "    classifications.classification_id\n"
                "from cleaned.cln_organisations as organisations\n"
                "cross join staging.stg_classifications as classifications\n"
                f"left join {relation} as members\n"
                "    on organisations.wave = members.wave\n"
                "    and organisations.organisation_key = members.organisation_key\n"
                "    and classifications.classification_id = members.classification_id\n"
                "where classifications.is_exhaustive and members.group_id is null",
            ),
        ),
    )
