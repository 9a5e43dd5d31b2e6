"""Options that are new, gone, renamed or split."""

from __future__ import annotations

from collections.abc import Mapping

from landing.checks.subject import Subject, and_more, shown
from landing.drift.names import similarity
from landing.drift.tallies import CODED_TYPES, Tally
from landing.findings.drift import OptionChange
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from registry import Registry
from registry.validity import offered_in

_MOST_SUCCESSORS = 5
_THE_SAME = 99.0


def option_changes(
    rules: Rules,
    now: Subject,
    before: Subject,
    tallies_now: Mapping[str, Tally],
    tallies_before: Mapping[str, Tally],
) -> list[OptionChange]:
    """Compare the options of the questions that both exports have."""
    changes = []
    for question_id, tally in tallies_now.items():
        earlier = tallies_before.get(question_id)
        if earlier is None or tally.question.answer_type not in CODED_TYPES:
            continue
        changes += _of_question(rules, now, before, tally, earlier)
    return changes


def option_findings(rules: Rules, changes: list[OptionChange]) -> list[Finding]:
    """Judge the changes, one finding per question and kind."""
    findings = []
    for change in changes:
        if change.change == "gone":
            findings.append(
                rules.finding(
                    "option_gone",
                    f"Nobody chose {change.option_id} of {change.question_id}, which "
                    f"{change.count_before:,} responses of the previous wave did.",
                    where=f"question {change.question_id}",
                    expected="the option in use, or last_wave filled in options.csv",
                    remedy="Check whether the option has another code or label in this export.",
                    measured=change.count_before,
                )
            )
        elif change.change == "continued":
            became = "renamed" if len(change.successors) == 1 else "split"
            findings.append(
                rules.finding(
                    "option_renamed",
                    f"The option {change.option_id} of {change.question_id} seems {became}: "
                    + ", ".join(f"{name} ({score:g})" for name, score in change.successors)
                    + ".",
                    where=f"question {change.question_id}; similarity of the labels in brackets",
                    remedy="Compare both waves through what the options have in common; note it in "
                    "comparability_breaks.csv if it is not there.",
                )
            )
    for kind, rule, message in (
        ("new", "option_new", "option(s) that the previous wave did not have"),
        ("withdrawn", "option_gone", "option(s) fewer than in the previous wave"),
    ):
        by_question: dict[str, list[str]] = {}
        for change in changes:
            if change.change == kind:
                by_question.setdefault(change.question_id, []).append(change.option_id)
        for question_id, options in by_question.items():
            findings.append(
                rules.finding(
                    rule,
                    f"{question_id} has {len(options)} {message}, as the registry says.",
                    where=and_more(options, 8),
                    only_inform=kind == "withdrawn",
                )
            )
    return findings


def _of_question(
    rules: Rules, now: Subject, before: Subject, tally: Tally, earlier: Tally
) -> list[OptionChange]:
    question = tally.question
    options = {o.option_id: o for o in now.registry.options_for(question.question_id)}
    offered = {id_ for id_, o in options.items() if offered_in(o, question, now.wave.wave)}
    offered_before = {
        id_ for id_, o in options.items() if offered_in(o, question, before.wave.wave)
    }
    counts, counts_before = tally.counts, earlier.counts
    changes = []
    lost, found = [], []
    for option_id in options:
        change = None
        if option_id in offered - offered_before:
            change = "new"
            found.append(option_id)
        elif option_id in offered_before - offered:
            change = "withdrawn"
            lost.append(option_id)
        elif (
            option_id in offered
            and not options[option_id].is_missing
            and not counts.get(option_id)
            and counts_before.get(option_id, 0) >= rules.value("option_gone")
        ):
            change = "gone"
            lost.append(option_id)
        if change is not None:
            changes.append(
                OptionChange(
                    change,  # type: ignore[arg-type]
                    question.question_id,
                    option_id,
                    count_before=counts_before.get(option_id, 0),
                    count_now=counts.get(option_id, 0),
                )
            )
    for option_id, successors in _continued(rules, now.registry, lost, found, tally).items():
        changes.append(
            OptionChange(
                "continued",
                question.question_id,
                option_id,
                successors=successors,
                count_before=counts_before.get(option_id, 0),
            )
        )
    return changes


def _continued(
    rules: Rules, registry: Registry, lost: list[str], found: list[str], tally: Tally
) -> dict[str, tuple[tuple[str, float], ...]]:
    """Return per lost option what resembles it most: new options, and values without a code."""
    labels = {
        option.option_id: (option.label_nl, option.label_en)
        for option in registry.options_for(tally.question.question_id)
    }
    new = {option_id: labels[option_id] for option_id in found}
    new |= {f"value {shown(value)}": (value, value) for value in tally.unknown}
    alike: dict[str, list[tuple[str, float]]] = {}
    for name, texts in new.items():
        scores = {option_id: similarity(labels[option_id], texts) for option_id in lost}
        best = max(scores, key=lambda option_id: scores[option_id], default=None)
        if best is not None and scores[best] >= rules.value("option_renamed"):
            alike.setdefault(best, []).append((name, round(scores[best], 1)))
    continued = {}
    for option_id in lost:
        ranked = sorted(alike.get(option_id, []), key=lambda item: (-item[1], item[0]))
        # A label that stayed as it was needs no other successor.
        same = [item for item in ranked if item[1] >= _THE_SAME]
        if ranked:
            continued[option_id] = tuple((same or ranked)[:_MOST_SUCCESSORS])
    return continued
