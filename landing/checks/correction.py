"""What a file changes in the version of the same delivery that it replaces: counted, not shown.

Rows are matched by the id of the response, and of a frame by the key of the organisation; rows
with the same id in their order. Both sides stand in databases, and are compared there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landing.checks.subject import and_more, column_key, known_as
from landing.findings.errors import LandingError
from landing.findings.finding import Finding
from landing.readers.table import SourceColumn, SourceTable
from landing.readers.workspace_rows import WorkspaceRows, stripped
from landing.storage.warehouse import attached_read_only
from registry import Registry

CODE = "correction"
_KEY_ROLE = {"export": "response_id", "frame": "organisation_key"}
_ROWS_OF = {"export": "response(s)", "frame": "organisation(s)"}
_SHOWN_COLUMNS = 10
_COLUMNS_PER_STATEMENT = 200


@dataclass(frozen=True)
class Correction:
    """How a file differs from the version that it replaces.

    Attributes:
        file_name: the name of that version.
        landed_at: when it was landed, in UTC.
        has_ids: whether rows were matched by an id; without one whole rows were compared.
        changed: rows of both in which a cell differs.
        cells: per column that differs its name and how many cells do, most first.
        columns_new, columns_gone: names that only one of the two has.
    """

    file_name: str
    landed_at: dt.datetime
    has_ids: bool
    added: int
    removed: int
    changed: int
    cells: tuple[tuple[str, int], ...]
    columns_new: tuple[str, ...]
    columns_gone: tuple[str, ...]


@dataclass(frozen=True)
class _Landed:
    """The version in force, as SQL reads it."""

    cells: str
    file_name: str
    landed_at: dt.datetime
    columns: tuple[SourceColumn, ...]


def correction_finding(
    table: SourceTable,
    *,
    wave: str,
    kind: str,
    part: str,
    registry: Registry,
    warehouse: Path,
    replaces: str,
    uncompared: frozenset[int] = frozenset(),
) -> Finding:
    """Return what a file changes in a landed version, in numbers.

    Args:
        table: the file, with response ids or keys as they are landed.
        wave: the wave it belongs to.
        kind: `export` or `frame`.
        part: the part of the wave.
        registry: the registries of the survey.
        warehouse: where the version was landed; it is opened shortly, and only read.
        replaces: the id of that version.
        uncompared: columns that are not landed as they stand in the file.
    """
    names = {
        column_key(mapping.column_name)
        for mapping in registry.columns_for(wave, kind, part)
        if mapping.role == _KEY_ROLE[kind]
    }
    try:
        with attached_read_only(warehouse, table.cells.workspace) as database:
            found = _compare(table, _landed(table.cells, database, replaces), names, uncompared)
    except LandingError as error:
        return unavailable(error)
    return _finding(found, kind)


def unavailable(error: LandingError) -> Finding:
    """Return that the version in force could not be compared."""
    return Finding(
        "information",
        CODE,
        f"What the file changes in the version in force could not be counted. {error.what}",
    )


def _landed(rows: WorkspaceRows, database: str, export_id: str) -> _Landed:
    connection = rows.workspace.connection
    ((number, file_name, landed_at),) = connection.execute(
        f"select export_number, file_name, landed_at from {database}.raw.exports "
        "where export_id = ?",
        [export_id],
    ).fetchall()
    columns = connection.execute(
        f"select column_position, column_name from {database}.raw.export_columns "
        "where export_id = ? order by column_position",
        [export_id],
    ).fetchall()
    cells = (
        "(select row_number, column_position, coalesce(trim(value), '') as value "
        f"from {database}.raw.cell_values where export_number = {int(number)})"
    )
    return _Landed(cells, file_name, landed_at, tuple(SourceColumn(*one) for one in columns))


def _compare(
    table: SourceTable, landed: _Landed, key_names: set[str], uncompared: frozenset[int]
) -> Correction:
    rows = table.cells
    old, new = _by_name(landed.columns), _by_name(table.columns)
    shared = {old[name]: new[name] for name in old if name in new and new[name] not in uncompared}
    key = next(((old[n], new[n]) for n in old if n in new and n[0] in key_names), None)
    titles = {position: name for (name, _), position in new.items()}
    with _matched(rows, landed, shared, key) as pairs:
        ((added, removed),) = _fetch(
            rows, f"select count(*) - count(old_row), count(*) - count(new_row) from {pairs}"
        )
        changed, cells = _changed(rows, landed, pairs, shared) if key else (0, {})
    return Correction(
        file_name=landed.file_name,
        landed_at=landed.landed_at,
        has_ids=key is not None,
        added=added,
        removed=removed,
        changed=changed,
        cells=tuple(
            (titles[position], count)
            for position, count in sorted(cells.items(), key=lambda one: (-one[1], one[0]))
        ),
        columns_new=tuple(name for name, nth in new if (name, nth) not in old),
        columns_gone=tuple(name for name, nth in old if (name, nth) not in new),
    )


def _by_name(columns: Sequence[SourceColumn]) -> dict[tuple[str, int], int]:
    """Return positions by name; of columns with one name by their order, too."""
    found: dict[tuple[str, int], int] = {}
    for column in columns:
        name, nth = known_as(column), 0
        while (name, nth) in found:
            nth += 1
        found[name, nth] = column.position
    return found


@contextmanager
def _matched(
    rows: WorkspaceRows, landed: _Landed, shared: Mapping[int, int], key: tuple[int, int] | None
) -> Iterator[str]:
    """Yield a table with the number of every row in both; null where it is not in one of them."""
    if key:
        old = (
            f"select row_number, {stripped('value')} as key from {landed.cells} "
            f"where column_position = {key[0]}"
        )
        new = f"select {rows.row_number} as row_number, " + (
            f"coalesce({stripped(rows.cell(key[1]))}, '') as key {rows.source}"
        )
    else:
        kept = ", ".join(map(str, shared)) or "null"
        old = (
            "select row_number, sum(hash(column_position, value)::hugeint) "
            f"filter (column_position in ({kept})) as key from {landed.cells} group by row_number"
        )
        parts = [f"hash({o}, {_value(rows, n)})::hugeint" for o, n in shared.items()]
        new = (
            f"select {rows.row_number} as row_number, {' + '.join(parts) or 'null'} as key "
            f"{rows.source}"
        )
    name = f"memory.main.{rows.workspace.new_name()}"
    nth = "row_number() over (partition by key order by row_number) as nth"
    connection = rows.workspace.connection
    connection.execute(
        f"create table {name} as "
        "select old.row_number as old_row, new.row_number as new_row "
        f"from (select row_number, key, {nth} from ({old})) as old "
        f"full outer join (select row_number, key, {nth} from ({new})) as new "
        "on old.key = new.key and old.nth = new.nth"
    )
    try:
        yield name
    finally:
        connection.execute(f"drop table {name}")


def _changed(
    rows: WorkspaceRows, landed: _Landed, pairs: str, shared: Mapping[int, int]
) -> tuple[int, dict[int, int]]:
    """Return how many matched rows differ, and how many cells do by column of the file."""
    sums_before: dict[int, int] = dict(
        _fetch(
            rows,
            "select column_position, sum(hash(new_row, value)::hugeint) "
            f"from {landed.cells} inner join {pairs} on row_number = old_row "
            "where new_row is not null group by column_position",
        )
    )
    sums_now = _sums(rows, pairs, list(shared.values()))
    differing = {o: n for o, n in shared.items() if sums_before.get(o) != sums_now.get(n)}
    if not differing:
        return 0, {}
    changed = f"memory.main.{rows.workspace.new_name()}"
    connection = rows.workspace.connection
    connection.execute(f"create table {changed} (row_number bigint, column_position integer)")
    for before, now in differing.items():
        connection.execute(
            f"insert into {changed} select now.row_number, {now} "
            f"from {landed.cells} as before inner join {pairs} on before.row_number = old_row "
            f"inner join (select {rows.row_number} as row_number, {_value(rows, now)} as value "
            f"{rows.source}) as now on now.row_number = new_row "
            f"where before.column_position = {before} and before.value <> now.value"
        )
    cells: dict[int, int] = dict(
        _fetch(rows, f"select column_position, count(*) from {changed} group by 1")
    )
    ((count,),) = _fetch(rows, f"select count(distinct row_number) from {changed}")
    connection.execute(f"drop table {changed}")
    return count, cells


def _sums(rows: WorkspaceRows, pairs: str, positions: Sequence[int]) -> dict[int, int]:
    """Return per column of the file the sum of its matched cells as hashes."""
    sums: dict[int, int] = {}
    for start in range(0, len(positions), _COLUMNS_PER_STATEMENT):
        some = positions[start : start + _COLUMNS_PER_STATEMENT]
        values = ", ".join(f"{_value(rows, p)} as v{p}" for p in some)
        totals = ", ".join(f"sum(hash(new_row, v{p})::hugeint)" for p in some)
        (found,) = _fetch(
            rows,
            f"select {totals} from (select {rows.row_number} as row_number, {values} "
            f"{rows.source}) inner join {pairs} on row_number = new_row "
            "where old_row is not null",
        )
        sums.update(zip(some, found, strict=True))
    return sums


def _value(rows: WorkspaceRows, position: int) -> str:
    return f"coalesce(trim({rows.cell(position)}), '')"


def _fetch(rows: WorkspaceRows, statement: str) -> list[Any]:
    return rows.workspace.connection.execute(statement).fetchall()


def _finding(found: Correction, kind: str) -> Finding:
    n_cells = sum(count for _, count in found.cells)
    version = f"{found.file_name}, landed {found.landed_at:%Y-%m-%d %H:%M} UTC"
    if found.has_ids:
        counts = (
            f"{found.added:,} {_ROWS_OF[kind]} added, {found.removed:,} removed, "
            f"{found.changed:,} changed in {n_cells:,} cell(s)"
        )
    else:
        counts = (
            f"{found.added:,} row(s) only in this file, {found.removed:,} only in that one "
            "(rows have no id: whole rows were compared)"
        )
    if not (found.added or found.removed or n_cells):
        counts = "the rows and cells that both have columns for are the same"
    where = [
        f"cells per column: {and_more([f'{c} {n:,}' for c, n in found.cells], _SHOWN_COLUMNS)}"
        if found.cells
        else "",
        f"new column(s): {and_more(list(found.columns_new))}" if found.columns_new else "",
        f"column(s) gone: {and_more(list(found.columns_gone))}" if found.columns_gone else "",
    ]
    return Finding(
        "information",
        CODE,
        f"Compared with the version in force ({version}): {counts}.",
        where="; ".join(part for part in where if part),
    )
