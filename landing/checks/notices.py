"""What a reader noticed in the file besides its table."""

from __future__ import annotations

from landing.findings.finding import Finding
from landing.readers.table import Notice


def notice_finding(notice: Notice) -> Finding:
    """Return a notice as the finding it is."""
    return Finding(
        notice.severity, notice.code, notice.message, where=notice.where, remedy=notice.remedy
    )
