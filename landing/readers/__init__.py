"""One reader per format behind `read_table`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from barometer.errors import UsageError
from landing.findings.errors import LandingError
from landing.readers.damage import damaged_cells
from landing.readers.delimited import read_delimited
from landing.readers.detect import ODS, POR, ROO_XML, SAV, TEXT, XLSX, ZSAV, detect_format
from landing.readers.headed import with_header
from landing.readers.layout import UNSTATED, Layout
from landing.readers.ods import read_ods
from landing.readers.sav import read_sav
from landing.readers.sav_values import STRAY_BYTES
from landing.readers.table import Reader, ReadOptions, SourceColumn, SourceTable, ValueLabel
from landing.readers.xlsx import read_xlsx
from landing.storage.workspace import Workspace

__all__ = ["FORMATS", "Layout", "SourceColumn", "SourceTable", "ValueLabel", "read_table"]

# What a caller may ask for, and which contents answer to it.
FORMATS: dict[str, frozenset[str]] = {
    "auto": frozenset({TEXT, XLSX, ODS, SAV, ZSAV, POR, ROO_XML}),
    "csv": frozenset({TEXT}),
    "tsv": frozenset({TEXT}),
    "xlsx": frozenset({XLSX}),
    "ods": frozenset({ODS}),
    "sav": frozenset({SAV, ZSAV, POR}),
    "roo_xml": frozenset({ROO_XML}),
}


def _read_roo_xml(path: Path, options: ReadOptions) -> SourceTable:
    # Imported when needed: that module itself builds on this package.
    from landing.readers.register_xml import read_roo_xml

    return read_roo_xml(path, options)


_READERS: dict[str, Reader] = {
    TEXT: read_delimited,
    XLSX: read_xlsx,
    ODS: read_ods,
    SAV: read_sav,
    ZSAV: read_sav,
    POR: read_sav,
    ROO_XML: _read_roo_xml,
}


# Formats that leave it to the survey tool what the first rows mean; others name their columns.
_WITH_HEADER_ROWS = frozenset({TEXT, XLSX, ODS})


def read_table(
    path: Path,
    *,
    format: str = "auto",
    sheet: str | None = None,
    tool: str | None = "auto",
    layout: Layout = UNSTATED,
    workspace: Workspace | None = None,
) -> SourceTable:
    """Read a delivered file as verbatim text.

    Args:
        path: the file.
        format: `auto` goes by content; another value of `FORMATS` insists on it.
        sheet: sheet of a workbook; None takes the only one with content.
        tool: survey tool whose header rows it has; `auto` or None goes by content.
        layout: what the registry states of how it is laid out; the rest is found out.
        workspace: where the rows of a large file go; None makes room for them, as long as the
            table is used.

    Raises:
        UsageError: there is no such format or tool.
        LandingError: the file is missing, empty, damaged, or not what was insisted on.
    """
    if format not in FORMATS:
        raise UsageError(
            f"There is no format '{format}'.",
            where=path.name,
            expected="one of: " + ", ".join(FORMATS),
            remedy="Correct the column `format` of the deliveries registry.",
        )
    found = detect_format(path)
    if found not in FORMATS[format]:
        raise LandingError(
            f"The content of the file is {found}, not {format}.",
            where=path.name,
            expected=f"a file in the format {format}",
            remedy="Deliver the right file, or set `format` to auto in the deliveries registry.",
        )
    options = ReadOptions(found, format, sheet, tool, layout, workspace)
    table = _READERS[found](path, options)
    table = _with_damage(path, table, found, layout)
    if found in _WITH_HEADER_ROWS:
        return with_header(path, table, tool, layout)
    return replace(table, tool="spss" if found in FORMATS["sav"] else "generic")


def _with_damage(path: Path, table: SourceTable, found: str, layout: Layout) -> SourceTable:
    """Return the table with what is said of damaged words; the reader of texts has looked already.

    Bytes that are no text at all have been reported, and are no reason to refuse an SPSS file.
    """
    if found == TEXT or any(notice.code == STRAY_BYTES for notice in table.notices):
        return table
    names = tuple(column.label or column.name for column in table.columns)
    notices = damaged_cells(path, names, table.rows, is_stated=layout.encoding is not None)
    return replace(table, notices=table.notices + notices)
