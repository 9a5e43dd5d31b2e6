"""Puts decisions about unmatched responses in the registry."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drafting.apply import check_result
from drafting.draft import DraftRow
from drafting.seedfiles import DraftError, apply_rows, read_seed_files, replace_files
from landing.frames.review import Decision

_TABLE = "organisation_matches"


def add_decisions(registries: Path, wave: str, decisions: Sequence[Decision]) -> int:
    """Write rows in organisation_matches.csv; return how many.

    Raises:
        DraftError: the registries would be wrong with them, or cannot be written.
    """
    rows = [
        DraftRow(
            _TABLE,
            f"{decision.delivered_key} {decision.delivered_name}".strip(),
            {
                "wave": wave,
                "delivered_key": decision.delivered_key,
                "delivered_name": decision.delivered_name,
                "organisation_key": decision.organisation_key,
                "decided_by": decision.decided_by,
                "note": decision.note,
            },
        )
        for decision in decisions
    ]
    files = read_seed_files(registries)
    changed = apply_rows(files, rows)
    mistakes = check_result(registries, changed, rows)
    if mistakes:
        raise DraftError(
            f"With these decisions the registries have {len(mistakes)} mistakes; nothing was "
            "written.\n" + "\n".join(mistakes),
            where=str(registries / f"{_TABLE}.csv"),
            expected="registries without mistakes",
            remedy="Correct the decisions and take the list in again.",
        )
    replace_files(registries, files, changed)
    return len(rows)
