"""Expectations on the dimensions of the marts."""

from __future__ import annotations

from expectations.checks import NoRows, NotEmpty, Suite, refers_to

LISTED = (
    # table, grain, keys, table with the same rows
    (
        "dim_classifications",
        "classification",
        ("classification_id",),
        "staging.stg_classifications",
    ),
    (
        "dim_organisation_groups",
        "classification and group",
        ("classification_id", "group_id"),
        "staging.stg_organisation_groups",
    ),
    ("dim_indicators", "indicator", ("indicator_id",), "registry.indicators"),
)


def suites() -> tuple[Suite, ...]:
    """Return the suites of the dimensions."""
    return (*(_listed(*row) for row in LISTED), _questions(), _waves())


def _listed(table: str, grain: str, keys: tuple[str, ...], source: str) -> Suite:
    relation = f"core.{table}"
    return Suite(
        layer="marts",
        schema="core",
        table=table,
        grain=grain,
        keys=keys,
        checks=(
            NotEmpty(),
            refers_to(relation, keys, source),
            refers_to(source, keys, relation, description=f"every row of {source} is there"),
        ),
    )


def _questions() -> Suite:
    relation = "core.dim_questions"
    return Suite(
        layer="marts",
        schema="core",
        table="dim_questions",
        grain="question",
        keys=("question_id",),
        checks=(
            NotEmpty(),
            refers_to(relation, ("question_id",), "registry.questions"),
            NoRows(
                "no personal question is listed",
                f"select listed.question_id from {relation} as listed\n"
                "inner join registry.questions as questions\n"
                "    on listed.question_id = questions.question_id\n"
                "where questions.is_personal",
            ),
        ),
    )


def _waves() -> Suite:
    relation = "core.dim_waves"
    return Suite(
        layer="marts",
        schema="core",
        table="dim_waves",
        grain="wave",
        keys=("wave",),
        checks=(
            NotEmpty(),
            refers_to(relation, ("wave",), "registry.waves"),
            NoRows(
                "every wave with a landed export is there",
                "select distinct exports.wave from raw.exports as exports\n"
                f"left join {relation} as waves on exports.wave = waves.wave\n"
                "where exports.kind = 'export' and exports.superseded_by is null\n"
                "    and waves.wave is null",
            ),
        ),
    )
