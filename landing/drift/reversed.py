"""Statements on a scale whose answers stand the other way round than before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from landing.checks.subject import Subject
from landing.drift.distributions import distance_between
from landing.drift.source import Scores, Source
from landing.drift.tallies import Tally
from landing.findings.drift import Distribution
from landing.findings.finding import Finding
from landing.findings.limits import Rules

# A statement goes with the rest of its scale, if that is of this many at least.
_FEWEST_STATEMENTS = 3


@dataclass(frozen=True)
class _Together:
    """How a statement goes with the others of its scale, before and now; turned by how it did.

    Attributes:
        turned: whether the sign is another; None where too little goes together to say.
    """

    before: float | None
    now: float
    turned: bool | None


def reversed_findings(
    rules: Rules,
    now: Subject,
    now_source: Source,
    tallies: Mapping[str, Tally],
    before_source: Source | None,
    tallies_before: Mapping[str, Tally],
    shares: Sequence[Distribution],
) -> list[Finding]:
    """Report statements that fit the wave before, or their own scale, better turned round.

    Args:
        rules: the thresholds of the survey.
        now: the export.
        now_source: its cells.
        tallies: its answers.
        before_source: the cells of the wave before, where there is one.
        tallies_before: its answers.
        shares: every question in both waves.
    """
    found = {share.question_id: share for share in shares}
    findings = []
    together = _together(rules, now, now_source, tallies, before_source, tallies_before)
    for question_id, tally in tallies.items():
        if tally.question.answer_type != "scale":
            continue
        share = found.get(question_id)
        gain = 0.0 if share is None else _gain(rules, now, share)
        signs = together.get(question_id)
        is_turned = None if signs is None else signs.turned
        # What goes with its scale as it did before was not reversed, however much it moved.
        if is_turned or (gain and is_turned is None):
            findings.append(_finding(rules, now, tally, gain, signs))
    return findings


def _gain(rules: Rules, subject: Subject, share: Distribution) -> float:
    """Return how much closer to the wave before the answers are turned round; 0 for not enough."""
    if share.verdict == "few":
        return 0.0
    missing = {o.option_id for o in subject.registry.options_for(share.question_id) if o.is_missing}
    answers = [option for option in share.shares if option.option_id not in missing]
    now, before = [o.now for o in answers], [o.before for o in answers]
    gain = distance_between(now, before) - distance_between(now[::-1], before)
    least = max(rules.value("scale_reversed"), rules.value("distribution_chance") * share.chance)
    return gain if gain >= least else 0.0


def _together(
    rules: Rules,
    now: Subject,
    now_source: Source,
    tallies: Mapping[str, Tally],
    before_source: Source | None,
    tallies_before: Mapping[str, Tally],
) -> dict[str, _Together]:
    """Return how every statement goes with the others of its scale, where it is in one."""
    least = rules.value("scale_correlation")
    found = {}
    for statements, is_declared in _scales(now, tallies):
        correlations = now_source.rest_correlations(
            [_scores(now, tallies[question_id]) for question_id in statements]
        )
        earlier: Sequence[float | None] = [None] * len(statements)
        if before_source is not None and all(name in tallies_before for name in statements):
            earlier = before_source.rest_correlations(
                [_scores(now, tallies_before[question_id]) for question_id in statements]
            )
        for question_id, here, there in zip(statements, correlations, earlier, strict=True):
            if here is None:
                continue
            turned: bool | None = None
            if abs(here) >= least and there is not None and abs(there) >= least:
                turned = here * there < 0
            elif abs(here) >= least and before_source is None and is_declared:
                turned = here < 0
            found[question_id] = _Together(there, here, turned)
    return found


def _scales(subject: Subject, tallies: Mapping[str, Tally]) -> list[tuple[list[str], bool]]:
    """Return the statements of every scale, and whether the registry declares it.

    Where it does not, the statements of a block with the same options are taken for one.
    """
    registry = subject.registry
    on_scale = [name for name, tally in tallies.items() if tally.question.answer_type == "scale"]
    scales = []
    declared: set[str] = set()
    for scale in registry.scales:
        asked = {
            item.question_id
            for item in registry.indicator_items
            if item.indicator_id == scale.scale_id
        }
        statements = [name for name in on_scale if name in asked]
        declared.update(statements)
        scales.append((statements, True))
    blocks: dict[tuple[str, ...], list[str]] = {}
    for name in on_scale:
        if name not in declared:
            options = (option.option_id for option in registry.options_for(name))
            blocks.setdefault((tallies[name].question.block, *options), []).append(name)
    scales += [(statements, False) for statements in blocks.values()]
    return [scale for scale in scales if len(scale[0]) >= _FEWEST_STATEMENTS]


def _scores(subject: Subject, tally: Tally) -> Scores:
    """Return what every value of every column of a statement counts, by the order of options."""
    scores: dict[int, dict[str, float]] = {}
    for option in subject.registry.options_for(tally.question.question_id):
        if option.is_missing:
            continue
        score = float(option.position) if option.score is None else float(option.score)
        for position, values in tally.choices.get(option.option_id, {}).items():
            scores.setdefault(position, {}).update(dict.fromkeys(values, score))
    return scores


def _finding(
    rules: Rules, subject: Subject, tally: Tally, gain: float, together: _Together | None
) -> Finding:
    names = {column.position: column.name for column in subject.table.columns}
    columns = ", ".join(f"'{names[position]}'" for position in tally.positions)
    signs = []
    if gain:
        signs.append(f"turned round its answers are closer to the previous wave by {gain:.0%}")
    is_turned = together is not None and together.turned
    if together is not None and is_turned:
        earlier = "" if together.before is None else f", where it was {together.before:+.2f} before"
        signs.append(f"its correlation with the rest of its scale is {together.now:+.2f}{earlier}")
    rule = "scale_reversed" if gain else "scale_correlation"
    finding = rules.finding(
        rule,
        f"The statement {tally.question.question_id} seems reversed: {'; '.join(signs)}.",
        where=f"column {columns}",
        expected="the same end of the scale for the same answer as in the other waves and "
        "statements",
        remedy="Compare the codes of the answers with the questionnaire; correct the export or "
        "codes.csv. A statement that is put the other way round is another question.",
    )
    if gain and is_turned and finding.severity == "warning":
        # Two signs that do not depend on each other: no chance.
        return replace(finding, severity="error")
    return finding
