"""The tables of the public edition: a function of figures, public constants and registries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from protection.ranges.bands import SMALLEST_BASE
from publication.public.method.intervals import LEVEL
from publication.public.method.protect import ProtectedWave
from publication.public.method.rules import group_key
from publication.public.tables.columns import PublicTable, make_table
from publication.public.tables.differences import claims_table, comparisons_table, trends_table
from publication.public.tables.figures import Figure, FigureKey, figure_columns, figures
from registry import Registry
from registry.schemas import CORE, reader_groups

DIMENSIONS: Mapping[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "dim_waves": (
        "One row per wave.",
        ("wave",),
        (
            "wave",
            "label_nl",
            "label_en",
            "reference_start",
            "reference_end",
            "fieldwork_start",
            "fieldwork_end",
            "publication_date",
            "is_synthetic",
        ),
    ),
    "dim_classifications": (
        "One row per classification of organisations.",
        ("classification_id",),
        ("classification_id", "label_nl", "label_en", "position", "is_exhaustive"),
    ),
    "dim_organisation_groups": (
        "One row per classification and group of organisations.",
        ("classification_id", "group_id"),
        (
            "classification_id",
            "group_id",
            "parent_group_id",
            "label_nl",
            "label_en",
            "position",
            "group_level",
        ),
    ),
    "dim_indicators": (
        "One row per indicator.",
        ("indicator_id",),
        (
            "indicator_id",
            "topic",
            "position",
            "kind",
            "label_nl",
            "label_en",
            "base_nl",
            "base_en",
            "direction",
            "unit",
        ),
    ),
    "dim_questions": (
        "One row per question.",
        ("question_id",),
        (
            "question_id",
            "block",
            "position",
            "answer_type",
            "wording_nl",
            "wording_en",
            "first_wave",
            "last_wave",
            "base_nl",
            "base_en",
        ),
    ),
}
RATES = ("wave", "classification_id", "group_id", "n_population", "n_responses")


@dataclass(frozen=True)
class PublicConstants:
    """What is public whatever anybody answered.

    Attributes:
        dimensions: rows of each table of `DIMENSIONS`, by column.
        rates: population and responses per wave and group, columns of `RATES`.
        told: classification and group of what each reader group is told of.
    """

    dimensions: Mapping[str, Sequence[Mapping[str, Any]]]
    rates: Sequence[Mapping[str, Any]]
    told: Mapping[str, frozenset[tuple[str, str]]]

    @property
    def is_synthetic(self) -> bool:
        """Return whether any wave rests on made-up answers."""
        return any(row["is_synthetic"] for row in self.dimensions["dim_waves"])


def public_tables(
    waves: Sequence[ProtectedWave], constants: PublicConstants, registry: Registry
) -> tuple[PublicTable, ...]:
    """Return every table of the public edition but the one that names the release."""
    found = figures(waves, registry)
    shown = {
        (row["classification_id"], row["group_id"])
        for row in constants.dimensions["dim_organisation_groups"]
    } & {(g.classification_id, g.group_id) for g in registry.organisation_groups}
    core = [
        *(_dimension(name, constants, shown) for name in DIMENSIONS),
        _response_rates(constants, registry),
        _estimates(found, waves, constants, registry),
        comparisons_table(found, waves, registry),
        trends_table(found, waves, registry),
        claims_table(found, waves, registry),
        _scale_scores(found, waves, registry),
    ]
    by_name = {table.name: table for table in core}
    groups = [
        _of_group(by_name[mart], reader, name, sides, constants.told.get(reader, frozenset()))
        for reader in reader_groups(registry)
        for name, (mart, sides) in GROUP_TABLES.items()
    ]
    return (*core, *groups)


GROUP_TABLES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "findings": ("mart_estimates", ("group_id",)),
    "response_rates": ("mart_response_rates", ("group_id",)),
    "comparisons": ("mart_comparisons", ("group_a", "group_b")),
    "trends": ("mart_trends", ("group_id",)),
    "climate": ("mart_scale_scores", ("group_id",)),
}
"""What a reader group is given, under the names of the internal edition: mart, sides of a row."""


def _dimension(name: str, constants: PublicConstants, shown: set[tuple[str, str]]) -> PublicTable:
    description, key, columns = DIMENSIONS[name]
    classifications = {classification for classification, _ in shown}
    rows = [dict(row) for row in constants.dimensions[name]]
    if name == "dim_organisation_groups":
        rows = [row for row in rows if (row["classification_id"], row["group_id"]) in shown]
    if name == "dim_classifications":
        rows = [row for row in rows if row["classification_id"] in classifications]
    return make_table(CORE, name, description, key, columns, rows)


def _response_rates(constants: PublicConstants, registry: Registry) -> PublicTable:
    labels = group_labels(registry)
    rows = []
    for row in constants.rates:
        place = (row["classification_id"], row["group_id"])
        if place not in labels:
            continue
        population, responses = row["n_population"], row["n_responses"]
        is_small = population is None or population < SMALLEST_BASE or responses is None
        rows.append(
            {
                "wave": row["wave"],
                **group_columns(labels, *place),
                "n_population": None if is_small else population,
                "n_responses": None if is_small else responses,
                "response_rate": None if is_small else round(responses / population, 4),
            }
        )
    return make_table(
        CORE,
        "mart_response_rates",
        "One row per wave, classification and group: organisations and responses.",
        ("wave", "classification_id", "group_id"),
        (
            "wave",
            "classification_id",
            "group_id",
            "group_label_nl",
            "group_label_en",
            "n_population",
            "n_responses",
            "response_rate",
        ),
        rows,
    )


def group_labels(registry: Registry) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the names of each group in Dutch and English."""
    return {
        (group.classification_id, group.group_id): (group.label_nl, group.label_en)
        for group in registry.organisation_groups
    }


