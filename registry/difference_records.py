"""Record classes of the registries that say what is compared, with what, and over which waves.

What the columns mean stands in models/staging/_registries.yml.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ComparabilityBridge:
    """An indicator that may be compared across a break in one of its questions."""

    question_id: str
    wave: str
    indicator_id: str
    note_nl: str
    note_en: str
    row: int


@dataclass(frozen=True)
class HolmFamily:
    """Tests whose p-values are adjusted together."""

    family_id: str
    label_nl: str
    label_en: str
    per_topic: bool
    per_group: bool
    row: int


@dataclass(frozen=True)
class Comparison:
    """A group that is compared with another one, or with the rest of a group around it."""

    comparison_id: str
    classification_id: str
    group_a: str
    group_b: str | None
    rest_of_group_id: str | None
    family_id: str
    topic: str | None
    row: int


@dataclass(frozen=True)
class TrendRule:
    """An earlier wave that the groups of a classification are compared with."""

    classification_id: str
    family_id: str
    from_wave: str
    row: int


@dataclass(frozen=True)
class Claim:
    """One claim that the data can confirm or contradict."""

    claim_id: str
    sentence_nl: str
    sentence_en: str
    source: str | None
    classification_id: str | None
    group_a: str | None
    group_b: str | None
    indicator_id: str
    indicator_b: str | None
    expected_direction: str
    family_id: str
    row: int
