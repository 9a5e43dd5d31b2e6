"""What can go wrong in a computation."""

from __future__ import annotations

from barometer.errors import BarometerError


class EstimationError(BarometerError):
    """A function was given numbers for which its result does not exist."""


def require(condition: bool, what: str, expected: str) -> None:
    """Raise unless the condition holds.

    Raises:
        EstimationError: with `what` was wrong and what was `expected`.
    """
    if not condition:
        raise EstimationError(
            what,
            expected=expected,
            remedy="Leave such cases out before computing; a base that is too small has no figure.",
        )
