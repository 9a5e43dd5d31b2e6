"""How many responses, which of them twice, and when they came in."""

from __future__ import annotations

from collections.abc import Sequence

from landing.checks.rows import in_calendar, timestamps
from landing.checks.subject import Subject, and_more
from landing.findings.drift import Fieldwork, PreviousWave
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.readers.workspace_rows import WorkspaceRows


def repeated_ids(subject: Subject, rows: WorkspaceRows) -> int:
    """Return how many rows repeat a response id that came before."""
    use = subject.first_use("response_id")
    if use is None:
        return 0
    identifier = rows.cell(use.column.position)
    ((n_filled,),) = rows.fetch(f"count(nullif({identifier}, ''))")
    return int(n_filled or 0) - rows.distinct_count(identifier)


def fieldwork(subject: Subject, rows: WorkspaceRows) -> Fieldwork | None:
    """Return when the responses came in; None where no date can be read."""
    use = subject.first_use("submitted_at")
    if use is None:
        return None
    cell = rows.cell(use.column.position)
    moment = f"try_cast(trim({cell}) as timestamp)"
    start, end = subject.wave.fieldwork_start, subject.wave.fieldwork_end
    tests = [
        f"{moment}::date {sign} date '{day}'" for sign, day in (("<", start), (">", end)) if day
    ]
    outside = f"count(*) filter (where {' or '.join(tests)})" if tests else "0"
    connection = rows.workspace.connection
    ((first, last, n_outside, n_dated),) = connection.execute(
        f"select min({moment}), max({moment}), {outside}, count({moment}) {rows.source}"
    ).fetchall()
    # Few are written in another way; those are read as the models read them.
    others = dict(
        connection.execute(
            f"select {cell}, count(*) {rows.source} and trim({cell}) <> '' and {moment} is null "
            "group by 1"
        ).fetchall()
    )
    read = timestamps(list(others), subject.date_order)
    dated = [(found, others[text]) for text, found in read.items() if found is not None]
    ends = in_calendar(first), in_calendar(last)
    moments = [found for found in (*ends, *(found for found, _ in dated)) if found]
    if not moments:
        return None
    return Fieldwork(
        first=min(moments),
        last=max(moments),
        expected_start=start,
        expected_end=end,
        outside=n_outside
        + sum(
            n_cells
            for found, n_cells in dated
            if (start and found.date() < start) or (end and found.date() > end)
        ),
        dated=n_dated + sum(n_cells for _, n_cells in dated),
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
                    measured=abs(change),
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
                measured=repeated / n_rows,
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
                measured=len(same_answers),
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
                measured=period.outside / period.dated,
            )
        )
    return findings
