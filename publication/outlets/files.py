"""The same tables for tools that read no DuckDB: Parquet, a codebook, a data package.

Written beside the database of a release before it is sealed, so that all of them are swapped
in together. The descriptor follows the Frictionless Data Package specification, version 1
(https://specs.frictionlessdata.io/data-package/).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from publication.editions import CODEBOOK_PAGE, Edition
from publication.errors import PublicationError
from publication.keys import NO_KEYS, Keys, keys_of
from publication.outlets.described import Column, Table, described_tables
from publication.outlets.downloads import copy_to_parquet, write_csv
from publication.quality.page import QUALITY_REPORT
from publication.tables import ABOUT, STORAGE, ReleasedTable
from registry.schemas import CORE

PARQUET = "parquet"
CODEBOOK = "codebook.csv"
PACKAGE = "datapackage.json"
PAGES = {
    QUALITY_REPORT: "Quality report of the release, after the headings of SIMS.",
    CODEBOOK_PAGE: "Questions, answers, indicators, tables and columns, to be searched.",
}

# What pandas has in the place of an empty number or moment, as the Python library of the
# specification reads it: through pandas, which keeps whole numbers with gaps as fractions.
MISSING = ["", "nan", "NaT"]
NUMERIC = ("integer", "number", "datetime")

# Types of Table Schema (https://specs.frictionlessdata.io/table-schema/), by DuckDB type.
FIELD_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
}


def write_outlets(
    folder: Path,
    edition: Edition,
    release_id: str,
    created_at: datetime | None,
    released: Sequence[ReleasedTable] = (),
) -> tuple[Table, ...]:
    """Write the Parquet files, the codebook and the descriptor into the folder of a release.

    Args:
        folder: where its database is.
        edition: the edition it belongs to.
        release_id: its id.
        created_at: when it was made; None in a public release, which does not say.
        released: its tables, of which the keys are known.

    Returns:
        The tables, with what is said about them.

    Raises:
        PublicationError: a column has a type that a data package cannot name.
    """
    database = str(folder / edition.file_name)
    with duckdb.connect(database, read_only=True, config=STORAGE) as connection:
        tables = with_keys(described_tables(connection), released)
        for table in tables:
            path = folder / PARQUET / table.schema / f"{table.name}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            said = {column.name: column.description for column in table.columns}
            rows = f"from {table.quoted}"
            connection.execute(copy_to_parquet(rows, path, table.description, said))
        about = connection.execute(f"select label, is_synthetic from {CORE}.{ABOUT}").fetchone()
    label = str(about[0]) if about else ""
    write_codebook(folder / CODEBOOK, tables)
    package = data_package(folder, edition, release_id, created_at, label, tables)
    text = json.dumps(package, indent=2, ensure_ascii=False) + "\n"
    (folder / PACKAGE).write_text(text, encoding="utf-8")
    return tables


def with_keys(tables: Sequence[Table], released: Sequence[ReleasedTable]) -> tuple[Table, ...]:
    """Return tables with the keys that those of a release have."""
    names = {table.full_name: [column.name for column in table.columns] for table in tables}
    keys = keys_of(released, names)
    return tuple(replace(table, keys=keys.get(table.full_name, NO_KEYS)) for table in tables)


def write_codebook(path: Path, tables: Sequence[Table]) -> None:
    """Write one row per column of the release: where it is, its type, what it means."""
    rows = [
        (table.schema, table.name, *about)
        for table in tables
        for about in (
            ("", "", table.description),
            *((column.name, column.data_type, column.description) for column in table.columns),
        )
    ]
    with path.open("w", encoding="utf-8", newline="") as stream:
        write_csv(stream, ("schema", "table", "column", "type", "description"), rows)


def data_package(
    folder: Path,
    edition: Edition,
    release_id: str,
    created_at: datetime | None,
    label: str,
    tables: Sequence[Table],
) -> dict[str, Any]:
    """Return the descriptor of a release: one resource per Parquet file."""
    return {
        "profile": "data-package",
        "name": f"{edition.survey}-{edition.name}",
        "id": release_id,
        "version": release_id,
        "title": f"{edition.survey}, {edition.name} edition",
        "description": label,
        **({"created": created_at.isoformat(timespec="seconds")} if created_at else {}),
        "resources": [
            *(_resource(folder, table) for table in tables),
            *(_page(folder, *page) for page in PAGES.items() if (folder / page[0]).exists()),
        ],
    }


def _page(folder: Path, name: str, description: str) -> dict[str, Any]:
    content = (folder / name).read_bytes()
    return {
        "name": Path(name).stem,
        "path": name,
        "format": "html",
        "mediatype": "text/html",
        "description": description,
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _resource(folder: Path, table: Table) -> dict[str, Any]:
    path = Path(PARQUET) / table.schema / f"{table.name}.parquet"
    content = (folder / path).read_bytes()
    return {
        "name": table.full_name.lower(),
        "path": path.as_posix(),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "description": table.description,
        # No "bytes": the library counts those of texts alone, and calls every other file wrong.
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "fields": [_field(table, column) for column in table.columns],
            **_keys(table.keys),
        },
    }


def _keys(keys: Keys) -> dict[str, Any]:
    """Return what a Table Schema says of keys; resources are called like tables, in lower case."""
    return {
        **({"primaryKey": list(keys.primary)} if keys.primary else {}),
        **(
            {
                "foreignKeys": [
                    {
                        "fields": list(one.columns),
                        "reference": {"resource": one.table.lower(), "fields": list(one.columns)},
                    }
                    for one in keys.references
                ]
            }
            if keys.references
            else {}
        ),
    }


def _field(table: Table, column: Column) -> dict[str, Any]:
    if column.data_type not in FIELD_TYPES:
        raise PublicationError(
            f"A data package has no type for {column.data_type}.",
            where=f"{table.full_name}.{column.name}",
            expected="one of: " + ", ".join(FIELD_TYPES),
            remedy="Cast the column in its model, and correct its contract.",
        )
    field_type = FIELD_TYPES[column.data_type]
    return {
        "name": column.name,
        "type": field_type,
        "description": column.description,
        **({"missingValues": MISSING} if field_type in NUMERIC else {}),
    }
