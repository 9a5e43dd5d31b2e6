"""What a page is made from, read from the tables of one release: all of its SQL stands here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from publication.quality.words import Text
from publication.report.content.material import Group, Line, Lines, Material, Topic
from publication.tables import ABOUT, literal, quote
from registry.schemas import CORE

FINDINGS = "findings"
_GROUP_TABLES = {FINDINGS, "response_rates", "comparisons", "climate", "climate_distribution"}
# What a topic table needs to have; its other columns are its own.
_TOPIC_COLUMNS = {"wave", "group_id", "indicator_id", "estimate"}
_WITHOUT_MEANING_OF_THEIR_OWN = ("position", "estimate", "range", "smallest", "possible")
# What measures were called in releases made before they had one name in all tables.
_EARLIER_NAMES = {
    "weighted_estimate": "estimate",
    "weighted_lower": "estimate_lower",
    "weighted_upper": "estimate_upper",
    "weighted_share": "estimate",
    "share_lower": "estimate_lower",
    "share_upper": "estimate_upper",
}
# A release has more columns than a page needs; reading them all takes longer than the rest.
_WANTED = (
    *("wave", "wave_date", "wave_label", "release_id", "survey", "edition", "label"),
    *(
        "is_synthetic",
        "survey_label",
        "organisation_term",
        "classification_id",
        "classification_label",
    ),
    *("classification_position", "group_id", "group_label", "group_position", "is_total"),
    *("topic", "topic_label", "topic_position", "mart_label", "position_in_topic"),
    *(
        "indicator_id",
        "indicator_label",
        "indicator_short_label",
        "indicator_position",
        "is_headline",
        "base",
        "kind",
    ),
    *("unit", "unit_label", "scale_minimum", "scale_maximum", "n_answered", "estimate"),
    *("estimate_lower", "estimate_upper", "bound_lower", "bound_upper", "precision_status"),
    *("suppression_status", "range_lower", "range_upper", "smallest_base", "previous_wave"),
    *("estimate_previous", "change", "change_verdict", "comparison_id", "group_a", "group_b"),
    *("group_a_label", "group_b_label", "rest_of_group_id", "n_answered_a", "n_answered_b"),
    *("estimate_a", "estimate_b", "range_lower_a", "range_upper_a", "range_lower_b"),
    *("range_upper_b", "difference", "difference_lower", "difference_upper", "verdict"),
    *("scale_id", "scale_label", "band_id", "band_label", "band_position"),
    *("outcome_indicator_id", "outcome_label", "question_id", "wording", "position"),
    *(
        "answer_score",
        "answer_label",
        "claim_id",
        "sentence",
        "source",
        "indicator_b_label",
        "unit_a",
        "unit_b",
    ),
    *("joint_verdict", "effect_size", "effect_lower", "effect_upper", "effect_measure"),
    *("n_population", "n_responses", "response_rate", "level", "r_indicator", "r_lower"),
    *("r_upper", "purpose", "n_tests", "n_verdicts", "expected_by_chance", "indicator_b"),
    *("range_lower_previous", "range_upper_previous", "order_of_ranges", "confidence_level"),
    *("comparable_from_wave", "n_families", "error_rate", "minimum_difference", "family_id"),
)


def group_schemas(connection: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Return the schemas that hold the tables of one organisation group."""
    return tuple(
        schema
        for schema, tables in _tables(connection).items()
        if schema != CORE and tables >= _GROUP_TABLES
    )


def whole_release(connection: duckdb.DuckDBPyConnection) -> Material | None:
    """Return what the page of the whole release is made from; None where it has no findings."""
    if not {"mart_findings", "dim_organisation_groups"} <= _tables(connection)[CORE]:
        return None
    schemas = group_schemas(connection)
    groups = _groups(connection)
    topics = _topic_tables(connection, groups) or _by_topic(
        _lines(connection, f"{CORE}.mart_findings", groups)
    )
    if not topics:
        return None
    labels = {group.group_id: group.label for group in groups}
    listed = {schema: labels[schema] for schema in schemas if schema in labels}
    return Material(
        about=_about(connection),
        group=None,
        waves=_waves(tuple(line for topic in topics for line in topic.lines)),
        groups=groups,
        focus=groups[0],
        topics=topics,
        comparisons=_lines(connection, f"{CORE}.mart_comparisons"),
        bands=_lines(connection, f"{CORE}.mart_scale_distribution", groups),
        outcomes=_lines(connection, f"{CORE}.mart_scale_cross", groups),
        answers=_lines(connection, f"{CORE}.mart_item_answers", groups),
        claims=_lines(connection, f"{CORE}.mart_claims"),
        responses=_lines(connection, f"{CORE}.mart_response_rates", groups),
        representativeness=_lines(connection, f"{CORE}.mart_representativeness"),
        verdicts=_lines(connection, f"{CORE}.mart_verdicts"),
        group_pages=tuple(sorted(listed.items(), key=lambda one: list(labels).index(one[0]))),
    )


