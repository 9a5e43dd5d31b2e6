"""Scales of the example survey: items of complete answers, scores, designs of regressions."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from ibo_cleaning import ANSWERED, options, responses
from ibo_deliveries import seed
from ibo_estimates import columns, inside, weights
from ibo_population import ancestors, design, domain, groups
from scipy import optimize


@cache
def item_questions(scale: str) -> tuple[str, ...]:
    rows = seed("indicator_items").query("indicator_id == @scale and part == 'numerator'")
    return tuple(rows.question_id)


@cache
def items(wave: str, scale: str) -> np.ndarray:
    """Responses × items: scores, nan where not answered; rows in the order of the design."""
    table = []
    for organisation in design(wave).table.index:
        answers = responses(wave)[organisation]
        row = []
        for question in item_questions(scale):
            answer = answers[question]
            chosen = next(iter(answer["options"])) if answer["status"] == ANSWERED else None
            score = np.nan if chosen is None else float(options(wave)[(question, chosen)].score)
            row.append(score)
        table.append(row)
    return np.array(table)


def complete_items(wave: str, organisations: frozenset[str], scale: str) -> np.ndarray:
    table = items(wave, scale)[inside(wave, organisations)]
    return table[~np.isnan(table).any(axis=1)]


def scores(wave: str, organisations: frozenset[str], scale: str) -> tuple[np.ndarray, np.ndarray]:
    """Scores and weights of those of the group that have a score."""
    values, _ = columns(wave, scale)
    base = inside(wave, organisations) & ~np.isnan(values)
    return values[base], weights(wave)[base]


def weighted_quantile(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The lowest score that at least this share of the weight does not exceed."""
    table = pd.Series(weight).groupby(np.round(values, 12)).sum().sort_index()
    reached = table.cumsum() / table.sum()
    return float(reached.index[(reached >= share - 1e-12).argmax()])


def _sides(classification: str) -> list[str]:
    """The classification, or the two that a derived one crosses."""
    for row in seed("crossings").itertuples():
        first, second = row.classification_id, row.crossed_classification_id
        if classification == f"{first}_x_{second}":
            return [first, second]
    return [classification]


def leaf_of(wave: str, classification: str) -> np.ndarray:
    """Lowest group of every response; of a crossing, the two lowest groups with _x_ between."""
    own = groups(wave).loc[design(wave).table.index, _sides(classification)]
    both = own.agg("_x_".join, axis=1)
    return np.where((own == "").any(axis=1), "", both).astype(str)


def _leaves(classification: str, group: str | None) -> set[str]:
    rows = seed("organisation_groups").query("classification_id == @classification")
    parents = set(rows.parent_group_id)
    return {
        name
        for name in rows.group_id
        if name not in parents and (group is None or group in ancestors(classification, name))
    }


def leaves_within(classification: str, group: str | None) -> set[str]:
    """Groups without a group below them, under a group (None: all of the classification)."""
    sides = _sides(classification)
    if len(sides) == 1:
        return _leaves(classification, group)
    parts = group.split("_x_") if group else [None, None]
    first, second = (_leaves(side, part) for side, part in zip(sides, parts, strict=True))
    return {f"{a}_x_{b}" for a in first for b in second}


def score_separates(design_matrix: np.ndarray, outcome: np.ndarray, of_interest: int) -> bool:
    """Whether a combination with the score in it puts every yes on one side of every no.

    Such a combination exists when its coefficient can be other than nought while no response lies
    on the wrong side (Albert & Anderson 1984): the largest coefficient within a box says it.
    """
    signed = design_matrix * np.where(outcome > 0.5, 1.0, -1.0)[:, None]
    for sign in (-1.0, 1.0):
        goal = np.zeros(design_matrix.shape[1])
        goal[of_interest] = sign
        found = optimize.linprog(
            goal, A_ub=-signed, b_ub=np.zeros(len(outcome)), bounds=(-1, 1), method="highs"
        )
        if found.fun < -1e-7:
            return True
    return False


def band_of(scale: str, score: np.ndarray) -> dict[str, np.ndarray]:
    """Per band of the scale: 1 where the score lies in it, 0 where not, nan without a score."""
    found = {}
    for row in seed("scale_bands").query("scale_id == @scale").itertuples():
        low = float(row.minimum_score or "-inf")
        high = float(row.maximum_score or "inf")
        held = (np.round(score, 12) >= low) & (np.round(score, 12) < high)
        found[row.band_id] = np.where(np.isnan(score), np.nan, held.astype(float))
    return found


def regression(wave: str, row) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Standardised score, outcome, and dummies of what is held equal, over complete answers."""
    organisations = domain(wave, row.classification_id, row.group_id)
    score, _ = columns(wave, row.scale_id)
    outcome, _ = columns(wave, row.outcome_indicator_id)
    use = inside(wave, organisations) & ~np.isnan(score) & ~np.isnan(outcome)
    parts = []
    for classification in (row.adjust_classification_id, row.adjust_size_classification_id):
        if classification and use.any():
            labels = leaf_of(wave, classification)[use]
            parts.append(pd.get_dummies(pd.Series(labels), dtype=float).to_numpy()[:, 1:])
    x = score[use]
    spread = x.std(ddof=1) if len(x) > 1 else 0.0
    standard = (x - x.mean()) / spread if spread > 0 else np.zeros(len(x))
    dummies = np.hstack(parts) if parts else np.empty((len(x), 0))
    return standard, outcome[use], dummies
