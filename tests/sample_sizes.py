"""How many surveys a test draws: enough to notice a mistake, or as many as promised."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("BAROMETER_THOROUGH") == "on"


def draws(thorough: int, quick: int) -> int:
    """Return the number of draws: `make thorough` takes the first, `make test` the second."""
    return thorough if THOROUGH else quick
