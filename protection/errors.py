"""Errors of disclosure control."""

from __future__ import annotations

from barometer.errors import BarometerError


class ProtectionError(BarometerError):
    """Counts, rules and public constants do not fit together."""


class UnsafeReleaseError(BarometerError):
    """Something in a release gives a count away; the release must not be published."""
