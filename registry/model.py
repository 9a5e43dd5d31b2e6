"""The registries of one survey as one typed value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args, get_type_hints

from barometer.errors import UsageError
from registry.problems import did_you_mean
from registry.tables.declaring import Record, TableSchema, describe
from registry.tables.differences import Claim, Comparison, TestFamily, TrendRule
from registry.tables.figures import (
    Indicator,
    IndicatorItem,
    Scale,
    ScaleBand,
    ScaleOutcome,
    Topic,
    TopicMart,
    TopicMartIndicator,
    Unit,
)
from registry.tables.organisations import (
    Classification,
    Crossing,
    MembershipRule,
    OrganisationGroup,
    OrganisationMatch,
    Succession,
)
from registry.tables.publication import DisclosureRule
from registry.tables.questionnaire import (
    Code,
    ComparabilityBreak,
    ComparabilityBridge,
    Option,
    Question,
    Route,
)
from registry.tables.thresholds import AcceptedFinding, DriftRule, FrameRule, PublicationRule
from registry.tables.waves import (
    ClusterCount,
    ColumnMapping,
    Delivery,
    Stratum,
    StratumDesign,
    Survey,
    Wave,
    WeightingMargin,
    WeightSource,
)


@dataclass(frozen=True)
class Registry:
    """What a survey is, as its registries say; every attribute is one file."""

    survey: Survey
    waves: tuple[Wave, ...]
    deliveries: tuple[Delivery, ...]
    columns: tuple[ColumnMapping, ...]
    questions: tuple[Question, ...]
    options: tuple[Option, ...]
    routing: tuple[Route, ...]
    comparability_breaks: tuple[ComparabilityBreak, ...]
    codes: tuple[Code, ...]
    classifications: tuple[Classification, ...]
    organisation_groups: tuple[OrganisationGroup, ...]
    organisation_membership: tuple[MembershipRule, ...]
    organisation_succession: tuple[Succession, ...]
    strata_design: tuple[StratumDesign, ...]
    strata: tuple[Stratum, ...]
    topics: tuple[Topic, ...]
    units: tuple[Unit, ...]
    indicators: tuple[Indicator, ...]
    indicator_items: tuple[IndicatorItem, ...]
    claims: tuple[Claim, ...]
    publication_rules: tuple[PublicationRule, ...]
    drift_rules: tuple[DriftRule, ...] = ()
    frame_rules: tuple[FrameRule, ...] = ()
    accepted_findings: tuple[AcceptedFinding, ...] = ()
    organisation_matches: tuple[OrganisationMatch, ...] = ()
    comparability_bridges: tuple[ComparabilityBridge, ...] = ()
    test_families: tuple[TestFamily, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    trend_rules: tuple[TrendRule, ...] = ()
    weighting_margins: tuple[WeightingMargin, ...] = ()
    weight_sources: tuple[WeightSource, ...] = ()
    cluster_counts: tuple[ClusterCount, ...] = ()
    crossings: tuple[Crossing, ...] = ()
    scales: tuple[Scale, ...] = ()
    scale_bands: tuple[ScaleBand, ...] = ()
    scale_outcomes: tuple[ScaleOutcome, ...] = ()
    topic_marts: tuple[TopicMart, ...] = ()
    topic_mart_indicators: tuple[TopicMartIndicator, ...] = ()
    disclosure_rules: tuple[DisclosureRule, ...] = ()

    @property
    def wave_ids(self) -> tuple[str, ...]:
        """Ids of the waves, earliest reference period first."""
        ordered = sorted(self.waves, key=lambda wave: (wave.reference_start, wave.wave))
        return tuple(wave.wave for wave in ordered)

    def rows_of(self, table: str) -> tuple[Record, ...]:
        """Return the rows of the registry with a name; there is one row of `surveys`."""
        rows: tuple[Record, ...] = (self.survey,) if table == "surveys" else getattr(self, table)
        return rows

    def wave(self, wave: str) -> Wave:
        """Return a wave.

        Raises:
            UsageError: the survey has no such wave.
        """
        known = {each.wave: each for each in self.waves}
        if wave in known:
            return known[wave]
        raise UsageError(
            f"The survey '{self.survey.survey_id}' has no wave '{wave}'.",
            where="waves.csv",
            expected="one of: " + ", ".join(self.wave_ids),
            remedy=did_you_mean(wave, self.wave_ids)
            + f"Name a known wave, or draft this one: `barometer new-wave {wave} "
            f"--survey {self.survey.survey_id}`.",
        )

    def rule(self, rule_id: str) -> str:
        """Return the value of a publication rule.

        Raises:
            UsageError: the survey has no such rule.
        """
        values = {rule.rule_id: rule.value for rule in self.publication_rules}
        if rule_id in values:
            return values[rule_id]
        raise UsageError(
            f"There is no publication rule '{rule_id}'.",
            where="publication_rules.csv",
            expected="one of: " + ", ".join(values),
            remedy=did_you_mean(rule_id, values) + "Add the rule to publication_rules.csv.",
        )

    def question(self, question_id: str) -> Question:
        """Return a question.

        Raises:
            UsageError: the survey has no such question.
        """
        known = {question.question_id: question for question in self.questions}
        if question_id in known:
            return known[question_id]
        raise UsageError(
            f"There is no question '{question_id}'.",
            where="questions.csv",
            expected="a question of the survey",
            remedy=did_you_mean(question_id, known) + "Add the question to questions.csv.",
        )

    def options_for(self, question_id: str) -> tuple[Option, ...]:
        """Return the options of a question, in the order of the file."""
        return tuple(option for option in self.options if option.question_id == question_id)

    def columns_for(
        self, wave: str, kind: str, part: str | None = None
    ) -> tuple[ColumnMapping, ...]:
        """Return the column mappings of one wave and kind of file: of all parts, or of one."""
        return tuple(
            column
            for column in self.columns
            if (column.wave, column.kind) == (wave, kind) and (part is None or column.is_of(part))
        )

    def deliveries_for(self, wave: str, kind: str) -> tuple[Delivery, ...]:
        """Return the files expected of one wave and kind."""
        return tuple(
            delivery
            for delivery in self.deliveries
            if (delivery.wave, delivery.kind) == (wave, kind)
        )


def _declared() -> dict[str, TableSchema]:
    """Describe what the attributes of the registry are made of."""
    hints = get_type_hints(Registry).values()
    records: list[type[Record]] = [get_args(hint)[0] if get_args(hint) else hint for hint in hints]
    return describe(records)


TABLES: Mapping[str, TableSchema] = _declared()
"""The registries by name, as declared."""
