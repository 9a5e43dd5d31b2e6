"""A small survey of four waves, and files for it."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from barometer.settings import Settings
from landing.deliveries import find_deliveries
from landing.loader import LandingReport, land
from registry import Registry
from registry.tables.questionnaire import Code, Option, Question
from registry.tables.waves import ColumnMapping, Delivery, Survey, Wave

EXPORT_HEADER = ["id", "org", "name", "email", "when", "size", "kind", "t[A]", "t[B]", "why"]


def column(
    wave: str, kind: str, name: str, role: str, question: str | None = None, **extra: str
) -> ColumnMapping:
    return ColumnMapping(
        wave=wave,
        kind=kind,
        column_name=name,
        role=role,
        question_id=question,
        option_id=extra.get("option"),
        attribute_id=extra.get("attribute"),
        separator=extra.get("separator"),
        part=extra.get("part"),
        treatment=extra.get("treatment"),
        row=2,
    )


def wave(name: str, low: int = 1, high: int = 20, frame_source: str = "file") -> Wave:
    year = int(name)
    return Wave(
        wave=name,
        label_nl=name,
        label_en=name,
        reference_start=dt.date(year - 2, 1, 1),
        reference_end=dt.date(year - 1, 12, 31),
        fieldwork_start=dt.date(year, 2, 1),
        fieldwork_end=dt.date(year, 4, 30),
        expected_responses_low=low,
        expected_responses_high=high,
        publication_date=None,
        frame_source=frame_source,
        complete_from_page=None,
        row=2,
    )


def delivery(
    wave_id: str, kind: str, pattern: str, part: str = "main", format: str = "auto"
) -> Delivery:
    return Delivery(
        wave=wave_id,
        kind=kind,
        part=part,
        file_pattern=pattern,
        format=format,
        tool="generic",
        sheet=None,
        date_order=None,
        encoding=None,
        delimiter=None,
        decimal_sign=None,
        header_rows=None,
        table_start=None,
        is_synthetic=True,
        archive="plain",
        row=2,
    )


def question(name: str, answer_type: str, *, is_personal: bool = False) -> Question:
    return Question(
        question_id=name,
        block="b",
        position=1,
        answer_type=answer_type,
        wording_nl=name,
        wording_en=name,
        first_wave="2022",
        last_wave=None,
        minimum=None,
        maximum=None,
        maximum_answers=None,
        is_personal=is_personal,
        is_sensitive=False,
        base_nl=None,
        base_en=None,
        note=None,
        row=2,
    )


def option(question_id: str, option_id: str, *, is_missing: bool = False) -> Option:
    return Option(
        question_id=question_id,
        option_id=option_id,
        position=1,
        label_nl=option_id,
        label_en=option_id,
        score=None,
        is_missing=is_missing,
        missing_reason="dont_know" if is_missing else None,
        is_exclusive=False,
        first_wave=None,
        last_wave=None,
        row=2,
    )


def code(
    question_id: str | None, raw_value: str, option_id: str | None, reason: str | None = None
) -> Code:
    return Code(
        question_id=question_id,
        wave=None,
        raw_value=raw_value,
        option_id=option_id,
        missing_reason=reason,
        row=2,
    )


def _columns_of(wave_id: str) -> list[ColumnMapping]:
    return [
        column(wave_id, "export", "id", "response_id"),
        column(wave_id, "export", "org", "organisation_key"),
        column(wave_id, "export", "name", "organisation_name"),
        column(wave_id, "export", "email", "personal"),
        column(wave_id, "export", "when", "submitted_at"),
        column(wave_id, "export", "size", "answer", "size"),
        column(wave_id, "export", "kind", "answer", "kind"),
        column(wave_id, "export", "t[A]", "answer", "triggers", option="law"),
        column(wave_id, "export", "t[B]", "answer", "triggers", option="crisis"),
        column(wave_id, "export", "why", "answer", "why"),
        column(wave_id, "frame", "key", "organisation_key"),
        column(wave_id, "frame", "name", "organisation_name"),
        column(wave_id, "frame", "type", "attribute", attribute="type"),
    ]


def toy_registry() -> Registry:
    return Registry(
        survey=Survey(
            "toy", "Toy", "Toy", "organisaties", "organisations", "error", None, None, row=2
        ),
        waves=(wave("2022", frame_source="export"), wave("2023"), wave("2024"), wave("2025")),
        deliveries=(
            delivery("2022", "export", "toy2022*"),
            delivery("2023", "export", "toy2023_export*"),
            delivery("2023", "frame", "toy2023_frame*"),
            delivery("2024", "export", "toy2024_north*", part="north"),
            delivery("2024", "export", "toy2024_south*", part="south"),
            delivery("2025", "export", "toy2025_export*.csv", format="csv"),
        ),
        columns=tuple(c for year in ("2022", "2023", "2024", "2025") for c in _columns_of(year)),
        questions=(
            question("size", "number"),
            question("kind", "single"),
            question("triggers", "multiple"),
            question("why", "text"),
        ),
        options=(
            option("kind", "agency"),
            option("kind", "court"),
            option("kind", "unknown", is_missing=True),
            option("triggers", "law"),
            option("triggers", "crisis"),
        ),
        codes=(
            code("kind", "1", "agency"),
            code("kind", "Gerecht ", "court"),
            code("kind", "9", "unknown"),
            code("triggers", "Y", "selected"),
            code("triggers", "N", None, "not_selected"),
            code(None, "-9", None, "not_applicable"),
        ),
        routing=(),
        comparability_breaks=(),
        classifications=(),
        organisation_groups=(),
        organisation_membership=(),
        organisation_succession=(),
        strata_design=(),
        strata=(),
        topics=(),
        units=(),
        indicators=(),
        indicator_items=(),
        claims=(),
        publication_rules=(),
    )


def answers(count: int, *, prefix: str = "", **cells: str) -> list[list[str]]:
    """Rows of an export that has nothing wrong with it, but for the cells that are given."""
    rows = []
    for number in range(1, count + 1):
        row = {
            "id": f"{prefix}{number}",
            "org": f"{number:04d}",
            "name": f" Organisatie {number}",
            "email": f"person{number}@example.org",
            "when": "2023-03-01 12:00:00",
            "size": "12.5",
            "kind": "gerecht" if number % 2 else "1",
            "t[A]": "Y",
            "t[B]": "Y" if number % 2 else "",
            "why": f"because {number}",
        }
        rows.append(list((row | cells).values()))
    return rows


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def run(settings: Settings, registry: Registry) -> LandingReport:
    return land(settings, registry, find_deliveries(settings.inbox, registry).files)


def query(settings: Settings, sql: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def fingerprint(settings: Settings) -> tuple[str, list[str]]:
    """What the warehouse and the archive hold, to the byte."""
    archived = sorted(path.name for path in settings.archive.rglob("*") if path.is_file())
    return hashlib.sha256(settings.warehouse.read_bytes()).hexdigest(), archived
