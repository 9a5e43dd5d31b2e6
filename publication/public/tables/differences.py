"""Comparisons, trends and claims of the public edition: worded from protected figures, or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from publication.public.method.protect import ProtectedWave
from publication.public.method.rules import group_key
from publication.public.tables.columns import PublicTable, make_table
from publication.public.tables.figures import Figure, FigureKey
from publication.public.tables.verdicts import (
    BROKEN,
    REST,
    WITHHELD,
    WORDS,
    comparability,
    order_of_ranges,
    verdict,
)
from registry import Registry
from registry.schemas import CORE
from registry.tables.figures import Indicator


def comparisons_table(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> PublicTable:
    """Return one row per wave, comparison and indicator."""
    rows = []
    labels = {
        group.group_id: (group.label_nl, group.label_en) for group in registry.organisation_groups
    }
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
                other = labels.get(comparison.group_b or comparison.rest_of_group_id or "")
                rows.append(
                    {
                        "wave": wave.wave,
                        "comparison_id": comparison.comparison_id,
                        "classification_id": own,
                        "group_a": comparison.group_a,
                        "group_a_label_nl": labels[comparison.group_a][0],
                        "group_a_label_en": labels[comparison.group_a][1],
                        "group_b": comparison.group_b,
                        "rest_of_group_id": comparison.rest_of_group_id,
                        "group_b_label_nl": _rest(other, 0, comparison.group_b),
                        "group_b_label_en": _rest(other, 1, comparison.group_b),
                        **_indicator(indicator),
                        **_band("a", first),
                        **_band("b", second),
                        **_words(first, second, ("a_higher", "a_lower")),
                    }
                )
    return make_table(
        CORE,
        "mart_comparisons",
        "One row per wave, comparison and indicator: the ranges of both groups, and a verdict "
        "where every count behind them gives the same one.",
        ("wave", "comparison_id", "indicator_id"),
        (
            "wave",
            "comparison_id",
            "classification_id",
            "group_a",
            "group_a_label_nl",
            "group_a_label_en",
            "group_b",
            "rest_of_group_id",
            "group_b_label_nl",
            "group_b_label_en",
            "topic",
            "indicator_id",
            "indicator_label_nl",
            "indicator_label_en",
            "kind",
            "unit",
            "band_lower_a",
            "band_upper_a",
            "band_lower_b",
            "band_upper_b",
            "order_of_ranges",
            "verdict",
            "verdict_nl",
            "verdict_en",
            "protection_reason",
        ),
        rows,
    )


def trends_table(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> PublicTable:
    """Return one row per group, indicator and pair of waves that the registry names."""
    rows = []
    groups = {(g.classification_id, g.group_id): g for g in registry.organisation_groups}
    for earlier, later, classification, indicator in _pairs(waves, registry):
        name = indicator.indicator_id
        comparable = comparability(registry, name, earlier, later)
        for (own, group_id), group in groups.items():
            if own != classification:
                continue
            before = found[earlier, group_key(own, group_id), name]
            after = found[later, group_key(own, group_id), name]
            words = _words(after, before, ("increased", "decreased"))
            if comparable == "broken":
                words = _said("not_comparable", BROKEN, None)
            rows.append(
                {
                    "classification_id": own,
                    "group_id": group_id,
                    "group_label_nl": group.label_nl,
                    "group_label_en": group.label_en,
                    **_indicator(indicator),
                    "wave_from": earlier,
                    "wave": later,
                    **_band("from", before),
                    "band_lower": after.band[0] if after.band else None,
                    "band_upper": after.band[1] if after.band else None,
                    "comparability": comparable,
                    **words,
                }
            )
    return make_table(
        CORE,
        "mart_trends",
        "One row per classification, group, indicator and pair of waves: both ranges, and a "
        "verdict where every count behind them gives the same one.",
        ("classification_id", "group_id", "indicator_id", "wave_from", "wave"),
        (
            "classification_id",
            "group_id",
            "group_label_nl",
            "group_label_en",
            "topic",
            "indicator_id",
            "indicator_label_nl",
            "indicator_label_en",
            "kind",
            "unit",
            "wave_from",
            "wave",
            "band_lower_from",
            "band_upper_from",
            "band_lower",
            "band_upper",
            "order_of_ranges",
            "comparability",
            "verdict",
            "verdict_nl",
            "verdict_en",
            "protection_reason",
        ),
        rows,
    )


def claims_table(
    found: Mapping[FigureKey, Figure], waves: Sequence[ProtectedWave], registry: Registry
) -> PublicTable:
    """Return one row per wave and claim."""
    rows = []
    for wave in waves:
        for claim in registry.claims:
            own, group_a = claim.classification_id, claim.group_a
            if claim.indicator_id not in wave.rules.asked or own is None or group_a is None:
                continue
            first = found[wave.wave, group_key(own, group_a), claim.indicator_id]
            second = Figure(WITHHELD, "association_not_public")
            same_group = claim.group_b or group_a
            other = claim.indicator_b or claim.indicator_id
            if claim.expected_direction in ("a_higher", "a_lower") and other in wave.rules.asked:
                second = found[wave.wave, group_key(own, same_group), other]
            least = claim.minimum_difference or 0.0
            margin = -least if claim.expected_direction == "a_lower" else least
            words = _words(first, second, ("a_higher", "a_lower"), margin)
            if second.reason == "association_not_public":
                words["protection_reason"] = second.reason
            if words["verdict"] != WITHHELD:
                agrees = words["verdict"] == claim.expected_direction
                words = _said("supported" if agrees else "contradicted", None, None)
            rows.append(
                {
                    "wave": wave.wave,
                    "claim_id": claim.claim_id,
                    "sentence_nl": claim.sentence_nl,
                    "sentence_en": claim.sentence_en,
                    "source": claim.source,
                    "classification_id": own,
                    "group_a": group_a,
                    "group_b": claim.group_b,
                    "indicator_id": claim.indicator_id,
                    "indicator_b": claim.indicator_b,
                    "expected_direction": claim.expected_direction,
                    **_band("a", first),
                    **_band("b", second),
                    **words,
                }
            )
    return make_table(
        CORE,
        "mart_claims",
        "One row per wave and claim: the ranges of both sides, and a verdict where every count "
        "behind them gives the same one.",
        ("wave", "claim_id"),
        (
            "wave",
            "claim_id",
            "sentence_nl",
            "sentence_en",
            "source",
            "classification_id",
            "group_a",
            "group_b",
            "indicator_id",
            "indicator_b",
            "expected_direction",
            "band_lower_a",
            "band_upper_a",
            "band_lower_b",
            "band_upper_b",
            "verdict",
            "verdict_nl",
            "verdict_en",
            "protection_reason",
        ),
        rows,
    )


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


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "topic": indicator.topic,
        "indicator_id": indicator.indicator_id,
        "indicator_label_nl": indicator.label_nl,
        "indicator_label_en": indicator.label_en,
        "kind": indicator.kind,
        "unit": indicator.unit,
    }


def _band(side: str, figure: Figure) -> dict[str, Any]:
    low, high = figure.band or (None, None)
    return {f"band_lower_{side}": low, f"band_upper_{side}": high}


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


def _rest(label: tuple[str, str] | None, at: int, group_b: str | None) -> str | None:
    if label is None or group_b is not None:
        return label[at] if label else None
    return f"{label[at]}: {('overige', 'the others')[at]}"
