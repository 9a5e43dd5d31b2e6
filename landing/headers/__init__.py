"""Header rows: which survey tool wrote them, what each column is called, where the data begin."""

from __future__ import annotations

from landing.headers.interpret import SAMPLE_ROWS, TOOLS, interpret_header
from landing.headers.model import ANSWER, TIMING, Header, HeaderColumn

__all__ = [
    "ANSWER",
    "SAMPLE_ROWS",
    "TIMING",
    "TOOLS",
    "Header",
    "HeaderColumn",
    "interpret_header",
]
