"""The tables of the example files: column names and typed cells, before any file format."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from examples.encoding import Encoder
from examples.frames import Organisation
from examples.registries import Registries
from examples.submissions import Submission

Cell = str | int | datetime | None


@dataclass(frozen=True)
class Table:
    """A header and rows of cells of the same length."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def export_table(registries: Registries, wave: str, rows: Sequence[Submission], seed: int) -> Table:
    """Return a wave's export."""
    encoder = Encoder(registries, wave, seed)
    columns = [row["column_name"] for row in encoder.columns]
    body = []
    for row in rows:
        cells: dict[str, Cell] = {**encoder.answer_cells(row), **_technical(wave, row)}
        body.append(tuple(cells[name] for name in columns))
    return Table(tuple(columns), tuple(body))


def frame_table(registries: Registries, wave: str, frame: Sequence[Organisation]) -> Table:
    """Return a wave's sampling frame."""
    columns = registries.wave_columns(wave, "frame")
    updated = datetime.fromisoformat(registries.waves[wave]["reference_end"])
    body = []
    for organisation in frame:
        cells: list[Cell] = []
        for column in columns:
            if column["role"] == "organisation_key":
                cells.append(organisation.key)
            elif column["role"] == "organisation_name":
                cells.append(organisation.name)
            elif column["attribute_id"] == "fte":
                cells.append(organisation.fte)
            elif column["role"] == "attribute":
                cells.append(organisation.attributes[column["attribute_id"]])
            else:
                cells.append(updated)
        body.append(tuple(cells))
    return Table(tuple(column["column_name"] for column in columns), tuple(body))


def _technical(wave: str, row: Submission) -> dict[str, Cell]:
    rng = random.Random(f"{wave}|{row.response_id}|{row.key}")
    started = row.submitted_at - timedelta(seconds=rng.randrange(420, 2400))
    mail = f"respondent{row.response_id}@voorbeeld.invalid"
    submitted = row.submitted_at if row.is_submitted else None
    if wave == "2021":
        return {
            "id": str(row.response_id),
            "submitdate": _text(submitted),
            "lastpage": str(row.last_page),
            "startlanguage": "nl",
            "seed": str(rng.randrange(10**8, 10**9)),
            "token": "".join(rng.choice("abcdefghijkmnpqrstuvwxyz23456789") for _ in range(15)),
            "startdate": _text(started),
            "datestamp": _text(row.submitted_at),
            "organisatiecode": row.key,
            "organisatienaam": row.name,
            "testrespons": "Y" if row.is_test else "",
            "contactEmail": mail,
        }
    if wave == "2023":
        return {
            "ID": row.response_id,
            "Begintijd": started,
            "Tijd van voltooien": submitted,
            "E-mail": mail,
            "Organisatiecode": row.key or None,
            "Naam van uw organisatie": row.name,
            "Test (intern)": "ja" if row.is_test else None,
        }
    return {
        "respnr": row.response_id,
        "datum_inzending": submitted,
        "orgcode": row.key,
        "orgnaam": row.name,
        "testcase": int(row.is_test),
        "email": mail,
    }


def _text(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S}" if moment else ""
