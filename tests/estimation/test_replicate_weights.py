"""Replicate weights: the variance that they give of a total is the linearised one."""

from __future__ import annotations

import numpy as np
import pytest

from estimation.errors import EstimationError
from estimation.replicate_weights import ReplicateWeights, Sample, bootstrap, jackknife


def sample(seed: int = 3, *, clusters: bool = False) -> tuple[Sample, np.ndarray]:
    """Four strata: an ordinary one, one of unequal weights, one unit alone, and a census."""
    random = np.random.default_rng(seed)
    sizes = {"many": 24, "unequal": 15, "one": 1, "census": 6}
    fractions = {"many": 0.4, "unequal": 0.0, "one": 0.25, "census": 1.0}
    strata = [name for name, size in sizes.items() for _ in range(size)]
    units = [f"{name}{number}" for number, name in enumerate(strata)]
    if clusters:
        units = [f"{name}{number // 4 % 5}" for number, name in enumerate(strata)]
    weights = np.array([2.5] * 24 + list(random.uniform(1, 9, 15)) + [4.0] + [1.0] * 6)
    return (
        Sample(weights, strata, units, np.array([fractions[name] for name in strata])),
        random.normal(5, 2, len(strata)),
    )


def variance(replicates: ReplicateWeights, own: Sample, values: np.ndarray) -> float:
    """As programs compute it: scale × Σ rscale × (replicate − figure)²."""
    distances = values @ replicates.weights - values @ own.weights
    return float(replicates.scale * (replicates.rscales * distances**2).sum())


def linearised(own: Sample, values: np.ndarray) -> float:
    total = 0.0
    for name in set(own.strata):
        inside = np.array(own.strata) == name
        units = np.array(own.units)[inside]
        parts = (own.weights * values)[inside]
        sums = np.array([parts[units == unit].sum() for unit in sorted(set(units))])
        fraction = own.fractions[inside][0]
        spread = np.var(sums, ddof=1) * len(sums) if len(sums) > 1 else sums[0] ** 2
        total += (1 - fraction) * spread
    return total


@pytest.mark.parametrize("clusters", [False, True])
def test_leaving_out_each_unit_gives_the_linearised_variance_of_a_total(clusters) -> None:
    own, values = sample(clusters=clusters)
    replicates = jackknife(own)
    assert variance(replicates, own, values) == pytest.approx(linearised(own, values), rel=1e-10)
    # A census has no replicates: nothing of it varies.
    units = {u for s, u in zip(own.strata, own.units, strict=True) if s != "census"}
    assert replicates.weights.shape == (46, len(units))


@pytest.mark.parametrize("clusters", [False, True])
def test_drawing_units_anew_gives_it_on_average(clusters) -> None:
    own, values = sample(clusters=clusters)
    expected = linearised(own, values)
    found = [variance(bootstrap(own, 400, seed), own, values) for seed in range(100)]
    error = np.std(found) / np.sqrt(len(found))
    assert np.mean(found) == pytest.approx(expected, abs=4 * error)
    assert error < 0.02 * expected


def test_replicates_keep_what_everybody_stands_for() -> None:
    own, _ = sample()
    drawn = bootstrap(own, 50, 7)
    assert drawn.weights.min() >= 0
    for name in ("many", "census"):
        inside = np.array(own.strata) == name
        totals = drawn.weights[inside].sum(axis=0)
        np.testing.assert_allclose(totals, own.weights[inside].sum(), rtol=1e-12)
    census = np.array(own.strata) == "census"
    assert (drawn.weights[census] == own.weights[census][:, None]).all()


def test_the_same_seed_draws_the_same_and_another_does_not() -> None:
    own, _ = sample()
    one, again, other = (bootstrap(own, 20, seed).weights for seed in (1, 1, 2))
    assert (one == again).all()
    assert (one != other).any()


def test_one_replicate_is_no_variance() -> None:
    with pytest.raises(EstimationError, match="two or more"):
        bootstrap(sample()[0], 1, 1)