def one_group(connection: duckdb.DuckDBPyConnection, schema: str) -> Material | None:
    """Return what the page of a group is made from: its own tables alone; None without findings."""
    findings = _lines(connection, f"{schema}.{FINDINGS}")
    groups = _groups_within(findings, schema)
    if not groups:
        return None
    bands = _lines(connection, f"{schema}.climate_distribution")
    return Material(
        about=_about(connection),
        group=schema,
        waves=_waves(findings),
        groups=groups,
        focus=groups[0],
        topics=_by_topic(findings),
        comparisons=_lines(connection, f"{schema}.comparisons"),
        bands=tuple(line for line in bands if line["outcome_indicator_id"] is None),
        outcomes=tuple(line for line in bands if line["outcome_indicator_id"] is not None),
        responses=_lines(connection, f"{schema}.response_rates"),
    )


def _about(connection: duckdb.DuckDBPyConnection) -> Line:
    return _lines(connection, f"{CORE}.{ABOUT}")[0]


def _tables(connection: duckdb.DuckDBPyConnection) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for schema, name in connection.execute(
        "select table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database() order by all"
    ).fetchall():
        found.setdefault(schema, set()).add(name)
    return found


def _lines(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    groups: Sequence[Group] = (),
    own: Sequence[str] = (),
) -> Lines:
    """Return the rows of a table by column; of these groups alone where some are given.

    A table that the release does not have holds nothing.
    """
    schema, name = table.split(".")
    if name not in _tables(connection).get(schema, ()):
        return ()
    # Written out: for parameters DuckDB imports numpy and pandas, which takes seconds.
    listed = ", ".join(literal(group.group_id) for group in groups)
    where = f" where group_id in ({listed})" if listed else ""
    wanted = {f"{name}{end}" for name in (*_WANTED, *own) for end in ("", "_nl", "_en")}
    chosen = {
        column: _EARLIER_NAMES.get(column, column)
        for column in _columns(connection, schema, name)
        if _EARLIER_NAMES.get(column, column) in wanted
    }
    rows = connection.execute(
        f"select {', '.join(map(quote, chosen))} from {quote(schema)}.{quote(name)}{where}"
        " order by all"
    ).fetchall()
    return tuple(dict(zip(chosen.values(), row, strict=True)) for row in rows)


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> dict[str, str]:
    """Return the columns of a table and their types."""
    return dict(
        connection.execute(
            "select column_name, data_type from information_schema.columns"
            " where table_catalog = current_database()"
            f" and table_schema = {literal(schema)} and table_name = {literal(name)}"
            " order by ordinal_position"
        ).fetchall()
    )


def _groups(connection: duckdb.DuckDBPyConnection) -> tuple[Group, ...]:
    """Return the groups of the classifications that are not crossed, in their order."""
    found = connection.execute(
        "select g.group_id, g.classification_id, g.label_nl, g.label_en, c.label_nl, c.label_en,"
        " exists (from core.dim_organisation_groups as part"
        "   where part.classification_id = g.classification_id"
        "   and part.parent_group_id = g.group_id), g.parent_group_id"
        " from core.dim_organisation_groups as g"
        " join core.dim_classifications as c using (classification_id)"
        " where c.divided_classification_id is null order by c.position, g.position"
    ).fetchall()
    return tuple(
        Group(group, kind, Text(nl, en), Text(kind_nl, kind_en), total, parent)
        for group, kind, nl, en, kind_nl, kind_en, total, parent in found
    )


def _groups_within(findings: Lines, schema: str) -> tuple[Group, ...]:
    """Return the group of a schema and the groups that divide it, in their order."""
    known: dict[str, Group] = {}
    places: dict[str, tuple[bool, int, int, str]] = {}
    for line in findings:
        group_id = str(line["group_id"])
        if group_id in known:
            continue
        label = Text(line["group_label_nl"], line["group_label_en"])
        kind = Text(
            str(line.get("classification_label_nl") or ""),
            str(line.get("classification_label_en") or ""),
        )
        known[group_id] = Group(
            group_id,
            str(line["classification_id"]),
            label,
            kind,
            bool(line.get("is_total")),
            None,
        )
        places[group_id] = (
            group_id != schema,
            line.get("classification_position") or 0,
            line.get("group_position") or 0,
            label.nl,
        )
    if schema not in known:
        return ()
    whole = known[schema].label
    return tuple(
        replace(known[one], label=_within(known[one].label, whole))
        for one in sorted(places, key=lambda one: places[one])
        if one == schema or not known[one].is_total
    )


