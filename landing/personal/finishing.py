"""What is left to do once a respondent is out of the warehouse; every step may be repeated."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from pathlib import Path

from barometer.settings import Settings
from landing.personal.forgotten import Forgotten, forgotten_in
from landing.storage.archive import remove_incomplete, remove_originals
from landing.storage.warehouse import open_warehouse

LOG = "forgotten.log"


def unfinished(settings: Settings) -> tuple[Forgotten, ...]:
    """Return the respondents of whom something is left outside the warehouse."""
    return tuple(r for r in forgotten_in(settings.warehouse) if r.finished_at is None)


def remove_their_originals(settings: Settings) -> int:
    """Remove the archived originals of every unfinished record; return how many."""
    records = unfinished(settings)
    if not records:
        return 0
    remove_incomplete(settings.archive)
    wanted = [export_id for record in records for export_id in record.exports]
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        contents = connection.execute(
            "select distinct content_sha256 from raw.exports where list_contains(?, export_id)",
            [wanted],
        ).fetchall()
    return sum(remove_originals(settings.archive, sha256) for (sha256,) in contents)


def finish(settings: Settings) -> tuple[Forgotten, ...]:
    """Remove earlier releases, log, and mark every unfinished record; return the records.

    To be called when the current release was made of the warehouse as it is now.
    """
    records = unfinished(settings)
    if not records:
        return ()
    remove_their_originals(settings)
    remove_earlier_releases(settings)
    for record in records:
        _log(settings.home / LOG, record)
    now = dt.datetime.now(dt.UTC).replace(tzinfo=None)
    with open_warehouse(settings.warehouse) as connection:
        connection.execute(
            "update raw.forgotten set finished_at = ? where finished_at is null", [now]
        )
    return records


def remove_earlier_releases(settings: Settings) -> int:
    """Remove every release but the current one; return how many."""
    current = settings.current_release.resolve()
    if not current.is_dir() or current.parent != settings.releases.resolve():
        return 0
    earlier = [path for path in settings.releases.iterdir() if path.resolve() != current]
    for path in earlier:
        shutil.rmtree(path)
    return len(earlier)


def _log(path: Path, record: Forgotten) -> None:
    """Append one line that says that it happened, and not about whom."""
    if path.exists() and f"record={record.record_id} " in path.read_text(encoding="utf-8"):
        return
    line = (
        f"{record.forgotten_at:%Y-%m-%dT%H:%M:%SZ} forgot one respondent: "
        f"record={record.record_id} wave={record.wave} part={record.part} "
        f"rows={record.row_count} exports={','.join(record.exports)} by={record.forgotten_by}\n"
    )
    with path.open("a", encoding="utf-8") as stream:
        stream.write(line)
        stream.flush()
        os.fsync(stream.fileno())
