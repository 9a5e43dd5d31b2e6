"""Any other table: one header row, taken as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from landing.headers.model import Header, HeaderColumn, HeaderRow

TOOL = "generic"


def recognise(rows: Sequence[HeaderRow]) -> bool:
    """Tell that this reads whatever no other tool wrote."""
    return True


def interpret(rows: Sequence[HeaderRow]) -> Header:
    """Take the first row verbatim: names that are empty or repeated are for the checks to judge."""
    return Header(tuple(HeaderColumn(name or "") for name in rows[0]), 1, TOOL)
