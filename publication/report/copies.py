"""The report of a release written outside of it: of an earlier release, or to be printed."""

from __future__ import annotations

from pathlib import Path

from barometer.errors import UsageError
from barometer.private import set_rights
from publication.editions import Edition
from publication.quality.words import LANGUAGES
from publication.report.page import write_report
from publication.report.pdf import browser, print_page


def write_copy(
    database: Path, folder: Path, edition: Edition, *, pdf: bool = False
) -> tuple[Path, ...]:
    """Write the pages of a release to a new folder, for who may read the edition.

    Args:
        database: the release.
        folder: to be made, in one that is there.
        edition: that the release is of.
        pdf: print every page too, once per language.

    Raises:
        UsageError: the folder is there already, or the one it should stand in is not.
        PublicationError: a page cannot be printed.
    """
    if folder.exists() or not folder.absolute().parent.is_dir():
        raise UsageError(
            f"The folder '{folder.name}' cannot be made.",
            where=str(folder.absolute().parent),
            expected="the name of a new folder, in one that is there",
            remedy="Name another folder, or delete the one that is there.",
        )
    if pdf:
        # Before anything is written that nobody asked for alone.
        browser()
    folder.mkdir()
    set_rights(folder, edition.folder_rights)
    pages = write_report(database, folder, beside_release=False)
    written = list(pages)
    for page in pages:
        set_rights(page, edition.rights)
    for page in pages if pdf else ():
        for language in LANGUAGES:
            printed = print_page(page, language)
            set_rights(printed, edition.rights)
            written.append(printed)
    return tuple(written)
