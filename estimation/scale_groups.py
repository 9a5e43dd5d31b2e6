"""Scale statistics of many groups at once, from the tables of the warehouse to rows of results.

Tables are columns by name; results are plain dictionaries, one per row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from estimation.columns import Columns, numbers, runs, texts, to_relation
from estimation.intervals import inferential_sizes, kish_sizes, wilson_limits
from estimation.method import WILSON_FROM
from estimation.scales import ItemStatistics, alpha_interval, cronbach_alpha, item_analysis
from estimation.share_limits import limits_of_shares
from estimation.variance_between import variances_between

Floats = npt.NDArray[np.float64]

KEYS = ("wave", "classification_id", "group_id", "scale_id")
# What is read of the answers, and in which order.
COLUMNS = (*KEYS, "response_key", "question_id", "answer")
ORDER = ", ".join((*KEYS, "response_key", "item_position"))
DIVISION = ("wave", "scale_id", "classification_id", "group_id")
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


def groups_of_items(answers: Columns) -> Iterator[ItemGroup]:
    """Yield the answers of every group and scale.

    Args:
        answers: one row per group, scale, respondent and item: `COLUMNS`, in this `ORDER`.
            Respondents are complete.
    """
    values = numbers(answers["answer"])
    questions, respondents = texts(answers["question_id"]), texts(answers["response_key"])
    for key, rows in runs(answers, KEYS):
        items = int((respondents[rows] == respondents[rows.start]).sum())
        yield ItemGroup(
            key=dict(zip(KEYS, map(str, key), strict=True)),
            questions=tuple(map(str, questions[rows.start : rows.start + items])),
            answers=values[rows].reshape(-1, items),
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


def divisions(scores: Columns) -> Iterator[Division]:
    """Yield the scores of the parts of every group.

    Args:
        scores: one row per group, part and respondent, those of a part together: the columns of
            `DIVISION`, `leaf_group_id` and `score`.
    """
    values = numbers(scores["score"])
    for key, rows in runs(scores, DIVISION):
        parts = runs({"part": scores["leaf_group_id"][rows]}, ["part"])
        yield Division(
            key=dict(zip(DIVISION, key, strict=True)),
            groups=tuple(values[rows][part] for _, part in parts),
        )


def variance_rows(listed: Sequence[Division]) -> list[dict[str, Any]]:
    """Return the share of variance between the groups of each division, of two groups or more."""
    found = variances_between([division.groups for division in listed])
    return [
        {
            **division.key,
            "n_answered": sum(len(group) for group in division.groups),
            "n_groups": len(division.groups),
            "eta_squared": one.eta_squared,
            "omega_squared": one.omega_squared,
            "share_lower": None if one.interval is None else one.interval.lower,
            "share_upper": None if one.interval is None else one.interval.upper,
            "f_statistic": one.f_statistic,
            "p_value": one.p_value,
        }
        for division, one in zip(listed, found, strict=True)
    ]


LIMITS = {"share_lower": "double", "share_upper": "double", "interval_method": "varchar"}


def limits_relation(session: Any, key: Sequence[str], cells: Columns) -> Any:  # noqa: ANN401
    """Return the interval of each share as a relation of DuckDB, one row per cell.

    Args:
        session: connection that the relation is of.
        key: the columns that name a cell, all of them texts.
        cells: the key, and what `cell_limits` reads.
    """
    types = dict.fromkeys(key, "varchar") | LIMITS
    return to_relation(session, types, {**cells, **cell_limits(cells)})


def cell_limits(cells: Columns) -> dict[str, npt.NDArray[Any]]:
    """Return the interval of each share and its method, chosen as for shares among the estimates.

    Args:
        cells: `n_answered`, `n_with`, `weighted_share`, `variance`, `sum_weights`, `n_effective`
            and `is_equally_weighted`.
    """
    answered, weights = numbers(cells["n_answered"]), numbers(cells["sum_weights"])
    shares = np.clip(numbers(cells["weighted_share"]), 0.0, 1.0)
    sizes, equal = numbers(cells["n_effective"]), np.asarray(cells["is_equally_weighted"], bool)
    lower, upper, methods = shares.copy(), shares.copy(), np.full(len(shares), "census", "U24")
    census = answered >= weights * (1 - CENSUS)
    large = ~census & (answered >= WILSON_FROM) & ~equal
    kish = kish_sizes(sizes[large], weights[large])
    finite = inferential_sizes(kish, shares[large], numbers(cells["variance"])[large])
    lower[large], upper[large] = wilson_limits(shares[large], finite)
    methods[large] = "wilson_kish"
    small = ~census & ~large
    points = {
        "n_answered": answered,
        "sum_value": numbers(cells["n_with"]),
        "sum_weights": weights,
        "n_effective": sizes,
        "weighted_estimate": shares,
        "is_equally_weighted": equal,
    }
    found = limits_of_shares({name: values[small] for name, values in points.items()})
    lower[small], upper[small], methods[small] = found.lower, found.upper, found.methods
    return {"share_lower": lower, "share_upper": upper, "interval_method": methods}
