"""What a refresh changed in the figures that readers see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from barometer.errors import BarometerError
from barometer.settings import Settings

if TYPE_CHECKING:
    from publication.store.difference import Difference
    from publication.store.releases import KeptRelease


def release_before(settings: Settings) -> KeptRelease | None:
    """Return the internal release that is current; None before the first."""
    from publication.editions import edition_of
    from publication.store.releases import kept_releases

    kept = kept_releases(edition_of(settings))
    return next((one for one in kept if one.is_current), None)


def changed_figures(settings: Settings, before: KeptRelease) -> str:
    """Return in one line how many figures the current release changed, and how to see them."""
    from publication.editions import edition_of
    from publication.store.difference import compare
    from publication.store.releases import find_release

    try:
        now = find_release(edition_of(settings), "current")
        difference = compare(before, now, listing=False)
    except BarometerError as error:
        # The release is made; nothing of it is in doubt because an old one cannot be read.
        return f"could not be compared with {before.release_id}: {error.what}"
    return f"{_counts(difference)}; see `barometer releases diff {before.release_id}`"


def _counts(difference: Difference) -> str:
    tables = [table for table in difference.tables if not table.is_empty]
    cells = sum(table.cells_changed for table in tables)
    parts = [f"{cells:,} figures changed"]
    for verb, count in (
        ("new", sum(table.rows_new for table in tables)),
        ("gone", sum(table.rows_gone for table in tables)),
    ):
        if count:
            parts.append(f"{count:,} rows {verb}")
    n_tables = len(tables) + len(difference.tables_new) + len(difference.tables_gone)
    return f"{', '.join(parts)} in {n_tables} table{'' if n_tables == 1 else 's'}"
