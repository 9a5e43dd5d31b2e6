"""Whether the answers to a question moved more than chance moves them."""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence

from landing.checks.subject import Subject, and_more
from landing.drift.source import Source
from landing.drift.tallies import CODED_TYPES, Tally
from landing.findings.drift import Distribution, OptionShare
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from registry.tables.questionnaire import Question
from registry.validity import offered_in

_QUARTERS = 4
# The mean absolute value of a standard normal variable.
_MEAN_DEVIATION = math.sqrt(2 / math.pi)


def distance_between(now: Sequence[float], before: Sequence[float]) -> float:
    """Return the share of answers that would have to move: half the sum of the differences."""
    return sum(abs(a - b) for a, b in zip(now, before, strict=True)) / 2


def distributions(
    rules: Rules,
    now: Subject,
    before: Subject,
    now_source: Source,
    before_source: Source,
    tallies_now: Mapping[str, Tally],
    tallies_before: Mapping[str, Tally],
) -> list[Distribution]:
    """Compare every question that both exports have, by the ids of its options.

    Options that only one wave offered are left out of both. Numbers are compared by the
    quarters of the previous wave.
    """
    found = []
    for question in now.registry.questions:
        tally = tallies_now.get(question.question_id)
        earlier = tallies_before.get(question.question_id)
        if tally is None or earlier is None or question.is_personal:
            continue
        compared = None
        if question.answer_type in CODED_TYPES:
            compared = _coded(now, before, now_source, before_source, question, tally, earlier)
        elif question.answer_type == "number":
            compared = _numeric(tally, earlier)
        if compared is not None:
            found.append(_judged(rules, now, before, question, *compared))
    return found


def distribution_findings(rules: Rules, found: list[Distribution]) -> list[Finding]:
    """Judge what moved."""
    findings = [
        _jump(rules, distribution)
        for distribution in found
        if distribution.verdict in ("jumped", "doubtful", "break")
    ]
    few = [distribution.question_id for distribution in found if distribution.verdict == "few"]
    if few:
        findings.append(
            rules.finding(
                "distribution_minimum",
                f"{len(few)} question(s) have too few answers in either wave to compare.",
                where=and_more(few, 8),
                expected=f"{rules.value('distribution_minimum'):g} answers in both waves",
            )
        )
    return findings


# The shares, the answers before and now, and whether the shares add to one.
_Compared = tuple[tuple[OptionShare, ...], int, int, bool]


def _coded(
    now: Subject,
    before: Subject,
    now_source: Source,
    before_source: Source,
    question: Question,
    tally: Tally,
    earlier: Tally,
) -> _Compared | None:
    """Compare the options that both waves offered, among those who chose one of them."""
    common = [
        option
        for option in now.registry.options_for(question.question_id)
        if offered_in(option, question, now.wave.wave)
        and offered_in(option, question, before.wave.wave)
    ]
    if not common:
        return None
    counts, counts_before = tally.counts, earlier.counts
    ids = [option.option_id for option in common]
    n_before = _base(before_source, earlier, ids)
    n_now = _base(now_source, tally, ids)
    shares = tuple(
        OptionShare(
            option.option_id,
            option.label_en,
            before=counts_before.get(option.option_id, 0) / max(n_before, 1),
            now=counts.get(option.option_id, 0) / max(n_now, 1),
        )
        for option in common
    )
    return shares, n_before, n_now, question.answer_type != "multiple"


def _base(source: Source, tally: Tally, options: list[str]) -> int:
    """Return how many rows chose any of the options."""
    if tally.question.answer_type != "multiple":
        return sum(tally.counts.get(option, 0) for option in options)
    return source.count_rows(tally.meaning(options))


