"""A wave needs its answers and its frame together: one without the other gives false figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from barometer.settings import Settings
from landing.checks.rows import count_finding
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


def require_parts_fit(
    registry: Registry,
    waves: Collection[str],
    current: Mapping[tuple[str, str, str], str],
    rows: Mapping[str, int],
) -> None:
    """Hold the parts of waves together against their expected ranges; files alone were checked.

    Args:
        registry: the registries of the survey.
        waves: the waves of which an export is landed.
        current: the version of every delivery that will be in force.
        rows: the number of rows per version.

    Raises:
        LandingErrors: a wave has too many responses or, where it is complete, too few.
    """
    errors = []
    for wave_id in sorted(waves):
        wave = registry.wave(wave_id)
        expected = {d.part for d in registry.deliveries if d.wave == wave_id and d.kind == "export"}
        if len(expected) < 2:
            continue
        present = {
            part: rows[export_id]
            for (of_wave, kind, part), export_id in current.items()
            if of_wave == wave_id and kind == "export"
        }
        # Parts may come one by one: only a complete wave can have too few responses.
        low = wave.expected_responses_low if expected <= set(present) else 0
        finding = count_finding(
            f"The {len(present)} part(s) of wave {wave_id} together hold",
            sum(present.values()),
            low,
            wave.expected_responses_high,
        )
        if finding:
            errors.append(
                LandingError(
                    finding.message,
                    where="parts " + ", ".join(f"{p} ({n:,})" for p, n in sorted(present.items())),
                    expected=finding.expected,
                    remedy=finding.remedy,
                )
            )
    if errors:
        raise LandingErrors("Some waves are not fit to land; nothing was landed.", errors)
