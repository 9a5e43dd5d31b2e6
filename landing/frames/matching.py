"""Responses whose organisation is not in the frame, with the organisations they may mean.

The models match by key, succession, decision, register id and exact name. What is left needs a
person; this lists it with candidates and decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from barometer.errors import UsageError
from barometer.labels import normalise_label
from barometer.settings import Settings
from landing.frames.names import NameIndex, Organisation, Suggestion
from landing.storage.warehouse import open_warehouse
from registry import Registry
from registry.tables.organisations import OrganisationMatch

_NEEDED = (
    ("staging", "stg_submissions"),
    ("staging", "stg_organisation_identities"),
    ("cleaned", "cln_frame"),
    ("cleaned", "cln_organisations"),
    ("cleaned", "cln_organisation_matches"),
)


@dataclass(frozen=True)
class Unmatched:
    """Responses of one delivered key and name that speak for nobody in the frame.

    Attributes:
        left_out: why the frame's own row of that key does not count, if it has one.
        by_key: the organisation whose key is the same but for leading zeros, which
            spreadsheets drop.
        suggestion: organisations with a name like it.
    """

    delivered_key: str | None
    delivered_name: str | None
    n_responses: int
    left_out: str | None
    by_key: Organisation | None
    suggestion: Suggestion


@dataclass(frozen=True)
class MatchReport:
    """How the responses of a wave found their organisations, and which did not.

    Attributes:
        matched: number of responses by how they were matched.
        unmatched: what a person must look at.
        decided_none: responses that a person decided speak for nobody.
        unused: decisions that no response of the wave needs.
        organisation_keys: keys of the organisations of the frame.
    """

    wave: str
    matched: dict[str, int]
    unmatched: tuple[Unmatched, ...]
    decided_none: int
    unused: tuple[OrganisationMatch, ...]
    organisation_keys: frozenset[str]


def match_report(settings: Settings, registry: Registry, wave: str) -> MatchReport:
    """Read what the models matched in a wave, and look for candidates for the rest.

    Raises:
        UsageError: the registry has no such wave, or the warehouse has not been built.
        LandingError: the warehouse is in use or damaged.
    """
    registry.wave(wave)
    _require_warehouse(settings)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        _require_built(settings, connection)
        methods = connection.execute(
            "select coalesce(match_method, ''), organisation_key is null, count(*)"
            " from cleaned.cln_organisation_matches where wave = ? group by all",
            [wave],
        ).fetchall()
        organisations = [
            Organisation(key, name or "")
            for key, name in connection.execute(
                "select organisation_key, organisation_name from cleaned.cln_organisations"
                " where wave = ? order by organisation_key",
                [wave],
            ).fetchall()
        ]
        delivered = connection.execute(_DELIVERED, [wave]).fetchall()
        left_out = connection.execute(
            "select organisation_key, min(exclusion_reason) from cleaned.cln_frame"
            " where wave = ? and exclusion_reason is not null and organisation_key is not null"
            " group by organisation_key",
            [wave],
        ).fetchall()
    index = NameIndex(organisations)
    by_digits = _without_zeros(organisations)
    reasons = dict(left_out)
    unmatched = tuple(
        Unmatched(
            delivered_key=key,
            delivered_name=name,
            n_responses=count,
            left_out=reasons.get(key),
            by_key=by_digits.get(key.lstrip("0")) if key else None,
            suggestion=index.suggest(name or ""),
        )
        for key, name, is_open, count in delivered
        if is_open
    )
    return MatchReport(
        wave=wave,
        matched={method: count for method, is_none, count in methods if not is_none},
        unmatched=unmatched,
        decided_none=sum(count for method, none, count in methods if none and method == "decision"),
        unused=_unused(registry, wave, [(key, name) for key, name, _, _ in delivered]),
        organisation_keys=frozenset(one.key for one in organisations),
    )


def unmatched_counts(settings: Settings) -> dict[str, int]:
    """Return per wave how many responses speak for nobody in the frame and wait for a decision.

    Raises:
        UsageError: the warehouse has not been built.
        LandingError: the warehouse is in use or damaged.
    """
    _require_warehouse(settings)
    with open_warehouse(settings.warehouse, read_only=True) as connection:
        _require_built(settings, connection)
        return dict(connection.execute(_WAITING).fetchall())


_WAITING = """
select
    matches.wave,
    count(*) as n_responses
from cleaned.cln_organisation_matches as matches
inner join staging.stg_submissions as submissions
    on matches.response_key = submissions.response_key
where
    matches.match_method is null
    and not submissions.is_test
group by matches.wave
order by matches.wave
"""

_DELIVERED = """
select
    matches.delivered_organisation_key,
    identities.organisation_name,
    matches.match_method is null and not submissions.is_test as is_open,
    count(*) as n_responses
from cleaned.cln_organisation_matches as matches
inner join staging.stg_submissions as submissions
    on matches.response_key = submissions.response_key
left join staging.stg_organisation_identities as identities
    on
        submissions.export_id = identities.export_id
        and submissions.row_number = identities.row_number
where matches.wave = ?
group by all
order by matches.delivered_organisation_key nulls last, identities.organisation_name
"""


def _without_zeros(organisations: list[Organisation]) -> dict[str, Organisation]:
    found: dict[str, list[Organisation]] = {}
    for organisation in organisations:
        found.setdefault(organisation.key.lstrip("0"), []).append(organisation)
    return {key: some[0] for key, some in found.items() if key and len(some) == 1}


def _unused(
    registry: Registry, wave: str, delivered: list[tuple[str | None, str | None]]
) -> tuple[OrganisationMatch, ...]:
    pairs = {(key or "", normalise_label(name or "")) for key, name in delivered}
    return tuple(
        match
        for match in registry.organisation_matches
        if match.wave == wave
        and not any(
            match.delivered_key in (None, key)
            and (match.delivered_name is None or normalise_label(match.delivered_name) == name)
            for key, name in pairs
        )
    )


def _require_warehouse(settings: Settings) -> None:
    if not settings.warehouse.exists():
        raise _not_built(settings)


def _require_built(settings: Settings, connection: duckdb.DuckDBPyConnection) -> None:
    present = set(
        connection.execute(
            "select table_schema, table_name from information_schema.tables"
        ).fetchall()
    )
    if not present.issuperset(_NEEDED):
        raise _not_built(settings)


def _not_built(settings: Settings) -> UsageError:
    return UsageError(
        f"The responses of survey '{settings.survey}' have not been cleaned yet.",
        where=str(settings.warehouse),
        expected="the models that match responses to the frame",
        remedy="Run `barometer refresh` first.",
    )
