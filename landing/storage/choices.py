"""Versions that a person chose to be in force, as the warehouse keeps them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb

from landing.storage.warehouse import has_raw_table, open_warehouse


@dataclass(frozen=True)
class Choice:
    """The last choice among the versions of one delivery.

    Attributes:
        export_id: the version that was chosen.
        chosen_at: when, in UTC.
        read_as: how the registry said then that the files of the delivery are read.
        known_files: names and contents that the choice was made among.
    """

    export_id: str
    chosen_at: dt.datetime
    chosen_by: str
    read_as: str
    known_files: frozenset[tuple[str, str]]


def standing_choices(path: Path, survey: str) -> dict[tuple[str, str, str], Choice]:
    """Return the last choice of every delivery among whose versions somebody chose.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    if not path.exists():
        return {}
    with open_warehouse(path, read_only=True) as connection:
        if not has_raw_table(connection, "choices"):
            return {}
        rows = connection.execute(
            """
            select
                exports.wave, exports.kind, exports.part,
                choices.export_id, chosen_at, chosen_by, choices.read_as, known_files
            from raw.choices as choices
            inner join raw.exports as exports on choices.export_id = exports.export_id
            where exports.survey = ?
            order by chosen_at
            """,
            [survey],
        ).fetchall()
    return {
        (wave, kind, part): Choice(
            export_id,
            chosen_at,
            chosen_by,
            read_as,
            frozenset((one["file_name"], one["content_sha256"]) for one in files),
        )
        for wave, kind, part, export_id, chosen_at, chosen_by, read_as, files in rows
    }


def insert_choice(connection: duckdb.DuckDBPyConnection, choice: Choice) -> None:
    """Keep a choice; the one before it stays as history."""
    connection.execute(
        "insert into raw.choices values (?, ?, ?, ?, ?)",
        [
            choice.export_id,
            choice.chosen_at,
            choice.chosen_by,
            choice.read_as,
            [
                {"file_name": name, "content_sha256": content}
                for name, content in sorted(choice.known_files)
            ],
        ],
    )


def names_landed_under(
    connection: duckdb.DuckDBPyConnection, exports: Iterable[str]
) -> set[tuple[str, str]]:
    """Return every name and content under which these versions were landed."""
    rows = connection.execute(
        """
        select exports.file_name, exports.content_sha256 from raw.exports as exports
        where list_contains(?, exports.export_id)
        union
        select earlier.file_name, exports.content_sha256
        from raw.reinstatements as earlier
        inner join raw.exports as exports on earlier.export_id = exports.export_id
        where list_contains(?, exports.export_id)
        """,
        [list(exports)] * 2,
    ).fetchall()
    return set(rows)
