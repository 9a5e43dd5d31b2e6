"""Claims planted in the example come out as often as a simulation without the pipeline predicts."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from pathlib import Path

import duckdb
import pytest
from replicated_surveys import POPULATION_SEED, REPLICATES, WAVE

from barometer.settings import PROJECT_ROOT
from examples.registries import SEEDS, Registries
from examples.survey import build_population
from simulations.claims import (
    CONTRADICTED,
    SUPPORTED,
    Surveyed,
    example_verdicts,
    power,
    surveyed,
    surveys_of,
)
from simulations.page import read_table

pytestmark = pytest.mark.xdist_group("coverage")

PAGE = PROJECT_ROOT / "docs" / "methodology.md"
# Other surveys of the same population than those that the pipeline saw.
PREDICTIONS = range(1000, 1300)

Verdicts = dict[tuple[str, str], str]


def published_verdicts(warehouse: Path) -> Verdicts:
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        rows = connection.execute("select wave, claim_id, verdict from core.mart_claims").fetchall()
    return {(wave, claim): verdict for wave, claim, verdict in rows}


@pytest.fixture(scope="module")
def registries() -> Registries:
    return Registries(SEEDS)


@pytest.fixture(scope="module")
def uncompared() -> Registries:
    """The registries as the forty surveys have them: without comparisons of groups."""
    found = Registries(SEEDS)
    found.__dict__["comparisons"] = []
    return found


@pytest.fixture(scope="module")
def population(registries: Registries) -> Surveyed:
    return surveyed(registries, build_population(registries, POPULATION_SEED)[WAVE])


@pytest.fixture(scope="module")
def observed(replicated_surveys: Path) -> Verdicts:
    return published_verdicts(replicated_surveys)


def test_every_verdict_on_the_example_is_what_its_own_answers_say(registries, example_warehouse):
    published = published_verdicts(example_warehouse)

    expected = {
        (wave, claim): verdict
        for wave, found in example_verdicts().items()
        for claim, verdict in found.items()
    }

    assert len(published) == 3 * len(registries.claims)
    assert published == expected


@pytest.mark.thorough
def test_every_verdict_on_forty_surveys_is_what_their_own_answers_say(
    uncompared, population, observed
):
    seeds = range(1, len(REPLICATES) + 1)
    expected = {
        (wave, claim): verdict
        for wave, found in zip(
            REPLICATES, surveys_of(uncompared, population, 0, seeds), strict=True
        )
        for claim, verdict in found.items()
    }

    assert len(expected) == len(REPLICATES) * len(uncompared.claims)
    differing = [key for key, verdict in expected.items() if observed[key] != verdict]
    # A few answers are lost in cleaning, which can turn a p-value just at the level.
    assert len(differing) <= 0.02 * len(expected), differing


@pytest.mark.thorough
def test_claims_come_out_as_often_as_predicted(uncompared, population, observed):
    predicted: Counter[tuple[str, str]] = Counter()
    for found in surveys_of(uncompared, population, 0, PREDICTIONS):
        predicted.update(found.items())

    n, m = len(REPLICATES), len(PREDICTIONS)
    for claim in uncompared.claims:
        name = claim["claim_id"]
        came_out = sum(observed[wave, name] == SUPPORTED for wave in REPLICATES)
        both = (came_out + predicted[name, SUPPORTED] + 1) / (n + m + 2)
        error = sqrt(both * (1 - both) * (1 / n + 1 / m))
        assert abs(came_out / n - predicted[name, SUPPORTED] / m) < 3.5 * error, name
        assert predicted[name, CONTRADICTED] <= 0.02 * m, name


@pytest.mark.thorough
def test_the_page_shows_the_power_that_other_populations_have_too(registries):
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in read_table(PAGE.read_text(encoding="utf-8"), "claims-power").splitlines()[2:]
    ]
    shown = {row[0].strip("`"): float(row[1]) / 100 for row in rows}
    assert list(shown) == [claim["claim_id"] for claim in registries.claims]

    counts = power(WAVE, range(2000, 2012), draws=3)

    for name, share in shown.items():
        n = counts[name].total()
        assert n == 36
        # Surveys of one population are alike: count populations, not surveys.
        error = sqrt(max(share * (1 - share), 0.02) / 12)
        assert abs(counts[name][SUPPORTED] / n - share) < 3.5 * error, name


def test_the_page_shows_the_verdicts_of_the_example(registries, example_warehouse):
    published = published_verdicts(example_warehouse)
    words = {"supported": "yes", "not_shown": "–", "contradicted": "no", "not_tested": "not tested"}
    waves = sorted(registries.waves)

    rows = read_table(PAGE.read_text(encoding="utf-8"), "claims-power").splitlines()[2:]

    for line in rows:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        name = cells[0].strip("`")
        assert cells[4:] == [words[published[wave, name]] for wave in waves], name
