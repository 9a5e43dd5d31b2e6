"""Expectations on what is cut into one schema per organisation group: its own rows, all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from expectations.checks import NoRows, NotEmpty, Suite, literal
from expectations.suites.marts.differences import COMPARISON, TREND
from expectations.suites.marts.facts import ESTIMATE, GROUP
from expectations.suites.marts.scales import SCALE
from registry import Registry
from registry.tables.organisations import OrganisationGroup

SCHEMA = "groups"
OUTCOME = "outcome_indicator_id"


@dataclass(frozen=True)
class _Cut:
    """A table of the reader groups, and the rows of the core marts that it repeats.

    Attributes:
        sources: core marts, each with the outcome that its rows are about, as SQL.
        sides: columns that name a group; one of them lies within the reader group.
    """

    table: str
    keys: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    sides: tuple[str, ...] = ("group_id",)


CUTS = (
    _Cut("findings", ESTIMATE, (("mart_findings", ""),)),
    _Cut("response_rates", GROUP, (("mart_response_rates", ""),)),
    _Cut("comparisons", COMPARISON, (("mart_comparisons", ""),), ("group_a", "group_b")),
    _Cut("trends", TREND, (("mart_trends", ""),)),
    _Cut(
        "climate",
        (*SCALE, OUTCOME),
        (("mart_scale_scores", f"null as {OUTCOME}"), ("mart_scale_associations", OUTCOME)),
    ),
    _Cut(
        "climate_distribution",
        (*SCALE, "band_id", OUTCOME),
        (("mart_scale_distribution", f"null as {OUTCOME}"), ("mart_scale_cross", OUTCOME)),
    ),
)


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the tables that hold the rows of every reader group."""
    readers = tuple(group for group in registry.organisation_groups if group.own_schema)
    return (_readers(readers), *(_cut(cut) for cut in CUTS))


def _readers(groups: Sequence[OrganisationGroup]) -> Suite:
    keys = ("reader_group_id", "classification_id", "group_id")
    return Suite(
        layer="marts",
        schema=SCHEMA,
        table="readers",
        grain="reader group, classification and group",
        keys=keys[1:],
        checks=(
            *((NotEmpty(),) if groups else ()),
            *(_exactly_within(group) for group in groups),
            NoRows(
                "nobody reads but the groups with a schema of their own",
                f"select reader_group_id as group_id from {SCHEMA}.readers\n"
                "where reader_group_id not in (\n"
                "    select group_id from registry.organisation_groups where own_schema\n)",
            ),
        ),
    )


def _exactly_within(group: OrganisationGroup) -> NoRows:
    """Return that a reader is told of its own groups and no others, found by another way down."""
    return NoRows(
        f"{group.group_id} is told of the groups within it, and of nothing else",
        "with recursive within as (\n"
        f"    select classification_id, group_id from core.dim_organisation_groups\n"
        f"    where classification_id = {literal(group.classification_id)}"
        f" and group_id = {literal(group.group_id)}\n"
        "    union\n"
        "    select other.classification_id, other.group_id\n"
        "    from within, core.dim_organisation_groups as other\n"
        "    left join core.dim_classifications as divided\n"
        "        on other.classification_id = divided.classification_id\n"
        "    left join registry.classifications as dividing\n"
        "        on dividing.classification_id =\n"
        "            coalesce(divided.divided_classification_id, other.classification_id)\n"
        "    where (other.classification_id = within.classification_id\n"
        "            and other.parent_group_id = within.group_id)\n"
        "        or dividing.within_group_id = within.group_id\n"
        "        or (divided.divided_classification_id = within.classification_id\n"
        "            and other.divided_group_id = within.group_id)\n"
        "), told as (\n"
        f"    select classification_id, group_id from {SCHEMA}.readers\n"
        f"    where reader_group_id = {literal(group.group_id)}\n"
        ")\n"
        "(select * from told except select * from within)\n"
        "union all\n(select * from within except select * from told)",
    )


def _cut(cut: _Cut) -> Suite:
    listed = ", ".join(cut.keys)
    sides = {f"side_{place}": side for place, side in enumerate(cut.sides)}
    about = "".join(f", {side} as {name}" for name, side in sides.items())
    source = "\nunion all\n".join(
        f"select {', '.join(outcome if key == OUTCOME else key for key in cut.keys)},"
        f" classification_id as divided_by{about}\nfrom core.{mart}"
        for mart, outcome in cut.sources
    )
    own = (
        f"select distinct readers.reader_group_id,"
        f" {', '.join(f'source.{key}' for key in cut.keys)}\n"
        f"from (\n{source}\n) as source\n"
        f"inner join {SCHEMA}.readers as readers\n"
        f"    on source.divided_by = readers.classification_id\n"
        f"    and readers.group_id in ({', '.join(f'source.{name}' for name in sides)})"
    )
    here = f"select reader_group_id, {listed}\nfrom {SCHEMA}.{cut.table}"
    return Suite(
        layer="marts",
        schema=SCHEMA,
        table=cut.table,
        grain=f"reader group, {listed}",
        keys=tuple(key for key in cut.keys if key in ESTIMATE),
        checks=(
            NoRows(
                "every row is one of the core marts, about a group of its reader",
                f"({here})\nexcept all\n({own})",
            ),
            NoRows(
                "every row of the core marts about a group of a reader is there",
                f"({own})\nexcept all\n({here})",
            ),
        ),
    )
