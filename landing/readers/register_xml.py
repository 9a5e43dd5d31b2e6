"""The XML export of the Register van Overheidsorganisaties (ROO), streamed into a table.

The file is large and nests organisations in organisations. Only the fields that a frame needs
are taken; addresses, contact data and the people in office never get into the warehouse.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from landing.findings.errors import LandingError
from landing.readers.table import Cell, ReadOptions, Row, SourceColumn, SourceTable, make_table

# The version at the end of the namespace changes without notice.
NAMESPACE_FAMILY = re.compile(
    r"https?://(organisaties|almanak)\.overheid\.nl/static/schema/oo/export/[0-9]+(\.[0-9]+)*"
)
ROOT = "overheidsorganisaties"
ORGANISATION = "organisatie"
REPEATED_SEPARATOR = "|"
PARENT = "onderdeelVan"

_KNOWN_EXAMPLE = "https://organisaties.overheid.nl/static/schema/oo/export/2.6.9"
_ATTRIBUTES = ("systeemId", "resourceIdentifierTOOI")
# Where each field stands below the organisation; the older place comes last.
_PATHS: dict[tuple[str, ...], str] = {
    ("naam",): "naam",
    ("afkorting",): "afkorting",
    ("types", "type"): "type",
    ("startDatum",): "startDatum",
    ("eindDatum",): "eindDatum",
    ("relatieMetMinisterie",): "relatieMetMinisterie",
    ("relatieMetMinisterie", "naam"): "relatieMetMinisterie",
    ("rechtsvorm",): "rechtsvorm",
    ("soortZbo",): "soortZbo",
    ("aantalFte",): "aantalFte",
    ("personeelsomvang", "aantalFte"): "aantalFte",
}
COLUMNS = (*_ATTRIBUTES, *dict.fromkeys(_PATHS.values()), PARENT)
_NAME = COLUMNS.index("naam")

_DEEPEST = 100
_LONGEST_WITHOUT_ELEMENT = 16 * 1024 * 1024


@dataclass
class _Organisation:
    """One organisation being read; `depth` is that of its element."""

    depth: int
    row: int
    values: dict[str, list[str]] = field(default_factory=dict)


def read_roo_xml(path: Path, options: ReadOptions) -> SourceTable:
    """Read the register export as one row per organisation, units of organisations included.

    A field that occurs several times is joined with `|`; a field that does not occur is None.

    Raises:
        LandingError: the file is no register export of a known namespace, is damaged, holds
            entities or a document type, or holds no organisation.
    """
    rows: dict[int, Row] = {}
    try:
        with path.open("rb") as stream:
            for number, row in _organisations(path, _Watched(path, stream)):
                rows[number] = row
    except DefusedXmlException as error:
        raise LandingError(
            "The register export declares a document type or entities, which can make a small "
            "file grow without end or pull in other files.",
            where=path.name,
            expected="XML without a document type declaration, as the register writes it",
            remedy="Download the export from the register again.",
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise LandingError(
            f"The register export is not well-formed XML ({error}).",
            where=path.name,
            expected="a complete XML file",
            remedy="Download the export again; the transfer was probably cut off.",
        ) from error
    if not rows:
        raise LandingError(
            "The register export holds no organisations.",
            where=path.name,
            expected=f"at least one element {ORGANISATION}",
            remedy="Download the export of all organisations again.",
        )
    if not any(row[_NAME] for row in rows.values()):
        raise _odd(path, "no name for any organisation", f"{len(rows):,} organisations")
    columns = tuple(
        SourceColumn(position=position, name=name) for position, name in enumerate(COLUMNS, start=1)
    )
    return make_table(path, columns, [rows[n] for n in sorted(rows)], format=options.format)


class _Watched:
    """A file whose parser must meet an element now and then, so that no text fills the memory."""

    def __init__(self, path: Path, stream: BinaryIO) -> None:
        self._path = path
        self._stream = stream
        self._since_element = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._since_element += len(data)
        if self._since_element > _LONGEST_WITHOUT_ELEMENT:
            raise LandingError(
                "The register export holds one text of more than 16 MiB.",
                where=self._path.name,
                expected="names, dates and codes of organisations",
                remedy="Download the export from the register again.",
            )
        return data

    def close(self) -> None:
        self._stream.close()

    def saw_element(self) -> None:
        self._since_element = 0


def _organisations(path: Path, source: _Watched) -> Iterator[tuple[int, Row]]:
    """Yield every organisation with its number in document order, inner ones first."""
    elements: list[Element] = []
    names: list[str] = []
    within: list[_Organisation] = []
    namespace: str | None = None
    count = 0
    for event, element in iterparse(source, events=("start", "end"), forbid_dtd=True):
        source.saw_element()
        if event == "start":
            if namespace is None:
                namespace = _known_namespace(path, element)
            names.append(_local_name(path, element, namespace))
            elements.append(element)
            if len(elements) > _DEEPEST:
                raise _odd(path, f"elements more than {_DEEPEST} levels deep", "/".join(names[:8]))
            if names[-1] == ORGANISATION and _is_record(names):
                count += 1
                within.append(_Organisation(len(elements), count))
                _take_attributes(element, namespace, within)
            continue
        if within and len(elements) == within[-1].depth:
            organisation = within.pop()
            yield organisation.row, _as_row(path, organisation)
        elif within:
            _take_text(element, tuple(names[within[-1].depth :]), within[-1])
        elements.pop()
        names.pop()
        # What has been read is let go, or the whole register would stay in memory.
        if elements:
            elements[-1].remove(element)


def _known_namespace(path: Path, root: Element) -> str:
    namespace, _, name = root.tag.rpartition("}")
    namespace = namespace.removeprefix("{")
    if NAMESPACE_FAMILY.fullmatch(namespace) is None:
        raise LandingError(
            f"The XML has the namespace '{namespace[:200]}', which is not one of the register."
            if namespace
            else "The XML has no namespace.",
            where=f"{path.name}, element {name[:80]}",
            expected=f"a namespace like {_KNOWN_EXAMPLE}, in any version",
            remedy="Deliver the export of the Register van Overheidsorganisaties; if the register "
            "moved to a new address, add it to NAMESPACE_FAMILY in landing/readers/register_xml.py "
            "after a look at its fields.",
        )
    if name != ROOT:
        raise LandingError(
            f"The XML is another export of the register: it starts with '{name[:80]}'.",
            where=path.name,
            expected=f"the export of all organisations, which starts with '{ROOT}'",
            remedy="Download the export of organisations (exportOO.xml).",
        )
    return namespace


def _local_name(path: Path, element: Element, namespace: str) -> str:
    found, _, name = str(element.tag).rpartition("}")
    if found.removeprefix("{") != namespace:
        raise _odd(path, "elements of more than one namespace", f"element {str(element.tag)[:200]}")
    return name


def _odd(path: Path, what: str, where: str) -> LandingError:
    return LandingError(
        f"The register export has {what}.",
        where=f"{path.name}, {where}",
        expected="the structure that the register publishes",
        remedy="Download the export again; if the register changed its structure, the reader in "
        "landing/readers/register_xml.py must learn it.",
    )


def _is_record(names: list[str]) -> bool:
    """Whether this organisation is listed, and not merely referred to by another."""
    return names[-2:] == ["organisaties", ORGANISATION] or names == [ROOT, ORGANISATION]


def _take_attributes(element: Element, namespace: str, within: list[_Organisation]) -> None:
    for name in _ATTRIBUTES:
        value = element.get(f"{{{namespace}}}{name}", element.get(name))
        if value is not None:
            within[-1].values[name] = [value]
    if len(within) > 1:
        within[-1].values[PARENT] = within[-2].values.get("systeemId", [])


def _take_text(element: Element, place: tuple[str, ...], organisation: _Organisation) -> None:
    column = _PATHS.get(place)
    if column is None:
        return
    text = element.text or ""
    # White space alone is layout around inner elements.
    organisation.values.setdefault(column, []).append(text if text.strip() else "")


def _as_row(path: Path, organisation: _Organisation) -> Row:
    return tuple(_cell(path, organisation, column) for column in COLUMNS)


def _cell(path: Path, organisation: _Organisation, column: str) -> Cell:
    values = organisation.values.get(column)
    if not values:
        return None
    filled = [value for value in values if value]
    if len(filled) > 1 and any(REPEATED_SEPARATOR in value for value in filled):
        raise _odd(
            path,
            f"several values of '{column}', one of which holds '{REPEATED_SEPARATOR}'",
            f"organisation {organisation.row}",
        )
    return REPEATED_SEPARATOR.join(filled)
