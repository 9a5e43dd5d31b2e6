"""Everything that is held against what is known, in one pass over the warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import duckdb

from landing.checks.subject import Subject
from landing.findings.errors import LandingError
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.known.beside import Beside
from landing.known.groups import group_findings
from landing.known.keys import key_findings
from landing.known.twins import twin_findings
from landing.known.wave_frame import own_frame, wave_frame
from landing.storage.warehouse import KnownExport, open_warehouse, read_known_exports

# What is wrong with keys or groups shows in so many rows; more would all be held in memory.
_MOST_ROWS = 20_000


def known_findings(subject: Subject, warehouse: Path | None, beside: Beside) -> list[Finding]:
    """Hold a file against the frame of its wave and against the files of other waves.

    A warehouse that cannot be read is no obstacle: the comparison with the wave before says so.

    Args:
        subject: the file and the registry of its wave.
        warehouse: where files were landed before; it is opened shortly, and only read.
        beside: what is delivered with it.
    """
    rules = Rules(subject.registry)
    try:
        with _opened(subject, warehouse) as (connection, known):
            findings = twin_findings(rules, subject, connection, known, beside)
            if subject.kind == "frame":
                return findings
            subject = _beginning(subject)
            if subject.wave.frame_source != "file":
                return findings + group_findings(rules, subject, own_frame(subject))
            frame = wave_frame(subject, connection, known, beside)
    except LandingError:
        return []
    findings += key_findings(rules, subject, frame)
    if frame is not None:
        findings += group_findings(rules, subject, frame)
    return findings


def _beginning(subject: Subject) -> Subject:
    if len(subject.table.rows) <= _MOST_ROWS:
        return subject
    return replace(subject, table=replace(subject.table, rows=subject.table.cells[:_MOST_ROWS]))


@contextmanager
def _opened(
    subject: Subject, warehouse: Path | None
) -> Iterator[tuple[duckdb.DuckDBPyConnection | None, tuple[KnownExport, ...]]]:
    if warehouse is None or not warehouse.exists():
        yield None, ()
        return
    with open_warehouse(warehouse, read_only=True) as connection:
        yield connection, read_known_exports(connection, subject.registry.survey.survey_id)
