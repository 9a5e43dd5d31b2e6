"""Numbers in another unit than in the wave before."""

from __future__ import annotations

from collections.abc import Mapping

from landing.checks.subject import Subject
from landing.drift.distributions import crosses_break
from landing.drift.tallies import Tally
from landing.findings.finding import Finding
from landing.findings.limits import Rules


def number_findings(
    rules: Rules,
    now: Subject,
    before: Subject | None,
    tallies: Mapping[str, Tally],
    tallies_before: Mapping[str, Tally],
) -> list[Finding]:
    """Report questions of which the usual answer is many times what it was.

    Args:
        rules: the thresholds of the survey.
        now: the export.
        before: the export of the wave before, where there is one.
        tallies: its answers.
        tallies_before: the answers of the wave before.
    """
    if before is None:
        return []
    findings = []
    for question_id, tally in tallies.items():
        earlier = tallies_before.get(question_id)
        if tally.question.answer_type != "number" or earlier is None:
            continue
        fewest = rules.value("distribution_minimum")
        if min(sum(tally.numbers.values()), sum(earlier.numbers.values())) < fewest:
            continue
        was, is_now = _median(earlier.numbers), _median(tally.numbers)
        if was <= 0 or is_now <= 0:
            continue
        factor = max(is_now / was, was / is_now)
        if factor > rules.value("number_scale"):
            has_break = crosses_break(now, before, question_id)
            findings.append(_finding(rules, now, tally, (was, is_now, factor), has_break))
    return findings


def _median(numbers: Mapping[float, int]) -> float:
    half, running = sum(numbers.values()) / 2, 0
    for number in sorted(numbers):
        running += numbers[number]
        if running >= half:
            return number
    return 0.0


def _finding(
    rules: Rules,
    subject: Subject,
    tally: Tally,
    medians: tuple[float, float, float],
    has_break: bool,
) -> Finding:
    was, is_now, factor = medians
    names = {column.position: column.name for column in subject.table.columns}
    columns = ", ".join(f"'{names[position]}'" for position in tally.positions)
    return rules.finding(
        "number_scale",
        f"The median answer to {tally.question.question_id} is {is_now:,g}, where it was {was:,g} "
        f"in the previous wave: a factor of {factor:,.0f}."
        + (" The registry notes a break between these waves." if has_break else ""),
        where=f"column {columns}",
        expected=f"at most {rules.value('number_scale'):g} times the previous median, or its "
        "inverse",
        remedy="Check the unit, and thousands and decimals; correct the export or `decimal_sign` "
        "in deliveries.csv.",
        only_inform=has_break,
        measured=factor,
    )
