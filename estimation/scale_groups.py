"""Scale statistics of many groups at once, from the tables of the warehouse to rows of results.

Tables are Arrow tables in any order; results are plain dictionaries, one per row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from estimation.intervals import inferential_size, kish_size, wilson
from estimation.scales import ItemStatistics, alpha_interval, cronbach_alpha, item_analysis
from estimation.share_limits import SharePoint, share_limits
from estimation.variance_between import variance_between

Floats = npt.NDArray[np.float64]

KEYS = ("wave", "classification_id", "group_id", "scale_id")
DIVISION = ("wave", "scale_id", "classification_id", "group_id")
# From this many answers on, a weighted share has a Wilson interval, below it a beta interval.
ENOUGH_FOR_WILSON = 30
CENSUS = 1e-12


@dataclass(frozen=True)
class ItemGroup:
    """The complete answers of one group to one scale.

    Attributes:
        key: wave, classification, group and scale.
        questions: ids of the items.
        answers: one row per respondent, one column per item.
    """

    key: Mapping[str, str]
    questions: tuple[str, ...]
    answers: Floats


@dataclass(frozen=True)
class Division:
    """The scores of the parts of one group.

    Attributes:
        key: wave, scale, classification and the group that is divided.
        groups: scores per part.
    """

    key: Mapping[str, str | None]
    groups: tuple[Floats, ...]


def groups_of_items(answers: pa.Table) -> Iterator[ItemGroup]:
    """Yield the answers of every group and scale.

    Args:
        answers: one row per group, scale, respondent and item: the columns of `KEYS`,
            `response_key`, `question_id`, `item_position` and `answer`. Respondents are complete.
    """
    order = [*KEYS, "response_key", "item_position"]
    rows = answers.sort_by([(name, "ascending") for name in order]).to_pylist()
    for key, found in groupby(rows, key=lambda row: tuple(row[name] for name in KEYS)):
        listed = list(found)
        first = listed[0]["response_key"]
        questions = tuple(row["question_id"] for row in listed if row["response_key"] == first)
        yield ItemGroup(
            key=dict(zip(KEYS, key, strict=True)),
            questions=questions,
            answers=np.array([row["answer"] for row in listed]).reshape(-1, len(questions)),
        )


def reliability(answers: Floats) -> dict[str, Any]:
    """Return alpha and its interval; empty where it cannot be computed."""
    n_complete, n_items = answers.shape
    alpha = cronbach_alpha(answers)
    interval = None if alpha is None else alpha_interval(alpha, n_complete, n_items)
    return {
        "n_complete": n_complete,
        "n_items": n_items,
        "alpha": alpha,
        "alpha_lower": None if interval is None else interval.lower,
        "alpha_upper": None if interval is None else interval.upper,
    }


def item_rows(answers: Floats) -> list[dict[str, Any]]:
    """Return the statistics of each item, in the order of the columns; empty for one respondent."""
    statistics: Sequence[ItemStatistics | None] = (
        item_analysis(answers) if len(answers) > 1 else (None,) * answers.shape[1]
    )
    return [
        {
            "item_position": position,
            "n_complete": len(answers),
            "item_mean": float(answers[:, position - 1].mean()),
            "item_standard_deviation": None if item is None else item.standard_deviation,
            "item_rest_correlation": None if item is None else item.item_rest_correlation,
            "alpha_if_deleted": None if item is None else item.alpha_if_deleted,
        }
        for position, item in enumerate(statistics, start=1)
    ]


def divisions(scores: pa.Table) -> Iterator[Division]:
    """Yield the scores of the parts of every group.

    Args:
        scores: one row per group, part and respondent: the columns of `DIVISION`,
            `leaf_group_id` and `score`.
    """
    rows = sorted(
        scores.to_pylist(),
        key=lambda row: (*(row[name] or "" for name in DIVISION), row["leaf_group_id"]),
    )
    for key, found in groupby(rows, key=lambda row: tuple(row[name] for name in DIVISION)):
        parts = groupby(found, key=lambda row: row["leaf_group_id"])
        yield Division(
            key=dict(zip(DIVISION, key, strict=True)),
            groups=tuple(np.array([row["score"] for row in part]) for _, part in parts),
        )


def variance_row(groups: Sequence[Floats]) -> dict[str, Any]:
    """Return the share of variance between groups, for at least two groups of two or more."""
    found = variance_between(groups)
    return {
        "n_answered": sum(len(group) for group in groups),
        "n_groups": len(groups),
        "eta_squared": found.eta_squared,
        "omega_squared": found.omega_squared,
        "share_lower": None if found.interval is None else found.interval.lower,
        "share_upper": None if found.interval is None else found.interval.upper,
        "f_statistic": found.f_statistic,
        "p_value": found.p_value,
    }


def cell_limits(cell: Mapping[str, Any]) -> dict[str, Any]:
    """Return the interval of a share and its method, chosen as for shares among the estimates.

    Args:
        cell: `n_answered`, `n_with`, `weighted_share`, `variance`, `sum_weights`, `n_effective`
            and `is_equally_weighted`.
    """
    answered, share = int(cell["n_answered"]), min(1.0, max(0.0, cell["weighted_share"]))
    if answered >= cell["sum_weights"] * (1 - CENSUS):
        return {"share_lower": share, "share_upper": share, "interval_method": "census"}
    if answered >= ENOUGH_FOR_WILSON and not cell["is_equally_weighted"]:
        kish = kish_size(cell["n_effective"], cell["sum_weights"])
        interval = wilson(share, inferential_size(kish, share, cell["variance"]))
        method: str = "wilson_kish"
    else:
        limits = share_limits(
            SharePoint(
                n_answered=answered,
                sum_value=cell["n_with"],
                sum_weights=cell["sum_weights"],
                n_effective=cell["n_effective"],
                weighted_estimate=share,
                is_equally_weighted=cell["is_equally_weighted"],
            )
        )
        interval, method = limits.interval, limits.method
    return {
        "share_lower": interval.lower,
        "share_upper": interval.upper,
        "interval_method": method,
    }
