"""Files that were delivered before as something else: byte for byte, or nearly so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from landing.checks.subject import Subject, known_as
from landing.drift.previous import landed_subject
from landing.findings.finding import Finding
from landing.findings.limits import Rules
from landing.known.beside import Beside
from landing.readers.workspace_rows import stripped
from landing.storage.warehouse import KnownExport

# What tells one row from another in both files, the first that they share.
_IDENTITIES = ("organisation_key", "response_id")
_FEWEST_ROWS, _MOST_ROWS = 20, 200
# Fewer columns or rows in common than this, and they are two files.
_MOSTLY = 0.5
_NEARLY_ALL = 0.9

Cells = dict[str, dict[int, str]]


def twin_findings(
    rules: Rules,
    subject: Subject,
    connection: duckdb.DuckDBPyConnection | None,
    known: Sequence[KnownExport],
    beside: Beside,
) -> list[Finding]:
    """Report a file that is another delivery too, and one that resembles that of another wave.

    Args:
        rules: the thresholds of the survey.
        subject: the file.
        connection: the open warehouse, if there is one.
        known: what was landed in it.
        beside: what is delivered with the file.
    """
    slot = (subject.wave.wave, subject.kind, subject.part)
    same = {
        (file.slot, file.file_name)
        for file in known
        if file.content_sha256 == beside.sha256 and file.slot != slot
    } | {
        (_slot(file.subject), file.file_name)
        for file in beside.files
        if file.sha256 == beside.sha256 and _slot(file.subject) != slot
    }
    if same:
        return [_same(rules, other, name) for other, name in sorted(same)]
    findings = []
    for other in _others(subject, connection, known, beside):
        finding = _alike(rules, subject, other)
        if finding is not None:
            findings.append(finding)
    return findings


def _slot(subject: Subject) -> tuple[str, str, str]:
    return (subject.wave.wave, subject.kind, subject.part)


def _same(rules: Rules, slot: tuple[str, str, str], file_name: str) -> Finding:
    wave, kind, part = slot
    return rules.finding(
        "file_of_another",
        f"The very same file was delivered as the {kind} of wave {wave}"
        + (f", part {part}." if part != "main" else "."),
        where=f"the whole file; there it is called {file_name}",
        expected="another file for every wave, kind and part",
        remedy="Look for the right file, and deliver that; or take the other one back.",
    )


@dataclass(frozen=True)
class _Other:
    """A file of another wave, read by key as far as it is asked for."""

    subject: Subject
    file_name: str
    connection: duckdb.DuckDBPyConnection | None = None
    export_id: str = ""

    def keys(self, position: int) -> set[str]:
        """Return the keys that stand in one row only."""
        if self.connection is None:
            return _keys(self.subject, position)
        rows = self.connection.execute(
            "select trim(value) from raw.cells where export_id = ? and column_position = ? "
            "and trim(value) <> '' group by 1 having count(*) = 1",
            [self.export_id, position],
        ).fetchall()
        return {key for (key,) in rows}

    def cells(self, position: int, keys: Collection[str], wanted: Sequence[int]) -> Cells:
        """Return what stands in some columns beside some keys."""
        if self.connection is None:
            return _cells(self.subject, position, keys, wanted)
        rows = self.connection.execute(
            "select keys.value, cells.column_position, cells.value from raw.cells as cells "
            "inner join (select row_number, trim(value) as value from raw.cells "
            "where export_id = ? and column_position = ? and list_contains(?, trim(value))) "
            "as keys using (row_number) where export_id = ? and list_contains(?, column_position)",
            [self.export_id, position, list(keys), self.export_id, list(wanted)],
        ).fetchall()
        cells: Cells = {}
        for key, place, value in rows:
            cells.setdefault(key, {})[place] = value or ""
        return cells


def _others(
    subject: Subject,
    connection: duckdb.DuckDBPyConnection | None,
    known: Sequence[KnownExport],
    beside: Beside,
) -> Iterator[_Other]:
    """Yield the files of the same kind of other waves, those delivered together first."""
    delivered = set()
    for file in beside.files:
        if file.subject.kind == subject.kind and file.subject.wave.wave != subject.wave.wave:
            delivered.add(_slot(file.subject))
            yield _Other(file.subject, file.file_name)
    waves = set(subject.registry.wave_ids) - {subject.wave.wave}
    for landed in known:
        is_other = landed.is_current and landed.kind == subject.kind and landed.wave in waves
        if connection is not None and is_other and landed.slot not in delivered:
            other = landed_subject(connection, subject.registry, landed)
            yield _Other(other, landed.file_name, connection, landed.export_id)


def _alike(rules: Rules, subject: Subject, other: _Other) -> Finding | None:
    shared = _shared(subject, other.subject)
    role = next(
        (
            role
            for role in _IDENTITIES
            if subject.first_use(role) is not None and other.subject.first_use(role) is not None
        ),
        None,
    )
    if role is None or len(shared) < _MOSTLY * len(subject.table.columns):
        return None
    ours, theirs = subject.first_use(role), other.subject.first_use(role)
    assert ours is not None
    assert theirs is not None
    position, place = ours.column.position, theirs.column.position
    mine = _keys(subject, position)
    common = mine & other.keys(place)
    if len(common) < max(_FEWEST_ROWS, _NEARLY_ALL * len(mine)):
        return None
    # Every so many of them, in one order for both files.
    keys = sorted(common)[:: max(1, len(common) // _MOST_ROWS)]
    # What stands under names that the other file does not have is in this file alone.
    known = {known_as(column) for column in other.subject.table.columns}
    alone = [c.position for c in subject.table.columns if known_as(c) not in known]
    here = _cells(subject, position, keys, [*shared, *alone])
    there = other.cells(place, keys, list(shared.values()))
    n_cells = n_same = 0
    for key in keys:
        n_cells += sum(bool(here.get(key, {}).get(column)) for column in alone)
        for column, counterpart in shared.items():
            values = here.get(key, {}).get(column, ""), there.get(key, {}).get(counterpart, "")
            if any(values):
                n_cells += 1
                n_same += values[0] == values[1]
    share = n_same / max(n_cells, 1)
    if share <= rules.value("file_alike"):
        return None
    return rules.finding(
        "file_alike",
        f"{share:.2%} of the cells are those of the {other.subject.kind} of wave "
        f"{other.subject.wave.wave}, for the same keys.",
        where=f"the whole file, against {other.file_name}",
        expected="a file of its own for every wave",
        remedy="Look for the right file; if all stayed as it was, say so in drift_rules.csv "
        "(file_alike).",
        measured=share,
    )


def _shared(subject: Subject, other: Subject) -> Mapping[int, int]:
    """Return the columns that both files have under one name, kept as they are, by position."""
    treated = {use.column.position for use in subject.uses if use.mapping.treatment is not None}
    dropped = {use.column.position for use in other.uses if use.mapping.treatment is not None}
    theirs = {known_as(column): column.position for column in other.table.columns}
    return {
        column.position: theirs[known_as(column)]
        for column in subject.table.columns
        if known_as(column) in theirs
        and column.position not in treated
        and theirs[known_as(column)] not in dropped
    }


def _keys(subject: Subject, position: int) -> set[str]:
    cells = subject.table.cells
    key = stripped(cells.cell(position))
    found = cells.fetch(f"{key} as key", "and key <> '' group by 1 having count(*) = 1")
    return {key for (key,) in found}


def _cells(subject: Subject, position: int, keys: Collection[str], wanted: Sequence[int]) -> Cells:
    cells = subject.table.cells
    key = stripped(cells.cell(position))
    columns = ", ".join(f"coalesce({cells.cell(place)}, '')" for place in wanted)
    found = cells.workspace.connection.execute(
        f"select {key}, {columns} {cells.source} and list_contains(?, {key})", [list(keys)]
    ).fetchall()
    return {row[0]: dict(zip(wanted, row[1:], strict=True)) for row in found}
