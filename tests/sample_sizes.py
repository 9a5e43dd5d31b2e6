"""What a test runs every day, and what of it waits for `make thorough`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pytest


def chunks(promised: int, everyday: int, size: int) -> list[Any]:
    """Return the seeds of all surveys promised, in parts; those beyond everyday are thorough."""
    return [
        pytest.param(
            range(start, min(start + size, promised)),
            id=f"from_{start}",
            marks=[] if start < everyday else pytest.mark.thorough,
        )
        for start in range(0, promised, size)
    ]


def cases(every: Sequence[tuple[Any, ...]], everyday: Collection[str]) -> list[Any]:
    """Return all cases, named after their last value; those not named as everyday are thorough."""
    named = [case[-1] if isinstance(case[-1], str) else case[-1].__name__ for case in every]
    assert set(everyday) <= set(named), f"no such case: {set(everyday) - set(named)}"
    return [
        pytest.param(*case, id=name, marks=[] if name in everyday else pytest.mark.thorough)
        for case, name in zip(every, named, strict=True)
    ]
