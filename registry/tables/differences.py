"""Registries of what is compared with what, and of what is claimed about it."""

from __future__ import annotations

from typing import Literal

from registry.tables.declaring import Record, column


class TestFamily(Record, table="test_families", keys=["family_id"]):
    """One row per family of tests: those whose p-values are adjusted together. A family serves
    comparisons, trends or claims, one of the three.
    """

    family_id: str = column("Stable id of the family.", identifier=True)
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")
    per_topic: bool = column(
        "Whether the tests of each topic of indicators are adjusted by themselves; a family is "
        "then the tests of one wave and one topic, else of one wave."
    )
    per_group: bool = column(
        "Whether the tests about each group (group A of a comparison or claim; the group of a "
        "trend) are adjusted by themselves too."
    )
    error_rate: Literal["family_wise", "false_discovery"] = column(
        "What is kept at the level of significance: the chance of any false verdict in the family "
        "(`family_wise`, Holm), or the expected share of false ones among the verdicts of the "
        "release (`false_discovery`, Benjamini and Hochberg; all families that say so together)."
    )


class Comparison(
    Record,
    table="comparisons",
    keys=["comparison_id", "classification_id, group_a, group_b, rest_of_group_id, topic"],
    exactly_one=["group_b, rest_of_group_id"],
):
    """One row per pair of groups that is compared in every wave, on every indicator or those of one
    topic.
    """

    comparison_id: str = column("Stable id of the comparison.", identifier=True)
    classification_id: str = column("Classification of the groups.", to="classifications")
    group_a: str = column(
        "Group that is compared; differences are group A minus the other side.",
        to="organisation_groups",
        within="classification_id",
    )
    group_b: str | None = column(
        "Group it is compared with; empty means the rest of `rest_of_group_id`.",
        to="organisation_groups",
        within="classification_id",
    )
    rest_of_group_id: str | None = column(
        "Group that contains group A and whose other organisations it is compared with; filled "
        "exactly when group B is empty.",
        to="organisation_groups",
        within="classification_id",
    )
    family_id: str = column("Family of tests the comparison belongs to.", to="test_families")
    topic: str | None = column(
        "Topic whose indicators are compared; empty means every indicator.",
        to="topics",
        unknown="No indicator has the topic '{topic}'.",
    )
    is_headline: bool = column(
        "Whether this is what the topic tables hold group A against; one comparison per group is."
    )


class TrendRule(Record, table="trend_rules", keys=["classification_id, from_wave"]):
    """One row per classification and earlier wave that its groups are compared with over time."""

    classification_id: str = column(
        "Classification whose groups are followed.", to="classifications"
    )
    family_id: str = column("Family of tests the trends belong to.", to="test_families")
    from_wave: Literal["previous", "first"] = column(
        "Earlier wave: the `previous` or the `first` one that has the indicator. Where both are "
        "the same wave, and both are asked for, it counts as `previous`."
    )


class Claim(Record, table="claims", keys=["claim_id"]):
    """One row per claim of the literature or a report that the data can confirm or contradict."""

    claim_id: str = column("Stable id of the claim.", identifier=True)
    sentence_nl: str = column("The claim as a sentence in Dutch.")
    sentence_en: str = column("The claim as a sentence in English.")
    source: str | None = column("Where the claim was made.")
    classification_id: str | None = column("Classification of the groups.", to="classifications")
    group_a: str | None = column(
        "Group the claim is about.", to="organisation_groups", within="classification_id"
    )
    group_b: str | None = column(
        "Group it is compared with.", to="organisation_groups", within="classification_id"
    )
    indicator_id: str = column("Indicator the claim is about.", to="indicators")
    indicator_b: str | None = column(
        "Second indicator, where the claim relates two indicators.", to="indicators"
    )
    expected_direction: Literal["a_higher", "a_lower", "positive", "negative"] = column(
        "What the claim expects: of group A against group B, or of the relation between two "
        "indicators."
    )
    minimum_difference: float | None = column(
        "How large the difference must at least be, in the unit of the indicator, where the claim "
        "says that it is large (0.1 is ten percentage points); empty means that any will do."
    )
    family_id: str = column("Family of tests the claim belongs to.", to="test_families")
