"""The variance of a change between two waves, against surveys drawn many times over.

The models themselves run, on thousands of surveys at once: every replication is two waves.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from rendered_models import COVARIANCES, POINTS, VARIANCES, build

REPLICATIONS = 2500
# Organisations per stratum, answers in each wave, and those from organisations in both.
POPULATIONS = (36, 60, 110)
EARLIER = (18, 18, 17)
LATER = (16, 20, 15)
BOTH = (8, 9, 5)

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Population:
    """Organisations with their strata in two waves and what they would answer."""

    earlier_stratum: Ints
    later_stratum: Ints
    in_group: npt.NDArray[np.bool_]
    earlier: npt.NDArray[np.float64]
    later: npt.NDArray[np.float64]


def answers(random: np.random.Generator, strata: Ints) -> tuple[npt.NDArray, npt.NDArray]:
    """Return answers of two waves that go together, at levels that differ between strata."""
    level = np.array([0.8, 0.55, 0.4])[strata]
    earlier = random.random(len(strata)) < level
    kept = random.random(len(strata)) < 0.6
    later = np.where(kept, earlier, random.random(len(strata)) < level - 0.1)
    return earlier.astype(float), later.astype(float)


def population(random: np.random.Generator, *, moving: bool) -> Population:
    strata = np.repeat(np.arange(3), POPULATIONS)
    later = strata.copy()
    if moving:
        # As many leave a stratum as come, so that its size stays.
        for one, other in ((0, 1), (1, 2), (0, 2)):
            leaving = random.choice(np.flatnonzero((strata == one) & (later == one)), 4, False)
            coming = random.choice(np.flatnonzero((strata == other) & (later == other)), 4, False)
            later[leaving], later[coming] = other, one
    in_group = random.random(len(strata)) < np.array([0.9, 0.5, 0.7])[strata]
    return Population(strata, later, in_group, *answers(random, strata))


def draw(random: np.random.Generator, people: Population) -> tuple[Ints, Ints]:
    """Draw who answers each wave, a fixed number of the later ones from the earlier."""
    earlier: list[int] = []
    for stratum, size in enumerate(EARLIER):
        listed = np.flatnonzero(people.earlier_stratum == stratum)
        earlier.extend(random.choice(listed, size, replace=False))
    answered = np.isin(np.arange(len(people.earlier)), earlier)
    later: list[int] = []
    for stratum, (size, both) in enumerate(zip(LATER, BOTH, strict=True)):
        listed = people.later_stratum == stratum
        again = random.choice(np.flatnonzero(listed & answered), both, replace=False)
        new = random.choice(np.flatnonzero(listed & ~answered), size - both, replace=False)
        later.extend([*again, *new])
    return np.array(earlier), np.array(later)


def surveys(people: list[Population], seed: int) -> pd.DataFrame:
    """Survey every population once, both waves; estimate and let the models do the rest.

    Args:
        people: populations that differ in their answers only.
        seed: of the random numbers.

    Returns:
        One row per replication: the estimated change, variances and covariance.
    """
    random = np.random.default_rng(seed)
    answered = []
    for number, drawn_from in enumerate(people):
        earlier, later = draw(random, drawn_from)
        for wave, who, strata, value, sizes in (
            ("a", earlier, drawn_from.earlier_stratum, drawn_from.earlier, EARLIER),
            ("b", later, drawn_from.later_stratum, drawn_from.later, LATER),
        ):
            stratum = strata[who]
            answered.append(
                pd.DataFrame(
                    {
                        "wave": f"{number:05d}{wave}",
                        "organisation": who,
                        "stratum": stratum,
                        "value": value[who],
                        "in_group": drawn_from.in_group[who],
                        "population_count": np.array(POPULATIONS)[stratum],
                        "response_count": np.array(sizes)[stratum],
                    }
                )
            )
    rows = pd.concat(answered, ignore_index=True)
    return _through_the_models(rows, people[0])


def _through_the_models(rows: pd.DataFrame, people: Population) -> pd.DataFrame:
    connection = duckdb.connect()
    connection.register("answered", rows)
    frame = pd.DataFrame(
        {
            "organisation_key": np.arange(len(people.in_group)).astype(str),
            "a": people.earlier_stratum.astype(str),
            "b": people.later_stratum.astype(str),
        }
    )
    connection.register("listed", frame)
    connection.execute("""
        create table cln_weights as select wave, cast(organisation as varchar) as organisation_key,
            cast(organisation as varchar) as response_key, cast(stratum as varchar) as stratum_id,
            population_count, response_count, response_count as sampled_count,
            response_count / population_count as sampled_fraction,
            cast(null as varchar) as cluster_id,
            population_count / response_count as design_weight,
            population_count / response_count as weight from answered;
        create table cln_indicator_values as select wave,
            cast(organisation as varchar) as response_key, 'i' as indicator_id,
            'answered' as status, value, 1.0 as denominator from answered where in_group;
        create table est_domain_members as select distinct wave, 'c' as classification_id,
            'g' as group_id, cast(organisation as varchar) as organisation_key
            from answered where in_group;
        create table indicators as select 'i' as indicator_id, 'share' as kind;
        create table cln_weighting_margins (wave varchar);
        create table est_calibrated_residuals (wave varchar, classification_id varchar,
            group_id varchar, indicator_id varchar, segment_id bigint, mean_residual double);
        create table waves as select distinct wave, 'file' as frame_source from answered;
        create table columns as select distinct wave, 'export' as kind,
            'organisation_key' as role from answered;
        create table cln_organisation_strata as select waves.wave, listed.organisation_key,
            case when waves.wave like '%a' then listed.a else listed.b end as stratum_id
            from waves, listed;
        create table cln_strata as select distinct wave, stratum_id,
            stratum_id as weighting_stratum_id from cln_organisation_strata;
    """)
    build(connection, "est_domains")
    connection.execute("""
        create table est_contrasts as select later.wave as contrast_id, 'waves' as contrast_kind,
            later.wave as wave_a, later.domain_id as domain_a, 'i' as indicator_a,
            earlier.wave as wave_b, earlier.domain_id as domain_b, 'i' as indicator_b
            from est_domains as later join est_domains as earlier
            on earlier.wave = replace(later.wave, 'b', 'a') where later.wave like '%b'
    """)
    build(connection, *POINTS, *VARIANCES, *COVARIANCES)
    return connection.execute("""
        select later.weighted_estimate - earlier.weighted_estimate as change,
            later.weighted_estimate as later, earlier.weighted_estimate as earlier, variances.*
        from est_contrasts as contrasts
        join est_contrast_variances as variances using (contrast_id)
        join est_points as later on later.wave = contrasts.wave_a
        join est_points as earlier on earlier.wave = contrasts.wave_b
    """).df()


def agree(estimates: pd.DataFrame, suffix: str) -> None:
    """Hold the mean estimated variance and covariance to what the surveys showed."""
    variance = (
        estimates[f"variance_a{suffix}"]
        + estimates[f"variance_b{suffix}"]
        - 2 * estimates[f"covariance{suffix}"]
    )
    # Monte Carlo error of a variance: 1 / sqrt(half the replications), here 2.8 %.
    assert variance.mean() / estimates["change"].var() == pytest.approx(1, abs=0.09)
    shown = np.cov(estimates["later"], estimates["earlier"])
    for position, side in enumerate("ab"):
        mean = estimates[f"variance_{side}{suffix}"].mean()
        assert mean / shown[position, position] == pytest.approx(1, abs=0.09)
    # A covariance has the error sqrt((v_a v_b + cov^2) / replications).
    error = np.sqrt((shown[0, 0] * shown[1, 1] + shown[0, 1] ** 2) / len(estimates))
    assert estimates[f"covariance{suffix}"].mean() == pytest.approx(shown[0, 1], abs=3.5 * error)


@pytest.mark.parametrize("moving", [False, True], ids=["same_strata", "moving_strata"])
def test_of_one_list_the_variance_of_a_change_is_what_repeated_surveys_show(moving):
    one = population(np.random.default_rng(11), moving=moving)

    estimates = surveys([one] * REPLICATIONS, seed=12)

    assert len(estimates) == REPLICATIONS
    agree(estimates, "_finite")
    # Two samples from one list have less in common than two from the process behind it.
    shown = np.cov(estimates["later"], estimates["earlier"])[0, 1]
    assert estimates["covariance"].mean() > 1.5 * shown


def test_of_a_process_the_variance_of_a_change_is_what_repeated_surveys_show():
    random = np.random.default_rng(13)
    base = population(random, moving=True)
    people = [
        Population(
            base.earlier_stratum,
            base.later_stratum,
            base.in_group,
            *answers(random, base.earlier_stratum * 0 + 1),
        )
        for _ in range(REPLICATIONS)
    ]

    estimates = surveys(people, seed=14)

    agree(estimates, "")
    # Organisations that answer both waves make a change better known than two samples apart.
    assert estimates["covariance"].mean() > 0.15 * estimates["variance_a"].mean()
