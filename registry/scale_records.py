"""Record classes of the registries of scales and of the tables per topic.

What the columns mean stands in models/staging/_registries.yml.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """One scale: an indicator that is the mean of several questions."""

    scale_id: str
    label_nl: str
    label_en: str
    row: int


@dataclass(frozen=True)
class ScaleBand:
    """One band of scores of a scale, from its minimum to below its maximum."""

    scale_id: str
    band_id: str
    position: int
    label_nl: str
    label_en: str
    minimum_score: float | None
    maximum_score: float | None
    row: int


@dataclass(frozen=True)
class ScaleOutcome:
    """One outcome that goes with a scale, or does not, within a group."""

    scale_id: str
    outcome_indicator_id: str
    classification_id: str
    group_id: str
    adjust_classification_id: str | None
    adjust_size_classification_id: str | None
    row: int


@dataclass(frozen=True)
class TopicMart:
    """One table that presents a topic of the study.

    Attributes:
        has_own_columns: it has columns beside those of every topic, in a model of its own.
    """

    mart_id: str
    schema_name: str
    position: int
    label_nl: str
    label_en: str
    has_own_columns: bool
    row: int


@dataclass(frozen=True)
class TopicMartIndicator:
    """One indicator in a table of a topic."""

    mart_id: str
    indicator_id: str
    position: int
    row: int
