"""Is this the file of another wave? Then that is the one thing to say about it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from landing.checks.subject import Subject, column_key, known_as
from landing.findings.finding import Finding

# Of the columns that the registry lists for a wave: fewer are not that wave's file, more are.
_FEW = 0.5
_MOST = 0.9


def elsewhere_finding(subject: Subject) -> Finding | None:
    """Return what to say of a file that is plainly that of another wave; None of any other."""
    present = {known_as(column) for column in subject.table.columns}
    if not subject.mappings or _share(subject, present) >= _FEW or _has_keys(subject, present):
        return None
    others = [
        other.wave.wave
        for other in _other_waves(subject)
        if _share(other, present) >= _MOST and _has_keys(other, present)
    ]
    if not others:
        return None
    waves = " or ".join(others)
    return Finding(
        "error",
        "other_wave",
        f"The file is a {subject.kind} of wave {waves}, not of {subject.wave.wave}: it has the "
        f"columns of that one.",
        where="header",
        expected="columns like "
        + ", ".join(sorted({mapping.column_name for mapping in subject.mappings})[:5]),
        remedy=f"Check it with --wave {others[0]}, or take the {subject.kind} of wave "
        f"{subject.wave.wave}. If wave {subject.wave.wave} has these columns now, correct its rows "
        "in columns.csv.",
    )


def _other_waves(subject: Subject) -> list[Subject]:
    return [
        replace(subject, wave=wave)
        for wave in subject.registry.waves
        if wave.wave != subject.wave.wave
    ]


def _share(subject: Subject, present: Collection[str]) -> float:
    """Return the share of the columns of a wave that the file has."""
    wanted = {column_key(mapping.column_name) for mapping in subject.mappings}
    return len(wanted.intersection(present)) / len(wanted) if wanted else 0.0


def _has_keys(subject: Subject, present: Collection[str]) -> bool:
    held = {m.role for m in subject.mappings if column_key(m.column_name) in present}
    return held.issuperset(subject.key_roles)
