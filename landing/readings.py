"""How the registry says that a file is read, and which landed version was read that way.

The same bytes read in another way are another version of the file. What the registry leaves open
is found out, and what was found out is kept with the version: so a statement that only confirms
it changes nothing.
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections.abc import Iterable

from landing.deliveries import InboxFile, layout_of
from landing.storage.archive import Fingerprint
from landing.storage.warehouse import KnownExport
from registry.tables.waves import Delivery

NOTHING_STATED = "{}"
# What a reader finds out is kept with the version; the others are only ever stated.
_FOUND_OUT = ("encoding", "delimiter", "sheet", "tool", "format")
_WITHOUT_HEADER_ROWS = frozenset({"sav", "zsav", "por", "roo_xml"})


def stated_reading(delivery: Delivery) -> str:
    """Return everything that the registry states of how the file of a delivery is read.

    How dates and decimals are meant is not in it: the models read that in the registry.

    Raises:
        UsageError: it states what no file can have.
    """
    layout = layout_of(delivery)
    stated: dict[str, str | int | None] = {
        "encoding": _encoding(layout.encoding) if layout.encoding else None,
        "delimiter": layout.separator,
        "header_rows": layout.header_rows,
        "table_start": layout.table_start,
        "sheet": delivery.sheet,
        "tool": None if delivery.tool == "auto" else delivery.tool,
        # Any other format is that of the content, or an error.
        "format": "tsv" if delivery.format == "tsv" else None,
    }
    return json.dumps({name: value for name, value in stated.items() if value}, sort_keys=True)


def export_id_for(file: InboxFile, content: Fingerprint, known: Iterable[KnownExport]) -> str:
    """Return the id of the landed version that a file is, or of the new version that it will be.

    Raises:
        UsageError: the registry states of the file what no file can have.
    """
    delivery = file.delivery
    slot = (delivery.wave, delivery.kind, delivery.part)
    stated = stated_reading(delivery)
    same = [e for e in known if e.slot == slot and e.content_sha256 == content.sha256]
    exactly = [e for e in same if e.read_as == stated]
    alike = exactly or [e for e in same if _was_read_so(e, stated)]
    if alike:
        return max(alike, key=lambda export: (export.is_current, export.export_id)).export_id
    plain = f"{'-'.join(slot)}-{content.sha256[:12]}"
    if all(export.export_id != plain for export in same):
        return plain
    return f"{plain}-{hashlib.sha256(stated.encode()).hexdigest()[:6]}"


def _was_read_so(export: KnownExport, stated: str) -> bool:
    """Return whether a version was read as the registry says now, whoever said so then."""
    now = json.loads(stated)
    then = json.loads(export.read_as or NOTHING_STATED)
    if any(now.get(name) != then.get(name) for name in ("header_rows", "table_start")):
        return False
    found = {
        "encoding": _encoding(export.encoding) if export.encoding else None,
        "delimiter": export.delimiter,
        "sheet": export.sheet,
        "tool": None if export.format in _WITHOUT_HEADER_ROWS else export.tool,
        "format": export.format,
    }
    return all(
        # What a format does not have, such as a delimiter in a workbook, is nothing to differ in.
        found[name] in (None, now[name]) if name in now else name not in then
        for name in _FOUND_OUT
    )


def _encoding(name: str) -> str:
    try:
        # A mark at the beginning is found in the file, whatever is stated.
        return codecs.lookup(name).name.removesuffix("-sig")
    except LookupError:
        return name