def group_columns(
    labels: Mapping[tuple[str, str], tuple[str, str]], classification: str, group: str
) -> dict[str, Any]:
    """Return the columns that say which group a row is about."""
    label_nl, label_en = labels[classification, group]
    return {
        "classification_id": classification,
        "group_id": group,
        "group_label_nl": label_nl,
        "group_label_en": label_en,
    }


def _estimates(
    found: Mapping[FigureKey, Figure],
    waves: Sequence[ProtectedWave],
    constants: PublicConstants,
    registry: Registry,
) -> PublicTable:
    labels = group_labels(registry)
    synthetic = {row["wave"]: row["is_synthetic"] for row in constants.dimensions["dim_waves"]}
    sizes = {
        (row["wave"], row["classification_id"], row["group_id"]): row["n_responses"]
        for row in constants.rates
        if row["n_population"] is not None and row["n_population"] >= SMALLEST_BASE
    }
    rows = []
    for wave in waves:
        for indicator in registry.indicators:
            if indicator.indicator_id not in wave.rules.asked:
                continue
            since = _comparable_from(registry, indicator.indicator_id, wave.wave)
            for classification, group in labels:
                key = group_key(classification, group)
                members = wave.edition.constants.members(wave.wave, key)
                behind = sum(atom.responses for atom in members)
                size = sizes.get((wave.wave, classification, group))
                figure = found[wave.wave, key, indicator.indicator_id]
                rows.append(
                    {
                        "wave": wave.wave,
                        **group_columns(labels, classification, group),
                        "topic": indicator.topic,
                        "indicator_id": indicator.indicator_id,
                        "indicator_label_nl": indicator.label_nl,
                        "indicator_label_en": indicator.label_en,
                        "base_nl": indicator.base_nl,
                        "base_en": indicator.base_en,
                        "kind": indicator.kind,
                        "unit": indicator.unit,
                        "comparable_from_wave": since,
                        "is_synthetic": synthetic[wave.wave],
                        "n_responses": None if size is None else (behind or size),
                        **figure_columns(figure),
                        "confidence_level": LEVEL,
                    }
                )
    return make_table(
        CORE,
        "mart_estimates",
        "One row per wave, classification, group and indicator: what is public about it, as ranges "
        "that were fixed before any answer was seen, as an amount, or why nothing is.",
        ("wave", "classification_id", "group_id", "indicator_id"),
        (
            "wave",
            "classification_id",
            "group_id",
            "group_label_nl",
            "group_label_en",
            "topic",
            "indicator_id",
            "indicator_label_nl",
            "indicator_label_en",
            "base_nl",
            "base_en",
            "kind",
            "unit",
            "comparable_from_wave",
            "is_synthetic",
            "n_responses",
            "band_lower",
            "band_upper",
            "mean_lower",
            "mean_upper",
            "amount",
            "interval_lower",
            "interval_upper",
            "confidence_level",
            "smallest_base",
            "possible_counts",
            "protection",
            "protection_reason",
        ),
        rows,
    )


def _comparable_from(registry: Registry, indicator_id: str, wave: str) -> str | None:
    order = registry.wave_ids
    questions = {
        item.question_id for item in registry.indicator_items if item.indicator_id == indicator_id
    }
    since = [
        row.wave
        for row in registry.comparability_breaks
        if row.question_id in questions and order.index(row.wave) <= order.index(wave)
    ]
    return max(since, key=order.index) if since else None


def _scale_scores(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> PublicTable:
    labels = group_labels(registry)
    scales = {scale.scale_id: scale for scale in registry.scales}
    rows = []
    for wave in waves:
        for scale_id in scales:
            if scale_id not in wave.rules.asked:
                continue
            for classification, group in labels:
                figure = found[wave.wave, group_key(classification, group), scale_id]
                rows.append(
                    {
                        "wave": wave.wave,
                        **group_columns(labels, classification, group),
                        "scale_id": scale_id,
                        "label_nl": scales[scale_id].label_nl,
                        "label_en": scales[scale_id].label_en,
                        **figure_columns(figure),
                    }
                )
    return make_table(
        CORE,
        "mart_scale_scores",
        "One row per wave, classification, group and scale: the average of the means of its "
        "questions, or a mean of its own. Quartiles and the spread are somebody's answers and not "
        "public.",
        ("wave", "classification_id", "group_id", "scale_id"),
        (
            "wave",
            "classification_id",
            "group_id",
            "group_label_nl",
            "group_label_en",
            "scale_id",
            "label_nl",
            "label_en",
            "mean_lower",
            "mean_upper",
            "smallest_base",
            "protection",
            "protection_reason",
        ),
        rows,
    )


def _of_group(
    table: PublicTable,
    schema: str,
    name: str,
    sides: tuple[str, ...],
    told: frozenset[tuple[str, str]],
) -> PublicTable:
    """Return the rows that an organisation group's own schema holds; as in the internal edition."""
    of, *groups = (table.columns.index(column) for column in ("classification_id", *sides))
    one, other = groups[0], groups[-1]
    rows = tuple(
        row for row in table.rows if (row[of], row[one]) in told or (row[of], row[other]) in told
    )
    description = f"{table.description} For one organisation group and its own breakdowns."
    return PublicTable(schema, name, description, table.key, table.columns, rows)
