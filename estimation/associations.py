"""How an outcome goes with a scale within a group, other things being equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from estimation.firth import NOT_ESTIMABLE, FirthResult, firth_logistic
from estimation.separation import separates

Floats = npt.NDArray[np.float64]

KEYS = ("wave", "classification_id", "group_id", "scale_id", "outcome_indicator_id")
ADJUSTERS = (
    ("adjust_classification_id", "adjust_group_id"),
    ("adjust_size_classification_id", "adjust_size_group_id"),
)
SCORE = 1


@dataclass(frozen=True)
class Sample:
    """The organisations of one group that have a score and an outcome.

    Attributes:
        key: wave, classification, group, scale and outcome.
        scores: score per organisation.
        outcomes: 0 or 1 per organisation.
        adjusters: by classification, the group of each organisation; None where it has none.
    """

    key: Mapping[str, str]
    scores: Floats
    outcomes: Floats
    adjusters: Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Association:
    """The odds ratio of the outcome per standard deviation of the score.

    Attributes:
        n_answered: organisations with a score and an outcome.
        n_events: those with the outcome.
        odds_ratio: how the odds multiply per standard deviation; None unless estimated.
        association_status: `estimated`, `not_estimable` (the answers separate the outcomes, all
            outcomes are the same, or the columns depend on each other) or `too_few`.
        adjusted_for: classifications held equal, joined by a comma; None for none.
    """

    n_answered: int
    n_events: int
    odds_ratio: float | None
    odds_ratio_lower: float | None
    odds_ratio_upper: float | None
    p_value: float | None
    association_status: str
    adjusted_for: str | None


def samples(values: pa.Table) -> Iterator[Sample]:
    """Yield the sample of every group, scale and outcome.

    Args:
        values: one row per sample and organisation: the columns of `KEYS` and `ADJUSTERS`,
            `response_key`, `score` and `outcome`.
    """
    order = [(name, "ascending") for name in (*KEYS, "response_key")]
    rows = values.sort_by(order).to_pylist()
    for key, found in groupby(rows, key=lambda row: tuple(row[name] for name in KEYS)):
        listed = list(found)
        yield Sample(
            key=dict(zip(KEYS, key, strict=True)),
            scores=np.array([row["score"] for row in listed]),
            outcomes=np.array([row["outcome"] for row in listed]),
            adjusters={
                listed[0][classification]: [row[group] for row in listed]
                for classification, group in ADJUSTERS
                if listed[0][classification] is not None
            },
        )


def associate(sample: Sample, minimum: int) -> Association:
    """Return the association in a sample of at least `minimum` organisations.

    Logistic regression by Firth's penalised likelihood on the standardised score and one column
    per group held equal but the first. Every organisation counts once; what the weights correct
    for is in the columns.
    """
    names, design = _design(sample)

    is_small = len(sample.scores) < minimum
    found = FirthResult("too_few") if is_small else _estimate(sample, design)
    return Association(
        n_answered=len(sample.scores),
        n_events=int(sample.outcomes.sum()),
        odds_ratio=found.odds_ratio,
        odds_ratio_lower=found.odds_ratio_lower,
        odds_ratio_upper=found.odds_ratio_upper,
        p_value=found.p_value,
        association_status=found.status,
        adjusted_for=", ".join(names) or None,
    )


def _estimate(sample: Sample, design: Floats) -> FirthResult:
    is_singular = np.linalg.matrix_rank(design) < design.shape[1]
    if is_singular or separates(design, sample.outcomes, SCORE):
        return NOT_ESTIMABLE
    return firth_logistic(design, sample.outcomes, SCORE)


def _design(sample: Sample) -> tuple[list[str], Floats]:
    """Return the classifications that differ within the sample, and the columns."""
    spread = sample.scores.std(ddof=1) if len(sample.scores) > 1 else 0.0
    columns = [
        np.ones(len(sample.scores)),
        (sample.scores - sample.scores.mean()) / (spread or 1.0),
    ]
    names = []
    for classification, groups in sample.adjusters.items():
        levels = sorted({group or "" for group in groups})
        if len(levels) > 1:
            names.append(classification)
        columns.extend(
            np.array([(group or "") == level for group in groups], dtype=np.float64)
            for level in levels[1:]
        )
    return names, np.column_stack(columns)
