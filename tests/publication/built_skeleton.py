"""The marts of a survey that was made up: rows and names of the registries, figures of no meaning.

Columns and their types are those of the models' contracts. Whatever the public edition must not
show holds noise, another noise for every survey; so a test that two releases are the same, or that
something is empty, sees what slips through.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml
from told_groups import told

from barometer.settings import PROJECT_ROOT, Settings
from publication.public.method.counts import WaveResponses
from publication.public.method.rules import group_key
from publication.public.release import write_tables
from publication.public.tables.columns import KEPT
from publication.public.tables.lookups import Lookup, Rate
from publication.store.about import describe_release
from publication.tables import SOURCE, ReleasedTable, released_tables
from registry import Registry

TYPES = {"string": "VARCHAR", "bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN"}
TYPES |= {"integer": "INTEGER", "date": "DATE"}
CORE = (
    *(
        "dim_waves",
        "dim_classifications",
        "dim_organisation_groups",
        "dim_indicators",
        "dim_topics",
    ),
    *("dim_questions", "mart_response_rates", "mart_estimates", "mart_findings"),
    *("mart_comparisons", "mart_trends", "mart_claims", "mart_scale_scores", "mart_verdicts"),
)
GROUPS = ("readers", "findings", "response_rates", "comparisons", "trends", "climate")
OF_GROUP = {
    "findings": ("mart_findings", ("group_id",)),
    "response_rates": ("mart_response_rates", ("group_id",)),
    "comparisons": ("mart_comparisons", ("group_a", "group_b")),
    "trends": ("mart_trends", ("group_id",)),
    "climate": ("mart_scale_scores", ("group_id",)),
}
RATES = ("mart_response_rates", "response_rates")
SIZES = ("n_population", "n_responses")
Row = dict[str, Any]
Released = tuple[duckdb.DuckDBPyConnection, tuple[ReleasedTable, ...]]
"""A public release that is open, beside the build it was made from, and its tables."""


@cache
def models() -> Mapping[str, tuple[dict[str, str], tuple[str, ...], dict[str, str]]]:
    """Columns with their types, key and meanings of every mart."""
    found = {}
    for path in sorted((PROJECT_ROOT / "models" / "marts").glob("*/_*.yml")):
        text = path.read_text(encoding="utf-8")
        for model in yaml.load(text, Loader=yaml.CSafeLoader).get("models", []):
            columns = {each["name"]: TYPES[each["data_type"]] for each in model["columns"]}
            said = {each["name"]: each["description"] for each in model["columns"]}
            tests = model.get("data_tests", [])
            keys = [each["grain"]["arguments"]["columns"] for each in tests if "grain" in each]
            found[model["name"]] = (columns, tuple(keys[0]) if keys else (), said)
    return found


def rates_of(registry: Registry, waves: Sequence[WaveResponses], population: int) -> list[Rate]:
    """Organisations, so many per response, and responses of every group."""
    found = []
    for wave in waves:
        for group in registry.organisation_groups:
            key = group_key(group.classification_id, group.group_id)
            number = sum(key in one.groups for one in wave.respondents)
            place = (wave.wave, group.classification_id, group.group_id)
            found.append((*place, population * number, number))
    return found


def _labels(prefix: str, row: Any) -> Row:
    return {f"{prefix}label_nl": row.label_nl, f"{prefix}label_en": row.label_en}


def _core(
    registry: Registry, waves: Sequence[WaveResponses], rates: Sequence[Rate]
) -> dict[str, list[Row]]:
    """The rows of the marts of `core`, with what follows from the registries."""
    groups = {(g.classification_id, g.group_id): g for g in registry.organisation_groups}
    names = {group.group_id: group for group in registry.organisation_groups}
    asked = {
        wave.wave: [each for each in registry.indicators if each.indicator_id in wave.indicators]
        for wave in waves
    }
    in_wave = [(wave.wave, indicator) for wave in waves for indicator in asked[wave.wave]]
    about = {
        each.indicator_id: {
            **_labels("indicator_", each),
            **{name: vars(each)[name] for name in ("topic", "indicator_id", "kind", "unit")},
        }
        for each in registry.indicators
    }
    of_group = {
        place: {**dict(zip(("classification_id", "group_id"), place, strict=True)), **labels}
        for place, group in groups.items()
        for labels in [_labels("group_", group)]
    }
    position = {
        (each.classification_id, each.group_a): each
        for each in registry.comparisons
        if each.is_headline
    }
    estimates = [
        {"wave": wave, **about[indicator.indicator_id], **group}
        for wave, indicator in in_wave
        for group in of_group.values()
    ]
    findings = []
    for row in estimates:
        compared = position.get((row["classification_id"], row["group_id"]))
        earlier = [w.wave for w in waves if w.wave < row["wave"]]
        before = [w for w in earlier if row["indicator_id"] in {i.indicator_id for i in asked[w]}]
        findings.append(
            row
            | {
                "comparator_group_id": compared.group_b if compared else None,
                "rest_of_group_id": compared.rest_of_group_id if compared else None,
                "previous_wave": before[-1] if before else None,
            }
        )
    comparisons = [
        {
            "wave": wave,
            **vars(each),
            **about[indicator.indicator_id],
            **_labels("group_a_", names[each.group_a]),
        }
        for each in registry.comparisons
        for wave, indicator in in_wave
        if each.topic in (None, indicator.topic)
    ]
    trends = [
        row | {"wave_from": row["previous_wave"], "comparability": "comparable"}
        for row in findings
        if row["previous_wave"] is not None
        and row["classification_id"] in {rule.classification_id for rule in registry.trend_rules}
    ]
    scales = [
        {"wave": wave, **group, "scale_id": scale.scale_id, **_labels("scale_", scale)}
        for wave, indicator in in_wave
        for scale in registry.scales
        if scale.scale_id == indicator.indicator_id
        for group in of_group.values()
    ]
    return {
        "dim_waves": [vars(each) for each in registry.waves if each.wave in asked],
        "dim_classifications": [vars(each) for each in registry.classifications],
        "dim_organisation_groups": [vars(each) for each in groups.values()],
        "dim_topics": [vars(each) for each in registry.topics],
        "dim_indicators": [vars(each) for each in registry.indicators],
        "dim_questions": [vars(each) for each in registry.questions if not each.is_personal],
        "mart_response_rates": [
            {"wave": row[0], **of_group[row[1], row[2]], **dict(zip(SIZES, row[3:], strict=True))}
            for row in rates
        ],
        "mart_estimates": estimates,
        "mart_findings": findings,
        "mart_comparisons": comparisons,
        "mart_trends": trends,
        "mart_claims": [
            {"wave": wave, **vars(claim)}
            for claim in registry.claims
            for wave, indicator in in_wave
            if indicator.indicator_id == claim.indicator_id
        ],
        "mart_scale_scores": scales,
        "mart_verdicts": [{"purpose": "claim", "wave": "all", "family_id": "claims"}],
    }


def _tables(
    registry: Registry, waves: Sequence[WaveResponses], rates: Sequence[Rate]
) -> Iterator[tuple[str, str, str, list[Row]]]:
    """Schema, name, model and rows of every table."""
    core = _core(registry, waves, rates)
    for name in CORE:
        yield "core", name, name, core[name]
    readers = [(reader, place) for reader, places in told(registry).items() for place in places]
    for name in GROUPS:
        if name == "readers":
            rows = [
                {"reader_group_id": reader, "classification_id": own, "group_id": group}
                for reader, (own, group) in readers
            ]
        else:
            mart, sides = OF_GROUP[name]
            of: dict[tuple[str, str], list[str]] = {}
            for reader, place in readers:
                of.setdefault(place, []).append(reader)
            rows = [
                {"reader_group_id": reader, **row}
                for row in core[mart]
                for reader in sorted(
                    {
                        reader
                        for side in sides
                        for reader in of.get((row["classification_id"], row.get(side)), [])
                    }
                )
            ]
        yield "groups", name, f"group_{name}", rows
    own = {(each.mart_id, each.indicator_id): each.position for each in _in_topics(registry)}
    yield (
        "topics",
        "findings",
        "topic_findings",
        [
            {"mart_id": mart, "position_in_topic": position, **row}
            for (mart, indicator), position in own.items()
            for row in core["mart_findings"]
            if row["indicator_id"] == indicator
        ],
    )


def _in_topics(registry: Registry) -> list[Any]:
    schemas = {each.mart_id for each in registry.topic_marts if not each.has_own_columns}
    return [each for each in registry.topic_mart_indicators if each.mart_id in schemas]


def write_skeleton(
    connection: duckdb.DuckDBPyConnection,
    catalog: str,
    registry: Registry,
    waves: Sequence[WaveResponses],
    rates: Sequence[Rate],
) -> None:
    """Write the marts into a database that is open, as the models leave them."""
    answers = [value for wave in waves for one in wave.respondents for value in one.values.values()]
    noise = int(sum(at * (value or 0) for at, value in enumerate(answers)))
    connection.execute("begin")
    for schema in sorted({schema for schema, *_ in _tables(registry, waves, rates)}):
        connection.execute(f"create schema {catalog}.{schema}")
    for schema, name, model, rows in _tables(registry, waves, rates):
        columns, _, said = models()[model]
        parts = []
        for column, kind in columns.items():
            made_up = _noise(column, kind, noise)
            is_given = column in KEPT or (name in RATES and column in SIZES)
            values = [row.get(column) if is_given else made_up for row in rows]
            if column == "is_synthetic":
                values = [True] * len(rows)
            text = json.dumps(values, default=str).replace("'", "''")
            parts.append(f"unnest(from_json('{text}', '[\"{kind}\"]')) as \"{column}\"")
        place = f"{catalog}.{schema}.{name}"
        connection.execute(f"create table {place} as select {', '.join(parts)}")
        comments = [f"comment on table {place} is 'One row per {name}.'"]
        comments += [
            f"comment on column {place}.\"{column}\" is '{text.replace(chr(39), chr(39) * 2)}'"
            for column, text in said.items()
        ]
        connection.execute(";".join(comments))
    sizes = ", ".join(f"('{wave}', '{group}', {number})" for wave, _, group, number, _ in rates)
    connection.execute(
        f"create schema {catalog}.estimation;"
        f"create table {catalog}.estimation.est_group_sizes as"
        f" select * from (values {sizes}) as sizes (wave, group_id, n_population)"
    )
    connection.execute("commit")


def _noise(column: str, kind: str, noise: int) -> object:
    if column == "suppression_status":
        return "published"
    return {
        "DOUBLE": 0.00037 + (noise % 1000) / 1000,
        "BIGINT": 20 + noise % 50,
        "INTEGER": 20 + noise % 50,
        "VARCHAR": None if column == "suppression_reason" else f"noise {noise % 1000}",
        "BOOLEAN": noise % 2 == 0,
        "DATE": None,
    }[kind]


def write_manifest(path: Path, registry: Registry) -> None:
    """Write what dbt would say of these models."""
    nodes: dict[str, dict[str, Any]] = {}
    for schema, name, model, _ in _tables(registry, (), ()):
        node = f"model.barometer.{model}"
        table = {"materialized": "table"}
        nodes[node] = {"resource_type": "model", "schema": schema, "name": model, "alias": name}
        nodes[node]["config"] = table
        test = {"name": "grain", "kwargs": {"columns": list(models()[model][1])}}
        nodes[f"test.{model}"] = {
            "resource_type": "test",
            "schema": "test",
            "name": f"grain_{model}",
            "attached_node": node,
            "test_metadata": test,
        }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")


def write_build(
    settings: Settings, registry: Registry, waves: Sequence[WaveResponses], rates: Sequence[Rate]
) -> None:
    """Leave a build database and a manifest where a refresh would."""
    settings.warehouse.unlink(missing_ok=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        write_skeleton(connection, connection_catalog(connection), registry, waves, rates)
    write_manifest(settings.dbt_target / "manifest.json", registry)


def connection_catalog(connection: duckdb.DuckDBPyConnection) -> str:
    """Return the name of the open database as SQL."""
    (name,) = connection.execute("select current_database()").fetchone() or ("",)
    return f'"{name}"'


def released(
    registry: Registry,
    waves: Sequence[WaveResponses],
    rates: Sequence[Rate],
    lookups: Sequence[Lookup],
) -> Released:
    """Return a public release of such a survey, in memory, and its tables."""
    connection = duckdb.connect()
    connection.execute(f"attach ':memory:' as {SOURCE}")
    write_skeleton(connection, SOURCE, registry, waves, rates)
    with tempfile.TemporaryDirectory() as folder:
        manifest = Path(folder) / "manifest.json"
        write_manifest(manifest, registry)
        tables = released_tables(connection, registry, manifest)
    write_tables(connection, tables, lookups)

    class Named:
        survey, name, marking = "ibo", "public", ""

    describe_release(connection, Named(), "0001-abc", registry.survey, True, ["label"])  # type: ignore[arg-type]
    return connection, tables
