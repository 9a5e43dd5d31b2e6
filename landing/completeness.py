"""A wave needs its answers and its frame together: one without the other gives false figures."""

from __future__ import annotations

from collections.abc import Sequence

from barometer.settings import Settings
from landing.deliveries import InboxFile
from landing.findings.errors import LandingError, LandingErrors
from landing.storage.warehouse import known_exports
from registry import Registry

NAMES = {"export": "export with the answers", "frame": "sampling frame"}


def require_complete_waves(
    settings: Settings, registry: Registry, files: Sequence[InboxFile]
) -> None:
    """Refuse a wave of which only the answers or only the frame is there.

    What was landed before counts as there. A wave without any file is simply not delivered yet.

    Raises:
        LandingErrors: a wave is half delivered; nothing has been read or written.
    """
    survey = registry.survey.survey_id
    present: set[tuple[str, str]] = {(file.delivery.wave, file.delivery.kind) for file in files}
    present |= {
        (export.slot[0], export.slot[1])
        for export in known_exports(settings.warehouse, survey)
        if export.is_current
    }
    errors = [
        _missing(registry, wave.wave, kind)
        for wave in registry.waves
        for kind in (("export", "frame") if wave.frame_source == "file" else ("export",))
        if (wave.wave, kind) not in present and any(of == wave.wave for of, _ in present)
    ]
    if errors:
        raise LandingErrors("A wave is not delivered completely; nothing was landed.", errors)


def _missing(registry: Registry, wave: str, kind: str) -> LandingError:
    patterns = [delivery.file_pattern for delivery in registry.deliveries_for(wave, kind)]
    return LandingError(
        f"The {NAMES[kind]} of wave {wave} is missing.",
        where="the inbox",
        expected="a file named like " + " or ".join(patterns),
        remedy="Put it in the inbox, or take the other files of the wave out until it is there.",
    )
