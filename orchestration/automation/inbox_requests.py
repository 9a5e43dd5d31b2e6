"""What the sensor asked of the inbox, and what became of it.

A state of a wave's files is done when a run for it has succeeded, and not before. While a
run for it is queued, at work or about to be retried, it is not asked for again. Dagster itself
retries, a few times, runs that never started or lost their worker. After any other failure the
waves of a joint run are asked for one by one, so that one wave's fault holds up no other; a
wave that fails on its own, and any run that somebody cancelled, waits until its files change.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import dagster as dg

States = Mapping[str, str]
"""Per wave the fingerprint of its files."""


class Outcome(enum.Enum):
    """What became of a run that was asked for."""

    UNDER_WAY = enum.auto()
    SUCCEEDED = enum.auto()
    FAILED = enum.auto()
    CANCELLED = enum.auto()
    GONE = enum.auto()
    """There is no such run: it could not be made, or somebody deleted it."""


@dataclass(frozen=True)
class Request:
    """One run that was asked for, and the states it is to land."""

    run_key: str
    states: States


@dataclass(frozen=True)
class Memory:
    """What the sensor keeps between two ticks.

    Attributes:
        done: the state of every wave that a run has succeeded for.
        apart: states of joint runs that failed; each wave is asked for on its own.
        failed: states that wait until the files change.
        asked: runs whose end is not known yet, in the order they were asked for.
    """

    done: States = field(default_factory=dict)
    apart: States = field(default_factory=dict)
    failed: States = field(default_factory=dict)
    asked: tuple[Request, ...] = ()

    def dump(self) -> str:
        """Return the memory as a cursor."""
        return json.dumps(asdict(self), sort_keys=True)


def load_memory(cursor: str | None) -> Memory:
    """Return the memory that a cursor holds.

    A cursor of before there were outcomes tells what was asked, not what succeeded: it counts
    as none, so every complete wave is refreshed once.
    """
    stored = json.loads(cursor) if cursor else {}
    if "asked" not in stored:
        return Memory()
    return Memory(
        done=stored["done"],
        apart=stored["apart"],
        failed=stored["failed"],
        asked=tuple(Request(**request) for request in stored["asked"]),
    )


def settle(
    memory: Memory,
    states: States,
    delivered: Collection[str],
    outcome: Callable[[str], Outcome],
) -> Memory:
    """Take up what became of the runs; forget failures of files that have changed since.

    A wave without any file has not changed: the inbox may be a network folder that is away.
    """

    def still(kept: States) -> dict[str, str]:
        return {
            wave: state
            for wave, state in kept.items()
            if wave not in delivered or states.get(wave) == state
        }

    done, apart, failed = dict(memory.done), dict(memory.apart), dict(memory.failed)
    open_requests = []
    for request in memory.asked:
        became = outcome(request.run_key)
        if became is Outcome.UNDER_WAY:
            open_requests.append(request)
        elif became is Outcome.SUCCEEDED:
            done.update(request.states)
        elif became is Outcome.FAILED and len(request.states) > 1:
            apart.update(request.states)
        elif became in (Outcome.FAILED, Outcome.CANCELLED):
            failed.update(request.states)
    return Memory(
        done=done,
        apart=still(apart),
        failed=still(failed),
        asked=tuple(open_requests),
    )


def to_ask(
    memory: Memory, states: States, waves: Sequence[str], delivered: Collection[str], now: str
) -> list[Request]:
    """Return the runs to ask for now.

    Args:
        memory: what was asked before, settled.
        states: state of every wave that is complete.
        waves: all waves, in order.
        delivered: waves of which there is any file.
        now: time of asking; makes the run key one that Dagster has never seen, since it
            ignores a key it knows, also when the files are again what they once were.
    """
    wanted = {
        wave: states[wave]
        for wave in waves
        if wave in states
        and states[wave] not in (memory.done.get(wave), memory.failed.get(wave))
        and not any(request.states.get(wave) == states[wave] for request in memory.asked)
    }
    single = [wave for wave in wanted if memory.apart.get(wave) == wanted[wave]]
    together = _ranges(
        wanted=[wave for wave in wanted if wave not in single],
        idle={
            wave
            for wave in waves
            if wave not in delivered or states.get(wave, "") == memory.done.get(wave)
        },
        waves=waves,
    )
    return [
        Request(
            run_key="-".join(part for wave in group for part in (wave, wanted[wave])) + f"-{now}",
            states={wave: wanted[wave] for wave in group},
        )
        for group in sorted([*together, *([wave] for wave in single)], key=_order(waves))
    ]


def outcome_of(instance: dg.DagsterInstance, run_key: str) -> Outcome:
    """Return what became of the run with this key, and of its retries, which share the key."""
    runs = instance.get_runs(filters=dg.RunsFilter(tags={"dagster/run_key": run_key}))
    if not runs:
        return Outcome.GONE
    if any(run.is_success for run in runs):
        return Outcome.SUCCEEDED
    if any(not run.is_finished or run.is_complete_and_waiting_to_retry for run in runs):
        return Outcome.UNDER_WAY
    latest = runs[0]
    cancelled = latest.status == dg.DagsterRunStatus.CANCELED
    return Outcome.CANCELLED if cancelled else Outcome.FAILED


def _ranges(
    wanted: Collection[str], idle: Collection[str], waves: Sequence[str]
) -> list[list[str]]:
    """Return the wanted waves in groups that no other wave divides, except idle ones."""
    groups: list[list[str]] = [[]]
    for wave in waves:
        if wave in wanted:
            groups[-1].append(wave)
        elif wave not in idle:
            groups.append([])
    return [group for group in groups if group]


def _order(waves: Sequence[str]) -> Callable[[list[str]], int]:
    return lambda group: waves.index(group[0])
