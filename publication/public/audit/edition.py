"""The audit of a prepared public release: what is really in its file, with all earlier releases.

First the file (`publication.public.audit.file`): only agreed tables and columns, every figure equal
to what the protected cells give, and nothing else. Then the attacker over the ranges and amounts as
they stand in the file. A range that is narrower than its cell is given to the attacker as it is, so
that the report says what it gives away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from math import ceil, floor

import duckdb

from protection.amounts.totals import Cell
from protection.audit.edition import audit
from protection.audit.versions import Released
from protection.edition.edition import PublicShare
from protection.errors import ProtectionError
from publication.errors import AuditError
from publication.public.audit.amounts import amount_problems, printed_amounts
from publication.public.audit.file import (
    SHARE,
    ShownFigure,
    differences,
    figures_in,
    strange_columns,
    strange_tables,
)
from publication.public.audit.means import PrintedMeans, attack_means, printed_means
from publication.public.ledger.ledger import LedgerEntry, waves_before
from publication.public.method.protect import ProtectedWave
from publication.public.tables.figures import POINTS, ROUNDED, FigureKey
from publication.public.tables.fill import made_public
from publication.public.tables.lookups import Lookup
from publication.tables import ReleasedTable

SHOWN = 20
FAINT = 1e-9
"""What a share of a hundred points may be off as a fraction of two powers."""
THIS = "this release"


def audit_public(
    connection: duckdb.DuckDBPyConnection,
    tables: Sequence[ReleasedTable],
    lookups: Sequence[Lookup],
    waves: Sequence[ProtectedWave],
    entries: Sequence[LedgerEntry],
) -> None:
    """Refuse a release that holds anything but protected figures, or gives a count away.

    Args:
        connection: the release, with the build database attached.
        tables: what it is to hold.
        lookups: what is public, as the protected cells give it.
        waves: as they are protected.
        entries: the earlier releases.

    Raises:
        AuditError: names the tables, columns and cells.
    """
    public = made_public(connection, tables, lookups)
    problems = [*strange_tables(connection, tables)]
    problems += strange_columns(connection, public) if not problems else []
    printed: Mapping[FigureKey, tuple[int, int]] = {}
    amounts: Mapping[str, Mapping[Cell, float]] = {}
    means: PrintedMeans = {}
    if not problems:
        shown = [each for each in figures_in(connection, tables) if each.protection != ROUNDED]
        printed, amounts, means = (
            printed_ranges(shown),
            printed_amounts(shown),
            printed_means(shown),
        )
        problems += finer_than_points(shown)
        problems += differences(connection, public)
    for wave in waves:
        earlier = waves_before(entries, wave.wave)
        named = _named(earlier, entries)
        problems += _attacks(wave, earlier, named, printed)
        problems += amount_problems(wave, earlier, amounts.get(wave.wave, {}))
        problems += attack_means(wave, earlier, [*named, THIS], means)
        problems += _too_few_left(wave)
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


def printed_ranges(shown: Sequence[ShownFigure]) -> dict[FigureKey, tuple[int, int]]:
    """Return the ranges of shares in the file, in whole points; a finer one is made narrower."""
    return {
        each.key: (ceil(POINTS * each.low - FAINT), floor(POINTS * each.high + FAINT))
        for each in shown
        if each.kind == SHARE
    }


def finer_than_points(shown: Sequence[ShownFigure]) -> Iterator[str]:
    """Yield the shares whose range does not end at whole percentage points."""
    for each in shown:
        limits = (POINTS * each.low, POINTS * each.high)
        if each.kind == SHARE and any(abs(limit - round(limit)) > FAINT for limit in limits):
            wave, group, name = each.key
            yield (
                f"wave {wave} {name} in {group}: {each.low:g} to {each.high:g} is finer than a"
                " percentage point"
            )


def _attacks(
    wave: ProtectedWave,
    earlier: Sequence[ProtectedWave],
    named: Sequence[str],
    printed: Mapping[FigureKey, tuple[int, int]],
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


def _too_few_left(wave: ProtectedWave) -> Iterator[str]:
    """Yield what the attacker on rounded figures was left with, where that is too little."""
    if wave.rounded is None or wave.rules.rounded is None:
        return
    fewest, needed = wave.rounded.risk.fewest, wave.rules.rounded.candidates
    if fewest is not None and fewest < needed:
        yield (
            f"wave {wave.wave}: {fewest} value of a count is left possible by rounded figures,"
            f" {needed} must be"
        )


def _named(earlier: Sequence[ProtectedWave], entries: Sequence[LedgerEntry]) -> list[str]:
    """Return the release of each earlier version of a wave."""
    return [entry.release_id for entry in entries if any(e in earlier for e in entry.waves)]


def _as_printed(row: PublicShare, shown: tuple[int, int] | None) -> PublicShare:
    """Return the row with the range that the file shows, where it says more than the cell."""
    if shown is None or shown == (row.share_lower, row.share_upper):
        return row
    return replace(row, band_lower=shown[0], band_upper=shown[1])
