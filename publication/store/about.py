"""The table of one row that says which release this is, and who may see each table."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from estimation.method import LEVEL
from publication.editions import Edition
from publication.tables import ABOUT, literal, quote
from registry.schemas import CORE
from registry.tables.waves import Survey

MEANINGS = {
    "release_id": "Id of this release.",
    "survey": "Id of the survey.",
    "edition": "`internal` (every figure, for authorised analysts) or `public` (protected).",
    "survey_label_nl": "Name of the survey in Dutch.",
    "survey_label_en": "Name of the survey in English.",
    "organisation_term_nl": "What a responding unit is called in Dutch, in the plural.",
    "organisation_term_en": "What a responding unit is called in English, in the plural.",
    "is_synthetic": (
        "Whether any wave was generated as an example and says nothing about real organisations."
    ),
    "confidence_level": "Level of every interval.",
    "label": "What a reader must know before anything else.",
}
"""What the columns of the table mean, in order."""


def describe_release(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    release_id: str,
    survey: Survey,
    is_synthetic: bool,
    labels: Sequence[str],
) -> None:
    """Add the table of one row that says which release this is; say of every table who may see it.

    Parquet files, the codebook, PostgreSQL and hand-outs say of a table what is said of it here.
    """
    values = {
        "release_id": literal(release_id),
        "survey": literal(edition.survey),
        "edition": literal(edition.name),
        "survey_label_nl": literal(survey.label_nl),
        "survey_label_en": literal(survey.label_en),
        "organisation_term_nl": literal(survey.organisation_term_nl),
        "organisation_term_en": literal(survey.organisation_term_en),
        "is_synthetic": str(is_synthetic),
        "confidence_level": f"cast({LEVEL} as double)",
        "label": literal(" ".join(labels)),
    }
    listed = ", ".join(f"{values[name]} as {name}" for name in MEANINGS)
    place = f"{CORE}.{ABOUT}"
    said = [
        f"create table {place} as select {listed}",
        f"comment on table {place} is 'One row: which release this is and who may see it.'",
        *(
            f"comment on column {place}.{name} is {literal(text)}"
            for name, text in MEANINGS.items()
        ),
    ]
    connection.execute(";".join(said))
    described = connection.execute(
        "select schema_name, table_name, coalesce(comment, '') from duckdb_tables()"
        " where database_name = current_database() order by all"
    ).fetchall()
    for schema, name, comment in described:
        marked = literal(f"{edition.marking} {comment}".strip())
        connection.execute(f"comment on table {quote(schema)}.{quote(name)} is {marked}")
