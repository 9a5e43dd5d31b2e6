"""Groups that fall silent: no response of a group answers what the others answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from landing.checks.subject import ColumnUse, Subject, and_more
from landing.drift.routing import Asked
from landing.drift.source import FileSource
from landing.drift.tallies import tally_answers
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.known.wave_frame import WaveFrame
from landing.readers.workspace_rows import stripped

_GROUPS = "groups_of_organisations"


@dataclass(frozen=True)
class _Tests:
    """The SQL conditions of being asked a question and of answering it."""

    asked: str
    answered: str


@dataclass(frozen=True)
class _Count:
    """How many responses of a group were asked each thing that is counted, and answer it.

    The first thing is anything at all, which all were asked; the others are the questions.
    """

    classification: str
    group: str
    asked: tuple[int, ...]
    answered: tuple[int, ...]


def group_findings(rules: Rules, subject: Subject, frame: WaveFrame) -> list[Finding]:
    """Report groups that answer nothing, and questions that one group does not answer.

    Args:
        rules: the thresholds of the survey.
        subject: the export.
        frame: the frame of its wave, which says what group an organisation is in.
    """
    use = subject.first_use("organisation_key")
    if use is None:
        return []
    groups = frame.groups(_keys(subject, use))
    questions = _questions(subject)
    if not questions or not groups:
        return []
    counts = _counts(subject, use, groups, list(questions.values()))
    findings = []
    for classification in groups:
        of_all = [count for count in counts if count.classification == classification]
        for count in of_all:
            others = [other for other in of_all if other is not count]
            findings += _judged(rules, subject, list(questions), count, others)
    return findings


def _keys(subject: Subject, use: ColumnUse) -> set[str]:
    cells = subject.table.cells
    return {key for (key,) in cells.fetch(f"distinct {stripped(cells.cell(use.column.position))}")}


def _questions(subject: Subject) -> dict[str, _Tests]:
    """Return what tells who was asked a question and who answers it, where the file can tell."""
    source = FileSource(subject.table.cells)
    tallies = tally_answers(subject, source, with_numbers=False)
    asked = Asked(subject, source, tallies)
    return {
        question: _Tests(was_asked, _filled(subject, tally.positions))
        for question, tally in tallies.items()
        if (was_asked := asked.condition(question)) is not None
    }


def _filled(subject: Subject, positions: Sequence[int]) -> str:
    tests = " or ".join(f"{subject.table.cells.cell(position)} <> ''" for position in positions)
    return f"coalesce({tests}, false)"


def _counts(
    subject: Subject,
    use: ColumnUse,
    groups: Mapping[str, Mapping[str, str]],
    questions: Sequence[_Tests],
) -> list[_Count]:
    """Count, per group of every classification, the rows that answer anything and each question."""
    cells, names = subject.table.cells, list(groups)
    keys = sorted({key for members in groups.values() for key in members})
    texts = {"key": keys} | {
        f"g{place}": [groups[name].get(key) for key in keys] for place, name in enumerate(names)
    }
    table = pa.table({name: pa.array(values, pa.string()) for name, values in texts.items()})
    flags = ", ".join(
        f"{one.asked} as a{place}, {one.answered} as q{place}"
        for place, one in enumerate(questions)
    )
    sums = ", ".join(
        f"count_if(a{place}), count_if(a{place} and q{place})" for place in range(len(questions))
    )
    anything = " or ".join(f"q{place}" for place in range(len(questions)))
    sets = ", ".join(f"(g{place})" for place in range(len(names)))
    columns = ", ".join(f"g{place}" for place in range(len(names)))
    connection = cells.workspace.connection
    connection.register(_GROUPS, table)
    try:
        found = connection.execute(
            f"with answers as (select {stripped(cells.cell(use.column.position))} as key, {flags} "
            f"{cells.source}) "
            f"select grouping({columns}), coalesce({columns}), count(*), count_if({anything}), "
            f"{sums} from answers inner join {_GROUPS} using (key) "
            f"group by grouping sets ({sets}) order by 1, 2"
        ).fetchall()
    finally:
        connection.unregister(_GROUPS)
    # A bit is 0 for the column that was grouped by; the first column has the highest.
    everything = 2 ** len(names) - 1
    classification = {
        everything - 2 ** (len(names) - 1 - place): name for place, name in enumerate(names)
    }
    return [
        _Count(classification[which], group, tuple(counts[::2]), tuple(counts[1::2]))
        for which, group, *counts in found
        if group is not None
    ]


def _judged(
    rules: Rules,
    subject: Subject,
    questions: Sequence[str],
    count: _Count,
    others: Sequence[_Count],
) -> list[Finding]:
    fewest = rules.value("distribution_minimum")

    def chance(place: int) -> float:
        """Return how likely nobody of the group answers, if it answers as the others do."""
        answered = sum(other.answered[place] for other in others)
        if count.answered[place] or answered < fewest:
            return 1.0
        asked = sum(other.asked[place] for other in others)
        return float((1 - answered / asked) ** count.asked[place])

    group = next(
        (
            g.label_en
            for g in subject.registry.organisation_groups
            if (g.classification_id, g.group_id) == (count.classification, count.group)
        ),
        count.group,
    )
    where = f"{count.classification} / {count.group}"
    if chance(0) < rules.value("group_all_silent"):
        return [
            rules.finding(
                "group_all_silent",
                f"None of the {count.asked[0]:,} responses of the group '{group}' answers "
                "anything.",
                where=where,
                expected="answers, as the other groups give",
                remedy="Export again: the answers of the group are missing, or its rows are "
                "invitations that were never answered.",
            )
        ]
    silent = [
        question
        for place, question in enumerate(questions, start=1)
        if chance(place) < rules.value("group_silent")
    ]
    if not silent:
        return []
    return [
        rules.finding(
            "group_silent",
            f"None of the {count.asked[0]:,} responses of the group '{group}' answers "
            f"{len(silent)} question(s) that the other groups answer.",
            where=f"{where}: {and_more(silent, 8)}",
            expected="answers, as the other groups give",
            remedy="Check the export; if the group is not asked these questions, compare nothing "
            "of them with other groups.",
        )
    ]
