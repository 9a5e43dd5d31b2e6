"""Weights add up to their margins, and say so when they cannot."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import optimize

from estimation.calibration import (
    CalibrationError,
    Margin,
    calibrate,
    calibrated_residuals,
)
from estimation.wave_margins import calibrated_weights

SIZE = 240
LAYERS = {"agencies": 300.0, "courts": 90.0, "cities": 510.0}
SIZES = {"small": 500.0, "large": 400.0}


@pytest.fixture(scope="module")
def responses() -> tuple[np.ndarray, Margin, Margin]:
    generator = np.random.default_rng(20)
    layers = generator.choice(list(LAYERS), SIZE, p=[0.5, 0.2, 0.3])
    sizes = generator.choice(list(SIZES), SIZE, p=[0.4, 0.6])
    weights = generator.uniform(1.0, 6.0, SIZE)
    return weights, Margin("layer", list(layers), LAYERS), Margin("size", list(sizes), SIZES)


def indicators(*margins: Margin) -> np.ndarray:
    """Return a column per group; of later margins the last one says nothing new."""
    return np.array(
        [
            [group == name for group in margin.groups]
            for number, margin in enumerate(margins)
            for name in list(margin.totals)[: None if number == 0 else -1]
        ],
        dtype=float,
    ).T


def totals(*margins: Margin) -> np.ndarray:
    return np.array(
        [
            size
            for number, margin in enumerate(margins)
            for size in list(margin.totals.values())[: None if number == 0 else -1]
        ]
    )


def test_one_margin_scales_the_weights_of_each_group(responses) -> None:
    weights, layer, _ = responses
    found = calibrate("2021", weights, [layer])
    for name, size in LAYERS.items():
        inside = np.array(layer.groups) == name
        np.testing.assert_allclose(
            found[inside], weights[inside] * size / weights[inside].sum(), rtol=1e-12
        )


def test_raked_weights_are_the_nearest_by_entropy_that_add_up(responses) -> None:
    """The exponential method of Deville & Särndal (1992): its dual, minimised directly."""
    weights, layer, size = responses
    columns, wanted = indicators(layer, size), totals(layer, size)

    def dual(multipliers: np.ndarray) -> float:
        return float(weights @ np.exp(columns @ multipliers) - wanted @ multipliers)

    def slope(multipliers: np.ndarray) -> np.ndarray:
        return columns.T @ (weights * np.exp(columns @ multipliers)) - wanted

    solved = optimize.root(slope, optimize.minimize(dual, np.zeros(len(wanted))).x, tol=1e-14).x
    expected = weights * np.exp(columns @ solved)
    np.testing.assert_allclose(calibrate("2021", weights, [layer, size]), expected, rtol=1e-8)


def test_the_order_of_the_margins_does_not_matter(responses) -> None:
    weights, layer, size = responses
    np.testing.assert_allclose(
        calibrate("2021", weights, [layer, size]),
        calibrate("2021", weights, [size, layer]),
        rtol=1e-8,
    )


def test_residuals_are_those_of_weighted_least_squares(responses) -> None:
    weights, layer, size = responses
    values = np.random.default_rng(3).normal(size=(SIZE, 4))
    for margins in ([layer], [layer, size]):
        found = calibrated_residuals(values, weights, margins)
        columns = indicators(*margins)
        for number in range(values.shape[1]):
            fitted = sm.WLS(values[:, number], columns, weights=weights).fit()
            np.testing.assert_allclose(found[:, number], fitted.resid, atol=1e-10)


def test_a_response_in_no_group_is_an_error_that_names_the_margin() -> None:
    margin = Margin("layer", ["agencies", None], {"agencies": 4.0})
    with pytest.raises(CalibrationError) as caught:
        calibrate("2021", np.array([1.0, 1.0]), [margin])
    assert caught.value.what == "Of wave '2021', 1 responses are in no group of margin 'layer'."


def test_a_group_where_nobody_answered_is_an_error_that_names_it() -> None:
    margin = Margin("layer", ["agencies", "agencies"], {"agencies": 4.0, "courts": 2.0})
    with pytest.raises(CalibrationError) as caught:
        calibrate("2021", np.array([1.0, 1.0]), [margin])
    assert (
        caught.value.what == "Of wave '2021', nobody answered in group 'courts' of margin 'layer'."
    )


def test_margins_with_different_totals_are_an_error() -> None:
    layer = Margin("layer", ["agencies", "courts"], {"agencies": 4.0, "courts": 2.0})
    size = Margin("size", ["small", "large"], {"small": 4.0, "large": 3.0})
    with pytest.raises(CalibrationError) as caught:
        calibrate("2021", np.array([1.0, 1.0]), [layer, size])
    assert caught.value.what == (
        "Of wave '2021', margin 'size' adds up to 7 organisations and margin 'layer' to 6."
    )


def test_margins_that_cannot_hold_together_are_an_error_that_names_one() -> None:
    """All agencies are small and all courts large, and the margins say otherwise."""
    layer = Margin("layer", ["agencies", "courts"], {"agencies": 10.0, "courts": 20.0})
    size = Margin("size", ["small", "large"], {"small": 15.0, "large": 15.0})
    with pytest.raises(CalibrationError) as caught:
        calibrate("2023", np.array([5.0, 5.0]), [layer, size])
    assert caught.value.what == (
        "The weights of wave '2023' do not settle: after 1000 rounds those of margin 'layer' are "
        "still 0.5 off, relative to its groups."
    )
    assert caught.value.where == "weighting_margins.csv, wave '2023', classification 'layer'"


def test_every_wave_is_calibrated_by_itself() -> None:
    members = [
        {"wave": wave, "response_key": key, "classification_id": "layer", "group_id": group}
        | {"design_weight": weight}
        for wave, key, group, weight in (
            ("2021", "r1", "agencies", 1.0),
            ("2021", "r2", "courts", 1.0),
            ("2023", "r3", "agencies", 2.0),
            ("2023", "r4", "agencies", 6.0),
        )
    ]
    margins = [
        {"wave": wave, "classification_id": "layer", "group_id": group, "population_count": size}
        for wave, group, size in (
            ("2021", "agencies", 5),
            ("2021", "courts", 3),
            ("2023", "agencies", 4),
            ("2025", "agencies", 9),
        )
    ]
    found = {row["response_key"]: row["weight"] for row in calibrated_weights(members, margins)}
    assert found == pytest.approx({"r1": 5.0, "r2": 3.0, "r3": 1.0, "r4": 3.0})
