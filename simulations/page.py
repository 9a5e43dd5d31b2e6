"""Tables between markers in a Markdown page."""

from __future__ import annotations

import re

from barometer.errors import BarometerError


class PageError(BarometerError):
    """The page does not have the place where a table belongs."""


def read_table(page: str, name: str) -> str:
    """Return the table of that name as it stands in the page.

    Raises:
        PageError: if the page does not have the markers of the table exactly once.
    """
    return _find(page, name).group("table").rstrip("\n")


def replace_table(page: str, name: str, table: str) -> str:
    """Return the page with another table under that name.

    Raises:
        PageError: if the page does not have the markers of the table exactly once.
    """
    found = _find(page, name)
    return f"{page[: found.start('table')]}{table}\n{page[found.end('table') :]}"


def _find(page: str, name: str) -> re.Match[str]:
    start, end = f"<!-- table: {name} -->", f"<!-- end: {name} -->"
    pattern = f"{re.escape(start)}\n(?P<table>.*?){re.escape(end)}"
    found = list(re.finditer(pattern, page, flags=re.DOTALL))
    if len(found) != 1:
        raise PageError(
            f"The page has {len(found)} places for the table {name}.",
            expected=f"{start} on one line and {end} on a later one, once",
            remedy="Put the two markers where the table belongs.",
        )
    return found[0]
