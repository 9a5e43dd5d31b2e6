"""The files of one landing: which version each of them is, and which are looked at at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from landing.deliveries import InboxFile, require_plain_name
from landing.findings.errors import LandingError, LandingErrors
from landing.intake import fingerprint_of
from landing.readings import export_id_for, stated_reading
from landing.storage.archive import Fingerprint
from landing.storage.choices import Choice
from landing.storage.warehouse import KnownExport

Slot = tuple[str, str, str]


@dataclass(frozen=True)
class Candidate:
    """A delivered file, and the id of the version that it is or will be."""

    file: InboxFile
    content: Fingerprint
    export_id: str

    @property
    def slot(self) -> Slot:
        """The delivery it belongs to."""
        delivery = self.file.delivery
        return (delivery.wave, delivery.kind, delivery.part)


def gather(files: Sequence[InboxFile], known: Sequence[KnownExport]) -> list[Candidate]:
    """Return the files in landing order.

    Raises:
        LandingErrors: some of them cannot be read or have a name that cannot be shown.
    """
    candidates: list[Candidate] = []
    errors: list[LandingError] = []
    for file in sorted(files, key=lambda file: file.order):
        try:
            require_plain_name(file.path)
            content = fingerprint_of(file)
        except LandingError as error:
            errors.append(error)
        else:
            candidates.append(Candidate(file, content, export_id_for(file, content, known)))
    if errors:
        raise LandingErrors("Some files cannot be read; nothing was landed.", errors)
    return candidates


def set_aside(
    candidates: Iterable[Candidate],
    choices: Mapping[Slot, Choice],
    known: Iterable[KnownExport],
) -> list[Candidate]:
    """Return the files that lay there when somebody chose a version, and are as they were then.

    They are no delivery any more. A file with new bytes, under a new name, or written since is
    one, and so is the file in force where the registry now says that it is read in another way.
    """
    in_force = {export.slot: export.content_sha256 for export in known if export.is_current}
    return [
        candidate
        for candidate in candidates
        if (choice := choices.get(candidate.slot)) is not None
        and (candidate.file.path.name, candidate.content.sha256) in choice.known_files
        and _written_at(candidate) <= choice.chosen_at
        and (
            candidate.content.sha256 != in_force.get(candidate.slot)
            or stated_reading(candidate.file.delivery) == choice.read_as
        )
    ]


def where_last(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return every version once, where it comes last in landing order."""
    last = {candidate.export_id: candidate for candidate in candidates}
    return [candidate for candidate in candidates if candidate is last[candidate.export_id]]


def changing(distinct: Sequence[Candidate], known: Mapping[str, KnownExport]) -> list[Candidate]:
    """Return what is new, and what is the last of its delivery but was replaced before."""
    last = {candidate.slot: candidate for candidate in distinct}
    return [
        candidate
        for candidate in distinct
        if candidate.export_id not in known
        or (candidate is last[candidate.slot] and not known[candidate.export_id].is_current)
    ]


def replacing(distinct: Sequence[Candidate], known: Iterable[KnownExport]) -> dict[str, str]:
    """Return per version that comes into force the one that it replaces, of those landed before."""
    in_force = {export.slot: export.export_id for export in known if export.is_current}
    last = {candidate.slot: candidate.export_id for candidate in distinct}
    return {
        export_id: in_force[slot]
        for slot, export_id in last.items()
        if slot in in_force and in_force[slot] != export_id
    }


def _written_at(candidate: Candidate) -> dt.datetime:
    seconds = candidate.file.path.stat().st_mtime
    return dt.datetime.fromtimestamp(seconds, dt.UTC).replace(tzinfo=None)
