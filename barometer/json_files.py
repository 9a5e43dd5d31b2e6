"""Write and read back the JSON files in which the pipeline keeps what it knows."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from barometer.errors import BarometerError

T = TypeVar("T")


class DamagedFileError(BarometerError):
    """A file that the pipeline wrote itself is not what it wrote."""


def read_json(path: Path, parse: Callable[[dict[str, Any]], T], *, remedy: str) -> T:
    """Return what a file holds.

    Args:
        path: the file.
        parse: makes the value of the object that was read; one it cannot make is damaged.
        remedy: what a person can do where the file is damaged.

    Raises:
        DamagedFileError: it is cut off, empty, no JSON, or holds something else.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise TypeError("no object")
        return parse(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise DamagedFileError(
            f"The file {path.name} is damaged ({reason}).",
            where=str(path),
            expected="the file as it was written there",
            remedy=remedy,
        ) from error


def write_json(path: Path, content: Mapping[str, Any]) -> None:
    """Write a file in one piece: whoever reads it finds what was there before, or all of this."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(draft, path)  # noqa: PTH105 - the atomic rename is the point


def of_texts(content: dict[str, Any]) -> dict[str, str]:
    """Return an object whose values are all texts, as it is.

    Raises:
        TypeError: one is something else.
    """
    if not all(isinstance(value, str) for value in content.values()):
        raise TypeError("a value is no text")
    return content
