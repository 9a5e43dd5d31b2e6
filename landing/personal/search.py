"""Where a respondent stands in the warehouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from barometer.errors import UsageError
from landing.checks.subject import column_key
from landing.readers.workspace_rows import stripped
from landing.storage.archive import fingerprint
from landing.storage.keys import SecretKey
from landing.storage.warehouse import open_warehouse
from registry import Registry


@dataclass(frozen=True)
class Found:
    """The rows of one landed file that are of one respondent."""

    export_id: str
    part: str
    content_sha256: str
    archive_path: str | None
    is_current: bool
    rows: tuple[int, ...]


def find_response(
    warehouse: Path, registry: Registry, wave: str, response_id: str, key: SecretKey | None
) -> tuple[Found, ...]:
    """Return the landed exports of a wave, superseded ones too, that hold a response.

    Raises:
        UsageError: there is no warehouse, no such wave, or its responses have no id.
        LandingError: the warehouse is in use.
    """
    registry.wave(wave)
    names = {
        column_key(column.column_name): column
        for column in registry.columns_for(wave, "export")
        if column.role == "response_id"
    }
    if not names:
        raise UsageError(
            f"The responses of wave {wave} have no id.",
            where="columns.csv",
            expected=f"an export column of wave {wave} with role response_id",
            remedy="Delete the response in the survey tool and deliver the export again.",
        )
    if not warehouse.exists():
        raise UsageError(
            "Nothing was landed yet.",
            where=str(warehouse),
            expected="a warehouse with the response in it",
            remedy="Name the survey and the home folder that hold it.",
        )
    identities = [response_id.strip(), *([key.pseudonym(response_id)] if key else [])]
    with open_warehouse(warehouse, read_only=True) as connection:
        columns = connection.execute(
            """
            select
                exports.export_id, exports.part, exports.content_sha256, exports.archive_path,
                exports.superseded_by is null, listed.column_position, listed.column_name
            from raw.exports as exports
            inner join raw.export_columns as listed on exports.export_id = listed.export_id
            where exports.survey = ? and exports.wave = ? and exports.kind = 'export'
            order by exports.landed_at, exports.export_id, listed.column_position
            """,
            [registry.survey.survey_id, wave],
        ).fetchall()
        found = []
        for export_id, part, sha256, archive_path, is_current, position, name in columns:
            mapping = names.get(column_key(name) or f"(column {position})")
            if mapping is None or not mapping.is_of(part):
                continue
            rows = _rows(connection, export_id, position, identities)
            if rows:
                found.append(Found(export_id, part, sha256, archive_path, is_current, rows))
    return tuple(found)


def in_one_part(
    found: Sequence[Found], registry: Registry, wave: str, part: str | None
) -> tuple[Found, ...]:
    """Return what was found in the part that is meant; ids count anew in every part.

    Raises:
        UsageError: there is no such part, or none is named and several have the id.
    """
    known = sorted({delivery.part for delivery in registry.deliveries_for(wave, "export")})
    if part is not None and part not in known:
        raise UsageError(
            f"Wave {wave} has no part '{part}'.",
            where="deliveries.csv",
            expected="one of: " + ", ".join(known),
            remedy="Name a known part.",
        )
    parts = sorted({one.part for one in found})
    if part is None and len(parts) > 1:
        raise UsageError(
            f"Several parts of wave {wave} have a response with this id: {', '.join(parts)}.",
            where=f"wave {wave}",
            expected="one respondent: ids count anew in every part",
            remedy="Say which with --part.",
        )
    return tuple(one for one in found if part is None or one.part == part)


def delivered_again(inbox: Path, found: Sequence[Found]) -> tuple[Path, ...]:
    """Return the files in the inbox from which the respondent was landed."""
    contents = {one.content_sha256 for one in found}
    if not inbox.is_dir():
        return ()
    files = sorted(path for path in inbox.iterdir() if path.is_file())
    return tuple(path for path in files if fingerprint(path).sha256 in contents)


def strays(warehouse: Path, archive: Path) -> tuple[Path, ...]:
    """Return archived originals that no landed file refers to: of landings that failed.

    Nobody knows what is in them, so they are for a person to look at.
    """
    with open_warehouse(warehouse, read_only=True) as connection:
        rows = connection.execute("select content_sha256 from raw.exports").fetchall()
    known = {sha256 for (sha256,) in rows}
    originals = sorted(path for path in archive.glob("*/[!.]*") if path.is_file())
    return tuple(path for path in originals if path.name.partition(".")[0] not in known)


def _rows(
    connection: duckdb.DuckDBPyConnection, export_id: str, position: int, identities: list[str]
) -> tuple[int, ...]:
    rows = connection.execute(
        "select row_number from raw.cells where export_id = ? and column_position = ? "
        f"and list_contains(?, {stripped('value')}) order by row_number",
        [export_id, position, identities],
    ).fetchall()
    return tuple(number for (number,) in rows)
