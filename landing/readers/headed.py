"""A table as read, with its header rows interpreted by the survey tool that wrote them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from landing.findings.errors import LandingError
from landing.headers import SAMPLE_ROWS, TIMING, Header, interpret_header
from landing.readers.layout import UNSTATED, Layout
from landing.readers.stray_rows import stray_rows
from landing.readers.table import Row, SourceColumn, SourceTable
from landing.readers.workspace_rows import WorkspaceRows, stage_rows


def with_header(
    path: Path, table: SourceTable, tool: str | None, layout: Layout = UNSTATED
) -> SourceTable:
    """Name the columns as the tool means them, and leave further header rows out of the data.

    Raises:
        LandingError: the header is not what the tool that was insisted on writes, or nothing
            follows it.
    """
    names = tuple(column.name for column in table.columns)
    header = interpret_header([names, *table.rows[: SAMPLE_ROWS - 1]], tool, layout.header_rows)
    rows = table.rows[header.n_header_rows - 1 :]
    if not rows:
        raise LandingError(
            f"The file holds the {header.n_header_rows} header rows of {header.tool} but no data "
            "rows.",
            where=path.name,
            expected="a row per response below the header",
            remedy="Export again; check that no filter in the survey tool hides the responses.",
        )
    if header.not_shown is not None:
        rows = _put_back(rows, header)
    named = replace(table, columns=_columns(table, header), rows=rows, tool=header.tool)
    return replace(named, notices=named.notices + stray_rows(named, names, layout))


def _put_back(rows: Sequence[Row], header: Header) -> Sequence[Row]:
    """Return the rows with the characters that the tool wrote other signs for."""
    changed = (tuple(header.cell(cell) for cell in row) for row in rows)
    if isinstance(rows, WorkspaceRows):
        return stage_rows(rows.workspace, changed, len(header.columns))
    return tuple(changed)


def _columns(table: SourceTable, header: Header) -> tuple[SourceColumn, ...]:
    return tuple(
        replace(
            column,
            name=interpreted.name,
            label=interpreted.label or column.label,
            source_type=TIMING if interpreted.kind == TIMING else column.source_type,
        )
        for column, interpreted in zip(table.columns, header.columns, strict=True)
    )
