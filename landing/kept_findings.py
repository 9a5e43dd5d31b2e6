"""What was found in the files in force, kept in the warehouse with them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from landing.findings.accepted import as_found, with_acceptances
from landing.findings.finding import SEVERITIES, Finding
from landing.storage.warehouse import has_raw_table, insert, open_warehouse
from registry import Registry


@dataclass(frozen=True)
class DeliveryFindings:
    """One file in force and what was found in it, the most severe first."""

    wave: str
    kind: str
    part: str
    file_name: str
    findings: tuple[Finding, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """What nobody has accepted yet: warnings, and errors that are no longer accepted."""
        return tuple(one for one in self.findings if one.severity != "information")

    def lines(self) -> Iterator[str]:
        """Yield the open findings, those of one code in one line."""
        for (severity, code), alike in groupby(self.open, lambda one: (one.severity, one.code)):
            first, *others = alike
            place = f" ({first.where})" if first.where else ""
            more = f"; and {len(others)} more like it" if others else ""
            yield f"{severity} {code}: {first.message}{place}{more}"


def keep_findings(
    connection: duckdb.DuckDBPyConnection, export_id: str, findings: Sequence[Finding]
) -> None:
    """Write what was found in a file in place of what was found in it before."""
    connection.execute("delete from raw.delivery_findings where export_id = ?", [export_id])
    found = [as_found(finding) for finding in findings]
    columns = {
        "export_id": [export_id] * len(found),
        "severity": [one.severity for one in found],
        "code": [one.code for one in found],
        "message": [one.message for one in found],
        "place": [one.where for one in found],
        "expected": [one.expected for one in found],
        "remedy": [one.remedy for one in found],
    }
    rows = {name: pa.array(values, pa.string()) for name, values in columns.items()}
    numbers = pa.array(range(1, len(found) + 1), pa.int32())
    insert(connection, "delivery_findings", pa.table({**rows, "finding_number": numbers}))


def kept_findings(warehouse: Path, registry: Registry) -> tuple[DeliveryFindings, ...]:
    """Return the files in force in which something was found, and what.

    Raises:
        LandingError: the warehouse is in use or damaged.
    """
    if not warehouse.exists():
        return ()
    with open_warehouse(warehouse, read_only=True) as connection:
        if not has_raw_table(connection, "delivery_findings"):
            return ()
        rows = connection.execute(
            """
            select
                exports.wave, exports.kind, exports.part, exports.file_name,
                findings.severity, findings.code, findings.message,
                findings.place, findings.expected, findings.remedy
            from raw.delivery_findings as findings
            inner join raw.exports as exports on findings.export_id = exports.export_id
            where exports.survey = ? and exports.superseded_by is null
            order by exports.wave, exports.kind, exports.part, findings.finding_number
            """,
            [registry.survey.survey_id],
        ).fetchall()
    return tuple(
        DeliveryFindings(wave, kind, part, name, _in_order(registry, wave, kind, part, group))
        for (wave, kind, part, name), group in groupby(rows, itemgetter(0, 1, 2, 3))
    )


def _in_order(
    registry: Registry, wave: str, kind: str, part: str, rows: Iterator[tuple[Any, ...]]
) -> tuple[Finding, ...]:
    judged = with_acceptances(
        (Finding(*row[4:]) for row in rows),
        registry.accepted_findings,
        wave=wave,
        kind=kind,
        part=part,
    )
    return tuple(sorted(judged, key=lambda one: (SEVERITIES.index(one.severity), one.code)))
