"""Errors of landing: a delivered file that cannot be taken as it is."""

from __future__ import annotations

from barometer.errors import BarometerError, SeveralErrors


class LandingError(BarometerError):
    """A delivered file, or the folder or warehouse around it, is not usable."""


class LandingErrors(SeveralErrors, LandingError):
    """Every problem of every file of one delivery, found in one pass."""
