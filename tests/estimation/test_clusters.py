"""Variances of samples of clusters: the models on tables, beside loops in exact fractions."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from math import sqrt
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest
from rendered_models import COVARIANCES, POINTS, VARIANCES, build
from scipy import stats

from estimation.share_limits import limits_of_clustered_shares

Rows = list[dict]


def estimated(rows: Rows, kinds: dict[str, str]) -> dict[tuple[str, str], tuple]:
    """Return estimate, standard error and number of clusters by group and indicator."""
    found = modelled(rows, kinds).execute("""
        select points.group_id, points.indicator_id, points.weighted_estimate,
            sqrt(variances.total_variance)
            / case when points.kind = 'total' then 1 else points.weighted_denominator end,
            points.n_clusters
        from est_points as points
        join est_variances as variances using (domain_id, indicator_id)
    """)
    return {(group, name): tuple(figures) for group, name, *figures in found.fetchall()}


def modelled(rows: Rows, kinds: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Run the models of points and variances on responses of one wave.

    Args:
        rows: responses with `key`, `stratum`, `cluster`, `weight`, `groups`, `sampled_count`,
            `sampled_fraction`, and `answers` (value and denominator by indicator).
        kinds: kind of every indicator.
    """
    tables = {
        "cln_weights": [
            {
                "wave": "2021",
                "response_key": row["key"],
                "organisation_key": row["key"],
                "stratum_id": row["stratum"],
                "cluster_id": row["cluster"],
                "weight": float(row["weight"]),
                "design_weight": float(row["weight"]),
                "population_count": size_of(row, rows) / (row["sampled_fraction"] or 0.1),
                "response_count": size_of(row, rows),
                "sampled_count": row["sampled_count"],
                "sampled_fraction": float(row["sampled_fraction"]),
            }
            for row in rows
        ],
        "cln_indicator_values": [
            {
                "wave": "2021",
                "response_key": row["key"],
                "indicator_id": name,
                "status": "answered" if name in row["answers"] else "no_answer",
                "value": row["answers"].get(name, (None, None))[0],
                "denominator": row["answers"].get(name, (None, None))[1],
            }
            for row in rows
            for name in kinds
        ],
        "est_domain_members": [
            {
                "wave": "2021",
                "organisation_key": row["key"],
                "classification_id": "c",
                "group_id": group,
            }
            for row in rows
            for group in row["groups"]
        ],
        "indicators": [{"indicator_id": name, "kind": kind} for name, kind in kinds.items()],
    }
    connection = duckdb.connect()
    for name, content in tables.items():
        frame = pd.DataFrame(content)
        connection.execute(f"create table {name} as select * from frame")
        del frame
    connection.execute("""
        create table cln_weighting_margins (wave varchar);
        create table est_calibrated_residuals (wave varchar, classification_id varchar,
            group_id varchar, indicator_id varchar, segment_id bigint, mean_residual double);
    """)
    build(connection, "est_domains", *POINTS, *VARIANCES)
    return connection


def test_the_published_figures_of_apiclus1(shared_data: Path) -> None:
    with (shared_data / "stats" / "apiclus1.csv").open(encoding="utf-8") as file:
        schools = list(csv.DictReader(file))
    text = (shared_data / "stats" / "known_results.json").read_text(encoding="utf-8")
    known = {r["statistic"]: r["published"] for r in json.loads(text) if r["dataset"] == "apiclus1"}
    rows = [
        {
            "key": school["cds"],
            "stratum": "all",
            "cluster": school["dnum"],
            "weight": school["pw"],
            "sampled_count": 15,
            "sampled_fraction": 15 / 757,
            "groups": ("all", school["awards"]),
            "answers": {
                "api00": (float(school["api00"]), 1.0),
                "enroll": (float(school["enroll"]), 1.0),
                "elementary": (float(school["stype"] == "E"), 1.0),
                "growth": (float(school["api00"]), float(school["api99"])),
            },
        }
        for school in schools
    ]
    found = estimated(
        rows, {"api00": "mean", "enroll": "total", "elementary": "share", "growth": "ratio"}
    )
    for group, name, statistic in (
        ("all", "api00", "mean api00: est, SE"),
        ("all", "enroll", "total enroll: est, SE"),
        ("all", "elementary", "share stype = E: est, SE"),
        ("all", "growth", "ratio api00/api99: est, SE"),
        ("No", "api00", "mean api00 in domain awards = No: est, SE"),
        ("Yes", "api00", "mean api00 in domain awards = Yes: est, SE"),
    ):
        estimate, error, _ = found[group, name]
        assert [estimate, error] == pytest.approx(known[statistic], rel=1e-9)
    assert [found["all", "api00"][2] - 1] == known["degrees of freedom"]


