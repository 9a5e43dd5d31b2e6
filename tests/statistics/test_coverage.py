"""The intervals contain the planted truth as often as they promise.

One synthetic population is surveyed many times over. Each survey is a wave of its own in a copy of
the registries, so that one build by the project's own models gives all the figures.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from barometer.settings import PROJECT_ROOT, Settings
from examples.generate import build_example, render_files
from examples.truth import finite_population_truth
from orchestration.dbt_process import stream_dbt
from orchestration.lock import writer_lock
from orchestration.steps import land_inbox

pytestmark = pytest.mark.xdist_group("coverage")

WAVE = "2021"
REPLICATES = [f"{WAVE}_{number:02d}" for number in range(1, 41)]
POPULATION_SEED = 7
CROSSED = ("overheidslaag", "organisatiegrootte")
# Without them nothing is estimated but the groups themselves.
LEFT_OUT = ("comparisons",)


@dataclass(frozen=True)
class Figure:
    """A weighted estimate beside the value it estimates."""

    kind: str
    method: str
    n_answered: int
    estimate: float
    standard_error: float
    lower: float
    upper: float
    truth: float

    @property
    def covers(self) -> bool:
        return self.lower - 1e-9 <= self.truth <= self.upper + 1e-9


def replicate_registries(source: Path, target: Path) -> Path:
    """Copy the registries with one more wave per replicate, each the same as the wave copied."""
    target.mkdir(parents=True)
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            header, rows = list(reader.fieldnames or []), list(reader)
        result: list[dict[str, str]] = []
        for row in () if path.stem in LEFT_OUT else rows:
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


@pytest.fixture(scope="module")
def truth() -> dict[tuple[str, str, str], float]:
    part = build_example(1, population_seed=POPULATION_SEED).population[WAVE]
    first, second = CROSSED
    groups = {
        key: (
            *members,
            *(
                (f"{first}_x_{second}", f"{group}_x_{size}")
                for classification, group in members
                for other, size in members
                if (classification, other) == CROSSED
            ),
        )
        for key, members in part.groups.items()
    }
    indicators = [row.indicator_id for row in part.truth]
    return {
        (row.classification_id, row.group_id, row.indicator_id): row.true_value
        for row in finite_population_truth(
            WAVE, groups, part.values, list(dict.fromkeys(indicators))
        )
        if row.true_value is not None
    }


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inbox")
    for seed, wave in enumerate(REPLICATES, start=1):
        files = render_files(build_example(seed, population_seed=POPULATION_SEED))
        (folder / f"{wave}_export.csv").write_bytes(files["IBO2021_synthetic_export_v2.csv"])
        (folder / f"{wave}_frame.csv").write_bytes(files["IBO2021_synthetic_frame.csv"])
    return folder


@pytest.fixture(scope="module")
def figures(
    inbox: Path, truth: dict[tuple[str, str, str], float], tmp_path_factory: pytest.TempPathFactory
) -> list[Figure]:
    folder = tmp_path_factory.mktemp("coverage")
    settings = Settings(
        survey="ibo",
        root=PROJECT_ROOT,
        home=folder / "home",
        inbox=inbox,
        registries=replicate_registries(PROJECT_ROOT / "seeds", folder / "registries"),
    )
    with writer_lock(settings.lock_file):
        land_inbox(settings)
        for arguments in (["seed"], ["run", "--select", "+fct_estimates"]):
            for _ in stream_dbt(settings, arguments):
                pass
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        rows = connection.execute(
            """
            select classification_id, group_id, indicator_id, kind, interval_method, n_answered,
                   weighted_estimate, standard_error, weighted_lower, weighted_upper
            from core.fct_estimates
            where suppression_status = 'published' and weighted_lower is not null
            """
        ).fetchall()
    return [Figure(*row[3:], truth=truth[row[:3]]) for row in rows]


def coverage(figures: list[Figure]) -> float:
    assert len(figures) > 1000
    return sum(figure.covers for figure in figures) / len(figures)


@pytest.mark.parametrize(
    ("method", "least", "most"),
    [
        ("blaker_hypergeometric", 0.95, 0.97),
        ("wilson_kish", 0.94, 0.96),
        # Without a finite population correction, on purpose.
        ("beta_kish", 0.97, 0.997),
    ],
)
def test_intervals_of_shares_cover_at_their_level(
    figures: list[Figure], method: str, least: float, most: float
) -> None:
    assert least <= coverage([f for f in figures if f.method == method]) <= most


def test_intervals_of_means_cover_at_their_level(figures: list[Figure]) -> None:
    means = [figure for figure in figures if figure.kind in ("mean", "count")]
    assert 0.935 <= coverage([f for f in means if f.n_answered >= 30]) <= 0.97
    assert 0.92 <= coverage([f for f in means if f.n_answered < 30]) <= 0.97


def test_weighting_takes_out_the_bias_of_unequal_response(figures: list[Figure]) -> None:
    """Errors in units of the standard error centre at zero; one standard error is what they are."""
    large = [f for f in figures if f.n_answered >= 100 and f.standard_error > 0]
    scaled = [(f.estimate - f.truth) / f.standard_error for f in large]
    average = sum(scaled) / len(scaled)
    spread = (sum(z * z for z in scaled) / len(scaled)) ** 0.5
    assert abs(average) < 0.1
    assert 0.9 < spread < 1.1
