"""Which parts of a wave changed from release to release.

Groups that share responses, or are tied by groups that do, are one part. A part that is the same in
two releases tells nothing new in the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protection.audit.printed import Printed
from protection.edition.edition import PublicShare
from protection.ranges.rules import Atom, Constants

BaseKey = tuple[str, str, str]
"""Wave, atom, question."""


@dataclass(frozen=True)
class Released:
    """A release as the attacker has it, with what the publisher knows of it.

    Attributes:
        release_id: names it in the report.
        rows: every row of shares.
        constants: public constants at the time.
        bases: how many answered, per wave, atom and question. Not public; the attacker is taken to
            know them. Where missing he is taken to know that everybody answered, or, behind a
            filter, to know nothing.
        printed: other figures in the release that depend on counts.
    """

    release_id: str
    rows: tuple[PublicShare, ...]
    constants: Constants
    bases: Mapping[BaseKey, int] | None = None
    printed: tuple[Printed, ...] = ()


@dataclass(frozen=True)
class Version:
    """One part of a wave as one release shows it for the first time.

    Attributes:
        name: for the report.
        wave: wave id.
        release_id: the release.
        atoms: responses of the part.
        rows: its rows, by indicator and group.
        bases: as in the release, for this part.
        printed: as in the release, for this wave.
    """

    name: str
    wave: str
    release_id: str
    atoms: tuple[Atom, ...]
    rows: Mapping[tuple[str, str], PublicShare]
    bases: Mapping[BaseKey, int] | None
    printed: tuple[Printed, ...]


def versions(releases: Sequence[Released]) -> list[list[Version]]:
    """Return the versions of every part of every wave, oldest first, repetitions left out."""
    waves = dict.fromkeys(wave for release in releases for wave in release.constants.waves)
    return [chain for wave in waves for chain in _of_wave(releases, wave)]


def _of_wave(releases: Sequence[Released], wave: str) -> list[list[Version]]:
    ranged: dict[int, dict[tuple[str, str], PublicShare]] = {}
    atoms: dict[int, dict[str, Atom]] = {}
    for at, release in enumerate(releases):
        ranged[at] = {
            (row.indicator_id, row.group_id): row
            for row in release.rows
            if row.wave == wave and row.band_lower is not None
        }
        atoms[at] = {atom.atom_id: atom for atom in release.constants.atoms if atom.wave == wave}
    groups = {group for rows in ranged.values() for _, group in rows}
    bases = {at: _bases_by_atom(release.bases, wave) for at, release in enumerate(releases)}
    chains = []
    for part in _parts(atoms, groups):
        chain: list[Version] = []
        seen: set[object] = set()
        for at, release in enumerate(releases):
            own = tuple(atom for name, atom in sorted(atoms[at].items()) if name in part)
            held = {group for atom in own for group in atom.groups} & groups
            rows = {key: row for key, row in ranged[at].items() if key[1] in held}
            facts = (own, tuple(sorted((key, _told(row)) for key, row in rows.items())))
            if rows and facts not in seen:
                seen.add(facts)
                name = f"wave {wave}" + (f" in {release.release_id}" if chain else "")
                chain.append(
                    Version(
                        name,
                        wave,
                        release.release_id,
                        own,
                        rows,
                        _bases_of(bases[at], own),
                        tuple(figure for figure in release.printed if figure.wave == wave),
                    )
                )
        if chain:
            chains.append(chain)
    return chains


def _bases_by_atom(
    bases: Mapping[BaseKey, int] | None, wave: str
) -> dict[str, dict[BaseKey, int]] | None:
    if bases is None:
        return None
    found: dict[str, dict[BaseKey, int]] = {}
    for key, base in bases.items():
        if key[0] == wave:
            found.setdefault(key[1], {})[key] = base
    return found


def _bases_of(
    bases: Mapping[str, Mapping[BaseKey, int]] | None, atoms: Sequence[Atom]
) -> dict[BaseKey, int] | None:
    if bases is None:
        return None
    return {key: base for atom in atoms for key, base in bases.get(atom.atom_id, {}).items()}


def _told(row: PublicShare) -> tuple[int, int, int]:
    return row.band_lower or 0, row.band_upper or 0, row.smallest_base or 0


def _parts(atoms: Mapping[int, Mapping[str, Atom]], groups: set[str]) -> list[frozenset[str]]:
    """Return the atoms that are tied by groups with ranges, part by part."""
    part_of: dict[str, set[str]] = {}
    by_group: dict[str, set[str]] = {}
    for own in atoms.values():
        for name, atom in own.items():
            part_of.setdefault(name, {name})
            for group in atom.groups & groups:
                by_group.setdefault(group, set()).add(name)
    for members in by_group.values():
        joined = set().union(*(part_of[name] for name in members))
        for name in joined:
            part_of[name] = joined
    unique = {id(part): frozenset(part) for part in part_of.values()}
    return sorted(unique.values(), key=sorted)
