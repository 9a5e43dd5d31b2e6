"""A survey of six organisations, and the tables that a sound pipeline makes of it."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path
from typing import Any

import duckdb

from registry import TABLES, Registry
from registry.tables.differences import Claim, Comparison
from registry.tables.figures import (
    Indicator,
    IndicatorItem,
    Scale,
    ScaleBand,
    ScaleOutcome,
    Topic,
    TopicMart,
    TopicMartIndicator,
)
from registry.tables.organisations import Classification, OrganisationGroup
from registry.tables.questionnaire import Option, Question, Route
from registry.tables.thresholds import PublicationRule
from registry.tables.waves import ColumnMapping, Delivery, Survey, Wave

EXPORT = "2024-export-main-a"
OLD_EXPORT = "2024-export-main-0"
FRAME = "2024-frame-main-b"


def record(kind: type, /, **values: Any) -> Any:
    """Make a registry record, with nothing in the fields that are not given."""
    names = {field.name for field in dataclasses.fields(kind)}
    unknown = set(values) - names
    assert not unknown, f"{kind.__name__} has no {unknown}"
    blank = {name: False if name.startswith(("is_", "own_")) else None for name in names}
    return kind(**{**blank, "row": 2, **values})


def small_registry() -> Registry:
    day = datetime.date
    registries: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
    registries.pop("surveys")
    registries |= {
        "waves": (
            record(
                Wave,
                wave="2024",
                label_nl="Meting",
                label_en="Wave",
                reference_start=day(2023, 1, 1),
                reference_end=day(2023, 12, 31),
                expected_responses_low=3,
                expected_responses_high=8,
                frame_source="file",
            ),
        ),
        "deliveries": tuple(
            record(Delivery, wave="2024", kind=kind, part="main", file_pattern="*", format="csv")
            for kind in ("export", "frame")
        ),
        "columns": tuple(
            record(ColumnMapping, wave="2024", kind=kind, column_name=name, role=role, **more)
            for kind, name, role, more in (
                ("export", "key", "organisation_key", {}),
                ("export", "inn", "answer", {"question_id": "innovated"}),
                ("export", "why", "answer", {"question_id": "reason"}),
                ("export", "fte", "answer", {"question_id": "staff"}),
                ("export", "cl", "answer", {"question_id": "climate"}),
                ("export", "mail", "answer", {"question_id": "address", "treatment": "drop"}),
                ("frame", "id", "organisation_key", {}),
            )
        ),
        "questions": tuple(
            record(
                Question, **{"question_id": name, "answer_type": kind, "first_wave": "2024", **more}
            )
            for name, kind, more in (
                ("innovated", "single", {}),
                ("reason", "multiple", {"maximum_answers": 2}),
                ("staff", "number", {"minimum": 0.0, "maximum": 100.0}),
                ("climate", "scale", {}),
                ("address", "text", {"is_personal": True}),
                ("abolished", "single", {"first_wave": "2020", "last_wave": "2022"}),
            )
        ),
        "options": tuple(
            record(Option, question_id=question, option_id=option, **more)
            for question, option, more in (
                ("innovated", "yes", {}),
                ("innovated", "no", {}),
                ("innovated", "unsure", {"is_missing": True}),
                ("reason", "law", {}),
                ("reason", "crisis", {}),
                ("reason", "fashion", {"last_wave": "2022"}),
                ("reason", "none", {"is_exclusive": True}),
                ("climate", "low", {"score": 1.0}),
                ("climate", "high", {"score": 5.0}),
                ("abolished", "yes", {}),
            )
        ),
        "routing": (
            record(
                Route,
                question_id="reason",
                rule="any_of",
                condition_question_id="innovated",
                condition_option_id="yes",
            ),
            record(
                Route,
                question_id="climate",
                rule="none_of",
                condition_question_id="reason",
                condition_option_id="none",
            ),
        ),
        "classifications": (
            record(Classification, classification_id="layer", is_exhaustive=True),
            record(Classification, classification_id="form", within_group_id="agencies"),
        ),
        "organisation_groups": tuple(
            record(
                OrganisationGroup,
                classification_id=classification,
                group_id=group,
                parent_group_id=parent,
                own_schema=own,
            )
            for classification, group, parent, own in (
                ("layer", "all", None, False),
                ("layer", "agencies", "all", True),
                ("layer", "courts", "all", False),
                ("form", "zbo", None, False),
            )
        ),
        "topics": (record(Topic, topic="study"),),
        "indicators": tuple(
            record(Indicator, indicator_id=name, kind=kind, minimum_answered=1)
            for name, kind in (
                ("innovating", "share"),
                ("mood", "mean"),
                ("reasons", "count"),
                ("staff_total", "total"),
            )
        ),
        "indicator_items": tuple(
            record(
                IndicatorItem,
                indicator_id=indicator,
                part="numerator",
                question_id=question,
                option_id=option,
            )
            for indicator, question, option in (
                ("innovating", "innovated", "yes"),
                ("mood", "climate", None),
                ("reasons", "reason", "law"),
                ("reasons", "reason", "crisis"),
                ("staff_total", "staff", None),
            )
        ),
        "publication_rules": (
            record(PublicationRule, rule_id="minimum_base", value="2", description="."),
            record(PublicationRule, rule_id="minimum_scale_responses", value="2", description="."),
            record(
                PublicationRule, rule_id="minimum_quartile_responses", value="3", description="."
            ),
        ),
        "comparisons": (record(Comparison, comparison_id="agencies_position", is_headline=True),),
        "claims": (record(Claim, claim_id="agencies_innovate"),),
        "scales": (record(Scale, scale_id="mood"),),
        "scale_bands": tuple(
            record(ScaleBand, scale_id="mood", band_id=band) for band in ("low", "high")
        ),
        "scale_outcomes": (
            record(ScaleOutcome, scale_id="mood", outcome_indicator_id="innovating"),
        ),
        "topic_marts": (
            record(TopicMart, mart_id="frequency", schema_name="study", has_own_columns=True),
        ),
        "topic_mart_indicators": (
            record(TopicMartIndicator, mart_id="frequency", indicator_id="innovating"),
        ),
    }
    survey = record(Survey, survey_id="small", unlisted_columns="error")
    return Registry(survey=survey, **registries)


def sql_type(annotation: str) -> str:
    """Return the column type of a registry field."""
    for name, kind in (("bool", "boolean"), ("int", "bigint"), ("float", "double")):
        if annotation.startswith(name):
            return kind
    return "date" if annotation.startswith("datetime") else "text"


def write_registry(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """Write the registries as dbt's seeds would."""
    connection.execute("create schema registry")
    for name, table in TABLES.items():
        fields = [field for field in dataclasses.fields(table.record) if field.name != "row"]
        columns = ", ".join(f"{field.name} {sql_type(str(field.type))}" for field in fields)
        connection.execute(f"create table registry.{name} ({columns})")
        rows = (registry.survey,) if name == "surveys" else getattr(registry, name)
        for row in rows:
            values = [getattr(row, field.name) for field in fields]
            marks = ", ".join("?" * len(values))
            connection.execute(f"insert into registry.{name} values ({marks})", values)


def write_warehouse(path: Path) -> None:
    """Write a warehouse in which every expectation holds."""
    with duckdb.connect(str(path), config={"default_block_size": 16384}) as connection:
        write_registry(connection, small_registry())
        for name in ("small_warehouse.sql", "small_findings.sql"):
            connection.execute(Path(__file__).with_name(name).read_text(encoding="utf-8"))
