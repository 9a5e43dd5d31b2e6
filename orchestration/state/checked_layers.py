"""Which layers passed their expectations since they were last written.

The steps of a refresh may be started by different programs: the command line, a
scheduled run, somebody's click on one asset. A release must never hold data that no check
has seen, so every step that writes a layer forgets the check of that layer and of those
after it, and a release asks for all of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from barometer.errors import BarometerError
from barometer.json_files import of_texts, read_json, write_json
from barometer.settings import Settings
from orchestration.state import last_refresh

LAYERS = ("raw", "cleaned", "marts")


class NotCheckedError(BarometerError):
    """A release was asked for while a layer has not passed its expectations."""


def forget_checked(settings: Settings, layer: str) -> None:
    """Forget that `layer`, and every layer after it, was checked."""
    last_refresh.withdraw(settings)
    gone = LAYERS[LAYERS.index(layer) :]
    kept = {name: when for name, when in _read(settings).items() if name not in gone}
    _write(settings, kept)


def mark_checked(settings: Settings, layer: str) -> None:
    """Remember that `layer` passed its expectations as it is now."""
    checked_at = datetime.now(UTC).isoformat(timespec="seconds")
    _write(settings, {**_read(settings), layer: checked_at})


def require_checked(settings: Settings) -> None:
    """Refuse to go on unless every layer passed its expectations as it is now.

    Raises:
        NotCheckedError: a layer was written after its last successful check.
    """
    checked = _read(settings)
    missing = [layer for layer in LAYERS if layer not in checked]
    if missing:
        raise NotCheckedError(
            f"Not checked since it was last written: {', '.join(missing)}.",
            where=str(settings.warehouse),
            expected="expectations that hold on raw, cleaned and marts, in that order",
            remedy="Run the whole refresh; the current release stays as it is until then.",
        )


def _file(settings: Settings) -> Path:
    return settings.home / "checked.json"


def _read(settings: Settings) -> dict[str, str]:
    path = _file(settings)
    if not path.exists():
        return {}
    return read_json(path, of_texts, remedy="Remove it and run the whole refresh.")


def _write(settings: Settings, checked: dict[str, str]) -> None:
    write_json(_file(settings), checked)
