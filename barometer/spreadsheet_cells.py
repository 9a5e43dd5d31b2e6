"""Texts of other people in files that are opened in a spreadsheet program, and back again.

A cell that begins like a formula is run as one when the file is opened (CSV injection, see the
OWASP page of that name). An apostrophe before it makes it a text; reading takes it away again, and
only where it was put: for every text, `verbatim(harmless(text)) == text`.
"""

from __future__ import annotations

import re

# What begins a formula, wide forms included; a number with its sign is none, and stays a number.
_FORMULA = re.compile("'*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)*")


CELL_LENGTH = 32_767
"""Characters that a cell of a workbook holds; writers cut off the rest without a word."""


def cell_length(text: str) -> int:
    """Return the length of a text as Excel counts it: in what UTF-16 takes."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def harmless(text: str) -> str:
    """Return a text as it can stand in a cell without being run."""
    return f"'{text}" if _begins_a_formula(text) else text


def verbatim(cell: str) -> str:
    """Return the text that `harmless` made this cell of; any other cell stays as it is."""
    is_guarded = cell.startswith("'") and _begins_a_formula(cell)
    return cell[1:] if is_guarded else cell


def _begins_a_formula(text: str) -> bool:
    return _FORMULA.match(text) is not None and not _NUMBER.fullmatch(text.lstrip("'"))
