"""How many responses, which of them twice, and when they came in."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from landing.checks.rows import timestamps
from landing.checks.subject import Subject, and_more
from landing.drift.encoded import EncodedColumn
from landing.drift.model import Fieldwork, PreviousWave
from landing.drift.rules import Rules
from landing.findings import Finding

# Any odd number without pattern: products of it do not fall together by accident.
_MULTIPLIER = 0x9E3779B97F4A7C15


class RowSignature:
    """A number per row that is equal where the answers are, made column by column."""

    def __init__(self, n_rows: int) -> None:
        self._hash = pa.repeat(pa.scalar(1, pa.uint64()), n_rows)
        self._filled = pa.repeat(pa.scalar(0, pa.int32()), n_rows)

    def add(self, cells: EncodedColumn) -> None:
        """Take one column of answers into account; a blank cell is as good as none."""
        filled = cells.rows_with([bool(value.strip()) for value in cells.values])
        one, none = pa.scalar(1, pa.uint64()), pa.scalar(0, pa.uint64())
        places = pc.if_else(filled, pc.add(cells.places.cast(pa.uint64()), one), none)
        product = pc.multiply(self._hash, pa.scalar(_MULTIPLIER, pa.uint64()))
        self._hash = pc.add(product, places)
        self._filled = pc.add(self._filled, pc.cast(filled, pa.int32()))

    def repeats(self, fewest: float) -> list[int]:
        """Return the rows, from 1, that repeat an earlier one with enough answers in it."""
        signatures, filled = self._hash.to_pylist(), self._filled.to_pylist()
        seen: set[int] = set()
        repeated = []
        for row, (signature, n_filled) in enumerate(zip(signatures, filled, strict=True), start=1):
            if n_filled >= fewest:
                if signature in seen:
                    repeated.append(row)
                seen.add(signature)
        return repeated


def repeated_ids(cells: EncodedColumn | None) -> int:
    """Return how many rows repeat a response id that came before."""
    if cells is None:
        return 0
    counts: dict[str, int] = {}
    for value, n_cells in zip(cells.values, cells.counts, strict=True):
        counts[value.strip()] = counts.get(value.strip(), 0) + n_cells
    return sum(n - 1 for value, n in counts.items() if value and n > 1)


def fieldwork(subject: Subject, cells: EncodedColumn | None) -> Fieldwork | None:
    """Return when the responses came in; None where no date can be read."""
    if cells is None:
        return None
    moments = timestamps(list(cells.values), subject.date_order)
    dated = [
        (moment, n_cells)
        for value, n_cells in zip(cells.values, cells.counts, strict=True)
        if (moment := moments[value]) is not None
    ]
    if not dated:
        return None
    start, end = subject.wave.fieldwork_start, subject.wave.fieldwork_end
    outside = sum(
        n_cells
        for moment, n_cells in dated
        if (start and moment.date() < start) or (end and moment.date() > end)
    )
    return Fieldwork(
        first=min(moment for moment, _ in dated),
        last=max(moment for moment, _ in dated),
        expected_start=start,
        expected_end=end,
        outside=outside,
        dated=sum(n_cells for _, n_cells in dated),
    )


def response_findings(
    rules: Rules,
    n_rows: int,
    previous: PreviousWave | None,
    repeated: int,
    same_answers: Sequence[int],
    period: Fieldwork | None,
) -> list[Finding]:
    """Judge number, duplicates and dates."""
    findings = []
    if previous is not None and previous.row_count:
        change = (n_rows - previous.row_count) / previous.row_count
        if abs(change) > rules.value("response_change"):
            findings.append(
                rules.finding(
                    "response_change",
                    f"The file holds {n_rows:,} responses, {change:+.0%} against the "
                    f"{previous.row_count:,} of wave {previous.wave}.",
                    where="number of data rows",
                    expected=f"a difference of at most {rules.value('response_change'):.0%}",
                    remedy="Check for a filter, a second questionnaire or missing reminders.",
                )
            )
    if n_rows and repeated / n_rows > rules.value("duplicate_response_id"):
        findings.append(
            rules.finding(
                "duplicate_response_id",
                f"{repeated:,} of {n_rows:,} rows repeat a response id that came before.",
                where="column with role response_id",
                expected=f"at most {rules.value('duplicate_response_id'):.0%} of the rows",
                remedy="Export one row per response; do not paste exports together.",
            )
        )
    if same_answers:
        findings.append(
            rules.finding(
                "duplicate_answers",
                f"{len(same_answers):,} row(s) give exactly the answers of an earlier row.",
                where="data rows " + and_more([str(row) for row in same_answers], 10),
                expected="no two responses that agree on everything",
                remedy="Check whether a response was copied or submitted twice.",
            )
        )
    if period is not None and period.outside / period.dated > rules.value("fieldwork_outside"):
        findings.append(
            rules.finding(
                "fieldwork_outside",
                f"{period.outside:,} of {period.dated:,} submissions are dated outside the "
                f"fieldwork: the first {period.first:%Y-%m-%d}, the last {period.last:%Y-%m-%d}.",
                where="column with role submitted_at",
                expected=f"{period.expected_start or '…'} to {period.expected_end or '…'}, but for "
                f"{rules.value('fieldwork_outside'):.0%}",
                remedy="Check the wave, the clock of the survey tool, dates whose day and month "
                "were swapped, and the fieldwork in waves.csv.",
            )
        )
    return findings
