"""Whether two releases hold the same figures: table by table, row by row, column by column.

    python -m bench.compare_releases OLD NEW [--examples 3]

OLD and NEW are folders of releases (of any home) or the database files in them. Rows are matched on
the keys in the manifests; numbers are equal to 1e-9 of themselves (`publication.store.difference`).
Prints what differs per table and column and returns 1 where anything does.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from barometer.errors import BarometerError, UsageError
from publication.store.difference import Change, Difference, TableDifference, compare
from publication.store.files import read_manifest
from publication.store.releases import KeptRelease


def main(arguments: list[str] | None = None) -> int:
    """Compare, print, and return 0 where nothing differs, 1 where something does."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("old", type=Path, help="folder of a release, or its database file")
    parser.add_argument("new", type=Path, help="the same of another release")
    parser.add_argument("--examples", type=int, default=3, help="changed cells shown per column")
    asked = parser.parse_args(arguments)
    try:
        difference = compare(release_at(asked.old), release_at(asked.new))
    except BarometerError as error:
        print(error, file=sys.stderr)
        return 2
    for line in report(difference, asked.examples):
        print(line)
    return 0 if difference.is_empty else 1


def release_at(path: Path) -> KeptRelease:
    """Return the release in a folder, or the one that a database file belongs to.

    Raises:
        UsageError: there is no whole release.
    """
    folder = path.resolve() if path.is_dir() else path.resolve().parent
    manifest = read_manifest(folder)
    if manifest is None or (path.suffix and path.name != manifest["file"] and not path.is_dir()):
        raise UsageError(
            f"There is no release at '{path}'.",
            where=str(path),
            expected="a folder with manifest.json and the database file that it names",
            remedy="Name a folder of HOME/SURVEY/releases, or HOME/SURVEY/current.",
        )
    return KeptRelease(manifest, folder, size=0, is_current=False, withdrawn_at=None)


def report(difference: Difference, examples: int) -> Iterator[str]:
    """Yield what differs, a line each."""
    for word, tables in (("gone", difference.tables_gone), ("new", difference.tables_new)):
        yield from (f"{table}: the table is {word}" for table in tables)
    for table in difference.tables:
        if not table.is_empty:
            yield from _of_table(table)
            changes = [change for change in difference.changes if change.table == table.table]
            for column in dict.fromkeys(change.column for change in changes):
                yield from _of_column([c for c in changes if c.column == column], examples)
    n_different = sum(not table.is_empty for table in difference.tables)
    yield (
        f"{len(difference.tables)} tables compared: "
        + (f"{n_different} differ" if n_different else "no figure differs")
    )


def _of_table(table: TableDifference) -> Iterator[str]:
    yield (
        f"{table.table}: {table.rows_gone} rows gone, {table.rows_new} new,"
        f" {table.rows_changed} changed ({table.cells_changed} cells)"
        + (", compared as whole rows: no key is known" if table.without_key else "")
    )
    for word, columns in (("gone", table.columns_gone), ("new", table.columns_new)):
        if columns:
            yield f"  columns {word}: {', '.join(columns)}"


def _of_column(changes: list[Change], examples: int) -> Iterator[str]:
    kinds = Counter(
        "blank now" if change.new is None else "filled now" if change.old is None else "other value"
        for change in changes
    )
    counted = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    yield f"  {changes[0].column}: {counted}"
    for change in changes[:examples]:
        place = ", ".join(f"{column} {value}" for column, value in change.key)
        yield f"    {place}: {change.old} -> {change.new}"


if __name__ == "__main__":
    raise SystemExit(main())
