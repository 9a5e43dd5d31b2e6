"""What the quality report says, read from the tables of its release and from no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import duckdb

from publication.editions import PUBLIC
from publication.tables import ABOUT, literal, quote
from registry.schemas import CORE
from registry.tables.waves import Survey

Row = dict[str, Any]


@dataclass(frozen=True)
class Release:
    """An open release; what a table or an edition does not have, there is no row of.

    Attributes:
        connection: to its file.
        has_empty: whether it leaves columns empty on purpose, as the public edition does.
    """

    connection: duckdb.DuckDBPyConnection
    has_empty: bool

    def columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table of `core` that say something; none without it."""
        rows = self.connection.execute(
            "select column_name from information_schema.columns where table_catalog ="
            f" current_database() and table_schema = {literal(CORE)}"
            f" and table_name = {literal(table)}"
        ).fetchall()
        names = [name for (name,) in rows]
        if not self.has_empty or not names:
            return frozenset(names)
        counts = ", ".join(f"count({quote(name)})" for name in names)
        found = self.connection.execute(f"select {counts} from {CORE}.{quote(table)}").fetchone()
        return frozenset(name for name, n in zip(names, found or (), strict=True) if n)

    def rows(self, query: str, **needed: str) -> list[Row]:
        """Return the rows of a query, if its tables have the columns that it needs.

        Args:
            query: selects from tables by name.
            needed: by table the columns, separated by spaces.
        """
        if any(not set(names.split()) <= self.columns(table) for table, names in needed.items()):
            return []
        cursor = self.connection.execute(query)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Facts:
    """The rows that the sections of the report are written from."""

    about: Row
    survey: Survey
    waves: list[Row]
    sizes: Row
    classifications: list[Row]
    response: list[Row]
    weighting: list[Row]
    figures: list[Row]
    methods: list[Row]
    headlines: list[Row]
    item_nonresponse: list[Row]
    representativeness: list[Row]
    variables: list[Row]
    early_late: list[Row]
    tests: list[Row]
    verdicts: list[Row]
    comparability: list[Row]
    protection: list[Row]
    earlier: Sequence[str]

    @property
    def is_public(self) -> bool:
        """Whether this is the edition for anyone."""
        return str(self.about["edition"]) == PUBLIC


def read_facts(
    connection: duckdb.DuckDBPyConnection, survey: Survey, earlier: Sequence[str]
) -> Facts:
    """Read an open release.

    Args:
        connection: the release.
        survey: its row of the registry.
        earlier: ids of the releases before it, oldest first.
    """
    (edition,) = connection.execute(f"select edition from {CORE}.{ABOUT}").fetchone() or ("",)
    release = Release(connection, has_empty=edition == PUBLIC)
    (about,) = release.rows(f"from {CORE}.{ABOUT}", **{ABOUT: "release_id survey edition label"})
    return Facts(
        about=about,
        survey=survey,
        waves=release.rows(f"from {CORE}.dim_waves order by wave", dim_waves="wave label_nl"),
        sizes={
            table: len(release.rows(f"select 1 from {CORE}.{table}", **{table: ""}))
            for table in ("dim_indicators", "dim_questions", "dim_organisation_groups")
            if release.columns(table)
        },
        classifications=release.rows(
            f"select label_nl, label_en from {CORE}.dim_classifications"
            " order by position nulls last, classification_id",
            dim_classifications="label_nl label_en position",
        ),
        response=_response(release),
        weighting=release.rows(
            f"from {CORE}.mart_weighting order by wave",
            mart_weighting="wave n_excluded_responses weighting_effect",
        ),
        figures=release.rows(
            "select wave, count(*) as n_figures,"
            " count(*) filter (where suppression_status <> 'published') as n_blank,"
            " count(*) filter (where precision_status = 'low') as n_low,"
            " median(estimate_upper - estimate_lower) filter (where kind = 'share') as width"
            f" from {CORE}.fct_estimates group by wave order by wave",
            fct_estimates="wave kind precision_status suppression_status estimate_upper",
        ),
        methods=release.rows(
            f"select interval_method, count(*) as n_figures from {CORE}.fct_estimates"
            " where interval_method is not null group by all order by all",
            fct_estimates="interval_method",
        ),
        headlines=_headlines(release),
        item_nonresponse=_item_nonresponse(release),
        representativeness=_representativeness(release, "wave"),
        variables=_representativeness(release, "variable"),
        early_late=release.rows(
            "select wave, min(early_until) as early_until, count(p_adjusted) as n_tests,"
            " count(*) filter (where verdict in ('late_higher', 'late_lower')) as n_different,"
            " min(p_adjusted) as least,"
            " bool_or(coalesce(suppression_reason <> 'base_below_minimum', false)) as is_undated"
            f" from {CORE}.mart_early_late group by wave order by wave",
            mart_early_late="wave early_until p_adjusted verdict suppression_reason",
        ),
        tests=_tests(release),
        verdicts=_verdicts(release),
        comparability=release.rows(
            "select wave_from, wave, coalesce(comparability, 'comparable') as comparability,"
            f" count(distinct indicator_id) as n_indicators from {CORE}.mart_trends"
            " group by all order by all",
            mart_trends="wave_from wave comparability indicator_id",
        ),
        protection=release.rows(
            f"select wave, protection, count(*) as n_figures from {CORE}.mart_estimates"
            " group by all order by all",
            mart_estimates="wave protection",
        ),
        earlier=tuple(earlier),
    )


