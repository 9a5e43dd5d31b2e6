"""Who runs this."""

from __future__ import annotations

import getpass


def current_user() -> str:
    """Return the name of the user, or `unknown`."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # A container may run under a number that has no name.
        return "unknown"
