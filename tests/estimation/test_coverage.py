"""The intervals contain the planted truth as often as they promise.

One synthetic population is surveyed many times over by the project's own models.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from replicated_surveys import POPULATION_SEED, WAVE

from examples.generate import build_example
from examples.truth import finite_population_truth

pytestmark = [pytest.mark.thorough, pytest.mark.xdist_group("coverage")]

CROSSED = ("overheidslaag", "organisatiegrootte")


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
def figures(replicated_surveys: Path, truth: dict[tuple[str, str, str], float]) -> list[Figure]:
    with duckdb.connect(str(replicated_surveys), read_only=True) as connection:
        rows = connection.execute(
            """
            select classification_id, group_id, indicator_id, kind, interval_method, n_answered,
                   estimate, standard_error, estimate_lower, estimate_upper
            from core.fct_estimates
            where suppression_status = 'published' and estimate_lower is not null
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
    large = [f for f in figures if f.n_answered >= 100 and f.standard_error]
    scaled = [(f.estimate - f.truth) / f.standard_error for f in large]
    average = sum(scaled) / len(scaled)
    spread = (sum(z * z for z in scaled) / len(scaled)) ** 0.5
    assert abs(average) < 0.1
    assert 0.9 < spread < 1.1
