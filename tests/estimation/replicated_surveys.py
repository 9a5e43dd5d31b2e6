"""One synthetic population surveyed many times over, through the project's own models.

Each survey is a wave of its own in a copy of the registries, so that one build gives all figures.
"""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

from built_survey import build_survey

from barometer.settings import PROJECT_ROOT, Settings
from examples.generate import build_example, render_files

WAVE = "2021"
REPLICATES = [f"{WAVE}_{number:02d}" for number in range(1, 41)]
POPULATION_SEED = 7
LEFT_OUT = ("comparisons",)
# Of changes, those of the layers of government from one survey to the next are enough.
FOLLOWED = {"classification_id": "overheidslaag", "from_wave": "previous"}


def replicate_registries(source: Path, target: Path) -> Path:
    """Copy the registries with one more wave per replicate, each the same as the wave copied."""
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            header, rows = list(reader.fieldnames or []), list(reader)
        result: list[dict[str, str]] = []
        for row in () if path.stem in LEFT_OUT else rows:
            if path.stem == "scale_outcomes" and row["group_id"] != "overheid":
                # Claims are about all organisations; the other groups take time.
                continue
            if path.stem == "trend_rules" and not FOLLOWED.items() <= row.items():
                continue
            if row.get("rule_id") in ("file_of_another", "file_alike"):
                # Every replicate is drawn from one frame.
                row |= {"severity": "information", "error_value": ""}
            if row.get("last_wave") == WAVE:
                row["last_wave"] = REPLICATES[-1]
            result.append(row)
            if row.get("wave") == WAVE and path.stem != "comparability_breaks":
                result.extend(replicated(row, number) for number in range(1, len(REPLICATES) + 1))
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header, lineterminator="\n")
            writer.writeheader()
            writer.writerows(result)
    return target


def replicated(row: dict[str, str], number: int) -> dict[str, str]:
    wave = REPLICATES[number - 1]
    copy = row | {"wave": wave}
    for column in ("reference_start", "reference_end"):
        if row.get(column):
            copy[column] = (date.fromisoformat(row[column]) + timedelta(days=number)).isoformat()
    if "file_pattern" in row:
        copy["file_pattern"] = f"{wave}_{row['kind']}.csv"
    return copy


def survey_many_times(folder: Path) -> None:
    """Survey the population with seeds 1 to 40, land, clean, estimate and test claims."""
    inbox = folder / "inbox"
    inbox.mkdir()
    for seed, wave in enumerate(REPLICATES, start=1):
        files = render_files(build_example(seed, population_seed=POPULATION_SEED))
        (inbox / f"{wave}_export.csv").write_bytes(files["IBO2021_synthetic_export_v2.csv"])
        (inbox / f"{wave}_frame.csv").write_bytes(files["IBO2021_synthetic_frame.csv"])
    settings = replicated_settings(folder)
    replicate_registries(PROJECT_ROOT / "seeds", folder / "registries")
    build_survey(settings, "fct_estimates", "fct_trends", "mart_claims")


def replicated_settings(folder: Path) -> Settings:
    return Settings(
        survey="ibo",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=folder / "inbox",
        registries=folder / "registries",
    )
