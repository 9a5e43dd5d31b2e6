"""The columns of the public edition, and a table of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from barometer.settings import PROJECT_ROOT

TEXT, WHOLE, NUMBER, YES_NO, DATE = "VARCHAR", "BIGINT", "DOUBLE", "BOOLEAN", "DATE"

_OF_TYPE: Mapping[str, str] = {
    TEXT: """
        release_id survey edition label wave wave_from classification_id group_id
        parent_group_id group_label_nl group_label_en label_nl label_en topic indicator_id
        indicator_label_nl indicator_label_en indicator_b base_nl base_en kind unit direction
        comparable_from_wave question_id block answer_type wording_nl wording_en first_wave
        last_wave scale_id protection protection_reason comparison_id group_a group_b
        group_a_label_nl group_a_label_en group_b_label_nl group_b_label_en rest_of_group_id
        order_of_ranges verdict verdict_nl verdict_en comparability claim_id sentence_nl
        sentence_en source expected_direction
    """,
    YES_NO: """
        is_synthetic is_exhaustive
    """,
    WHOLE: """
        position group_level n_population n_responses band_lower band_upper band_lower_a
        band_upper_a band_lower_b band_upper_b band_lower_from band_upper_from smallest_base
        possible_counts
    """,
    DATE: """
        reference_start reference_end fieldwork_start fieldwork_end publication_date
    """,
    NUMBER: """
        response_rate mean_lower mean_upper amount interval_lower interval_upper
        confidence_level
    """,
}
COLUMNS: Mapping[str, str] = {
    column: data_type for data_type, columns in _OF_TYPE.items() for column in columns.split()
}
"""The columns of the public edition with their types; no other is published."""

_SIDE = re.compile("_(a|b|from)$")
_BLOCK = re.compile(r"{% docs (\w+) %}\s*(.*?)\s*{% enddocs %}", re.DOTALL)


@cache
def meanings() -> Mapping[str, str]:
    """Return what each column means, from the one dictionary: the documentation of the models.

    A column of the public edition that means something else there, or is nowhere else, has a block
    `public_<column>` in it.
    """
    blocks = {
        name: " ".join(text.split())
        for file in sorted((PROJECT_ROOT / "models").glob("*_docs.md"))
        for name, text in _BLOCK.findall(file.read_text(encoding="utf-8"))
    }

    def block_of(column: str) -> str:
        names = (f"public_{column}", column, f"public_{_SIDE.sub('', column)}")
        return next(blocks[name] for name in names if name in blocks)

    return {column: block_of(column) for column in COLUMNS}


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
