"""The estimates of the made-up survey, as an analyst writes them in pandas.

python -m bench.scripts.pandas_estimates INBOX RESULT.parquet [--questions 120]
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from bench.scripts.arguments import read_arguments
from bench.synthetic import (
    DONT_KNOW,
    EXPORT,
    FRAME,
    SIZES,
    WAVE,
    is_routed,
    kind_of_question,
    question_id,
)

Z = stats.norm.ppf(0.975)


def main(arguments: list[str] | None = None) -> int:
    """Read, estimate, write."""
    asked = read_arguments(__doc__ or "", arguments)
    responses = read(asked.inbox)
    groups = {("kind", "all"): responses}
    groups |= {("kind", str(name)): rows for name, rows in responses.groupby("kind")}
    groups |= {("size", str(name)): rows for name, rows in responses.groupby("size", observed=True)}
    rows = [
        {"wave": WAVE, "classification_id": classification, "group_id": group}
        | estimate(members, number)
        for (classification, group), members in groups.items()
        for number in range(1, asked.questions + 1)
    ]
    pd.DataFrame(rows).to_parquet(asked.result)
    return 0


def read(inbox: Path) -> pd.DataFrame:
    """Return the responses with their groups, strata and weights."""
    answers = pd.read_csv(inbox / EXPORT, dtype=str, keep_default_na=False)
    frame = pd.read_csv(inbox / FRAME, dtype={"org": str})
    edges = [0, *(high for _, high in SIZES.values() if high), np.inf]
    frame["size"] = pd.cut(frame["fte"], edges, right=False, labels=list(SIZES))
    frame["stratum"] = frame["kind"] + "/" + frame["size"].astype(str)
    frame["listed"] = frame.groupby("stratum")["org"].transform("size")
    responses = answers.merge(frame, on="org", how="inner")
    responses["answering"] = responses.groupby("stratum")["org"].transform("size")
    responses["weight"] = responses["listed"] / responses["answering"]
    return responses


def estimate(members: pd.DataFrame, number: int) -> dict[str, object]:
    """Return the estimate of one question in one group."""
    given = members[question_id(number)]
    asked = members[question_id(1)] == "1" if is_routed(number) else given.notna()
    known = given[asked & (given != DONT_KNOW) & (given != "")]
    is_share = kind_of_question(number) == "single"
    y = (known == "1").astype(float) if is_share else known.astype(float)
    weight = members.loc[y.index, "weight"]
    n, total = len(y), weight.sum()
    simple, weighted = y.mean(), (weight * y).sum() / total

    # Responses of a stratum that are outside the group or the base count with a residual of zero.
    residual = y - weighted
    per_stratum = (
        members.loc[y.index, ["stratum", "listed", "answering"]]
        .assign(z=weight * residual, squares=(weight * residual) ** 2)
        .groupby("stratum")
        .agg({"listed": "first", "answering": "first", "z": "sum", "squares": "sum"})
    )
    inside = per_stratum["answering"]
    deviations = per_stratum["squares"] - per_stratum["z"] ** 2 / inside
    correction = 1 - inside / per_stratum["listed"]
    variance = (correction * inside / (inside - 1) * deviations).sum() / total**2
    fraction = min(1.0, n / total)
    random_sample = (1 - fraction) * (weight * residual**2).sum() / (n - 1) / total
    effective = total**2 / (weight**2).sum()

    size = None
    if is_share:
        size = effective / (1 - effective / total)
        if variance > 0:
            size = min(size, 1 + weighted * (1 - weighted) / variance)
        simple_limits = wilson(simple, n)
        limits = wilson(weighted, size)
    else:
        half = stats.t.ppf(0.975, n - 1) * y.std() / np.sqrt(n)
        simple_limits = simple - half, simple + half
        half = stats.t.ppf(0.975, n - len(per_stratum)) * np.sqrt(variance)
        limits = weighted - half, weighted + half
    return {
        "indicator_id": question_id(number),
        "n_responses": len(members),
        "n_asked": int(asked.sum()),
        "n_answered": n,
        "n_dont_know": int((asked & (given == DONT_KNOW)).sum()),
        "n_no_answer": int((asked & (given == "")).sum()),
        "n_not_asked": int((~asked).sum()),
        "unweighted_estimate": simple,
        "unweighted_lower": simple_limits[0],
        "unweighted_upper": simple_limits[1],
        "estimate": weighted,
        "standard_error": np.sqrt(variance),
        "design_effect": variance / random_sample,
        "n_effective": effective,
        "interval_size": size,
        "estimate_lower": limits[0],
        "estimate_upper": limits[1],
    }


def wilson(share: float, size: float) -> tuple[float, float]:
    """Return the limits of the score interval of a share."""
    middle = share + Z**2 / (2 * size)
    half = Z * np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2))
    return (middle - half) / (1 + Z**2 / size), (middle + half) / (1 + Z**2 / size)


if __name__ == "__main__":
    raise SystemExit(main())
