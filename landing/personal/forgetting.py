"""Forgetting one respondent: what there is, and taking it out of warehouse and archive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from barometer.errors import UsageError
from barometer.settings import Settings
from landing.personal.erasure import rewrite_without
from landing.personal.finishing import remove_their_originals
from landing.personal.forgotten import Forgotten, forgotten_in, new_record
from landing.personal.search import Found, delivered_again, find_response, in_one_part, strays
from landing.personal.treatment import key_for_ids
from landing.personal.user import current_user
from landing.storage.keys import SecretKey
from landing.storage.warehouse import known_exports
from registry import Registry


@dataclass(frozen=True)
class Plan:
    """What forgetting a respondent would do.

    Attributes:
        found: the landed files that hold the response.
        elsewhere: files in the inbox that hold it, and originals of landings that failed, which
            may; they are for a person to remove.
        begun: record of the same respondent of which something is left to do.
    """

    wave: str
    found: tuple[Found, ...]
    elsewhere: tuple[Path, ...]
    begun: Forgotten | None = None


def plan(
    settings: Settings, registry: Registry, wave: str, response_id: str, part: str | None = None
) -> Plan:
    """Return what forgetting a respondent would do; nothing is changed.

    Raises:
        UsageError: nobody in the wave has this id, several parts have it, or the respondent was
            forgotten before.
        MissingKeyError: the ids of the wave are pseudonymised and the key is not there.
        LandingError: the warehouse is in use.
    """
    key = key_for_ids(registry, wave, settings.warehouse)
    everywhere = find_response(settings.warehouse, registry, wave, response_id, key)
    found = in_one_part(everywhere, registry, wave, part)
    begun = None
    if not found:
        begun = _begun(settings, wave, response_id, part, key)
    _require_enough_left(settings, registry, wave, found)
    elsewhere = (
        *delivered_again(settings.inbox, found),
        *strays(settings.warehouse, settings.archive),
    )
    return Plan(wave, found, elsewhere, begun)


def erase(
    settings: Settings, registry: Registry, wave: str, response_id: str, part: str | None = None
) -> Forgotten | None:
    """Take a respondent out of warehouse and archive; None where a killed run did so already.

    The tables built from the raw ones are gone after that: build and publish them again. The
    caller holds the lock of the writer.

    Raises:
        UsageError: as `plan`.
        LandingError: the warehouse cannot be written anew; nothing was changed.
    """
    planned = plan(settings, registry, wave, response_id, part)
    record = None
    if planned.found:
        record = new_record(
            response_id,
            key_for_ids(registry, wave, settings.warehouse),
            wave=wave,
            part=planned.found[0].part,
            row_count=sum(len(one.rows) for one in planned.found),
            exports=[one.export_id for one in planned.found],
            by=current_user(),
        )
        rewrite_without(settings.home, settings.warehouse, planned.found, record)
    remove_their_originals(settings)
    return record


def _begun(
    settings: Settings, wave: str, response_id: str, part: str | None, key: SecretKey | None
) -> Forgotten:
    records = [
        record
        for record in forgotten_in(settings.warehouse)
        if record.wave == wave and part in (None, record.part) and record.matches(response_id, key)
    ]
    if not records:
        raise UsageError(
            f"No response of wave {wave} has this id; nothing was changed.",
            where=f"wave {wave}" + (f", part {part}" if part else ""),
            expected="a response id as the survey tool gave it",
            remedy="Check the id and the wave. If the response ids are pseudonymised, give the "
            "original id.",
        )
    last = records[-1]
    if last.finished_at is not None:
        raise UsageError(
            f"This respondent of wave {wave} was forgotten before, on "
            f"{last.finished_at:%Y-%m-%d} (record {last.record_id}); nothing was changed.",
            where=f"wave {wave}, part {last.part}",
            remedy="Nothing is left to do here.",
        )
    return last


def _require_enough_left(
    settings: Settings, registry: Registry, wave: str, found: Sequence[Found]
) -> None:
    """Refuse before anything is done what the checks of the rebuild would refuse after it."""
    removed = sum(len(one.rows) for one in found if one.is_current)
    if not removed:
        return
    survey = registry.survey.survey_id
    landed = sum(
        export.row_count
        for export in known_exports(settings.warehouse, survey)
        if export.is_current and (export.wave, export.kind) == (wave, "export")
    )
    low = registry.wave(wave).expected_responses_low
    if landed - removed < low:
        raise UsageError(
            f"Wave {wave} would have {landed - removed} responses left; nothing was changed.",
            where=f"waves.csv, wave {wave}, expected_responses_low",
            expected=f"at least {low}, or the wave cannot be built any more",
            remedy="Lower expected_responses_low of the wave first, then run this again.",
        )
