"""Which file in the inbox is which delivery, by its name alone."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from barometer.printable import first_unprintable
from landing.findings.errors import LandingError, LandingErrors
from landing.readers.layout import UNSTATED, Layout
from registry import Registry
from registry.tables.waves import Delivery

# Droppings of operating systems and spreadsheet programs, never a delivery.
_IGNORED_PREFIXES = (".", "~$", "Icon\r")


@dataclass(frozen=True)
class InboxFile:
    """A file and the delivery it is."""

    path: Path
    delivery: Delivery

    @property
    def order(self) -> tuple[str, str, str, tuple[tuple[int, int, str], ...]]:
        """Landing order: by delivery, and within one in natural order of the file name."""
        return (
            self.delivery.wave,
            self.delivery.kind,
            self.delivery.part,
            natural_key(self.path.name),
        )


@dataclass(frozen=True)
class InboxListing:
    """What stands in the inbox.

    Attributes:
        files: the deliveries, in landing order.
        unrecognised: files whose name fits no delivery.
    """

    files: tuple[InboxFile, ...]
    unrecognised: tuple[Path, ...]


def find_deliveries(inbox: Path, registry: Registry) -> InboxListing:
    """Match every file directly in the inbox with the deliveries of the registry.

    Raises:
        LandingError: there is no such folder, or nothing in it is a delivery.
        LandingErrors: files fit more than one delivery, have a name that cannot be shown as it
            is, or are links to somewhere else.
    """
    if not inbox.is_dir():
        raise LandingError(
            "The inbox is not there." if not inbox.exists() else "The inbox is not a folder.",
            where=str(inbox),
            expected="a folder with the delivered files",
            remedy="Make the folder and put the files in it, or name the right one.",
        )
    files: list[InboxFile] = []
    unrecognised: list[Path] = []
    errors: list[LandingError] = []
    for path in sorted(_candidates(inbox), key=lambda path: natural_key(path.name)):
        matches = matching_deliveries(path.name, registry.deliveries)
        if not matches:
            unrecognised.append(path)
            continue
        if len(matches) > 1:
            errors.append(_ambiguous(path, matches))
            continue
        try:
            require_plain_name(path)
            _require_inside(path, inbox)
        except LandingError as error:
            errors.append(error)
        else:
            files.append(InboxFile(path, matches[0]))
    if errors:
        raise LandingErrors("Some files in the inbox cannot be taken.", errors)
    if not files:
        raise _nothing_found(inbox, registry, unrecognised)
    return InboxListing(
        files=tuple(sorted(files, key=lambda file: file.order)),
        unrecognised=tuple(unrecognised),
    )


def matching_deliveries(file_name: str, deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return the deliveries whose pattern fits a file name, upper and lower case alike."""
    return [delivery for delivery in deliveries if fits(file_name, delivery.file_pattern)]


def fits(file_name: str, pattern: str) -> bool:
    """Whether a pattern fits a file name, upper and lower case alike."""
    return fnmatch.fnmatchcase(_comparable(file_name), _comparable(pattern))


def require_plain_name(path: Path) -> None:
    """Check that a file name can be stored and shown as it is.

    Raises:
        LandingError: it holds control characters, or bytes that are no text.
    """
    name = path.name
    if first_unprintable(name) is not None:
        raise LandingError(
            "The file name holds characters that cannot be shown.",
            where=ascii(name),
            expected="a name of letters, digits, spaces and signs",
            remedy="Rename the file.",
        )


def _require_inside(path: Path, inbox: Path) -> None:
    """Refuse a link that leads out of the inbox, to a file that nobody delivered."""
    if path.is_symlink() and not path.resolve().is_relative_to(inbox.resolve()):
        raise LandingError(
            "The file is a link to a place outside the inbox.",
            where=path.name,
            expected="a file in the inbox itself",
            remedy="Put the file itself in the inbox.",
        )


def natural_key(name: str) -> tuple[tuple[int, int, str], ...]:
    """Return a sort key under which `v2` comes before `v10`."""
    pieces = re.findall(r"[0-9]+|[^0-9]+", _comparable(name))
    return tuple((0, int(p), "") if p.isascii() and p.isdigit() else (1, 0, p) for p in pieces)


def _comparable(name: str) -> str:
    # File systems differ in how they compose accents.
    return unicodedata.normalize("NFC", name).lower()


def _candidates(inbox: Path) -> list[Path]:
    return [
        path
        for path in inbox.iterdir()
        if path.is_file() and not path.name.startswith(_IGNORED_PREFIXES)
    ]


def _describe(delivery: Delivery) -> str:
    return f"{delivery.wave} {delivery.kind} {delivery.part} ({delivery.file_pattern})"


def _ambiguous(path: Path, matches: list[Delivery]) -> LandingError:
    return LandingError(
        "The file name fits more than one delivery.",
        where=path.name,
        expected="exactly one of: " + "; ".join(_describe(match) for match in matches),
        remedy="Rename the file, or make the patterns in deliveries.csv (rows "
        + ", ".join(str(match.row) for match in matches)
        + ") exclude each other.",
    )


def _nothing_found(inbox: Path, registry: Registry, unrecognised: list[Path]) -> LandingError:
    patterns = sorted({delivery.file_pattern for delivery in registry.deliveries})
    found = ", ".join(path.name for path in unrecognised[:5]) or "no files"
    return LandingError(
        f"No file in the inbox is a delivery (it holds {found}).",
        where=str(inbox),
        expected="file names like: " + ", ".join(patterns),
        remedy="Put the delivered files in this folder, name the right folder, or add their "
        "names to deliveries.csv.",
    )


def layout_of(delivery: Delivery | None) -> Layout:
    """Return what the registry states of how the file of a delivery is laid out.

    Raises:
        UsageError: it states what no file can have.
    """
    if delivery is None:
        return UNSTATED
    return Layout(
        encoding=delivery.encoding,
        delimiter=delivery.delimiter,
        header_rows=delivery.header_rows,
        table_start=delivery.table_start,
    )
