"""From responses to counts per atom: what disclosure control starts from.

Tied shares have one base: the responses that answered the questions of every member of the set. A
question that not everybody was asked leaves out whoever did not pass its filter; a response outside
the base of the filter, of which that is not known, counts with its own answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

import duckdb

from protection.amounts.totals import AmountTable
from protection.edition.cells import Count, CountKey
from protection.ranges.rules import Atom, Constants, IndicatorRule, Plan
from publication.public.amounts.tables import amount_tables
from publication.public.method.asked import BAND
from publication.public.method.rules import REST, WaveRules, group_key
from publication.tables import SOURCE

_LARGEST_DENOMINATOR = 1000
_SAME_WEIGHT = 1e-9


@dataclass(frozen=True)
class Respondent:
    """One kept response; never leaves the building.

    Attributes:
        stratum_id: stratum of the weights.
        weight: weight of the response.
        groups: groups of every classification, as `classification.group`.
        values: value per indicator; None where there is no valid answer.
        chosen: options chosen per question; read where figures are rounded.
    """

    stratum_id: str
    weight: Fraction
    groups: frozenset[str]
    values: Mapping[str, Fraction | None]
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class InternalFigure:
    """A figure of the internal edition.

    Attributes:
        group_id: `classification.group`.
        indicator_id: the indicator, or the band of a scale.
        answered: responses in its base.
        estimate: weighted.
        lower: confidence limit.
        upper: confidence limit.
    """

    group_id: str
    indicator_id: str
    answered: int
    estimate: float
    lower: float
    upper: float


@dataclass(frozen=True)
class WaveResponses:
    """The kept responses of a wave, and the figures that the internal edition shows of them."""

    wave: str
    indicators: frozenset[str]
    respondents: tuple[Respondent, ...]
    figures: tuple[InternalFigure, ...] = ()


@dataclass(frozen=True)
class Counted:
    """What was answered, per atom.

    Attributes:
        constants: the atoms.
        counts: counted and answered, per share.
        bases: answered, per question and per mean.
        sums: sum of the values and number of answers, per mean.
        answers: per atom the published values of each response, as text.
        amounts: the amounts, by set.
    """

    constants: Constants
    counts: dict[CountKey, Count]
    bases: dict[tuple[str, str, str], int]
    sums: dict[CountKey, tuple[Fraction, int]]
    answers: dict[str, tuple[str, ...]]
    amounts: dict[str, AmountTable] = field(default_factory=dict, repr=False)


def read_responses(
    connection: duckdb.DuckDBPyConnection, waves: tuple[str, ...]
) -> dict[str, WaveResponses]:
    """Return the responses of each wave from the attached build database."""
    weights = connection.execute(
        "select wave, response_key, organisation_key, stratum_id, population_count,"
        f" response_count, design_weight, weight from {SOURCE}.cleaned.cln_weights order by all"
    ).fetchall()
    groups: dict[tuple[str, str], set[str]] = defaultdict(set)
    for wave, key, classification, group in connection.execute(
        "select wave, organisation_key, classification_id, group_id"
        f" from {SOURCE}.cleaned.cln_organisation_groups"
    ).fetchall():
        groups[wave, key].add(group_key(classification, group))
    values: dict[tuple[str, str], dict[str, Fraction | None]] = defaultdict(dict)
    for wave, key, name, status, value in connection.execute(
        "select wave, response_key, indicator_id, status, value"
        f" from {SOURCE}.cleaned.cln_indicator_values"
    ).fetchall():
        answered = status == "answered" and value is not None
        values[wave, key][name] = _fraction(value) if answered else None
    asked: dict[str, set[str]] = defaultdict(set)
    for wave, name in connection.execute(
        f"select distinct wave, indicator_id from {SOURCE}.cleaned.cln_wave_indicators"
    ).fetchall():
        asked[wave].add(name)
    chosen: dict[tuple[str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for wave, key, question, option in connection.execute(
        f"select wave, response_key, question_id, option_id from {SOURCE}.cleaned.cln_answers"
        " where option_id is not null"
    ).fetchall():
        chosen[wave, key][question].add(option)
    found: dict[str, list[Respondent]] = {wave: [] for wave in waves}
    for wave, key, organisation, stratum, population, number, design, weight in weights:
        if wave in found:
            found[wave].append(
                Respondent(
                    stratum,
                    _weight(weight, design, population, number),
                    frozenset(groups[wave, organisation]),
                    values[wave, key],
                    {name: frozenset(given) for name, given in chosen[wave, key].items()},
                )
            )
    shown = _internal_figures(connection)
    return {
        wave: WaveResponses(wave, frozenset(asked[wave]), tuple(respondents), tuple(shown[wave]))
        for wave, respondents in found.items()
        if respondents
    }


def _internal_figures(connection: duckdb.DuckDBPyConnection) -> dict[str, list[InternalFigure]]:
    """Return what the internal edition shows, bands of scales included."""
    shown: dict[str, list[InternalFigure]] = defaultdict(list)
    for wave, classification, group, *figure in connection.execute(
        "select wave, classification_id, group_id, indicator_id, n_answered,"
        f" estimate, estimate_lower, estimate_upper from {SOURCE}.core.mart_estimates"
        " where suppression_status = 'published' and kind in ('share', 'mean', 'count')"
        " union all"
        f" select wave, classification_id, group_id, concat(scale_id, '{BAND}', band_id),"
        " n_answered, estimate, estimate_lower, estimate_upper"
        f" from {SOURCE}.core.mart_scale_distribution where suppression_status = 'published'"
        " order by all"
    ).fetchall():
        shown[wave].append(InternalFigure(group_key(classification, group), *figure))
    return shown


def count(responses: WaveResponses, rules: WaveRules) -> Counted:
    """Count a wave as its rules say."""
    members = _atoms(responses, rules.classifications)
    atoms = tuple(
        Atom(responses.wave, name, len(own), own[0].weight, _within(own[0], rules.classifications))
        for name, own in sorted(members.items())
    )
    counted: dict[CountKey, Count] = {}
    bases: dict[tuple[str, str, str], int] = {}
    sums: dict[CountKey, tuple[Fraction, int]] = {}
    answers: dict[str, tuple[str, ...]] = {}
    for name, own in members.items():
        shares = _shares(own, rules.plan)
        for rule in rules.plan.indicators:
            given = shares[rule.indicator_id]
            base = sum(value is not None for value in given)
            counted[responses.wave, name, rule.indicator_id] = Count(
                sum(value is True for value in given), base
            )
            bases[responses.wave, name, rule.question_id] = base
        for mean in rules.means:
            key = (responses.wave, name, mean.rule.indicator_id)
            scores = [
                value
                for respondent in own
                if (value := respondent.values.get(mean.rule.indicator_id)) is not None
            ]
            sums[key] = (sum(scores, Fraction(0)), len(scores))
            bases[responses.wave, name, mean.rule.question_id] = len(scores)
        means = [mean.rule.indicator_id for mean in rules.means]
        rounded = rules.rounded.indicators if rules.rounded else ()
        in_order = sorted(shares.items())
        answers[name] = tuple(
            repr(
                [
                    [(share, given[at]) for share, given in in_order],
                    [str(one.values.get(name)) for name in (*means, *rounded)],
                ]
            )
            for at, one in enumerate(own)
        )
    reported = [(one.groups, one.values) for one in responses.respondents]
    amounts = amount_tables(rules.amounts, rules.plan, reported)
    return Counted(Constants(atoms), counted, bases, sums, answers, amounts)


def _shares(respondents: Sequence[Respondent], plan: Plan) -> dict[str, list[bool | None]]:
    """Return per share whether each response counts in it; None where it is not in the base."""
    found: dict[str, list[bool | None]] = {}

    def look(rule: IndicatorRule) -> list[bool | None]:
        name = rule.indicator_id
        if name not in found:
            value_of = _value_of(rule, plan)
            found[name] = [value_of(respondent.values) for respondent in respondents]
            if rule.filter_id is not None:
                asked = look(plan.indicator(rule.filter_id))
                found[name] = [
                    None if passed is False else value
                    for value, passed in zip(found[name], asked, strict=True)
                ]
        return found[name]

    for rule in plan.indicators:
        look(rule)
    return found


def _value_of(
    rule: IndicatorRule, plan: Plan
) -> Callable[[Mapping[str, Fraction | None]], bool | None]:
    """Return what tells from the values of a response whether it counts in a share."""
    name, linked = rule.indicator_id, plan.set_of(rule.indicator_id)
    if linked is None:

        def alone(values: Mapping[str, Fraction | None]) -> bool | None:
            value = values.get(name)
            return None if value is None else value > 0

        return alone
    names = [member for member in linked.members if not member.startswith(REST)]
    parts = [part for part in linked.parts if not part.startswith(REST)]
    union = linked.union_id

    def tied(values: Mapping[str, Fraction | None]) -> bool | None:
        if any(values.get(member) is None for member in names):
            return None
        if name.startswith(REST):
            inside = bool(values[union]) if union else True
            return inside and not any(values[part] for part in parts)
        return bool(values[name])

    return tied


def _atoms(
    responses: WaveResponses, classifications: tuple[str, ...]
) -> dict[str, list[Respondent]]:
    together: dict[tuple[str, frozenset[str]], list[Respondent]] = defaultdict(list)
    for respondent in responses.respondents:
        together[respondent.stratum_id, _within(respondent, classifications)].append(respondent)
    atoms = {}
    for (stratum, groups), own in together.items():
        name = f"{stratum}/{'+'.join(sorted(groups))}".replace(" ", "_")
        weights = sorted({respondent.weight for respondent in own})
        for rank, weight in enumerate(weights):
            label = name if len(weights) == 1 else f"{name}#{rank}"
            atoms[label] = [respondent for respondent in own if respondent.weight == weight]
    return atoms


def _within(respondent: Respondent, classifications: tuple[str, ...]) -> frozenset[str]:
    return frozenset(
        group for group in respondent.groups if group.split(".", 1)[0] in classifications
    )


def _weight(weight: float, design: float, population: int, responses: int) -> Fraction:
    if abs(weight - design) <= _SAME_WEIGHT * design and responses:
        return Fraction(population, responses)
    return Fraction(weight).limit_denominator(_LARGEST_DENOMINATOR)


@lru_cache(maxsize=100_000)
def _fraction(value: float) -> Fraction:
    """Return a value with the rounding of the database taken off; scores are simple fractions."""
    return Fraction(value).limit_denominator(_LARGEST_DENOMINATOR)
