"""What was found in a delivery stays with it, until somebody accepts it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from toy_survey import EXPORT_HEADER, answers, run, write_csv

from landing.findings.errors import LandingErrors
from landing.kept_findings import kept_findings
from registry.tables.thresholds import AcceptedFinding

WHERE = "column 'kind': 'harbour' (1×)"


def delivered(settings, *, name: str = "toy2025_export.csv", kind: str = "harbour", rows: int = 12):
    """Deliver answers of which the first has a kind of its own."""
    first, *others = answers(rows)
    first[EXPORT_HEADER.index("kind")] = kind
    write_csv(settings.inbox / name, EXPORT_HEADER, [first, *others])


def acceptance(**changes: str | None) -> AcceptedFinding:
    row = AcceptedFinding(
        wave="2025",
        kind="export",
        part="main",
        code="code_unmapped",
        place=None,
        severity="warning",
        accepted_by="data steward",
        reason="a joke of one respondent",
        row=2,
    )
    return replace(row, **changes)


@pytest.fixture
def census(registry):
    """A survey whose wave 2025 needs no frame."""
    waves = tuple(replace(wave, frame_source="export") for wave in registry.waves)
    return replace(registry, waves=waves)


def found(settings, registry):
    files = kept_findings(settings.warehouse, registry)
    return {file.file_name: {one.code: one for one in file.findings} for file in files}


def test_a_warning_is_kept_when_the_same_file_is_delivered_again(settings, census):
    delivered(settings)
    run(settings, census)
    again = run(settings, census)

    finding = found(settings, census)["toy2025_export.csv"]["code_unmapped"]
    assert again.checks == ()
    assert finding.severity == "warning"
    assert finding.where == WHERE
    assert finding.remedy


def test_what_was_accepted_is_information_and_says_by_whom(settings, census):
    delivered(settings)
    run(settings, census)
    accepting = replace(census, accepted_findings=(acceptance(),))

    (file,) = kept_findings(settings.warehouse, accepting)
    finding = next(one for one in file.findings if one.code == "code_unmapped")

    assert finding.severity == "information"
    assert finding.acceptance == "warning accepted by data steward: a joke of one respondent"
    assert "code_unmapped" not in " ".join(file.lines())


@pytest.mark.parametrize(
    "changes",
    [{"wave": "2024"}, {"kind": "frame"}, {"part": "north"}, {"place": "column 'why'"}],
    ids=lambda changes: next(iter(changes)),
)
def test_an_acceptance_is_of_one_file_and_place(settings, census, changes):
    delivered(settings)
    accepting = replace(census, accepted_findings=(acceptance(**changes),))
    run(settings, accepting)

    (file,) = kept_findings(settings.warehouse, accepting)

    assert "code_unmapped" in {one.code for one in file.open}


@pytest.mark.parametrize("place", [None, WHERE], ids=["anywhere", "this place"])
def test_an_empty_acceptance_fits_every_wave(settings, census, place):
    delivered(settings)
    row = acceptance(wave=None, kind=None, part=None, place=place)
    accepting = replace(census, accepted_findings=(row,))
    run(settings, accepting)

    (file,) = kept_findings(settings.warehouse, accepting)

    assert "code_unmapped" not in {one.code for one in file.open}


def test_an_acceptance_of_a_warning_lets_no_error_through(settings, census):
    first, *others = answers(12, when="2025-03-01 12:00:00")
    for row in (first, *others[:8]):
        row[EXPORT_HEADER.index("kind")] = "harbour"
    write_csv(settings.inbox / "toy2025_export.csv", EXPORT_HEADER, [first, *others])
    strict = replace(census, drift_rules=stopping())

    with pytest.raises(LandingErrors, match="code in the registry"):
        run(settings, replace(strict, accepted_findings=(acceptance(),)))
    run(settings, replace(strict, accepted_findings=(acceptance(severity="error"),)))

    assert found(settings, strict)["toy2025_export.csv"]["code_unmapped"].severity == "error"


def test_a_correction_brings_its_own_findings(settings, census):
    delivered(settings)
    run(settings, census)
    delivered(settings, name="toy2025_export_v2.csv", kind="1")
    run(settings, census)

    kept = found(settings, census)
    assert "toy2025_export.csv" not in kept
    assert "code_unmapped" not in kept.get("toy2025_export_v2.csv", {})


def test_a_file_in_force_again_is_checked_again(settings, census):
    delivered(settings)
    run(settings, census)
    delivered(settings, kind="1")
    run(settings, census)
    delivered(settings)
    run(settings, census)

    assert "code_unmapped" in found(settings, census)["toy2025_export.csv"]


def stopping():
    """Return the rules of the example survey: half of the answers unknown is an error there."""
    from barometer.settings import PROJECT_ROOT
    from registry import load_registry

    return load_registry(PROJECT_ROOT / "seeds").drift_rules