def _within(label: Text, whole: Text) -> Text:
    """Return the name of a part without the name of the group whose page it stands on."""

    def rest(language: str) -> str:
        name: str = getattr(label, language)
        part = name.removeprefix(f"{getattr(whole, language)}, ")
        return part[:1].upper() + part[1:]

    return Text(rest("nl"), rest("en"))


def _waves(findings: Lines) -> tuple[tuple[str, Text], ...]:
    """Return the waves that have findings, earliest first."""
    starts = {str(line["wave"]): str(line.get("wave_date") or line["wave"]) for line in findings}
    labels = {
        str(line["wave"]): Text(
            str(line.get("wave_label_nl") or line["wave"]),
            str(line.get("wave_label_en") or line["wave"]),
        )
        for line in findings
    }
    return tuple((wave, labels[wave]) for wave in sorted(starts, key=lambda one: starts[one]))


def _topic_tables(
    connection: duckdb.DuckDBPyConnection, groups: Sequence[Group]
) -> tuple[Topic, ...]:
    """Return the tables that present one topic each, in the order of their first indicator."""
    common = _columns(connection, CORE, "mart_findings")
    held_by_groups = {CORE, *group_schemas(connection)}
    topics = []
    for schema, names in _tables(connection).items():
        for name in sorted(names if schema not in held_by_groups else ()):
            columns = _columns(connection, schema, name)
            if not columns.keys() >= _TOPIC_COLUMNS:
                continue
            own = {one: kind for one, kind in columns.items() if one not in common}
            lines = _in_order(_lines(connection, f"{schema}.{name}", groups, tuple(own)))
            if lines:
                topics.append(Topic(name, _table_label(lines, name), lines, *_own_columns(own)))

    def place(topic: Topic) -> tuple[int, int, str]:
        first = topic.lines[0]
        return (
            first.get("topic_position") or 0,
            first.get("indicator_position") or 0,
            topic.topic_id,
        )

    return tuple(sorted(topics, key=place))


def _own_columns(own: Mapping[str, str]) -> tuple[str | None, str | None]:
    """Return which column of a topic table orders its indicators, and which one divides them.

    By convention: a whole number that is no position orders (`number_of_types`); a text with
    its labels beside it (`x`, `x_label_nl`, `x_label_en`) divides.
    """
    order = [
        column
        for column, kind in own.items()
        if kind in ("INTEGER", "BIGINT") and not column.startswith(_WITHOUT_MEANING_OF_THEIR_OWN)
    ]
    facet = [column for column in own if {f"{column}_label_nl", f"{column}_label_en"} <= own.keys()]
    return (order[0] if order else None), (facet[0] if facet else None)


def _by_topic(findings: Lines) -> tuple[Topic, ...]:
    """Return findings divided by their topic."""
    found: dict[str, list[Line]] = {}
    for line in _in_order(findings):
        found.setdefault(str(line["topic"]), []).append(line)
    return tuple(
        Topic(topic, _topic_label(lines[0]), tuple(lines)) for topic, lines in found.items()
    )


def _in_order(lines: Lines) -> Lines:
    def place(line: Line) -> tuple[int, int, int, str]:
        return (
            line.get("position_in_topic") or 0,
            line.get("topic_position") or 0,
            line.get("indicator_position") or 0,
            str(line["indicator_id"]),
        )

    return tuple(sorted(lines, key=place))


def _table_label(lines: Lines, name: str) -> Text:
    """Return the name of a topic table: of the topic of its first indicator."""
    first = lines[0]
    if first.get("mart_label_nl"):
        return Text(first["mart_label_nl"], first["mart_label_en"])
    return _topic_label(first) if first.get("topic_label_nl") else _spelt_out(name)


def _topic_label(line: Line) -> Text:
    if line.get("topic_label_nl"):
        return Text(line["topic_label_nl"], line["topic_label_en"])
    return _spelt_out(str(line["topic"]))


def _spelt_out(name: str) -> Text:
    plain = name.replace("_", " ").capitalize()
    return Text(plain, plain)
