"""Responses whose organisation is not in the frame, with the organisations they may mean.

The models match by key, succession, decision, register id and exact name. What is left needs a
person; this lists it with candidates and decides nothing.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import duckdb

from barometer.errors import UsageError
from barometer.labels import normalise_label
from barometer.registry import Registry
from barometer.registry_records import OrganisationMatch
from barometer.settings import Settings
from landing.errors import LandingError
from landing.frames.names import Candidate, NameIndex, Organisation, Suggestion

REVIEW_COLUMNS = (
    "wave",
    "delivered_key",
    "delivered_name",
    "responses",
    "left_out_of_frame",
    "verdict",
    "rank",
    "found_by",
    "organisation_key",
    "organisation_name",
    "score",
    "second_best",
)
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
    """

    wave: str
    matched: dict[str, int]
    unmatched: tuple[Unmatched, ...]
    decided_none: int
    unused: tuple[OrganisationMatch, ...]


def match_report(settings: Settings, registry: Registry, wave: str) -> MatchReport:
    """Read what the models matched in a wave, and look for candidates for the rest.

    Raises:
        UsageError: the registry has no such wave, or the warehouse has not been built.
        LandingError: the warehouse is being written.
    """
    registry.wave(wave)
    with _open(settings) as connection:
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
    )


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


def review_list(report: MatchReport) -> str:
    """Return what a person must look at as CSV, one row per response key, name and candidate."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(REVIEW_COLUMNS)
    for one in report.unmatched:
        fixed = (
            report.wave,
            one.delivered_key or "",
            one.delivered_name or "",
            one.n_responses,
            one.left_out or "",
            one.suggestion.verdict,
        )
        rows = _candidate_rows(one) or [("", "", "", "", "", "")]
        writer.writerows((*fixed, *row) for row in rows)
    return stream.getvalue()


def write_review_list(report: MatchReport, path: Path) -> None:
    """Write the review list to a file.

    Raises:
        LandingError: the file cannot be written.
    """
    try:
        path.write_text(review_list(report), encoding="utf-8", newline="")
    except OSError as error:
        raise LandingError(
            f"The list cannot be written: {error.strerror}.",
            where=str(path),
            remedy="Name a file in a folder that exists and that you may write.",
        ) from error


def _candidate_rows(one: Unmatched) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    if one.by_key is not None:
        rows.append((1, "key without zeros", one.by_key.key, one.by_key.name, "", ""))
    second = one.suggestion.second_score
    for candidate in one.suggestion.candidates:
        rows.append(_candidate_row(len(rows) + 1, candidate, second))
    return rows


def _candidate_row(rank: int, candidate: Candidate, second: float | None) -> tuple[object, ...]:
    return (rank, "name", candidate.key, candidate.name, candidate.score, second or "")


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


def _open(settings: Settings) -> duckdb.DuckDBPyConnection:
    if not settings.warehouse.exists():
        raise _not_built(settings)
    try:
        return duckdb.connect(str(settings.warehouse), read_only=True)
    except duckdb.IOException as error:
        raise LandingError(
            "The warehouse is being written at this moment.",
            where=str(settings.warehouse),
            remedy="Wait until the refresh has ended.",
        ) from error


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
