"""What runs did, as lines of JSON in the home of the survey: one file, rotated by size.

An event carries names, counts and seconds, and the ids of waves, files, tables and releases. Never
the message of an error, nor an example: those quote what respondents wrote.
"""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

from barometer.environment import LOG_LEVEL
from barometer.errors import UsageError
from barometer.private import make_home
from barometer.settings import Settings

LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "off": logging.CRITICAL + 1,
}
LARGEST_BYTES = 5_000_000
KEPT_FILES = 5

_LOGGER = logging.getLogger("barometer")
# The console is for people: what they see, commands print.
_LOGGER.propagate = False
_LOGGER.addHandler(logging.NullHandler())


def note(event: str, level: int = logging.INFO, /, **facts: object) -> None:
    """Write one event, where a log is open."""
    _LOGGER.log(level, event, extra={"facts": facts})


@contextmanager
def timed(event: str, **facts: object) -> Iterator[dict[str, object]]:
    """Write that something began, and how it ended after how many seconds.

    The block may add to the facts that it is given: they are written with its end.
    """
    note(f"{event}_started", **facts)
    started = time.monotonic()
    found = dict(facts)
    try:
        yield found
    except BaseException as error:
        failed = found | {"seconds": _since(started), "error": type(error).__name__}
        note(f"{event}_failed", logging.ERROR, **failed)
        raise
    note(f"{event}_finished", **found, seconds=_since(started))


@contextmanager
def logged(settings: Settings, command: str) -> Iterator[None]:
    """Log a command from its beginning to its end, under a run id of its own."""
    with open_log(settings, uuid.uuid4().hex), timed("run", command=command):
        yield


@contextmanager
def open_log(settings: Settings, run: str) -> Iterator[None]:
    """Write the events of this process to the log of a survey while the block runs.

    Raises:
        UsageError: the level that was set is none.
    """
    level = log_level()
    handler = _PrivateFile(settings)
    handler.setFormatter(JsonLines(settings.survey, run))
    _LOGGER.setLevel(level)
    _LOGGER.addHandler(handler)
    try:
        yield
    finally:
        _LOGGER.removeHandler(handler)
        handler.close()


def log_level() -> int:
    """Return the level from which on events are written.

    Raises:
        UsageError: what was set is no level.
    """
    text = LOG_LEVEL.read().lower() or "info"
    if text not in LEVELS:
        raise UsageError(
            f"'{text}' is no level of the log.",
            where=LOG_LEVEL.name,
            expected="one of: " + ", ".join(LEVELS),
            remedy="Correct the variable, or unset it: then it is info.",
        )
    return LEVELS[text]


class JsonLines(logging.Formatter):
    """One event as one line of JSON: when, how grave, whose, which run, what, and its facts."""

    def __init__(self, survey: str, run: str) -> None:
        super().__init__()
        self._of = {"survey": survey, "run": run}

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of an event."""
        when = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        known = {"time": when, "level": record.levelname.lower(), **self._of}
        facts: dict[str, object] = getattr(record, "facts", {})
        return json.dumps(known | {"event": record.getMessage()} | facts, ensure_ascii=False)


class _PrivateFile(RotatingFileHandler):
    """A file, made with its first event, that nobody but the owner can read."""

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        super().__init__(
            settings.log_file,
            maxBytes=LARGEST_BYTES,
            backupCount=KEPT_FILES,
            encoding="utf-8",
            delay=True,
        )

    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - as the class it is of
        path = Path(self.baseFilename)
        make_home(self._home)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        # With its rights from the first moment.
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Go on without the line: what keeps a log from being written, a step tells better."""


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
