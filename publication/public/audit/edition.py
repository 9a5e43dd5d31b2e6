"""The audit of a prepared public release: what is really in its file, with all earlier releases.

First the file: only agreed tables and columns, and every value equal to what the protected cells
give. Then the attacker over the ranges and amounts as they stand in the file. A range that is
narrower than its cell is given to the attacker as it is, so that the report says what it gives
away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import duckdb

from protection.audit.edition import audit
from protection.audit.versions import Released
from protection.edition.edition import PublicShare
from protection.errors import ProtectionError
from publication.errors import AuditError
from publication.public.audit.amounts import amount_problems, printed_amounts
from publication.public.audit.means import attack_means, printed_means
from publication.public.ledger.ledger import LedgerEntry, waves_before
from publication.public.method.protect import ProtectedWave
from publication.public.method.rules import group_key
from publication.public.tables.columns import COLUMNS, PublicTable
from publication.tables import ABOUT, quote
from registry.schemas import CORE

SHOWN = 20
THIS = "this release"


def audit_public(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[PublicTable],
    waves: Sequence[ProtectedWave],
    entries: Sequence[LedgerEntry],
) -> None:
    """Refuse a release that holds anything but protected figures, or gives a count away.

    Raises:
        AuditError: names the tables, columns and cells.
    """
    problems = [*_strange_tables(connection, tables), *_strange_columns(connection)]
    printed = printed_ranges(connection) if not problems else {}
    amounts = printed_amounts(connection) if not problems else {}
    means = printed_means(connection) if not problems else {}
    problems += _differences(connection, tables) if not problems else []
    for wave in waves:
        earlier = waves_before(entries, wave.wave)
        named = _named(earlier, entries)
        problems += _attacks(wave, earlier, named, printed)
        problems += amount_problems(wave, earlier, amounts.get(wave.wave, {}))
        problems += attack_means(wave, earlier, [*named, THIS], means)
    if problems:
        more = len(problems) - SHOWN
        raise AuditError(
            "\n".join(
                [
                    "The public release was not published:",
                    *(f"  - {problem}" for problem in problems[:SHOWN]),
                    *([f"  and {more} more"] if more > 0 else []),
                ]
            ),
            expected="figures that follow from protected cells, and enough possible values of each",
            remedy="Take out what is named above; readers keep the release they have.",
        )


def _strange_tables(
    connection: duckdb.DuckDBPyConnection, tables: Sequence[PublicTable]
) -> Iterator[str]:
    agreed = {(table.schema, table.name) for table in tables} | {(CORE, ABOUT)}
    present = set(
        connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = current_database()"
        ).fetchall()
    )
    for schema, name in sorted(present - agreed):
        yield f"{schema}.{name} is not a table of the public edition"
    for schema, name in sorted(agreed - present):
        yield f"{schema}.{name} is missing"


def _strange_columns(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    columns = connection.execute(
        "select table_schema, table_name, column_name, data_type from information_schema.columns"
        " where table_catalog = current_database() order by all"
    ).fetchall()
    for schema, name, column, data_type in columns:
        if column not in COLUMNS:
            yield f"{schema}.{name}.{column} is not a column of the public edition"
        elif data_type != COLUMNS[column]:
            yield f"{schema}.{name}.{column} is {data_type}, not {COLUMNS[column]}"


def _differences(connection: duckdb.DuckDBPyConnection, tables: Sequence[PublicTable]) -> list[str]:
    """Return where the file differs from what the protected cells give."""
    problems = []
    for table in tables:
        names = ", ".join(quote(column) for column in table.columns)
        place = f"{quote(table.schema)}.{quote(table.name)}"
        rows = connection.execute(f"select {names} from {place}").fetchall()
        if rows == list(table.rows):
            continue
        found, agreed = Counter(rows), Counter(table.rows)
        for row in found - agreed:
            key = [row[table.columns.index(column)] for column in table.key]
            expected = {tuple(r[table.columns.index(c)] for c in table.key): r for r in agreed}
            other = expected.get(tuple(key))
            wrong = (
                [c for c, a, b in zip(table.columns, row, other, strict=True) if a != b]
                if other
                else ["a row of its own"]
            )
            problems.append(
                f"{table.full_name} {' '.join(str(part) for part in key)}: {', '.join(wrong)} does "
                "not follow from protected cells"
            )
        for row in (agreed - found) if not (found - agreed) else ():
            key = [str(row[table.columns.index(column)]) for column in table.key]
            problems.append(f"{table.full_name} {' '.join(key)}: missing")
    return problems


def printed_ranges(
    connection: duckdb.DuckDBPyConnection,
) -> Mapping[tuple[str, str, str], tuple[int, int]]:
    """Return the ranges of shares that the file shows, by wave, group and indicator."""
    rows: list[tuple[Any, ...]] = connection.execute(
        "select wave, classification_id, group_id, indicator_id, band_lower, band_upper"
        f" from {CORE}.mart_estimates where band_lower is not null and band_upper is not null"
    ).fetchall()
    return {
        (wave, group_key(classification, group), indicator): (lower, upper)
        for wave, classification, group, indicator, lower, upper in rows
    }


def _attacks(
    wave: ProtectedWave,
    earlier: Sequence[ProtectedWave],
    named: Sequence[str],
    printed: Mapping[tuple[str, str, str], tuple[int, int]],
) -> list[str]:
    releases = [
        Released(name, each.edition.rows, each.edition.constants, each.bases)
        for name, each in zip(named, earlier, strict=True)
    ]
    rows = tuple(
        _as_printed(row, printed.get((row.wave, row.group_id, row.indicator_id)))
        for row in wave.edition.rows
    )
    releases.append(Released(THIS, rows, wave.edition.constants, wave.bases))
    changed = {
        (name, wave.wave, group): number
        for name, each in zip((*named, THIS), (*earlier, wave), strict=True)
        for group, number in each.changed.items()
    }
    try:
        report = audit(releases, wave.rules.plan, changed, counts=wave.counts)
    except ProtectionError as error:
        return [str(error)]
    return [finding.reason for finding in report.findings]


def _named(earlier: Sequence[ProtectedWave], entries: Sequence[LedgerEntry]) -> list[str]:
    """Return the release of each earlier version of a wave."""
    return [entry.release_id for entry in entries if any(e in earlier for e in entry.waves)]


def _as_printed(row: PublicShare, shown: tuple[int, int] | None) -> PublicShare:
    """Return the row with the range that the file shows, where it says more than the cell."""
    if shown is None or shown == (row.share_lower, row.share_upper):
        return row
    return replace(row, band_lower=shown[0], band_upper=shown[1])
