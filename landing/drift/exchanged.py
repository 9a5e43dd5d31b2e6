"""Columns that stand under each other's heading: crossed they fit the wave before, straight not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from landing.checks.subject import Subject, and_more
from landing.drift.distributions import distance_between
from landing.drift.tallies import Tally
from landing.findings.drift import Distribution, OptionShare
from landing.findings.finding import Finding
from landing.findings.limits import Rules


@dataclass(frozen=True)
class _Item:
    """What may stand in another's place: a question, or an option that has its own column.

    Attributes:
        positions: its columns.
        alike: what it can be exchanged with: items that answer in the same way.
        chance: distance that sampling alone gives on average.
    """

    name: str
    positions: tuple[int, ...]
    alike: tuple[str, ...]
    before: tuple[float, ...]
    now: tuple[float, ...]
    chance: float


def exchanged_column_findings(
    rules: Rules, subject: Subject, tallies: Mapping[str, Tally], shares: Sequence[Distribution]
) -> list[Finding]:
    """Report pairs of columns that both fit the wave before much better when they are exchanged.

    Args:
        rules: the thresholds of the survey.
        subject: the export.
        tallies: its answers.
        shares: every question in both waves.
    """
    items = list(_items(subject, tallies, shares))
    found = []
    for one, other in itertools.combinations(items, 2):
        if one.alike != other.alike:
            continue
        straight = distance_between(one.now, one.before), distance_between(other.now, other.before)
        crossed = distance_between(one.now, other.before), distance_between(other.now, one.before)
        gain = (sum(straight) - sum(crossed)) / 2
        beyond_chance = rules.value("distribution_chance") * (one.chance + other.chance) / 2
        if gain >= max(rules.value("columns_exchanged"), beyond_chance):
            found.append((gain, one, other, sum(straight) / 2, sum(crossed) / 2))
    found.sort(key=lambda pair: -pair[0])
    taken: set[str] = set()
    findings = []
    for _, one, other, straight_mean, crossed_mean in found:
        # One column that changed fits several others; the best pair is the one to look at.
        if not taken & {one.name, other.name}:
            taken |= {one.name, other.name}
            findings.append(_finding(rules, subject, one, other, straight_mean, crossed_mean))
    return findings


def _items(
    subject: Subject, tallies: Mapping[str, Tally], shares: Sequence[Distribution]
) -> Iterator[_Item]:
    for share in shares:
        tally = tallies[share.question_id]
        if share.verdict == "few" or tally.question.answer_type == "number":
            continue
        if tally.question.answer_type != "multiple":
            yield _Item(
                share.question_id,
                tuple(tally.positions),
                tuple(option.option_id for option in share.shares),
                tuple(option.before for option in share.shares),
                tuple(option.now for option in share.shares),
                share.chance,
            )
            continue
        columns = {
            use.mapping.option_id: use.column.position
            for use in subject.uses
            if use.mapping.question_id == share.question_id and use.mapping.option_id
        }
        for option in share.shares:
            if option.option_id in columns:
                yield _option(share, option, columns[option.option_id])


def _option(share: Distribution, option: OptionShare, position: int) -> _Item:
    return _Item(
        f"{share.question_id} / {option.option_id}",
        (position,),
        (share.question_id,),
        (option.before, 1 - option.before),
        (option.now, 1 - option.now),
        share.chance,
    )


def _finding(
    rules: Rules, subject: Subject, one: _Item, other: _Item, straight: float, crossed: float
) -> Finding:
    names = {column.position: column.name for column in subject.table.columns}
    columns = [
        and_more([f"'{names[position]}'" for position in item.positions], 3)
        for item in (one, other)
    ]
    return rules.finding(
        "columns_exchanged",
        f"The columns of {one.name} and {other.name} seem exchanged: as they stand they moved by "
        f"{straight:.0%} since the previous wave, exchanged by {crossed:.0%}.",
        where=f"columns {columns[0]} and {columns[1]}",
        expected=f"less than {rules.value('columns_exchanged'):.0%} between the two",
        remedy="Compare the headings with the questionnaire; if they are exchanged, correct the "
        "file or columns.csv.",
    )
