"""How much memory DuckDB may take; what does not fit it spills to disk."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from barometer.environment import MEMORY_LIMIT
from barometer.errors import UsageError

Config: TypeAlias = dict[str, str | bool | int | float | list[str]]

SMALLEST = 500_000_000
_UNITS = {
    f"{letter}{infix}b": base**power
    for infix, base in (("", 1000), ("i", 1024))
    for power, letter in enumerate("kmgt", 1)
}
_CGROUPS = Path("/sys/fs/cgroup")
_OWN_CGROUPS = Path("/proc/self/cgroup")


def memory_limit() -> str:
    """Return the limit as DuckDB reads it: the one that was set, or half of what there is.

    Raises:
        UsageError: what was set is no amount of memory, or too little to work with.
    """
    text = MEMORY_LIMIT.read()
    if not text:
        return f"{max(available_memory() // 2, SMALLEST) // 1_000_000}MB"
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]i?b)", text.lower())
    if match is None or float(match[1]) * _UNITS[match[2]] < SMALLEST:
        raise UsageError(
            f"'{text}' is no limit for the memory.",
            where=MEMORY_LIMIT.name,
            expected=f"a number and a unit, {SMALLEST // 1_000_000}MB or more: 4GB, 1500MB, 2.5GiB",
            remedy="Correct the variable, or unset it: then half of the memory is used.",
        )
    return text


def bounded(**others: str) -> Config:
    """Return how to connect to DuckDB within the limit, with other settings beside it."""
    return {"memory_limit": memory_limit(), **others}


def available_memory() -> int:
    """Return the bytes of memory that this process may count on: the machine's, or its cgroup's."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min((machine, *_cgroup_limits()))


def _cgroup_limits() -> Iterator[int]:
    """Yield the limits of the groups that this process is in, of either version of cgroups."""
    if not _OWN_CGROUPS.exists():
        return
    for line in _OWN_CGROUPS.read_text(encoding="utf-8").splitlines():
        _, controllers, group = line.split(":", 2)
        if controllers == "":
            root, name = _CGROUPS, "memory.max"
        elif "memory" in controllers.split(","):
            root, name = _CGROUPS / "memory", "memory.limit_in_bytes"
        else:
            continue
        # In a container the path may be that of the host, and only the root be there.
        own = root / group.lstrip("/")
        for folder in (own, *own.parents):
            file = folder / name
            if file.is_file():
                limit = file.read_text(encoding="utf-8").strip()
                if limit != "max":
                    yield int(limit)
            if folder == root:
                break