def sample(seed: int, offset: float) -> Rows:
    """Three strata of clusters, one of them with a single cluster; weights differ within strata."""
    random = np.random.default_rng(seed)
    rows = []
    for stratum, n_clusters, fraction in (("s", 4, 0.25), ("t", 3, 0.0), ("one", 1, 0.5)):
        for cluster in range(n_clusters):
            level = random.normal()
            for number in range(int(random.integers(1, 6))):
                groups = ["all", *(["some"] if random.random() < 0.5 else [])]
                answers = {"mean": (offset + round(level + random.normal(), 3), 1.0)}
                answers["ratio"] = (round(random.random(), 3), 1.0 + number)
                answers["total"] = (offset + number, 1.0)
                if random.random() < 0.3:
                    del answers["mean"]
                rows.append(
                    {
                        "key": f"{stratum}{cluster}{number}",
                        "stratum": stratum,
                        "cluster": f"{stratum}{cluster}",
                        "weight": 4.0 if number % 2 else 6.0,
                        "sampled_count": n_clusters,
                        "sampled_fraction": fraction,
                        "groups": groups,
                        "answers": answers,
                    }
                )
    return rows


def size_of(row: dict, rows: Rows) -> int:
    return sum(other["stratum"] == row["stratum"] for other in rows)


def by_hand(rows: Rows, group: str, name: str, kind: str) -> tuple[float, float]:
    """The formula of the methodology, cluster by cluster in exact fractions."""
    inside = [row for row in rows if group in row["groups"] and name in row["answers"]]
    exact = {row["key"]: tuple(map(Fraction, row["answers"][name])) for row in inside}
    weights = {row["key"]: Fraction(row["weight"]) for row in inside}
    above = sum(weights[key] * y for key, (y, _) in exact.items())
    below = sum(weights[key] * x for key, (_, x) in exact.items())
    ratio = Fraction(0) if kind == "total" else above / below
    variance = Fraction(0)
    for stratum in {row["stratum"] for row in inside}:
        own = [row for row in rows if row["stratum"] == stratum]
        sums = {row["cluster"]: Fraction(0) for row in own}
        for row in own:
            if row["key"] in exact:
                y, x = exact[row["key"]]
                sums[row["cluster"]] += weights[row["key"]] * (y - ratio * x)
        assert len(sums) == own[0]["sampled_count"]
        fraction = Fraction(own[0]["sampled_fraction"])
        if len(sums) == 1:
            variance += (1 - fraction) * sum(z**2 for z in sums.values())
            continue
        mean = sum(sums.values()) / len(sums)
        scale = (1 - fraction) * Fraction(len(sums), len(sums) - 1)
        variance += scale * sum((z - mean) ** 2 for z in sums.values())
    if kind == "total":
        return float(above), sqrt(variance)
    return float(ratio), sqrt(variance) / float(below)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_clusters_vary_by_their_sums_also_in_groups_that_cross_them(seed, offset) -> None:
    rows = sample(seed, offset)
    kinds = {"mean": "mean", "ratio": "ratio", "total": "total"}
    found = estimated(rows, kinds)
    for group in ("all", "some"):
        for name, kind in kinds.items():
            estimate, error = by_hand(rows, group, name, kind)
            assert found[group, name][0] == pytest.approx(estimate, rel=1e-12)
            assert found[group, name][1] == pytest.approx(error, rel=1e-9)
            answering = {
                row["cluster"] for row in rows if group in row["groups"] and name in row["answers"]
            }
            assert found[group, name][2] == len(answering)


def test_one_response_per_cluster_is_a_sample_of_responses() -> None:
    rows = sample(1, 0.0)
    alone = [
        row
        | {
            "cluster": row["key"],
            "sampled_count": size_of(row, rows),
        }
        for row in rows
    ]
    single = [row | {"cluster": None} for row in alone]
    kinds = {"mean": "mean", "ratio": "ratio", "total": "total"}
    ours, theirs = estimated(alone, kinds), estimated(single, kinds)
    assert ours.keys() == theirs.keys()
    for key, (estimate, error, _) in ours.items():
        assert (estimate, error) == pytest.approx(theirs[key][:2], rel=1e-10)


