"""Keys in an export without names: does what else it says of an organisation fit the frame?"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from barometer.labels import normalise_label
from landing.checks.rows import numbers
from landing.checks.subject import ColumnUse, Subject
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.known.rows import SLIPPED, KeyedRow
from landing.known.wave_frame import WaveFrame

# Numbers go together, or do not, by the correlation of their ranks.
_TOGETHER, _APART = 0.4, 0.2
_STEPS = ((1, "below"), (-1, "above"))
Pairs = list[tuple[str, str]]


def fact_findings(
    rules: Rules,
    subject: Subject,
    use: ColumnUse,
    rows: Sequence[KeyedRow],
    frame: WaveFrame,
) -> list[Finding]:
    """Judge keys by attributes that the export has as well, and by numbers that go with theirs.

    Args:
        rules: the thresholds of the survey.
        subject: the export.
        use: its column of organisation keys.
        rows: its rows that have a key.
        frame: the frame of its wave.
    """
    known = [row for row in rows if row.key in frame.members]
    fewest = rules.value("distribution_minimum")
    held: list[Finding] = []
    was_held = False
    for column in subject.uses:
        attribute = column.mapping.attribute_id
        if column.mapping.role != "attribute" or not attribute:
            continue
        values = subject.table.column_values(column.column.position)
        pairs = [
            (normalise_label(values[row.number - 1] or ""), normalise_label(theirs))
            for row in known
            if (theirs := frame.members[row.key].attributes.get(attribute, ""))
        ]
        share = _contradicting([pair for pair in pairs if pair[0]])
        if share is None or len(pairs) < fewest:
            continue
        was_held = True
        if share > rules.value("organisation_contradicted"):
            held.append(_attribute(rules, use, column, attribute, share, len(pairs)))
    related, apart = _numbers(rules, subject, use, rows, frame)
    if held or apart:
        return [*held, *apart]
    if was_held or related:
        return []
    return [
        Finding(
            "information",
            "organisation_key_unheld",
            "Whether the organisation keys stand in the right rows cannot be said: the file shares "
            "no name, attribute or related number with the frame.",
            where=f"column '{use.column.name}'",
            remedy="Let the survey tool export the name of the organisation too.",
        )
    ]


def _contradicting(pairs: Pairs) -> float | None:
    """Return how little one text tells of the other: 0 for all of it, 1 for nothing.

    Both may use their own words: that one goes with one other is what counts.
    """
    if not pairs:
        return None
    together: dict[str, Counter[str]] = {}
    for ours, theirs in pairs:
        together.setdefault(ours, Counter())[theirs] += 1
    hit = sum(max(counts.values()) for counts in together.values())
    by_chance = max(Counter(theirs for _, theirs in pairs).values())
    # A text that is another in every row tells whatever one likes.
    if by_chance == len(pairs) or len(together) > len(pairs) / 2:
        return None
    return (len(pairs) - hit) / (len(pairs) - by_chance)


def _attribute(
    rules: Rules, use: ColumnUse, column: ColumnUse, attribute: str, share: float, count: int
) -> Finding:
    return rules.finding(
        "organisation_contradicted",
        f"What the export and the frame say of {attribute} does not go together in {count:,} rows.",
        where=f"columns '{use.column.name}' and '{column.column.name}'",
        expected="the same organisation under the same key"
        + rules.limit("organisation_contradicted"),
        remedy=SLIPPED,
        measured=share,
    )


def _numbers(
    rules: Rules,
    subject: Subject,
    use: ColumnUse,
    rows: Sequence[KeyedRow],
    frame: WaveFrame,
) -> tuple[bool, list[Finding]]:
    """Tell whether any number goes with one of the frame, and whether it does a row away only."""
    related = False
    fewest = rules.value("distribution_minimum")
    for column, ours, attribute, theirs in _number_pairs(subject, frame):
        found = {
            step: _together(rows, ours, theirs, step, fewest)
            for step in (0, *(step for step, _ in _STEPS))
        }
        here = found[0]
        if here is None:
            continue
        related = related or abs(here) >= _TOGETHER
        for step, place in _STEPS:
            there = found[step]
            if there is None or abs(here) > _APART or abs(there) < _TOGETHER:
                continue
            return related, [
                Finding(
                    "error",
                    "organisation_contradicted",
                    f"The answers to {column.mapping.question_id} do not go with {attribute} of "
                    "the frame under the key beside them, but with that under the key in the row "
                    f"{place}.",
                    where=f"columns '{use.column.name}' and '{column.column.name}'",
                    expected=f"a correlation of ranks like that one row away, {there:.2f}; here it "
                    f"is {here:.2f}",
                    remedy="Export again from the survey tool; the column of keys has moved "
                    "against the rows beside it.",
                )
            ]
    return related, []


def _number_pairs(
    subject: Subject, frame: WaveFrame
) -> Iterator[tuple[ColumnUse, dict[int, float], str, dict[str, float]]]:
    """Yield every number question with every attribute of the frame that is mostly a number."""
    asked = {q.question_id for q in subject.registry.questions if q.answer_type == "number"}
    names = {name for member in frame.members.values() for name in member.attributes}
    measures = {name: _measures(frame, name) for name in sorted(names)}
    for column in subject.uses:
        if column.mapping.role != "answer" or column.mapping.question_id not in asked:
            continue
        cells = subject.table.column_values(column.column.position)
        read = numbers(sorted({cell for cell in cells if cell}), subject.decimal_sign)
        ours = {
            place: number
            for place, cell in enumerate(cells, start=1)
            if cell and (number := read[cell]) is not None
        }
        for name, theirs in measures.items():
            if theirs:
                yield column, ours, name, theirs


def _measures(frame: WaveFrame, name: str) -> dict[str, float]:
    texts = {key: member.attributes.get(name, "") for key, member in frame.members.items()}
    filled = {key: text for key, text in texts.items() if text}
    read = numbers(sorted(set(filled.values())))
    found = {key: number for key, text in filled.items() if (number := read[text]) is not None}
    return found if 2 * len(found) > len(filled) else {}


def _together(
    rows: Sequence[KeyedRow],
    ours: Mapping[int, float],
    theirs: Mapping[str, float],
    step: int,
    fewest: float,
) -> float | None:
    """Return the correlation of ranks with the key some rows away; None where few have both."""
    pairs = [
        (ours[row.number - step], theirs[row.key])
        for row in rows
        if row.number - step in ours and row.key in theirs
    ]
    if len(pairs) < fewest:
        return None
    try:
        return statistics.correlation(_ranks([a for a, _ in pairs]), _ranks([b for _, b in pairs]))
    except statistics.StatisticsError:
        # All the same.
        return None


def _ranks(values: Sequence[float]) -> list[float]:
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values)):
        places.setdefault(value, []).append(place)
    return [statistics.fmean(places[value]) for value in values]
