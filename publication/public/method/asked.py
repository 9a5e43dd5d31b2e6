"""What an indicator makes of the answers of a wave, for the attacker on rounded figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from protection.rounding.alternatives import Indicator, Question
from publication.public.method.questions import WaveQuestions
from registry import Registry

BAND = "|"
"""Between a scale and a band of it, in the name of the share whose score lies in the band."""


@dataclass(frozen=True)
class Asked:
    """Questions and indicators of a wave.

    Attributes:
        questions: by id.
        indicators: those that may be rounded, bands of scales included.
        routed: those of them that not everybody was asked.
        first: the classification whose groups get the finest figures.
        further: the other ones of the registry; what is in neither is a crossing.
        tops: groups of the first classification that are part of no other.
        filters: per indicator behind a filter the share that tells who was asked: those it counts
            (true), or the others.
    """

    questions: Mapping[str, Question]
    indicators: tuple[Indicator, ...]
    routed: frozenset[str]
    first: str
    further: frozenset[str]
    tops: frozenset[str]
    filters: Mapping[str, tuple[str, bool]]


def asked_in(registry: Registry, wave: str, names: Iterable[str]) -> Asked:
    """Return what a wave asked.

    Args:
        registry: the registries.
        wave: wave id.
        names: indicators that are rounded.
    """
    about = WaveQuestions(registry, wave, frozenset(names))
    indicators = []
    for row in about.indicators:
        own = Indicator(
            row.indicator_id,
            row.kind,
            frozenset(
                (item.question_id, item.option_id)
                for item in registry.indicator_items
                if item.indicator_id == row.indicator_id
            ),
            row.minimum_count,
            row.maximum_count,
        )
        indicators += [own, *_bands(registry, own)]
    order = sorted(registry.classifications, key=lambda each: each.position)
    first = order[0].classification_id
    return Asked(
        {name: _question(about, name) for each in indicators for name in each.questions},
        tuple(indicators),
        frozenset(
            each.indicator_id
            for each in indicators
            if about.is_routed(each.indicator_id.split(BAND)[0])
        ),
        first,
        frozenset(each.classification_id for each in order[1:]),
        frozenset(
            group.group_id
            for group in registry.organisation_groups
            if group.classification_id == first and group.parent_group_id is None
        ),
        {
            each.indicator_id: filters[0]
            for each in indicators
            for question in sorted(each.questions)
            if (filters := about.filters_of(question))
        },
    )


def _bands(registry: Registry, scale: Indicator) -> list[Indicator]:
    return [
        Indicator(
            f"{scale.indicator_id}{BAND}{row.band_id}",
            "band",
            scale.items,
            row.minimum_score,
            row.maximum_score,
        )
        for row in registry.scale_bands
        if row.scale_id == scale.indicator_id
    ]


def _question(about: WaveQuestions, name: str) -> Question:
    question = about.questions[name]
    rows = about.rows(name)
    return Question(
        name,
        tuple(row.option_id for row in rows),
        question.answer_type == "multiple",
        frozenset(row.option_id for row in rows if row.is_exclusive),
        question.maximum_answers,
        {row.option_id: row.score for row in rows if row.score is not None},
    )
