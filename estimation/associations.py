"""How an outcome goes with a scale within a group, other things being equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from estimation.columns import Columns, numbers, runs, texts
from estimation.firth import NOT_ESTIMABLE, FirthResult, firth_logistics
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


def samples(values: Columns) -> Iterator[Sample]:
    """Yield the sample of every group, scale and outcome.

    Args:
        values: one row per sample and organisation, those of a sample together: the columns of
            `KEYS` and `ADJUSTERS`, `score` and `outcome`.
    """
    scores, outcomes = numbers(values["score"]), numbers(values["outcome"])
    adjusters = [(texts(values[kind]), texts(values[group])) for kind, group in ADJUSTERS]
    for key, rows in runs(values, KEYS):
        kinds = [(kind[rows.start], groups[rows]) for kind, groups in adjusters]
        yield Sample(
            key=dict(zip(KEYS, map(str, key), strict=True)),
            scores=scores[rows],
            outcomes=outcomes[rows],
            adjusters={kind: groups.tolist() for kind, groups in kinds if kind is not None},
        )


def associate(sample: Sample, minimum: int) -> Association:
    """Return the association in a sample of at least `minimum` organisations.

    Logistic regression by Firth's penalised likelihood on the standardised score and one column
    per group held equal but the first. Every organisation counts once; what the weights correct
    for is in the columns.
    """
    return associate_all([sample], minimum)[0]


def associate_all(samples: Sequence[Sample], minimum: int) -> list[Association]:
    """Return the association in each sample; see `associate`."""
    designs = [_design(sample) for sample in samples]
    found = [
        NOT_ESTIMABLE if len(sample.scores) >= minimum else FirthResult("too_few")
        for sample in samples
    ]
    estimable = [
        number
        for number, (sample, (_, design)) in enumerate(zip(samples, designs, strict=True))
        if len(sample.scores) >= minimum and _is_estimable(design, sample.outcomes)
    ]
    results = firth_logistics(
        [(designs[number][1], samples[number].outcomes) for number in estimable], SCORE
    )
    for number, result in zip(estimable, results, strict=True):
        found[number] = result
    return [
        Association(
            n_answered=len(sample.scores),
            n_events=int(sample.outcomes.sum()),
            odds_ratio=result.odds_ratio,
            odds_ratio_lower=result.odds_ratio_lower,
            odds_ratio_upper=result.odds_ratio_upper,
            p_value=result.p_value,
            association_status=result.status,
            adjusted_for=", ".join(names) or None,
        )
        for sample, (names, _), result in zip(samples, designs, found, strict=True)
    ]


def _is_estimable(design: Floats, outcomes: Floats) -> bool:
    return (
        bool(outcomes.min() < outcomes.max())
        and bool(np.linalg.matrix_rank(design) == design.shape[1])
        and not separates(design, outcomes, SCORE)
    )


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
