"""Respondents who were forgotten: recognised when a file brings them again, and left out."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from landing.personal.schema import has_table
from landing.storage.keys import SecretKey
from landing.storage.warehouse import open_warehouse


@dataclass(frozen=True)
class Forgotten:
    """One forgotten respondent; the id itself is nowhere.

    Attributes:
        record_id: name of this record, in the warehouse and in the log.
        wave: the wave.
        part: the part of the wave: ids count anew in every part.
        salt: makes equal ids of different records unlike.
        response_hash: SHA-256 of the salt and the id, or of the salt and the pseudonym of the id.
        key_id: which key the pseudonym was made with; None where there was no key.
        row_count: rows that were removed.
        exports: the landed files that they were removed from.
        forgotten_at: when, in UTC.
        forgotten_by: who gave the command.
        finished_at: when nothing of it was left to do; None until then.
    """

    record_id: str
    wave: str
    part: str
    salt: str
    response_hash: str
    key_id: str | None
    row_count: int
    exports: tuple[str, ...]
    forgotten_at: dt.datetime
    forgotten_by: str
    finished_at: dt.datetime | None = None

    def matches(self, response_id: str, key: SecretKey | None) -> bool:
        """Return whether a delivered response id is that of this respondent."""
        identity = response_id.strip()
        if self.key_id is not None:
            if key is None or key.key_id != self.key_id:
                return False
            identity = key.pseudonym(identity)
        return _hash(self.salt, identity) == self.response_hash


def new_record(
    response_id: str,
    key: SecretKey | None,
    *,
    wave: str,
    part: str,
    row_count: int,
    exports: Sequence[str],
    by: str,
) -> Forgotten:
    """Return the record of a respondent who is forgotten now."""
    salt = secrets.token_hex(16)
    identity = response_id.strip()
    return Forgotten(
        record_id=secrets.token_hex(8),
        wave=wave,
        part=part,
        salt=salt,
        response_hash=_hash(salt, key.pseudonym(identity) if key else identity),
        key_id=key.key_id if key else None,
        row_count=row_count,
        exports=tuple(exports),
        forgotten_at=dt.datetime.now(dt.UTC).replace(tzinfo=None),
        forgotten_by=by,
    )


def forgotten_in(warehouse: Path) -> tuple[Forgotten, ...]:
    """Return every forgotten respondent, oldest record first."""
    if not warehouse.exists():
        return ()
    with open_warehouse(warehouse, read_only=True) as connection:
        return read_forgotten(connection)


def read_forgotten(connection: duckdb.DuckDBPyConnection) -> tuple[Forgotten, ...]:
    """Return the same over an open connection."""
    if not has_table(connection, "forgotten"):
        return ()
    rows = connection.execute(
        """
        select
            record_id, wave, part, salt, response_hash, key_id, row_count, exports,
            forgotten_at, forgotten_by, finished_at
        from raw.forgotten
        order by forgotten_at, record_id
        """
    ).fetchall()
    return tuple(replace(Forgotten(*row), exports=tuple(row[7])) for row in rows)


def insert_forgotten(connection: duckdb.DuckDBPyConnection, record: Forgotten) -> None:
    """Append a record to `raw.forgotten`."""
    values = {**vars(record), "exports": list(record.exports)}
    names, marks = ", ".join(values), ", ".join("?" for _ in values)
    connection.execute(
        f"insert into raw.forgotten ({names}) values ({marks})", list(values.values())
    )


def _hash(salt: str, identity: str) -> str:
    return hashlib.sha256(f"{salt}\n{identity}".encode()).hexdigest()
