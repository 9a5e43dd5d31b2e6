"""The columns of the public edition by name, with type and meaning; no other is published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT, WHOLE, NUMBER, YES_NO, DATE = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"

SIDES = {"a": "group A", "b": "group B", "from": "the earlier wave"}


def _range(prefix: str, suffix: str, of: str) -> dict[str, tuple[str, str]]:
    return {
        f"{prefix}_lower{suffix}": (
            WHOLE,
            f"The share of {of} is at least this, in whole percentage points; the range was fixed "
            "before any answer was seen.",
        ),
        f"{prefix}_upper{suffix}": (
            WHOLE,
            f"The share of {of} is at most this, in whole percentage points.",
        ),
    }


COLUMNS: Mapping[str, tuple[str, str]] = {
    "release_id": (TEXT, "Id of this release."),
    "survey": (TEXT, "Survey id."),
    "edition": (TEXT, "Always `public`: every figure follows from protected cells."),
    "label": (TEXT, "What a reader must know before anything else."),
    "is_synthetic": (YES_NO, "Whether the answers are made up."),
    "wave": (TEXT, "The round of the survey."),
    "wave_from": (TEXT, "The earlier round that is compared with."),
    "classification_id": (TEXT, "How organisations are divided into groups."),
    "group_id": (TEXT, "Group of organisations."),
    "parent_group_id": (TEXT, "Group that contains this group."),
    "group_label_nl": (TEXT, "Name of the group in Dutch."),
    "group_label_en": (TEXT, "Name of the group in English."),
    "label_nl": (TEXT, "Name in Dutch."),
    "label_en": (TEXT, "Name in English."),
    "position": (WHOLE, "Order in tables and charts."),
    "group_level": (WHOLE, "Steps below the widest group."),
    "is_exhaustive": (YES_NO, "Whether every organisation is in one of its groups."),
    "reference_start": (DATE, "First day of the period that the questions are about."),
    "reference_end": (DATE, "Last day of that period."),
    "fieldwork_start": (DATE, "First day on which could be answered."),
    "fieldwork_end": (DATE, "Last day on which could be answered."),
    "publication_date": (DATE, "Day of first publication."),
    "topic": (TEXT, "Subject of the indicator."),
    "indicator_id": (TEXT, "What is measured."),
    "indicator_label_nl": (TEXT, "Name of the indicator in Dutch."),
    "indicator_label_en": (TEXT, "Name of the indicator in English."),
    "indicator_b": (TEXT, "Other indicator of the claim."),
    "base_nl": (TEXT, "Among whom, in Dutch."),
    "base_en": (TEXT, "Among whom, in English."),
    "kind": (TEXT, "Share, mean, count, total or ratio."),
    "unit": (TEXT, "Unit of the figure."),
    "direction": (TEXT, "Whether more is better, less is better, or neither."),
    "comparable_from_wave": (TEXT, "Since when the question has not changed."),
    "question_id": (TEXT, "Question."),
    "block": (TEXT, "Part of the questionnaire."),
    "answer_type": (TEXT, "Kind of question."),
    "wording_nl": (TEXT, "The question in Dutch."),
    "wording_en": (TEXT, "The question in English."),
    "first_wave": (TEXT, "First round with the question."),
    "last_wave": (TEXT, "Last round with the question."),
    "n_population": (WHOLE, "Organisations in the group; empty for very small groups."),
    "n_responses": (WHOLE, "Responses of the group; empty for very small groups."),
    "response_rate": (NUMBER, "Responses over organisations, 0 to 1."),
    "scale_id": (TEXT, "The scale, an indicator that is the mean of several questions."),
    **_range("band", "", "the group"),
    **_range("band", "_a", "group A"),
    **_range("band", "_b", "group B"),
    **_range("band", "_from", "the earlier wave"),
    "mean_lower": (NUMBER, "The mean is at least this, on the scale of the answers."),
    "mean_upper": (NUMBER, "The mean is at most this, on the scale of the answers."),
    "amount": (
        NUMBER,
        "Total of what every response of the group reported, or the quotient of two such totals, "
        "in the unit of the indicator; empty where suppressed.",
    ),
    "interval_lower": (
        NUMBER,
        "Lower confidence limit in percentage points: the lowest of the intervals of every count "
        "that the range may hold.",
    ),
    "interval_upper": (
        NUMBER,
        "Upper confidence limit in percentage points: the highest of those intervals.",
    ),
    "confidence_level": (NUMBER, "Level of the intervals."),
    "smallest_base": (
        WHOLE,
        "At least so many answered; a public share of the responses, not the number itself.",
    ),
    "possible_counts": (WHOLE, "At least so many counts fit each range."),
    "protection": (
        TEXT,
        "`band`: a range fixed in advance; `implied`: follows from the parts of the group; "
        "`mean`: a range of a mean; `exact`: an amount as it is; `suppressed`: an amount that "
        "would tell what an organisation reported, or be the key to one; `withheld`: not "
        "published.",
    ),
    "protection_reason": (
        TEXT,
        "Why it is withheld or coarser; codes in the data protection page.",
    ),
    "comparison_id": (TEXT, "Comparison."),
    "group_a": (TEXT, "First group."),
    "group_b": (TEXT, "Second group; empty: the rest of the wider group."),
    "group_a_label_nl": (TEXT, "Name of group A in Dutch."),
    "group_a_label_en": (TEXT, "Name of group A in English."),
    "group_b_label_nl": (TEXT, "Name of group B in Dutch."),
    "group_b_label_en": (TEXT, "Name of group B in English."),
    "rest_of_group_id": (TEXT, "Wider group of which the rest is the other side."),
    "order_of_ranges": (
        TEXT,
        "Which measured share is larger as the ranges alone tell (`a_higher`, `a_lower`, "
        "`increased`, `decreased`); empty where the ranges overlap. About those who answered.",
    ),
    "verdict": (
        TEXT,
        "What holds whichever counts lie behind the ranges: the intervals of the two sides do not "
        "overlap; else `withheld`. About all organisations.",
    ),
    "verdict_nl": (TEXT, "The verdict in Dutch."),
    "verdict_en": (TEXT, "The verdict in English."),
    "comparability": (TEXT, "`comparable`, `bridged` or `broken` between the two waves."),
    "claim_id": (TEXT, "Claim."),
    "sentence_nl": (TEXT, "The claim in Dutch."),
    "sentence_en": (TEXT, "The claim in English."),
    "source": (TEXT, "Where the claim was made."),
    "expected_direction": (TEXT, "What the claim expects."),
}


@dataclass(frozen=True)
class PublicTable:
    """One table of the public edition, ready to be written.

    Attributes:
        schema: schema in the release.
        name: table.
        description: grain and purpose.
        key: columns that tell its rows apart.
        columns: names, all in `COLUMNS`.
        rows: values in the order of the columns, sorted by the key.
    """

    schema: str
    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    @property
    def full_name(self) -> str:
        """Return `schema.table`."""
        return f"{self.schema}.{self.name}"

    def dicts(self) -> list[dict[str, Any]]:
        """Return the rows by column name."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def make_table(
    schema: str,
    name: str,
    description: str,
    key: tuple[str, ...],
    columns: tuple[str, ...],
    rows: list[dict[str, Any]],
) -> PublicTable:
    """Return a table of rows by name, sorted by its key; a column that no row has is an error."""
    values = [tuple(row[column] for column in columns) for row in rows]
    places = [columns.index(column) for column in key]
    values.sort(key=lambda row: [(row[at] is not None, str(row[at])) for at in places])
    return PublicTable(schema, name, description, key, columns, tuple(values))
