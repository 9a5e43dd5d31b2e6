"""Registries of indicators, of the scales among them, and of the tables per topic."""

from __future__ import annotations

from typing import Literal

from registry.tables.declaring import Record, column


class Topic(Record, table="topics", keys=["topic"]):
    """One row per theme under which indicators are listed and compared."""

    topic: str = column("Stable id of the topic.", identifier=True)
    position: int = column("Order in listings.")
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")


class Unit(Record, table="units", keys=["unit"]):
    """One row per unit of a value, with what labels call it."""

    unit: str = column("Unit, as `indicators` names it.")
    label_nl: str = column("Name in Dutch, in the plural.")
    label_en: str = column("Name in English, in the plural.")


class Indicator(
    Record, table="indicators", keys=["indicator_id"], in_order=["minimum_count, maximum_count"]
):
    """One row per indicator that the marts report."""

    indicator_id: str = column("Stable id of the indicator.", identifier=True)
    topic: str = column("Theme under which the indicator is listed.", to="topics")
    position: int = column("Order in listings.")
    kind: Literal["share", "mean", "total", "ratio", "count"] = column(
        "How answers become a value per response and an estimate per group."
    )
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")
    base_nl: str | None = column("Whom the indicator is about, in Dutch.")
    base_en: str | None = column("Whom the indicator is about, in English.")
    minimum_answered: int = column(
        "Fewest questions of the indicator a response must have answered to count."
    )
    direction: Literal["higher_is_better", "lower_is_better", "neutral"] = column(
        "How to read a higher value."
    )
    unit: str | None = column("Unit of the value.", to="units")
    minimum_count: int | None = column(
        "Fewest numerator options that must be given (shares only); with `maximum_count` it makes "
        "a share of those who gave that many. Empty in both means at least one."
    )
    maximum_count: int | None = column("Most numerator options that may be given (shares only).")
    short_label_nl: str | None = column(
        "Name in Dutch beside others of its topic, for the axis of a chart; empty: `label_nl`."
    )
    short_label_en: str | None = column(
        "Name in English beside others of its topic, for the axis of a chart; empty: `label_en`."
    )
    is_headline: bool = column("Whether it is one of the few figures that a report begins with.")


class IndicatorItem(
    Record, table="indicator_items", keys=["indicator_id, part, question_id, option_id"]
):
    """One row per indicator, part, question and option that the value is made of."""

    indicator_id: str = column("Indicator the item belongs to.", to="indicators")
    part: Literal["numerator", "denominator"] = column(
        "Part of the indicator; only a ratio has a denominator."
    )
    question_id: str = column("Question whose answer counts.", to="questions")
    option_id: str | None = column(
        "Option that counts (share and count); empty for mean, total and ratio.",
        to="options",
        within="question_id",
    )


class Scale(Record, table="scales", keys=["scale_id"]):
    """One row per scale: an indicator that is the mean of several questions, whose reliability,
    distribution and associations the marts report.
    """

    scale_id: str = column("The indicator that is the score of the scale.", to="indicators")
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")


class ScaleBand(
    Record,
    table="scale_bands",
    keys=["scale_id, band_id", "scale_id, position"],
    strictly_in_order=["minimum_score, maximum_score"],
):
    """One row per scale and band of scores. The bands of a scale follow each other without gap or
    overlap, the first open below, the last open above.
    """

    scale_id: str = column("Scale.", to="scales")
    band_id: str = column("Stable id of the band within the scale.", identifier=True)
    position: int = column("Order, the lowest scores first.")
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")
    minimum_score: float | None = column(
        "Lowest score of the band, itself included; empty for the lowest band."
    )
    maximum_score: float | None = column(
        "Score where the next band begins; empty for the highest band."
    )


class ScaleOutcome(
    Record,
    table="scale_outcomes",
    keys=["scale_id, outcome_indicator_id, classification_id, group_id"],
):
    """One row per scale, outcome and group of organisations: how the outcome goes with the scale is
    estimated within that group, other things being equal.
    """

    scale_id: str = column("Scale that predicts.", to="scales")
    outcome_indicator_id: str = column("Share that is predicted.", to="indicators")
    classification_id: str = column("Classification of the group.", to="classifications")
    group_id: str = column(
        "Group whose organisations are looked at.",
        to="organisation_groups",
        within="classification_id",
    )
    adjust_classification_id: str | None = column(
        "Classification whose leaf groups are held equal; empty for none.", to="classifications"
    )
    adjust_size_classification_id: str | None = column(
        "Classification of size whose leaf groups are held equal; empty for none.",
        to="classifications",
    )


class TopicMart(Record, table="topic_marts", keys=["mart_id"]):
    """One row per table that presents one topic of the study: estimates, position against the rest
    and change, in the words of the study.
    """

    mart_id: str = column("Name of the table.", identifier=True)
    schema_name: str = column("Schema of a release that holds it.", identifier=True)
    position: int = column("Order in listings.")
    label_nl: str = column("Name of the topic in Dutch.")
    label_en: str = column("Name of the topic in English.")
    has_own_columns: bool = column(
        "Whether it has columns beside those of every topic, in a model of its own whose folder "
        "is the schema; otherwise its rows of `topics.findings` are the table."
    )


class TopicMartIndicator(Record, table="topic_mart_indicators", keys=["mart_id, indicator_id"]):
    """One row per topic table and indicator it shows. An indicator may stand in several."""

    mart_id: str = column("Topic table.", to="topic_marts")
    indicator_id: str = column("Indicator.", to="indicators")
    position: int = column("Order within the table.")
