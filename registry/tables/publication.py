"""Registry of what the public edition publishes, and how finely."""

from __future__ import annotations

from typing import Literal

from registry.tables.declaring import Record, column


class DisclosureRule(
    Record,
    table="disclosure_rules",
    keys=["indicator_id, topic"],
    exactly_one=["indicator_id, topic"],
):
    """One row per indicator, or topic, whose figures the public edition treats otherwise than by
    default. Decided before any answer is seen; a row for an indicator goes before one for its
    topic. Without a row, shares of one question that exclude each other are tied, options of a
    question with several answers stand alone, and what rests on the same answers as an earlier
    figure is not published.
    """

    indicator_id: str | None = column(
        "Indicator; empty when the row is about a topic.", to="indicators"
    )
    topic: str | None = column(
        "Topic whose indicators have no row of their own; empty when about one indicator.",
        to="topics",
        unknown="No indicator has the topic '{topic}'.",
    )
    is_published: bool = column(
        "Whether the public edition has figures of it. Totals have them only where a row says so; "
        "ratios where both their totals do."
    )
    is_sensitive: bool | None = column(
        "Four possible counts stay instead of three, an amount needs one contributor more; empty "
        "means sensitive when a question it rests on is."
    )
    smallest_base_percent: float | None = column(
        "Published only where at least this percentage of the responses is in the base; bands are "
        "as wide as that base needs. Empty means 92.5, and 50 where not everybody was asked, or "
        "more where the range of the filter shows that more passed it."
    )
    classification_id: str | None = column(
        "Classification whose groups get the finest bands; empty means the first one.",
        to="classifications",
    )
    further_classification_id: str | None = column(
        "Another classification, published as far as that stays safe.", to="classifications"
    )
    total: Literal["implied", "fine"] | None = column(
        "`implied` (groups are published, totals follow from them; also when empty) or `fine` "
        "(the total named here is published, its parts as far as that stays safe)."
    )
    fine_group_id: str | None = column(
        "Group of the fine total, in `classification_id`; filled when total is fine.",
        to="organisation_groups",
        within="classification_id",
    )
    set_id: str | None = column(
        "Set of indicators whose counts are tied to each other; their base is those who answered "
        "the questions of every member. Or of totals that add up."
    )
    set_role: Literal["option", "part", "union"] | None = column(
        "`option` (every answer counts in exactly one option), `part` (everybody in the union "
        "counts in at least one part; without a union everybody does) or `union`. Of totals: "
        "`union` is the sum of every `part`; a part that is not published is in the sum and has "
        "no figure."
    )
    method: Literal["bands"] | None = column(
        "`bands`: published in bands although the survey rounds (`public_method` in "
        "`publication_rules`); empty means as the survey. Never less strict than the survey."
    )
    note: str | None = column("Why, for the reviewer.")
