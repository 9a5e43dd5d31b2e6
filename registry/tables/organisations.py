"""Registries of organisations: their groups, who is in which, and who succeeded whom."""

from __future__ import annotations

import datetime

from registry.tables.declaring import Record, Reference, column


class Classification(Record, table="classifications", keys=["classification_id"]):
    """One row per classification of organisations."""

    classification_id: str = column("Stable id of the classification.", identifier=True)
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")
    position: int = column("Order in listings.")
    is_exhaustive: bool = column("Whether every organisation of the frame must fall in a group.")
    within_group_id: str | None = column(
        "Group of another classification that this one divides further; empty when it divides all "
        "organisations. Whoever is given that group's schema is given this classification too, so "
        "its rules may match organisations of that group only; a check of the cleaned layer sees "
        "to it.",
        to="organisation_groups",
    )


class OrganisationGroup(
    Record,
    table="organisation_groups",
    keys=["group_id", "classification_id, group_id"],
    references=[
        Reference(
            ("classification_id", "parent_group_id"),
            "organisation_groups",
            ("classification_id", "group_id"),
        )
    ],
):
    """One row per classification and group of organisations."""

    classification_id: str = column("Classification the group belongs to.", to="classifications")
    group_id: str = column(
        "Stable id of the group, unique over all classifications.", identifier=True
    )
    parent_group_id: str | None = column(
        "Group of the same classification that contains this one; empty at the top.",
    )
    label_nl: str = column("Name in Dutch.")
    label_en: str = column("Name in English.")
    position: int = column("Order in listings.")
    own_schema: bool = column("Whether the group gets a schema of its own in the warehouse.")


class MembershipRule(
    Record,
    table="organisation_membership",
    in_order=["valid_from, valid_to"],
    strictly_in_order=["match_minimum, match_maximum"],
):
    """One row per rule that puts organisations in a group."""

    classification_id: str = column("Classification the rule is for.", to="classifications")
    group_id: str = column(
        "Group the organisations fall in.", to="organisation_groups", within="classification_id"
    )
    attribute_id: str = column(
        "Attribute that decides, or the word `organisation_key`.",
        identifier=True,
        to="columns.attribute_id",
        excepted=["organisation_key"],
        unknown="No column holds the attribute '{attribute_id}'.",
    )
    match_value: str | None = column("Value the attribute must have.")
    match_minimum: float | None = column("Smallest number the attribute may be (included).")
    match_maximum: float | None = column("Number the attribute must stay below (not included).")
    valid_from: datetime.date | None = column(
        "First day the rule holds, judged at the wave's reference_end; empty means always."
    )
    valid_to: datetime.date | None = column("Last day the rule holds; empty means still.")
    priority: int = column(
        "The rule with the lowest number wins: 1 for an override by key, 10 for the type map."
    )
    note: str | None = column("Source or reason of the rule.")


class Succession(Record, table="organisation_succession", keys=["organisation_key"]):
    """One row per organisation that was merged into or continued by another."""

    organisation_key: str = column("Key of the organisation that ended.")
    successor_key: str = column("Key of the organisation that continues it.")
    effective_date: datetime.date = column("Day from which the successor counts.")
    note: str | None = column("Source or reason.")


class OrganisationMatch(
    Record, table="organisation_matches", keys=["wave, delivered_key, delivered_name"]
):
    """One row per decision of a person about responses whose organisation is not in the frame by
    its key: which organisation they speak for. `barometer match` lists the candidates.
    """

    wave: str = column("Wave of the responses.", to="waves")
    delivered_key: str | None = column("Organisation key as delivered; empty means any.")
    delivered_name: str | None = column("Organisation name as delivered; empty means any.")
    organisation_key: str | None = column(
        "Organisation of the frame that the responses speak for; empty means that it was decided "
        "that they speak for none."
    )
    decided_by: str = column("Who decided.")
    note: str | None = column("Source or reason.")


class Crossing(Record, table="crossings", keys=["classification_id, crossed_classification_id"]):
    """One row per pair of classifications that are crossed: every figure is given for each group of
    the one within each group of the other too.
    """

    classification_id: str = column(
        "Classification whose groups are divided; it gives the crossing its tree.",
        to="classifications",
    )
    crossed_classification_id: str = column(
        "Classification that divides them, another one.", to="classifications"
    )


def crossed_id(first: str, second: str) -> str:
    """Return the id of a crossed classification or group."""
    return f"{first}_x_{second}"
