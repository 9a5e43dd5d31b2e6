"""Why a release is not published."""

from __future__ import annotations

from barometer.errors import BarometerError


class PublicationError(BarometerError):
    """The marts cannot become a release; the current release stays as it is."""


class AuditError(PublicationError):
    """The prepared release holds something it must not hold, or lacks something."""


class WithdrawnError(PublicationError):
    """The figures are those of a release that was rolled back."""


class PostgresError(PublicationError):
    """The release is not in PostgreSQL; what readers see there is unchanged."""
