"""Variances made of sums are those of residuals taken answer by answer, in exact arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import duckdb
import numpy as np
import pandas as pd
import pytest
from rendered_models import COVARIANCES, POINTS, VARIANCES, build

WAVES = ("2021", "2023")
# Organisations and answers per stratum; one has a single response, one everybody.
STRATA = {"large": (40, 14), "small": (90, 17), "single": (9, 1), "all": (8, 8)}
GROUPS = ("everybody", "north", "coast", "~north")
KINDS = {
    "share": "share",
    "all_yes": "share",
    "constant": "mean",
    "close": "mean",
    "money": "mean",
    "amount": "total",
    "close_amount": "total",
    "rate": "ratio",
    "close_rate": "ratio",
    "fixed_rate": "ratio",
    "signed_rate": "ratio",
}
CONTRASTS = (
    *(("2023", group, name, "2021", group, name) for group in GROUPS for name in KINDS),
    *(("2021", "north", name, "2021", "~north", name) for name in KINDS),
    *(("2021", "north", name, "2021", "coast", name) for name in KINDS),
    *(("2021", "coast", "share", "2021", "coast", other) for other in ("money", "close_rate")),
)
DBT_LAYERS = ("wave", "group", "indicator")
Key = tuple[str, str, str]


@dataclass(frozen=True)
class Response:
    """One response: its stratum, its groups, and value and denominator of what it answered."""

    organisation: str
    stratum: str
    groups: tuple[str, ...]
    answers: Mapping[str, tuple[float, float]]

    @property
    def weight(self) -> Fraction:
        population, responses = STRATA[self.stratum]
        return Fraction(population, responses)


def answers(random: np.random.Generator) -> Iterator[tuple[str, tuple[float, float]]]:
    """Yield answers at every scale; those called close differ little from each other."""
    visits = float(random.integers(1, 90))
    number = float(random.integers(0, 5))
    found = {
        "share": (float(random.integers(0, 2)), 1.0),
        "all_yes": (1.0, 1.0),
        "constant": (0.1, 1.0),
        "close": (1e9 + 1000 * number, 1.0),
        "money": (float(10.0 ** random.uniform(-3, 9)), 1.0),
        "amount": (float(random.integers(0, 10**9)), 1.0),
        "close_amount": (1e9 + number, 1.0),
        "rate": (float(random.integers(0, 50)), visits),
        "close_rate": (0.3 * visits + 1e-4 * float(random.integers(0, 9)), visits),
        "fixed_rate": (0.3 * visits, visits),
        "signed_rate": (float(random.integers(-9, 9)), float(random.integers(-3, 9))),
    }
    complete = random.random() < 0.5
    for name, pair in found.items():
        if complete or name in ("close_amount", "all_yes") or random.random() < 0.8:
            yield name, pair


@cache
def responses(wave: str) -> tuple[Response, ...]:
    random = np.random.default_rng(int(wave))
    found = []
    for stratum, (population, size) in STRATA.items():
        for number in sorted(random.choice(population, size, replace=False)):
            north = number % 3 == 0
            groups = ["everybody", "north" if north else "~north"]
            if number % 4 == 0:
                groups.append("coast")
            name = f"{stratum}{number}"
            found.append(Response(name, stratum, tuple(groups), dict(answers(random))))
    return tuple(found)


@pytest.fixture(scope="module")
def sums() -> duckdb.DuckDBPyConnection:
    """The models, on the two waves."""
    connection = duckdb.connect()
    rows = [(wave, response) for wave in WAVES for response in responses(wave)]
    tables: dict[str, Iterator[tuple[object, ...]]] = {
        "cln_weights(wave, response_key, organisation_key, stratum_id, weight, design_weight,"
        " population_count, response_count, sampled_count, sampled_fraction, cluster_id)": (
            (w, r.organisation, r.organisation, r.stratum)
            + 2 * (float(r.weight),)
            + STRATA[r.stratum]
            + (STRATA[r.stratum][1], STRATA[r.stratum][1] / STRATA[r.stratum][0], None)
            for w, r in rows
        ),
        "cln_indicator_values(wave, response_key, indicator_id, status, value, denominator)": (
            (w, r.organisation, name, "answered" if pair else "dont_know", *(pair or (None, None)))
            for w, r in rows
            for name in KINDS
            for pair in [r.answers.get(name)]
        ),
        "est_domain_members(wave, organisation_key, classification_id, group_id)": (
            (w, r.organisation, "c", group) for w, r in rows for group in r.groups
        ),
        "indicators(indicator_id, kind)": iter(KINDS.items()),
        "waves(wave, frame_source)": ((wave, "file") for wave in WAVES),
        "columns(wave, kind, role)": ((wave, "export", "organisation_key") for wave in WAVES),
        "cln_organisation_strata(wave, organisation_key, stratum_id)": (
            (wave, f"{name}{number}", name)
            for wave in WAVES
            for name, (population, _) in STRATA.items()
            for number in range(population)
        ),
        "cln_strata(wave, stratum_id, weighting_stratum_id)": (
            (wave, name, name) for wave in WAVES for name in STRATA
        ),
    }
    for head, content in tables.items():
        name, columns = head.rstrip(")").split("(")
        frame = pd.DataFrame(list(content), columns=columns.split(", "))
        connection.execute(f"create table {name} as select * from frame")
        del frame
    connection.execute("""
        create table cln_weighting_margins (wave varchar);
        create table est_calibrated_residuals (wave varchar, classification_id varchar,
            group_id varchar, indicator_id varchar, segment_id bigint, mean_residual double);
    """)
    build(connection, "est_domains")
    frame = pd.DataFrame(
        [("|".join(contrast), *contrast) for contrast in CONTRASTS],
        columns=["contrast_id", *(f"{part}_{side}" for side in "ab" for part in DBT_LAYERS)],
    )
    connection.execute("""
        create table est_contrasts as select frame.*, a.domain_id as domain_a,
            b.domain_id as domain_b,
            case when wave_a <> wave_b then 'waves' else 'groups' end as contrast_kind
        from frame join est_domains as a on wave_a = a.wave and group_a = a.group_id
        join est_domains as b on wave_b = b.wave and group_b = b.group_id
    """)
    build(connection, *POINTS, *VARIANCES, *COVARIANCES)
    assert len(frame) == len(CONTRASTS)
    return connection


@cache
def influences(key: Key) -> dict[str, Fraction]:
    """Return weight times residual of every answer, over the weighted denominator."""
    wave, group, name = key
    inside = [r for r in responses(wave) if group in r.groups and name in r.answers]
    pairs = {r.organisation: tuple(map(Fraction, r.answers[name])) for r in inside}
    if KINDS[name] == "total":
        return {r.organisation: r.weight * pairs[r.organisation][0] for r in inside}
    below = sum(r.weight * pairs[r.organisation][1] for r in inside)
    ratio = sum(r.weight * pairs[r.organisation][0] for r in inside) / below
    if name == "fixed_rate":
        # 0.3 times a number is rounded, and the rounding is no variance.
        return {r.organisation: Fraction(0) for r in inside}
    return {
        r.organisation: r.weight
        * (pairs[r.organisation][0] - ratio * pairs[r.organisation][1])
        / below
        for r in inside
    }


def by_stratum(key: Key) -> dict[str, dict[str, Fraction]]:
    found: dict[str, dict[str, Fraction]] = {name: {} for name in STRATA}
    for response in responses(key[0]):
        found[response.stratum][response.organisation] = influences(key).get(
            response.organisation, Fraction(0)
        )
    return found


def centre(values: Mapping[str, Fraction]) -> Fraction:
    return sum(values.values(), Fraction(0)) / len(values) if len(values) > 1 else Fraction(0)


def covariance(a: Key, b: Key, *, finite: bool) -> Fraction:
    """Return the covariance of two estimates, by the formula of the methodology."""
    total = Fraction(0)
    for name, (population, size) in STRATA.items():
        ours, theirs = by_stratum(a)[name], by_stratum(b)[name]
        both = sorted(set(ours) & set(theirs))
        if not both or not any(o in influences(a) for o in ours):
            continue
        products = sum((ours[o] - centre(ours)) * (theirs[o] - centre(theirs)) for o in both)
        scale = 1 if size == 1 else 1 - Fraction(2, size) + Fraction(len(both), size * size)
        fraction = Fraction(size, population)
        correction = 1 - Fraction(population, len(both)) * fraction**2
        total += products / scale * (correction if finite else 1)
    return total


def close(found: float, expected: Fraction, scale: float = 0.0) -> None:
    assert found == pytest.approx(float(expected), rel=1e-9, abs=max(1e-11 * scale, 1e-30))


@pytest.mark.parametrize("name", KINDS)
def test_the_variance_of_an_estimate_is_that_of_its_residuals(sums, name: str) -> None:
    rows = sums.execute(
        """
        select wave, group_id, kind, weighted_denominator, total_variance, process_variance
        from est_points join est_variances using (domain_id, indicator_id)
        where indicator_id = ?
        """,
        [name],
    ).fetchall()
    assert len(rows) == len(WAVES) * len(GROUPS)
    for wave, group, kind, below, finite, process in rows:
        scale = 1.0 if kind == "total" else below**2
        key = (wave, group, name)
        close(finite / scale, covariance(key, key, finite=True))
        close(process / scale, covariance(key, key, finite=False))


@pytest.mark.parametrize(
    ("column", "weigh"),
    [
        ("weighted_squares", lambda response: response.weight),
        ("unweighted_squares", lambda response: Fraction(1)),
    ],
)
@pytest.mark.parametrize("name", KINDS)
def test_squares_around_the_estimate_are_those_of_the_answers(
    sums, name: str, column: str, weigh: Callable[[Response], Fraction]
) -> None:
    rows = sums.execute(
        f"""
        select wave, group_id, {column} from est_domains
        join est_variances using (domain_id) where indicator_id = ?
        """,
        [name],
    ).fetchall()
    for wave, group, found in rows:
        inside = [r for r in responses(wave) if group in r.groups and name in r.answers]
        pairs = [tuple(map(Fraction, r.answers[name])) for r in inside]
        weights = [weigh(r) for r in inside]
        ratio = Fraction(0)
        if KINDS[name] != "total":
            ratio = sum(w * y for w, (y, _) in zip(weights, pairs, strict=True)) / sum(
                w * x for w, (_, x) in zip(weights, pairs, strict=True)
            )
        expected = sum(w * (y - ratio * x) ** 2 for w, (y, x) in zip(weights, pairs, strict=True))
        if name == "fixed_rate":
            expected = Fraction(0)
        close(found, expected)


def test_answers_that_are_all_the_same_have_no_variance_at_all(sums) -> None:
    (found,) = sums.execute(
        """
        select sum(total_variance) + sum(process_variance) + sum(weighted_squares)
        from est_variances where indicator_id in ('all_yes', 'constant', 'fixed_rate')
        """
    ).fetchone()
    assert found == 0
    (found,) = sums.execute(
        """
        select sum(abs(covariance)) from est_contrast_variances
        join est_contrasts using (contrast_id)
        where indicator_a in ('all_yes', 'constant', 'fixed_rate')
        """
    ).fetchone()
    assert found == 0


@pytest.mark.parametrize("name", KINDS)
def test_the_covariance_of_two_estimates_is_that_of_their_residuals(sums, name: str) -> None:
    rows = sums.execute(
        """
        select wave_a, group_a, indicator_a, wave_b, group_b, indicator_b,
            variance_a, variance_b, covariance, covariance_finite, n_both
        from est_contrast_variances join est_contrasts using (contrast_id) where indicator_a = ?
        """,
        [name],
    ).fetchall()
    assert len(rows) == sum(contrast[2] == name for contrast in CONTRASTS)
    for *sides, variance_a, variance_b, found, finite, n_both in rows:
        a, b = tuple(sides[:3]), tuple(sides[3:])
        scale = (variance_a * variance_b) ** 0.5
        close(found, covariance(a, b, finite=False), scale)
        close(finite, covariance(a, b, finite=True), scale)
        assert n_both == len(set(influences(a)) & set(influences(b)))