# The topmost groups of the first classification that every organisation is in.
_TOP = f"""
    select here.classification_id, here.group_id
    from {CORE}.dim_organisation_groups as here
    join (
        select classification_id from {CORE}.dim_classifications where is_exhaustive
        order by position nulls last, classification_id limit 1
    ) as main using (classification_id)
    where here.group_level = 0
"""
_TOP_NEEDS = {
    "dim_organisation_groups": "classification_id group_id group_level",
    "dim_classifications": "classification_id is_exhaustive position",
}


def _response(release: Release) -> list[Row]:
    """Organisations and responses per wave, where every topmost group shows its own."""
    return release.rows(
        "select wave, sum(n_population)::bigint as n_population, sum(n_responses)::bigint as"
        f" n_responses from {CORE}.mart_response_rates join ({_TOP}) using (classification_id,"
        " group_id) group by wave having count(*) = count(n_population) and"
        " count(*) = count(n_responses) order by wave",
        mart_response_rates="wave classification_id group_id n_population n_responses",
        **_TOP_NEEDS,
    )


def _headlines(release: Release) -> list[Row]:
    """The first share of each topic in the latest wave, where one group is everybody."""
    return release.rows(
        "select i.label_nl, i.label_en, e.n_answered, e.estimate, e.estimate_lower,"
        f" e.estimate_upper, e.bound_lower, e.bound_upper from {CORE}.fct_estimates as e"
        f" join ({_TOP}) using (classification_id, group_id)"
        f" join {CORE}.dim_indicators as i using (indicator_id)"
        f" where e.kind = 'share' and e.wave = (select max(wave) from {CORE}.fct_estimates)"
        f" and e.suppression_status = 'published' and (select count(*) from ({_TOP})) = 1"
        " qualify row_number() over (partition by i.topic order by i.position, i.indicator_id) = 1"
        " order by i.position, i.indicator_id",
        fct_estimates="wave classification_id bound_lower estimate suppression_status",
        dim_indicators="indicator_id topic position label_nl label_en",
        **_TOP_NEEDS,
    )


def _item_nonresponse(release: Release) -> list[Row]:
    """The indicators of the latest wave that the most of those concerned did not answer."""
    counts = ("n_asked", "n_answered", "n_dont_know", "n_not_applicable", "n_no_answer")
    sums = ", ".join(f"sum(e.{name})::bigint as {name}" for name in counts)
    return release.rows(
        f"select i.label_nl, i.label_en, {sums},"
        " sum(e.n_dont_know + e.n_no_answer) / nullif(sum(e.n_asked - e.n_not_applicable), 0) as"
        " rate"
        f" from {CORE}.fct_estimates as e join ({_TOP}) using (classification_id, group_id)"
        f" join {CORE}.dim_indicators as i using (indicator_id)"
        f" where e.wave = (select max(wave) from {CORE}.fct_estimates)"
        " group by i.indicator_id, i.label_nl, i.label_en having count(*) = count(e.n_asked)"
        " order by rate desc nulls last, i.indicator_id limit 10",
        fct_estimates=f"wave classification_id group_id indicator_id {' '.join(counts)}",
        dim_indicators="indicator_id label_nl label_en",
        **_TOP_NEEDS,
    )


def _representativeness(release: Release, level: str) -> list[Row]:
    return release.rows(
        f"from {CORE}.mart_representativeness where level = {literal(level)}"
        " order by wave, classification_id",
        mart_representativeness="wave level classification_id r_indicator",
    )


def _tests(release: Release) -> list[Row]:
    """Per table of differences, how many verdicts of one."""
    return [
        row
        for table in ("mart_comparisons", "mart_trends")
        for row in release.rows(
            f"select {literal(table)} as table_name,"
            " count(*) filter (where regexp_matches(verdict,"
            " '(^|_)(higher|lower|increased|decreased)$')) as n_different"
            f" from {CORE}.{table}",
            **{table: "verdict"},
        )
    ]


def _verdicts(release: Release) -> list[Row]:
    """Differences tested and declared by purpose and wave, and those that chance would give."""
    counts = "n_tests n_verdicts expected_by_chance n_unadjusted expected_unadjusted"
    sums = ", ".join(f"sum({name}) as {name}" for name in counts.split())
    return release.rows(
        f"select purpose, wave, {sums} from {CORE}.mart_verdicts group by all order by all",
        mart_verdicts=f"purpose wave {counts}",
    )
