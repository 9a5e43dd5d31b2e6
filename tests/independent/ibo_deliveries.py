"""The example deliveries read with pandas and pyreadstat alone, as text, one row per submission.

Nothing of the project is imported here: this is the other side of the comparison.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import pandas as pd
import pyreadstat

PROJECT = Path(__file__).resolve().parents[2]
SEEDS = PROJECT / "seeds"
INBOX = PROJECT / "examples" / "ibo"


@cache
def seed(name: str) -> pd.DataFrame:
    """Return one registry as text; empty cells are empty strings. Empty when it does not exist."""
    path = SEEDS / f"{name}.csv"
    if not path.exists():
        return pd.DataFrame()
    return pd.read_csv(path, dtype=str, keep_default_na=False)


@cache
def rule(name: str) -> float:
    """Return one publication rule."""
    rules = seed("publication_rules")
    return float(rules.loc[rules.rule_id == name, "value"].iloc[0])


@cache
def waves() -> list[str]:
    return sorted(seed("waves").wave)


def normal(text: object) -> str:
    """Trim, collapse white space, lower-case; look-alike signs are the same sign."""
    plain = unicodedata.normalize("NFKC", str(text)).replace("’", "'").replace("‘", "'")
    return re.sub(r"\s+", " ", plain).strip().lower()


def _number_as_text(value: object) -> str:
    if value is None or pd.isna(value):
        return ""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return str(value)


def _read(path: Path, sheet: str) -> pd.DataFrame:
    if path.suffix == ".sav":
        table, _ = pyreadstat.read_sav(str(path), user_missing=True)
        return table.map(_number_as_text)
    if path.suffix == ".xlsx":
        return pd.read_excel(
            path, sheet_name=sheet or 0, dtype=str, keep_default_na=False, engine="openpyxl"
        ).fillna("")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return pd.read_csv(
                path, sep=None, engine="python", dtype=str, keep_default_na=False, encoding=encoding
            )
        except UnicodeDecodeError:
            continue
    raise AssertionError(f"{path} is neither UTF-8 nor Windows-1252")


def delivery(wave: str, kind: str) -> pd.DataFrame:
    """Return the newest file of one delivery with the roles of its columns as a second level."""
    row = seed("deliveries").query("wave == @wave and kind == @kind").iloc[0]
    newest = sorted(INBOX.glob(row.file_pattern))[-1]
    return _read(newest, row.sheet)


def columns(wave: str, kind: str) -> pd.DataFrame:
    return seed("columns").query("wave == @wave and kind == @kind")


def column_of(wave: str, kind: str, role: str) -> str | None:
    found = columns(wave, kind).query("role == @role").column_name
    return None if found.empty else found.iloc[0]


@cache
def frame(wave: str) -> pd.DataFrame:
    """One row per organisation of the frame: index organisation key, columns attributes."""
    table = delivery(wave, "frame")
    names = {
        row.column_name: row.attribute_id
        for row in columns(wave, "frame").query("role == 'attribute'").itertuples()
    }
    keys = table[column_of(wave, "frame", "organisation_key")].str.strip()
    assert keys.is_unique
    assert (keys != "").all()
    return table[list(names)].rename(columns=names).set_index(keys.rename("organisation"))


@cache
def submissions(wave: str) -> list[dict]:
    """One dict per row of the export: its roles as text, and its cells per question."""
    table = delivery(wave, "export")
    declared = columns(wave, "export")
    answers = declared.query("role == 'answer' and treatment != 'drop'")
    roles = {
        role: column_of(wave, "export", role)
        for role in ("response_id", "submitted_at", "last_page", "organisation_key", "test_flag")
    }
    rows = []
    for number, row in enumerate(table.to_dict("records")):
        cells: dict[str, list[tuple[str, str]]] = {}
        for column in answers.itertuples():
            text = str(row[column.column_name]).strip()
            cells.setdefault(column.question_id, [])
            parts = text.split(column.separator) if column.separator else [text]
            for part in parts:
                if part.strip():
                    cells[column.question_id].append((column.option_id, part))
        rows.append(
            {
                "row": number,
                **{
                    role: "" if name is None else str(row[name]).strip()
                    for role, name in roles.items()
                },
                "cells": cells,
            }
        )
    return rows
