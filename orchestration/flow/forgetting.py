"""One respondent out of everything: raw, archive, what is built from them, releases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from barometer.errors import BarometerError, SeveralErrors
from barometer.logs import logged, note
from barometer.settings import Settings
from orchestration.flow import steps
from orchestration.flow.progress import Progress
from orchestration.flow.refresh import Run, rebuild
from orchestration.state.lock import writer_lock

if TYPE_CHECKING:
    from landing.personal.forgotten import Forgotten
    from publication.internal.release import ReleaseReport
    from registry import Registry


class UnfinishedError(SeveralErrors):
    """A respondent is out of the warehouse, and not yet out of the releases."""


def forget_response(
    settings: Settings,
    registry: Registry,
    wave: str,
    response_id: str,
    part: str | None,
    progress: Progress,
) -> ReleaseReport:
    """Remove a respondent everywhere and return the release that is current after it.

    Killed at any moment, the same call does what is left; so does the next refresh.

    Raises:
        UsageError: nobody has this id; nothing was changed.
        UnfinishedError: removed, but what is built from the raw tables could not be built again.
    """
    run = Run(progress)
    with logged(settings, "forget"), writer_lock(settings.lock_file):
        record = run.step(
            "Remove the respondent",
            lambda: steps.erase_response(settings, registry, wave, response_id, part),
            _summary,
        )
        if record is not None:
            # The id of the record, which is drawn, and not that of the respondent.
            note("forgotten", record=record.record_id, wave=record.wave, rows=record.row_count)
        try:
            return rebuild(run, settings, registry)
        except BarometerError as error:
            raise UnfinishedError(
                "The respondent is out of the warehouse and the archive, and still counts in the "
                "releases: the new one could not be made.",
                [error],
                remedy="Mend the cause below, then run the same command again, or a refresh.",
            ) from error


def _summary(record: Forgotten | None) -> str:
    if record is None:
        return "was done before"
    return f"{record.row_count} row(s) of {len(record.exports)} file(s), record {record.record_id}"
