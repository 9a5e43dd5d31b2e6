"""One record class per registry; fields are the columns, `row` is the line in the file.

What the columns mean stands in models/staging/_registries.yml.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from registry.difference_records import (
    Claim,
    ComparabilityBridge,
    Comparison,
    HolmFamily,
    TrendRule,
)
from registry.scale_records import (
    Scale,
    ScaleBand,
    ScaleOutcome,
    TopicMart,
    TopicMartIndicator,
)


@dataclass(frozen=True)
class Survey:
    """The survey that a registry folder describes."""

    survey_id: str
    label_nl: str
    label_en: str
    organisation_term_nl: str
    organisation_term_en: str
    unlisted_columns: str
    source: str | None
    licence: str | None
    row: int


@dataclass(frozen=True)
class Wave:
    """One round of the survey."""

    wave: str
    label_nl: str
    label_en: str
    reference_start: datetime.date
    reference_end: datetime.date
    fieldwork_start: datetime.date | None
    fieldwork_end: datetime.date | None
    expected_responses_low: int
    expected_responses_high: int
    publication_date: datetime.date | None
    frame_source: str
    complete_from_page: int | None
    row: int


@dataclass(frozen=True)
class Delivery:
    """One file expected in the inbox."""

    wave: str
    kind: str
    part: str
    file_pattern: str
    format: str
    tool: str | None
    sheet: str | None
    date_order: str | None
    is_synthetic: bool
    archive: str
    row: int


@dataclass(frozen=True)
class ColumnMapping:
    """One use of one source column in one wave; of every part of it, or of one."""

    wave: str
    kind: str
    column_name: str
    role: str
    question_id: str | None
    option_id: str | None
    attribute_id: str | None
    separator: str | None
    part: str | None
    treatment: str | None
    row: int

    def is_of(self, part: str) -> bool:
        """Whether the files of a part are expected to have the column."""
        return self.part is None or self.part == part

    def shares_a_part_with(self, other: ColumnMapping) -> bool:
        """Whether one file can be described by both rows."""
        return self.part is None or other.part is None or self.part == other.part


@dataclass(frozen=True)
class Question:
    """One question, under one id across all waves."""

    question_id: str
    block: str
    position: int
    answer_type: str
    wording_nl: str
    wording_en: str
    first_wave: str
    last_wave: str | None
    minimum: float | None
    maximum: float | None
    maximum_answers: int | None
    is_personal: bool
    is_sensitive: bool
    base_nl: str | None
    base_en: str | None
    note: str | None
    row: int


@dataclass(frozen=True)
class Option:
    """One answer option of a question."""

    question_id: str
    option_id: str
    position: int
    label_nl: str
    label_en: str
    score: float | None
    is_missing: bool
    missing_reason: str | None
    is_exclusive: bool
    first_wave: str | None
    last_wave: str | None
    row: int


@dataclass(frozen=True)
class Route:
    """One condition under which a question is asked."""

    question_id: str
    rule: str
    condition_question_id: str
    condition_option_id: str
    row: int


@dataclass(frozen=True)
class ComparabilityBreak:
    """A wave from which answers to a question no longer compare with earlier ones."""

    question_id: str
    wave: str
    note_nl: str
    note_en: str
    row: int


@dataclass(frozen=True)
class Code:
    """What one raw value stands for."""

    question_id: str | None
    wave: str | None
    raw_value: str
    option_id: str | None
    missing_reason: str | None
    row: int


@dataclass(frozen=True)
class Classification:
    """One classification of organisations."""

    classification_id: str
    label_nl: str
    label_en: str
    position: int
    is_exhaustive: bool
    within_group_id: str | None
    row: int


@dataclass(frozen=True)
class OrganisationGroup:
    """One group of organisations within a classification."""

    classification_id: str
    group_id: str
    parent_group_id: str | None
    label_nl: str
    label_en: str
    position: int
    own_schema: bool
    row: int


@dataclass(frozen=True)
class MembershipRule:
    """One rule that puts organisations in a group."""

    classification_id: str
    group_id: str
    attribute_id: str
    match_value: str | None
    match_minimum: float | None
    match_maximum: float | None
    valid_from: datetime.date | None
    valid_to: datetime.date | None
    priority: int
    note: str | None
    row: int


@dataclass(frozen=True)
class Succession:
    """An organisation that is continued by another."""

    organisation_key: str
    successor_key: str
    effective_date: datetime.date
    note: str | None
    row: int


@dataclass(frozen=True)
class StratumDesign:
    """One classification that the strata of a wave cross."""

    wave: str
    position: int
    classification_id: str
    row: int


@dataclass(frozen=True)
class Stratum:
    """One stratum whose population is known by count only."""

    wave: str
    stratum_id: str
    population_count: int
    row: int


@dataclass(frozen=True)
class WeightingMargin:
    """One group whose weights add up to a known number of organisations."""

    wave: str
    classification_id: str
    group_id: str
    population_count: int | None
    row: int


@dataclass(frozen=True)
class Crossing:
    """One pair of classifications whose groups are crossed."""

    classification_id: str
    crossed_classification_id: str
    row: int


@dataclass(frozen=True)
class Indicator:
    """One indicator that the marts report."""

    indicator_id: str
    topic: str
    position: int
    kind: str
    label_nl: str
    label_en: str
    base_nl: str | None
    base_en: str | None
    minimum_answered: int
    direction: str
    unit: str | None
    minimum_count: int | None
    maximum_count: int | None
    row: int


@dataclass(frozen=True)
class IndicatorItem:
    """One question, or option of it, that an indicator is made of."""

    indicator_id: str
    part: str
    question_id: str
    option_id: str | None
    row: int


@dataclass(frozen=True)
class PublicationRule:
    """One threshold that decides what is published."""

    rule_id: str
    value: str
    description: str
    row: int


@dataclass(frozen=True)
class DriftRule:
    """One threshold of the comparison of a file with the registry and the previous wave."""

    rule_id: str
    value: float | None
    error_value: float | None
    severity: str
    description: str
    row: int


@dataclass(frozen=True)
class FrameRule:
    """One rule by which a sampling frame is cleaned."""

    rule_id: str
    value: str
    description: str
    row: int


@dataclass(frozen=True)
class OrganisationMatch:
    """One decision of a person about which organisation a response speaks for."""

    wave: str
    delivered_key: str | None
    delivered_name: str | None
    organisation_key: str | None
    decided_by: str
    note: str | None
    row: int


@dataclass(frozen=True)
class DisclosureRule:
    """How the public edition treats one indicator, or the indicators of one topic."""

    indicator_id: str | None
    topic: str | None
    is_published: bool
    is_sensitive: bool | None
    smallest_base_percent: float | None
    classification_id: str | None
    further_classification_id: str | None
    total: str | None
    fine_group_id: str | None
    set_id: str | None
    set_role: str | None
    note: str | None
    row: int


RECORD_CLASSES: Mapping[str, type] = {
    "surveys": Survey,
    "waves": Wave,
    "deliveries": Delivery,
    "columns": ColumnMapping,
    "questions": Question,
    "options": Option,
    "routing": Route,
    "comparability_breaks": ComparabilityBreak,
    "codes": Code,
    "classifications": Classification,
    "organisation_groups": OrganisationGroup,
    "organisation_membership": MembershipRule,
    "organisation_succession": Succession,
    "strata_design": StratumDesign,
    "strata": Stratum,
    "indicators": Indicator,
    "indicator_items": IndicatorItem,
    "claims": Claim,
    "publication_rules": PublicationRule,
    "drift_rules": DriftRule,
    "frame_rules": FrameRule,
    "organisation_matches": OrganisationMatch,
    "comparability_bridges": ComparabilityBridge,
    "test_families": HolmFamily,
    "comparisons": Comparison,
    "trend_rules": TrendRule,
    "weighting_margins": WeightingMargin,
    "crossings": Crossing,
    "scales": Scale,
    "scale_bands": ScaleBand,
    "scale_outcomes": ScaleOutcome,
    "topic_marts": TopicMart,
    "topic_mart_indicators": TopicMartIndicator,
    "disclosure_rules": DisclosureRule,
}
