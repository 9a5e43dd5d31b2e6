"""How two spellings of the same label are recognised as one."""

from __future__ import annotations

import re

# Written out, because `\s` means other characters in each engine; macros/text.sql uses the same.
# The last one is a byte-order mark: tools leave it inside labels that were pasted from a file.
_RUN_OF_WHITE_SPACE = re.compile("[\t\n\f\r \u00a0\ufeff]+")


def normalise_label(text: str) -> str:
    """Trim, make every run of white space one space, and lower-case."""
    return collapse_white_space(text).lower()


def collapse_white_space(text: str) -> str:
    """Trim, and make every run of white space one space."""
    return _RUN_OF_WHITE_SPACE.sub(" ", text).strip(" ")
