"""Scores such as the survey asks for."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
# Draws so many values.
Values = Callable[[np.random.Generator, int], Floats]


def climate(random: np.random.Generator, number: int) -> Floats:
    """Return climate scores: means of eight answers on a scale of five, around 3.7."""
    common = random.normal(0.0, 0.6, size=(number, 1))
    answers = np.round(3.7 + common + random.normal(0.0, 0.8, size=(number, 8)))
    return np.asarray(np.clip(answers, 1, 5).mean(axis=1))


def single_item(random: np.random.Generator, number: int) -> Floats:
    """Return answers to one question on a scale of five."""
    return random.choice(np.arange(1.0, 6.0), p=[0.03, 0.09, 0.25, 0.45, 0.18], size=number)


def types_introduced(random: np.random.Generator, number: int) -> Floats:
    """Return numbers of types of innovation, of four; one organisation in seven has none."""
    return random.choice(np.arange(5.0), p=[0.14, 0.20, 0.26, 0.24, 0.16], size=number)
