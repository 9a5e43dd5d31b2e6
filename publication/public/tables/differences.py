"""Comparisons, trends and claims of the public edition: worded from protected figures, or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from publication.public.method.protect import ProtectedWave
from publication.public.method.rules import group_key
from publication.public.tables.figures import DIGITS, Figure, FigureKey
from publication.public.tables.verdicts import (
    BROKEN,
    NO_FIGURE,
    REST,
    WITHHELD,
    WORDS,
    comparability,
    order_of_ranges,
    shown,
    verdict,
)
from registry import Registry
from registry.tables.figures import Indicator

AS_COMPUTED, AS_BEFORE = "as_computed", "as_before"
"""Whether verdicts and other words of a row are those of the internal edition; and whether they are
those of the public release before, because a correction was held."""


def comparisons(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Yield a row per wave, comparison and indicator, and the group whose position it is."""
    for wave in waves:
        for comparison in registry.comparisons:
            for indicator in _asked(wave, registry):
                if comparison.topic not in (None, indicator.topic):
                    continue
                name, own = indicator.indicator_id, comparison.classification_id
                first = found[wave.wave, group_key(own, comparison.group_a), name]
                second = (
                    Figure(WITHHELD, REST)
                    if comparison.group_b is None
                    else found[wave.wave, group_key(own, comparison.group_b), name]
                )
                row = {
                    "wave": wave.wave,
                    "comparison_id": comparison.comparison_id,
                    "classification_id": own,
                    "indicator_id": name,
                    **_side("_a", first),
                    **_side("_b", second),
                    **_words(first, second, ("a_higher", "a_lower")),
                    **_together(first, second),
                }
                yield row, comparison.group_a if comparison.is_headline else None


def trends(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> Iterator[dict[str, Any]]:
    """Yield a row per group, indicator and pair of waves that the registry names."""
    for earlier, later, classification, indicator in _pairs(waves, registry):
        name = indicator.indicator_id
        is_broken = comparability(registry, name, earlier, later) == "broken"
        for group in registry.organisation_groups:
            if group.classification_id != classification:
                continue
            before = found[earlier, group_key(classification, group.group_id), name]
            after = found[later, group_key(classification, group.group_id), name]
            yield {
                "classification_id": classification,
                "group_id": group.group_id,
                "indicator_id": name,
                "wave_from": earlier,
                "wave": later,
                **_side("_from", before),
                **_side("", after),
                **(
                    _said("not_comparable", BROKEN, None)
                    if is_broken
                    else _words(after, before, ("increased", "decreased"))
                ),
                **_together(after, before),
            }


def claims(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> Iterator[dict[str, Any]]:
    """Yield a row per wave and claim about a difference.

    A claim about a relation of two answers has one where both are rounded: its verdict.
    """
    for wave in waves:
        for claim in registry.claims:
            own, group_a = claim.classification_id, claim.group_a
            if claim.indicator_id not in wave.rules.asked:
                continue
            if claim.expected_direction not in ("a_higher", "a_lower"):
                rounded = wave.rules.rounded
                both = {claim.indicator_id, claim.indicator_b or claim.indicator_id}
                if rounded is not None and both <= set(rounded.indicators):
                    nothing = Figure(WITHHELD, NO_FIGURE)
                    yield {
                        "wave": wave.wave,
                        "claim_id": claim.claim_id,
                        **_side("_a", nothing),
                        **_side("_b", nothing),
                        **_said(WITHHELD, None, None),
                        **_together(nothing, nothing),
                        AS_COMPUTED: True,
                        **shown(True),
                    }
                continue
            if own is None or group_a is None:
                continue
            first = found[wave.wave, group_key(own, group_a), claim.indicator_id]
            second = Figure(WITHHELD, NO_FIGURE)
            same_group = claim.group_b or group_a
            other = claim.indicator_b or claim.indicator_id
            if other in wave.rules.asked:
                second = found[wave.wave, group_key(own, same_group), other]
            least = claim.minimum_difference or 0.0
            margin = -least if claim.expected_direction == "a_lower" else least
            words = _words(first, second, ("a_higher", "a_lower"), margin)
            order = words["order_of_ranges"]
            if words["verdict"] != WITHHELD:
                agrees = words["verdict"] == claim.expected_direction
                words = _said("supported" if agrees else "contradicted", None, order)
            yield {
                "wave": wave.wave,
                "claim_id": claim.claim_id,
                **_side("_a", first),
                **_side("_b", second),
                **words,
                **_together(first, second),
            }


def _pairs(
    waves: Sequence[ProtectedWave], registry: Registry
) -> list[tuple[str, str, str, Indicator]]:
    """Return earlier wave, later wave, classification and indicator of every trend."""
    order = [name for name in registry.wave_ids if name in {wave.wave for wave in waves}]
    by_id = {wave.wave: wave for wave in waves}
    pairs = {}
    for rule in registry.trend_rules:
        for indicator in registry.indicators:
            having = [w for w in order if indicator.indicator_id in by_id[w].rules.asked]
            for at, later in enumerate(having):
                if at == 0:
                    continue
                earlier = having[at - 1] if rule.from_wave == "previous" else having[0]
                key = (earlier, later, rule.classification_id, indicator.indicator_id)
                pairs[key] = (earlier, later, rule.classification_id, indicator)
    return list(pairs.values())


def _asked(wave: ProtectedWave, registry: Registry) -> list[Indicator]:
    return [row for row in registry.indicators if row.indicator_id in wave.rules.asked]


def _side(suffix: str, figure: Figure) -> dict[str, Any]:
    low, high = figure.range or (None, None)
    return {
        f"n_answered{suffix}": figure.answered,
        f"estimate{suffix}": figure.amount,
        f"range_lower{suffix}": low,
        f"range_upper{suffix}": high,
    }


def _together(first: Figure, second: Figure) -> dict[str, Any]:
    """Return the difference of two rounded figures, and whether its verdict is told as it is.

    So it is too where a group is held against the rest of another, which has no figure. A verdict
    tells far less than the figures: on which side of a line that nobody knows they lie.
    """
    difference = None
    both = first.is_rounded and second.is_rounded
    if both and first.amount is not None and second.amount is not None:
        difference = round(first.amount - second.amount, DIGITS)
    is_told = first.is_told and (second.is_told or second.reason == REST)
    return {
        "difference": difference,
        AS_COMPUTED: is_told,
        **shown(is_told or first.is_shown or second.is_shown),
    }


def _words(
    first: Figure, second: Figure, names: tuple[str, str], margin: float = 0.0
) -> dict[str, Any]:
    found, reason = verdict(first, second, margin)
    if second.reason == REST:
        reason = REST
    say = dict(zip(("higher", "lower"), names, strict=True))
    order = order_of_ranges(first, second)
    return _said(say[found] if found else WITHHELD, reason, say[order] if order else None)


def _said(name: str, reason: str | None, order: str | None) -> dict[str, Any]:
    return {
        "order_of_ranges": order,
        "verdict": name,
        "verdict_nl": WORDS[name][0],
        "verdict_en": WORDS[name][1],
        "protection_reason": reason,
    }
