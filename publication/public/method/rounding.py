"""Which indicators of a wave are rounded, what is decided in advance, and what is known then.

A question that is sensitive, or that the registry holds to bands, takes with it whatever rests on
the same answers, and what only those were asked who gave one of its answers: rounded figures of
these would tell what its bands hide.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from publication.public.method.questions import WaveQuestions
from registry import Registry
from registry.rules.disclosure import public_rules
from registry.tables.figures import Indicator
from registry.tables.publication import DisclosureRule

ROUNDED, BANDS = "rounded", "bands"
KNOWN = "count_could_be_known"
"""Why a figure is withheld that has answers enough."""
HIDING = 5
"""Questions over which a mean or a count tells less of each than its own band does."""
KINDS = ("share", "mean", "count")
"""Kinds of figures that are rounded; amounts have rules of their own."""


@dataclass(frozen=True)
class RoundedRules:
    """What is decided of rounded figures before any answer is seen.

    Attributes:
        indicators: those that are rounded.
        minimum_base: smallest base of a figure.
        candidates: values of every count that must stay possible.
    """

    indicators: tuple[str, ...]
    minimum_base: int
    candidates: int


@dataclass(frozen=True)
class RoundedCell:
    """Everything that the public edition knows about one rounded figure.

    Attributes:
        group_id: `classification.group`.
        indicator_id: the indicator, or the band of a scale.
        lower: the figure is at least this, on its own scale (0 to 1 for a share); None when
            withheld.
        upper: it is at most this.
        estimate: as it is rounded; None at the ends of the scale.
        interval: confidence limits, rounded outward.
        smallest_base: at least so many answered.
        answered: how many did, where everybody was asked.
        reason: why it is withheld.
    """

    group_id: str
    indicator_id: str
    lower: Fraction | None = None
    upper: Fraction | None = None
    estimate: Fraction | None = None
    interval: tuple[Fraction, Fraction] | None = None
    smallest_base: int | None = None
    answered: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Risk:
    """What the attacker is left with.

    Attributes:
        fewest: fewest values found possible of any count.
        counts: counts of groups and strata that were attacked.
        spared: of these, for which another value is possible whichever single respondent's answers
            are known.
        coarser: figures that are coarser for it than their base asks for.
        withheld: figures that are withheld for it.
    """

    fewest: int | None
    counts: int
    spared: int
    coarser: int
    withheld: int


@dataclass(frozen=True)
class Rounded:
    """The rounded figures of a wave."""

    cells: tuple[RoundedCell, ...]
    risk: Risk


def rounded_rules(registry: Registry, about: WaveQuestions) -> RoundedRules | None:
    """Return what is rounded; None where the method of the survey is another."""
    chosen = public_rules(registry)
    if chosen.method != ROUNDED:
        return None
    strict = {
        question
        for indicator in about.indicators
        if _is_strict(about, indicator) and not _is_summary(about, indicator)
        for question in about.asked(indicator.indicator_id)
    }
    while more := _with_them(registry, about, strict) - strict:
        strict |= more
    names = tuple(
        row.indicator_id
        for row in about.indicators
        if row.kind in KINDS
        and ((own := about.row(row)) is None or own.is_published)
        and not _says_strict(own)
        and (_is_summary(about, row) or not about.asked(row.indicator_id) & strict)
    )
    return RoundedRules(names, chosen.minimum_base, chosen.candidates)


def _is_summary(about: WaveQuestions, indicator: Indicator) -> bool:
    """Say whether an indicator is a mean or a count over so many questions that it hides each."""
    is_over_questions = indicator.kind in ("mean", "count")
    return is_over_questions and len(about.asked(indicator.indicator_id)) >= HIDING


def _is_strict(about: WaveQuestions, indicator: Indicator) -> bool:
    row = about.row(indicator)
    if _says_strict(row) or (row is not None and row.is_sensitive is not None):
        return _says_strict(row)
    return any(
        bool(about.questions[name].is_sensitive) for name in about.asked(indicator.indicator_id)
    )


def _says_strict(row: DisclosureRule | None) -> bool:
    return row is not None and (row.method == BANDS or bool(row.is_sensitive))


def _with_them(registry: Registry, about: WaveQuestions, strict: set[str]) -> set[str]:
    """Return the questions whose answers are counted with strict ones, or asked because of them."""
    found: set[str] = set()
    for indicator in about.indicators:
        questions = about.asked(indicator.indicator_id)
        found |= questions if questions & strict and not _is_summary(about, indicator) else set()
    found |= {row.question_id for row in registry.routing if row.condition_question_id in strict}
    return found
