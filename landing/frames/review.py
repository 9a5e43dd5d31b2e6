"""The list of unmatched responses as a file that a person reviews, and what they decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from barometer.spreadsheet_cells import harmless, verbatim
from landing.findings.errors import LandingError, LandingErrors
from landing.frames.matching import MatchReport, Unmatched
from landing.frames.names import Candidate
from landing.readers import read_table
from registry.problems import did_you_mean

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
    "decision",
    "decided_by",
    "note",
)
_NEEDED = ("wave", "delivered_key", "delivered_name", "decision", "decided_by", "note")
NONE = "none"


@dataclass(frozen=True)
class Decision:
    """What a person decided about the responses of one delivered key and name.

    Attributes:
        organisation_key: the organisation they speak for; empty for none of the frame.
    """

    delivered_key: str
    delivered_name: str
    organisation_key: str
    decided_by: str
    note: str


def review_list(report: MatchReport) -> str:
    """Return what a person must look at as CSV, one row per response key, name and candidate.

    Keys and names are other people's words: none is run as a formula where the file is opened.
    """
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
        for row in _candidate_rows(one) or [("", "", "", "", "", "")]:
            writer.writerow(harmless(str(cell)) for cell in (*fixed, *row, "", "", ""))
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


def read_decisions(path: Path, report: MatchReport) -> tuple[Decision, ...]:
    """Return what was decided in a reviewed list; rows without a decision are left alone.

    Args:
        path: the list, as `write_review_list` wrote it or a spreadsheet program saved it.
        report: the responses as they are now.

    Raises:
        LandingError: the file cannot be read, or is no such list.
        LandingErrors: decisions that contradict one another or fit nothing.
    """
    table = read_table(path)
    places = {column.name.strip(): column.position - 1 for column in table.columns}
    missing = [name for name in _NEEDED if name not in places]
    if missing:
        raise LandingError(
            "The file is no list of responses to be matched.",
            where=path.name,
            expected="the columns " + ", ".join(_NEEDED),
            remedy="Review the file that `barometer match --output` writes, with its header.",
        )
    rows = ({name: verbatim(row[places[name]] or "") for name in _NEEDED} for row in table.rows)
    return _decisions(path, report, rows)


def _decisions(
    path: Path, report: MatchReport, rows: Iterable[Mapping[str, str]]
) -> tuple[Decision, ...]:
    delivered = {(u.delivered_key or "", u.delivered_name or "") for u in report.unmatched}
    found: dict[tuple[str, str], Decision] = {}
    errors: list[LandingError] = []
    for number, row in enumerate(rows, start=1):
        chosen = row["decision"].strip()
        if not chosen:
            continue
        pair = row["delivered_key"], row["delivered_name"]
        decision = Decision(
            *pair,
            "" if chosen.lower() == NONE else chosen,
            row["decided_by"].strip(),
            row["note"].strip(),
        )
        problem = _problem(row, decision, delivered, report)
        before = found.get(pair)
        if before is not None and before.organisation_key != decision.organisation_key:
            problem = ("Two decisions about the same responses.", "one decision per key and name")
        if problem is not None:
            what, expected = problem
            errors.append(LandingError(what, where=f"{path.name}, row {number}", expected=expected))
        found.setdefault(pair, decision)
    if errors:
        raise LandingErrors(f"{path.name} cannot be taken in; nothing was written.", errors)
    return tuple(found.values())


def _problem(
    row: Mapping[str, str],
    decision: Decision,
    delivered: set[tuple[str, str]],
    report: MatchReport,
) -> tuple[str, str] | None:
    key, name = decision.delivered_key, decision.delivered_name
    if row["wave"].strip() != report.wave:
        return f"The row is of wave '{row['wave']}'.", f"rows of wave {report.wave}"
    if (key, name) not in delivered:
        known = [one for one, other in delivered if other == name] or [one for one, _ in delivered]
        return (
            f"No response that waits was delivered as '{key}', '{name}'.",
            did_you_mean(key, [one for one in known if one])
            + "keys and names as they were delivered; a spreadsheet program drops zeros in front",
        )
    if not key and not name:
        return (
            "Responses without key and name cannot be decided about together.",
            "a delivered key or name",
        )
    if not decision.decided_by:
        return "Nobody says who decided.", "a name in decided_by"
    if decision.organisation_key and decision.organisation_key not in report.organisation_keys:
        return (
            f"There is no organisation '{decision.organisation_key}' in the frame.",
            did_you_mean(decision.organisation_key, report.organisation_keys)
            + f"an organisation_key of the frame of {report.wave}, or {NONE}",
        )
    return None


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
