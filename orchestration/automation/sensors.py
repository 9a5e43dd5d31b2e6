"""New or changed files in the inbox start a refresh of their wave."""

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import dagster as dg

from landing.deliveries import matching_deliveries
from orchestration.assets.jobs import REFRESH, asked_tags
from orchestration.assets.landing import INBOX
from orchestration.assets.resources import WarehouseResource
from orchestration.automation.inbox_requests import (
    Memory,
    Request,
    States,
    load_memory,
    outcome_of,
    settle,
    to_ask,
)
from registry import Registry

SECONDS_BETWEEN_LOOKS = 60
SETTLE_SECONDS = 10.0
"""A file touched more recently than this may still be being copied."""


@dataclass(frozen=True)
class SeenFile:
    """A file as the sensor sees it: enough to notice a change without reading it."""

    name: str
    size: int
    modified: float
    delivery: tuple[str, str, str] | None

    @property
    def fingerprint(self) -> str:
        """Return what changes when the file does."""
        return f"{self.name}|{self.size}|{self.modified}"


@dataclass(frozen=True)
class InboxState:
    """What the inbox held when it was looked at.

    Attributes:
        states: fingerprint of the files of every wave that is complete.
        reasons: why other files start nothing.
        files: all files seen.
    """

    states: States
    reasons: tuple[str, ...]
    files: tuple[SeenFile, ...]

    @property
    def delivered(self) -> set[str]:
        """Return the waves of which there is any file."""
        return {file.delivery[0] for file in self.files if file.delivery}


def inbox_sensor(registry: Registry, status: dg.DefaultSensorStatus) -> dg.SensorDefinition:
    """Return the sensor on the inbox folder."""

    @dg.sensor(
        name="inbox_sensor",
        job_name=REFRESH,
        minimum_interval_seconds=SECONDS_BETWEEN_LOOKS,
        default_status=status,
        description="Starts a refresh of a wave when its files are new or have changed.",
    )
    def sensor(
        context: dg.SensorEvaluationContext, warehouse: WarehouseResource
    ) -> dg.SensorResult:
        inbox = warehouse.settings.inbox
        now = time.time()
        state = inbox_state(seen_files(inbox, registry), registry, now=now)
        memory = settle(
            load_memory(context.cursor),
            state.states,
            state.delivered,
            lambda run_key: outcome_of(context.instance, run_key),
        )
        waves = [wave.wave for wave in registry.waves]
        asked = to_ask(memory, state.states, waves, state.delivered, f"{now:.0f}")
        cursor = replace(memory, asked=(*memory.asked, *asked)).dump()
        if not asked:
            reasons = "; ".join((*state.reasons, *_held_back(memory, state.states)))
            return dg.SensorResult(
                skip_reason=reasons or "Nothing new in the inbox.", cursor=cursor
            )
        return dg.SensorResult(
            run_requests=[run_request(request) for request in asked],
            cursor=cursor,
            asset_events=[_observation(inbox, state)],
        )

    return sensor


def run_request(request: Request) -> dg.RunRequest:
    """Return one run for the waves of a request; waves between them land nothing."""
    waves = list(request.states)
    if len(waves) == 1:
        return dg.RunRequest(run_key=request.run_key, partition_key=waves[0])
    return dg.RunRequest(run_key=request.run_key, tags=asked_tags(waves))


def _held_back(memory: Memory, states: States) -> list[str]:
    """Say of complete waves that are not done why no run is asked for."""
    return [
        f"wave {wave}: its run failed or was cancelled; correct the files, or start the job "
        f"{REFRESH} by hand"
        if memory.failed.get(wave) == state
        else f"wave {wave}: its run is under way"
        for wave, state in states.items()
        if memory.done.get(wave) != state
    ]


def seen_files(inbox: Path, registry: Registry) -> list[SeenFile]:
    """Return the files in the inbox; no folder is no files."""
    if not inbox.is_dir():
        return []
    return [
        _seen(path, registry)
        for path in sorted(inbox.iterdir())
        if path.is_file() and not path.name.startswith((".", "~$"))
    ]


def inbox_state(files: Iterable[SeenFile], registry: Registry, *, now: float) -> InboxState:
    """Decide which waves are complete, and say of the other files why they are not."""
    seen = tuple(files)
    by_wave: dict[str, list[SeenFile]] = {}
    reasons = []
    for file in seen:
        if file.delivery is None:
            reasons.append(f"{file.name}: not a delivery of this survey")
        else:
            by_wave.setdefault(file.delivery[0], []).append(file)
    states = {}
    for wave, members in sorted(by_wave.items()):
        awaited = _awaited(wave, registry) - {file.delivery for file in members}
        fresh = [file.name for file in members if now - file.modified < SETTLE_SECONDS]
        if awaited:
            names = ", ".join(f"{kind} {part}" for _, kind, part in sorted(awaited))
            reasons.append(f"wave {wave}: still awaited: {names}")
        elif fresh:
            reasons.append(f"wave {wave}: still being written: {', '.join(fresh)}")
        else:
            text = "\n".join(sorted(file.fingerprint for file in members))
            states[wave] = hashlib.sha256(text.encode()).hexdigest()[:16]
    return InboxState(states=states, reasons=tuple(reasons), files=seen)


def _seen(path: Path, registry: Registry) -> SeenFile:
    status = path.stat()
    matches = matching_deliveries(path.name, registry.deliveries)
    delivery = (matches[0].wave, matches[0].kind, matches[0].part) if len(matches) == 1 else None
    return SeenFile(path.name, status.st_size, status.st_mtime, delivery)


def _awaited(wave: str, registry: Registry) -> set[tuple[str, str, str]]:
    return {
        (delivery.wave, delivery.kind, delivery.part)
        for delivery in registry.deliveries
        if delivery.wave == wave
    }


def _observation(inbox: Path, state: InboxState) -> dg.AssetObservation:
    return dg.AssetObservation(
        asset_key=INBOX,
        metadata={
            "folder": dg.MetadataValue.path(inbox),
            "files": dg.MetadataValue.md("\n".join(f"- {file.name}" for file in state.files)),
        },
    )