def _numeric(tally: Tally, earlier: Tally) -> _Compared:
    cuts = _quartiles(earlier.numbers)
    n_before, n_now = sum(earlier.numbers.values()), sum(tally.numbers.values())
    before, after = _binned(earlier.numbers, cuts), _binned(tally.numbers, cuts)
    edges = ["", *(f"{cut:g}" for cut in cuts), ""]
    shares = tuple(
        OptionShare(
            f"quarter_{place + 1}",
            f"{'over ' + edges[place] if place else 'lowest'}"
            f"{' to ' + edges[place + 1] if edges[place + 1] else ''}",
            before=before[place] / max(n_before, 1),
            now=after[place] / max(n_now, 1),
        )
        for place in range(len(cuts) + 1)
    )
    return shares, n_before, n_now, True


def _quartiles(numbers: Mapping[float, int]) -> list[float]:
    total, running = sum(numbers.values()), 0
    cuts: list[float] = []
    wanted = [total * quarter / _QUARTERS for quarter in range(1, _QUARTERS)]
    for number in sorted(numbers):
        running += numbers[number]
        while wanted and running >= wanted[0]:
            wanted.pop(0)
            if number not in cuts:
                cuts.append(number)
    return cuts


def _binned(numbers: Mapping[float, int], cuts: list[float]) -> list[int]:
    bins = [0] * (len(cuts) + 1)
    for number, n_cells in numbers.items():
        bins[bisect.bisect_left(cuts, number)] += n_cells
    return bins


def _judged(
    rules: Rules,
    now: Subject,
    before: Subject,
    question: Question,
    shares: tuple[OptionShare, ...],
    n_before: int,
    n_now: int,
    adds_to_one: bool,
) -> Distribution:
    moves = [abs(share.now - share.before) for share in shares]
    by_chance = [_chance(share, n_before, n_now) for share in shares]
    if adds_to_one:
        distance, chance = sum(moves) / 2, sum(by_chance) / 2
    else:
        distance, chance = max(moves, default=0.0), max(by_chance, default=0.0)
    has_break = crosses_break(now, before, question.question_id)
    verdict = "steady"
    if min(n_before, n_now) < rules.value("distribution_minimum"):
        verdict = "few"
    elif distance >= rules.value("distribution_jump"):
        verdict = "jumped"
        if has_break:
            verdict = "break"
        elif distance < rules.value("distribution_chance") * chance:
            verdict = "doubtful"
    return Distribution(
        question.question_id,
        question.wording_en,
        n_before,
        n_now,
        distance,
        chance,
        verdict,  # type: ignore[arg-type]
        shares,
    )


def crosses_break(now: Subject, before: Subject, question_id: str) -> bool:
    """Tell whether the registry notes a break of a question between two waves."""
    return any(
        note.question_id == question_id
        and before.wave.reference_start
        < now.registry.wave(note.wave).reference_start
        <= now.wave.reference_start
        for note in now.registry.comparability_breaks
    )


def _chance(share: OptionShare, n_before: int, n_now: int) -> float:
    """Return how far two samples of one population lie apart on average, for one option."""
    if not n_before or not n_now:
        return 0.0
    pooled = (share.before * n_before + share.now * n_now) / (n_before + n_now)
    return _MEAN_DEVIATION * math.sqrt(pooled * (1 - pooled) * (1 / n_before + 1 / n_now))


def _jump(rules: Rules, found: Distribution) -> Finding:
    moved = sorted(found.shares, key=lambda share: -abs(share.now - share.before))[:3]
    why = {
        "break": " The registry notes a break between these waves.",
        "doubtful": " With so few answers chance can do this.",
    }.get(found.verdict, "")
    return rules.finding(
        "distribution_jump" if found.verdict != "doubtful" else "distribution_chance",
        f"The answers to {found.question_id} moved by {found.distance:.0%}.{why}",
        where=", ".join(f"{s.option_id} {s.before:.0%} → {s.now:.0%}" for s in moved)
        + f" (of {found.answers_before:,} and {found.answers_now:,} answers)",
        expected=f"less than {rules.value('distribution_jump'):.0%}; "
        f"chance alone gives about {found.chance:.0%}",
        remedy="Check the codes of the options, the routing and who was invited; if the question "
        "changed, note it in comparability_breaks.csv.",
        only_inform=found.verdict != "jumped",
        measured=found.distance,
    )
