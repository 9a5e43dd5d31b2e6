"""The estimates of the made-up survey, as an analyst writes them in polars.

python -m bench.scripts.polars_estimates INBOX RESULT.parquet [--questions 120]
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
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
CELL = ["classification_id", "group_id", "indicator_id"]


def main(arguments: list[str] | None = None) -> int:
    """Read, estimate, write."""
    asked = read_arguments(__doc__ or "", arguments)
    numbers = range(1, asked.questions + 1)
    answers, groups = read(asked.inbox, numbers)
    long = values(answers, numbers).join(groups, on="org")
    points = long.group_by(CELL).agg(
        pl.len().alias("n_responses"),
        (pl.col("status") != "not_asked").sum().alias("n_asked"),
        *(
            (pl.col("status") == status).sum().alias(f"n_{status}")
            for status in ("answered", "dont_know", "no_answer", "not_asked")
        ),
        pl.col("y").mean().alias("unweighted_estimate"),
        pl.col("y").std().alias("deviation"),
        pl.col("w").sum().alias("total"),
        (pl.col("w") ** 2).sum().alias("squared_weights"),
        ((pl.col("w") * pl.col("y")).sum() / pl.col("w").sum()).alias("estimate"),
    )
    # Responses of a stratum outside the group or the base count with a residual of zero.
    residual = pl.col("y") - pl.col("estimate")
    inside, listed = pl.col("answering"), pl.col("listed")
    variances = (
        long.filter(pl.col("status") == "answered")
        .join(points.select(*CELL, "estimate"), on=CELL)
        .group_by(*CELL, "stratum")
        .agg(
            pl.col("answering", "listed").first(),
            (pl.col("w") * residual).sum().alias("z"),
            ((pl.col("w") * residual) ** 2).sum().alias("squares"),
            (pl.col("w") * residual**2).sum().alias("weighted_squares"),
        )
        .group_by(CELL)
        .agg(
            pl.len().alias("strata"),
            pl.col("weighted_squares").sum(),
            (
                (1 - inside / listed)
                * (inside / (inside - 1))
                * (pl.col("squares") - pl.col("z") ** 2 / inside)
            )
            .sum()
            .alias("sum_variance"),
        )
    )
    found = points.join(variances, on=CELL).collect(engine="streaming")
    finish(found, numbers).write_parquet(asked.result)
    return 0


def read(inbox: Path, numbers: range) -> tuple[pl.LazyFrame, pl.LazyFrame]:
    """Return the responses with weights, and the groups of every organisation."""
    frame = pl.scan_csv(inbox / FRAME, schema_overrides={"org": pl.String})
    edges = [high for _, high in SIZES.values() if high]
    frame = frame.with_columns(
        pl.when(pl.col("fte") < edges[0])
        .then(pl.lit("small"))
        .when(pl.col("fte") < edges[1])
        .then(pl.lit("medium"))
        .otherwise(pl.lit("large"))
        .alias("size")
    ).with_columns(pl.concat_str("kind", "size", separator="/").alias("stratum"))
    frame = frame.with_columns(pl.len().over("stratum").alias("listed"))
    answers = (
        pl.scan_csv(inbox / EXPORT, infer_schema=False)
        .join(frame.select("org", "stratum", "listed"), on="org")
        .with_columns(pl.len().over("stratum").alias("answering"))
        .with_columns((pl.col("listed") / pl.col("answering")).alias("weight"))
    )
    groups = pl.concat(
        [
            frame.select("org", pl.lit(of).alias("classification_id"), group.alias("group_id"))
            for of, group in (
                ("kind", pl.lit("all")),
                ("kind", pl.col("kind")),
                ("size", pl.col("size")),
            )
        ]
    )
    return answers, groups


def values(answers: pl.LazyFrame, numbers: range) -> pl.LazyFrame:
    """Return a row per response and question: status, value, and the weight where answered."""
    routed = [question_id(number) for number in numbers if is_routed(number)]
    shares = [question_id(number) for number in numbers if kind_of_question(number) == "single"]
    given, question = pl.col("given"), pl.col("indicator_id")
    return (
        answers.with_columns((pl.col(question_id(1)) == "1").fill_null(False).alias("is_on_route"))
        .unpivot(
            on=[question_id(number) for number in numbers],
            index=["org", "stratum", "listed", "answering", "weight", "is_on_route"],
            variable_name="indicator_id",
            value_name="given",
        )
        .with_columns(
            pl.when(question.is_in(routed) & ~pl.col("is_on_route"))
            .then(pl.lit("not_asked"))
            .when(given == DONT_KNOW)
            .then(pl.lit("dont_know"))
            .when(given.is_null() | (given == ""))
            .then(pl.lit("no_answer"))
            .otherwise(pl.lit("answered"))
            .alias("status")
        )
        .with_columns(
            pl.when(pl.col("status") != "answered")
            .then(None)
            .when(question.is_in(shares))
            .then((given == "1").cast(pl.Float64))
            .otherwise(given.cast(pl.Float64, strict=False))
            .alias("y"),
            pl.when(pl.col("status") == "answered").then(pl.col("weight")).alias("w"),
        )
    )


def finish(found: pl.DataFrame, numbers: range) -> pl.DataFrame:
    """Return the estimates with their intervals."""
    shares = [question_id(number) for number in numbers if kind_of_question(number) == "single"]
    is_share = pl.col("indicator_id").is_in(shares)
    # Counts are whole numbers of 32 bits, whose squares overflow.
    n = pl.col("n_answered").cast(pl.Float64)
    simple, weighted = pl.col("unweighted_estimate"), pl.col("estimate")
    variance = pl.col("sum_variance") / pl.col("total") ** 2
    fraction = pl.min_horizontal(1.0, n / pl.col("total"))
    random_sample = (1 - fraction) * pl.col("weighted_squares") / (n - 1) / pl.col("total")
    effective = pl.col("total") ** 2 / pl.col("squared_weights")
    kish = effective / (1 - effective / pl.col("total"))
    size = pl.when(is_share).then(
        pl.when(variance > 0)
        .then(pl.min_horizontal(kish, 1 + weighted * (1 - weighted) / variance))
        .otherwise(kish)
    )
    halves = {
        "simple": stats.t.ppf(0.975, found["n_answered"].to_numpy() - 1),
        "weighted": stats.t.ppf(
            0.975, found["n_answered"].to_numpy() - found["strata"].to_numpy().astype(np.int64)
        ),
    }
    found = found.with_columns(pl.Series(f"t_{name}", t) for name, t in halves.items())
    simple_half = pl.col("t_simple") * pl.col("deviation") / n.sqrt()
    weighted_half = pl.col("t_weighted") * variance.sqrt()
    return found.select(
        pl.lit(WAVE).alias("wave"),
        *CELL,
        *(f"n_{name}" for name in ("responses", "asked", "answered", "dont_know")),
        *(f"n_{name}" for name in ("no_answer", "not_asked")),
        "unweighted_estimate",
        limit(is_share, simple, n, simple_half, -1).alias("unweighted_lower"),
        limit(is_share, simple, n, simple_half, 1).alias("unweighted_upper"),
        "estimate",
        variance.sqrt().alias("standard_error"),
        (variance / random_sample).alias("design_effect"),
        effective.alias("n_effective"),
        size.alias("interval_size"),
        limit(is_share, weighted, size, weighted_half, -1).alias("estimate_lower"),
        limit(is_share, weighted, size, weighted_half, 1).alias("estimate_upper"),
    )


def limit(is_share: pl.Expr, point: pl.Expr, size: pl.Expr, half: pl.Expr, sign: int) -> pl.Expr:
    """Return a limit: of the score interval of a share, or of the interval of a mean."""
    middle = point + Z**2 / (2 * size)
    score = Z * (point * (1 - point) / size + Z**2 / (4 * size**2)).sqrt()
    wilson = (middle + sign * score) / (1 + Z**2 / size)
    return pl.when(is_share).then(wilson).otherwise(point + sign * half)


if __name__ == "__main__":
    raise SystemExit(main())
