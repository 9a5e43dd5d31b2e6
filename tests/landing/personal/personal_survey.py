"""A small survey with personal data in it, files for it, and ways to look at what is left."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import duckdb

from barometer.settings import Settings
from landing.deliveries import find_deliveries
from landing.loader import LandingReport, land
from registry import TABLES, Registry
from registry.tables.questionnaire import Question
from registry.tables.waves import ColumnMapping, Delivery, Survey, Wave

KEY = "a key for tests that is long enough to be one"
OTHER_KEY = "another key for tests that is long enough too"
HEADER = ("id", "org", "name", "mail", "remark")


def record(kind: type, /, **values: Any) -> Any:
    """Make a registry record, with nothing in the fields that are not given."""
    names = {field.name for field in dataclasses.fields(kind)}
    assert not set(values) - names, set(values) - names
    blank = {name: False if name.startswith("is_") else None for name in names}
    return kind(**{**blank, "row": 2, **values})


def personal_registry(
    *, archive: str = "plain", keys: str | None = None, mail: str = "drop", low: int = 1
) -> Registry:
    """Waves 2024 (a frame file), 2025 (two parts) and 2026 (its export is the frame).

    Args:
        archive: how originals are kept.
        keys: treatment of response ids and organisation keys.
        mail: treatment of the column with e-mail addresses.
        low: fewest responses expected.
    """
    tables: dict[str, tuple[Any, ...]] = dict.fromkeys(TABLES, ())
    tables.pop("surveys")
    tables["waves"] = tuple(
        record(
            Wave,
            wave=wave,
            label_nl=wave,
            label_en=wave,
            reference_start=dt.date(int(wave) - 2, 1, 1),
            reference_end=dt.date(int(wave) - 1, 12, 31),
            expected_responses_low=low,
            expected_responses_high=100,
            frame_source=source,
        )
        for wave, source in (("2024", "file"), ("2025", "registry"), ("2026", "export"))
    )
    tables["deliveries"] = tuple(
        record(
            Delivery,
            wave=wave,
            kind=kind,
            part=part,
            file_pattern=f"{wave}_{kind}_{part}*",
            format="auto",
            tool="generic",
            is_synthetic=True,
            archive=archive,
        )
        for wave, kind, part in (
            ("2024", "export", "main"),
            ("2024", "frame", "main"),
            ("2025", "export", "north"),
            ("2025", "export", "south"),
            ("2026", "export", "main"),
        )
    )
    exports = [
        record(ColumnMapping, wave=wave, kind="export", column_name=name, role=role, **more)
        for wave in ("2024", "2025", "2026")
        for name, role, more in (
            ("id", "response_id", {"treatment": keys}),
            ("org", "organisation_key", {"treatment": keys}),
            ("name", "organisation_name", {}),
            ("mail", "personal", {"treatment": mail}),
            ("remark", "answer", {"question_id": "remark", "treatment": "drop"}),
        )
    ]
    frames = [
        record(ColumnMapping, wave="2024", kind="frame", column_name=name, role=role, **more)
        for name, role, more in (
            ("key", "organisation_key", {"treatment": keys}),
            ("name", "organisation_name", {}),
        )
    ]
    tables["columns"] = (*exports, *frames)
    tables["questions"] = (
        record(
            Question,
            question_id="remark",
            block="b",
            position=1,
            answer_type="text",
            first_wave="2024",
            is_personal=True,
        ),
    )
    survey = record(Survey, survey_id="mini", unlisted_columns="error")
    return Registry(survey=survey, **tables)


def respondents(numbers: Iterable[int], prefix: str = "r") -> list[tuple[str, ...]]:
    """Rows of an export: everything in them tells who it is."""
    return [
        (
            f"{prefix}{n}",
            f"o{n}",
            f"Name planted-{prefix}{n}@example.org",
            f"mail-{prefix}{n}@example.org",
            f"I am person {prefix}{n}",
        )
        for n in numbers
    ]


def deliver(
    settings: Settings,
    name: str,
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = HEADER,
) -> Path:
    path = settings.inbox / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def land_inbox(settings: Settings, registry: Registry) -> LandingReport:
    return land(settings, registry, find_deliveries(settings.inbox, registry).files)


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(sql).fetchall()


def values_of(settings: Settings, column: str, export: str = "%") -> list[Any]:
    return [
        value
        for (value,) in query(
            settings,
            f"""
            select value from raw.cells
            inner join raw.export_columns using (export_id, column_position)
            where column_name = '{column}' and export_id like '{export}'
            order by export_id, row_number
            """,
        )
    ]


def files_with(folder: Path, *texts: str) -> list[str]:
    """Return the files below a folder whose bytes hold one of the texts."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and not path.is_symlink()
        and any(text.encode() in path.read_bytes() for text in texts)
    )
