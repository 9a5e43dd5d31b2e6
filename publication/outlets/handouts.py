"""Write what one organisation group may be given as a file of its own."""

from __future__ import annotations

from pathlib import Path

import duckdb

from barometer.databases import RELEASE, attach, opened, telling_of_damage
from barometer.errors import UsageError
from publication.outlets.described import Table, described_tables
from publication.outlets.targets import new_file
from publication.tables import ABOUT, STORAGE, literal, quote
from registry.schemas import CORE

SUFFIX = ".duckdb"
GROUP_TABLE = "response_rates"
"""A table that every group with a schema of its own has, and nobody else."""
_RELEASE = "handed_out_from"


def write_handout(database: Path, group: str, target: Path, rights: int = 0o600) -> tuple[str, ...]:
    """Write the tables of one organisation group, and what release they are from, to a new file.

    They stand in the file without a schema: `findings`, `response_rates`, …, `about_release`.

    Args:
        database: database file of a release.
        group: an organisation group that has a schema of its own there.
        target: the file; one that is there is replaced.
        rights: who may read the file, those of the edition.

    Returns:
        The names of the tables.

    Raises:
        UsageError: the release is damaged or has no such group, or the file cannot be written so.
    """
    with new_file(target, (SUFFIX,), rights) as draft:
        tables = _tables_of(database, group)
        with duckdb.connect(str(draft), config=STORAGE) as connection:
            attach(UsageError, RELEASE, database, connection, _RELEASE)
            with telling_of_damage(UsageError, RELEASE, database):
                for table in tables:
                    _copy(connection, table)
            connection.execute(f"detach {_RELEASE}")
    return tuple(table.name for table in tables)


def _tables_of(database: Path, group: str) -> tuple[Table, ...]:
    with opened(UsageError, RELEASE, database) as release:
        present = described_tables(release)
    groups = sorted({table.schema for table in present if table.name == GROUP_TABLE})
    if group not in groups:
        raise UsageError(
            f"The release has no tables for the group '{group}' alone.",
            where=str(database),
            expected="one of: " + (", ".join(groups) or "none; no group has a schema of its own"),
            remedy="Set own_schema for it in organisation_groups.csv, and refresh.",
        )
    return tuple(
        table
        for table in present
        if table.schema == group or (table.schema, table.name) == (CORE, ABOUT)
    )


def _copy(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    name = quote(table.name)
    connection.begin()
    connection.execute(f"create table {name} as from {_RELEASE}.{table.quoted}")
    connection.execute(f"comment on table {name} is {literal(table.description)}")
    for column in table.columns:
        connection.execute(
            f"comment on column {name}.{quote(column.name)} is {literal(column.description)}"
        )
    connection.commit()