@pytest.mark.parametrize("name", ["mean", "ratio", "total"])
def test_groups_of_unequal_weights_covary_by_their_responses(name: str) -> None:
    """Some responses are in both groups; the correction is that of the stratum, or none."""
    rows = [row | {"cluster": None} for row in sample(5, 10.0)]
    for row in rows:
        row["sampled_count"] = size_of(row, rows)
    connection = modelled(rows, {"mean": "mean", "ratio": "ratio", "total": "total"})
    connection.execute(f"""
        create table waves as select '2021' as wave, 'file' as frame_source;
        create table columns as select '2021' as wave, 'export' as kind, 'response_id' as role;
        create table cln_organisation_strata (wave varchar, organisation_key varchar,
            stratum_id varchar);
        create table cln_strata (wave varchar, stratum_id varchar, weighting_stratum_id varchar);
        create table est_contrasts as
            select 'c' as contrast_id, 'groups' as contrast_kind, '2021' as wave_a,
                a.domain_id as domain_a, '{name}' as indicator_a, '2021' as wave_b,
                b.domain_id as domain_b, '{name}' as indicator_b
            from est_domains as a, est_domains as b
            where a.group_id = 'all' and b.group_id = 'some';
    """)
    build(connection, *COVARIANCES)
    (found,) = connection.execute(
        "select covariance, covariance_finite from est_contrast_variances"
    ).fetchall()
    covariance, finite = 0.0, 0.0
    parts = {group: influences(rows, group, name) for group in ("all", "some")}
    for stratum in ("s", "t", "one"):
        own = [row for row in rows if row["stratum"] == stratum]
        ours, theirs = (np.array([parts[g].get(r["key"], 0.0) for r in own]) for g in parts)
        if len(own) == 1:
            part = float(ours[0] * theirs[0])
        else:
            part = float(np.cov(ours, theirs)[0, 1] * len(own))
        covariance += part
        finite += (1 - own[0]["sampled_fraction"]) * part
    assert found == pytest.approx((covariance, finite), rel=1e-9)


def influences(rows: Rows, group: str, name: str) -> dict[str, float]:
    """Weight times residual over the weighted denominator, of every answer of a group."""
    inside = [row for row in rows if group in row["groups"] and name in row["answers"]]
    above = sum(row["weight"] * row["answers"][name][0] for row in inside)
    below = sum(row["weight"] * row["answers"][name][1] for row in inside)
    ratio, below = (0.0, 1.0) if name == "total" else (above / below, below)
    return {
        row["key"]: row["weight"]
        * (row["answers"][name][0] - ratio * row["answers"][name][1])
        / below
        for row in inside
    }


def limits(**changes: float) -> tuple[str, float, float]:
    point = {
        "n_answered": 100,
        "n_clusters": 12,
        "n_strata": 2,
        "n_effective": 90.0,
        "weighted_estimate": 0.3,
        "variance": 0.005,
    } | changes
    found = limits_of_clustered_shares({k: np.array([v]) for k, v in point.items()})
    return str(found.methods[0]), float(found.lower[0]), float(found.upper[0])


@pytest.mark.parametrize(
    ("changes", "size"),
    [
        ({}, 0.21 / 0.005),
        ({"variance": 0.001}, 90.0),
        ({"variance": 0.0}, 12.0),
        ({"weighted_estimate": 0.0, "variance": 0.0}, 12.0),
        ({"weighted_estimate": 0.0, "variance": 0.0, "n_effective": 8.0}, 8.0),
    ],
    ids=["variance", "no more than Kish", "nothing varies", "nobody", "fewer than clusters"],
)
def test_a_share_of_clusters_has_the_beta_interval_of_what_is_left_of_its_base(changes, size):
    share = changes.get("weighted_estimate", 0.3)
    size *= (stats.t.ppf(0.975, 99) / stats.t.ppf(0.975, 10)) ** 2
    method, lower, upper = limits(**changes)
    assert method == "beta_clustered"
    expected = stats.beta.ppf(0.025, share * size, (1 - share) * size + 1) if share else 0.0
    assert lower == pytest.approx(expected, rel=1e-9)
    assert upper == pytest.approx(stats.beta.ppf(0.975, share * size + 1, (1 - share) * size))


def test_clusters_that_leave_no_degree_of_freedom_give_no_interval() -> None:
    method, lower, upper = limits(n_clusters=2)
    assert method == "none"
    assert np.isnan([lower, upper]).all()
