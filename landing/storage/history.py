"""Every landed version of every delivery, and what became of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from landing.storage.choices import standing_choices
from landing.storage.warehouse import KnownExport, known_exports, open_warehouse


@dataclass(frozen=True)
class Version:
    """One landed version.

    Attributes:
        export: what was landed.
        landed_at, landed_by: when (UTC) and by whom.
        superseded_at: since when another version is in force, where one is.
        superseded_by: which that is.
        reinstated_at, reinstated_by: when and by whom it was put in force again, the last time.
        is_chosen: whether a person chose it, rather than a delivery bringing it back.
    """

    export: KnownExport
    landed_at: dt.datetime
    landed_by: str
    superseded_at: dt.datetime | None
    superseded_by: str | None
    reinstated_at: dt.datetime | None
    reinstated_by: str | None
    is_chosen: bool


def landed_versions(warehouse: Path, survey: str) -> tuple[Version, ...]:
    """Return every version, by delivery, in the order of landing.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    known = {export.export_id: export for export in known_exports(warehouse, survey)}
    if not known:
        return ()
    chosen = {
        (choice.export_id, choice.chosen_at)
        for choice in standing_choices(warehouse, survey).values()
    }
    with open_warehouse(warehouse, read_only=True) as connection:
        rows = connection.execute(
            """
            select
                exports.export_id, landed_at, landed_by, exports.superseded_at,
                exports.superseded_by, again.reinstated_at, again.reinstated_by
            from raw.exports as exports
            left join (
                select
                    export_id, max(reinstated_at) as reinstated_at,
                    max_by(reinstated_by, reinstated_at) as reinstated_by
                from raw.reinstatements group by export_id
            ) as again on exports.export_id = again.export_id
            where exports.survey = ?
            order by exports.wave, exports.kind, exports.part, exports.export_number
            """,
            [survey],
        ).fetchall()
    return tuple(
        Version(
            export=known[export_id],
            landed_at=landed_at,
            landed_by=landed_by,
            superseded_at=superseded_at,
            superseded_by=superseded_by,
            reinstated_at=again_at,
            reinstated_by=again_by,
            is_chosen=(export_id, again_at) in chosen,
        )
        for (
            export_id,
            landed_at,
            landed_by,
            superseded_at,
            superseded_by,
            again_at,
            again_by,
        ) in rows
    )
