"""What the models compute for many rows at once is what each row gives alone."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import astuple, fields
from itertools import product

import duckdb
import numpy as np
import pytest

from barometer.settings import PROJECT_ROOT
from estimation import acceptability, boschloo, firth
from estimation.columns import runs, texts, to_relation
from estimation.contrasts import Contrast, Difference, Side, examine, examine_all
from estimation.errors import EstimationError
from estimation.intervals import blaker, blaker_limits
from estimation.roots import roots
from estimation.share_limits import SharePoint, limits_of_shares, share_limits
from estimation.variance_between import variance_between, variances_between


def test_exact_intervals(monkeypatch):
    monkeypatch.setattr(acceptability, "ROOM", 40)
    tables = [(x, n, size) for size in (1, 5, 30, 31) for n in (1, 4, 27) for x in (0, 1, n)]
    tables = [table for table in tables if table[0] <= table[1] <= table[2]] * 2

    lower, upper = blaker_limits(*np.array(tables).T)

    alone = [blaker(*table) for table in tables]
    assert lower.tolist() == [one.lower for one in alone]
    assert upper.tolist() == [one.upper for one in alone]


def test_one_impossible_share_among_many_is_refused():
    counts = np.array([3, 9]), np.array([5, 8]), np.array([9, 9])
    with pytest.raises(EstimationError, match="9 in a sample of 8 from 9"):
        blaker_limits(*counts)


@pytest.mark.parametrize("room", [1, 2_000_000])
def test_exact_tests(monkeypatch, room):
    monkeypatch.setattr(boschloo, "ROOM", room)
    tables = np.array([(x, 6, y, n) for n in (4, 9) for x, y in product(range(7), (0, 2, 4))] * 2)

    found = boschloo.boschloo_p_values(*tables.T)

    alone = [boschloo.boschloo(*table) for table in tables.tolist()]
    assert found == pytest.approx(alone, rel=1e-13)


def test_limits_of_shares():
    points = [
        SharePoint(14, 12.0, 50.2, 14.0, 12 / 14, True),
        SharePoint(14, 12.0, 50.2, 12.5, 0.8, False),
        SharePoint(20, 0.0, 20.3, 20.0, 0.0, True),
        SharePoint(3, 3.0, 20.3, 2.2, 1.0, False),
    ]
    names = [field.name for field in fields(SharePoint)]

    found = limits_of_shares(
        dict(zip(names, map(np.array, zip(*map(astuple, points), strict=True)), strict=True))
    )

    alone = [share_limits(point) for point in points]
    assert found.methods.tolist() == [one.method for one in alone]
    assert found.lower.tolist() == [one.interval.lower for one in alone]
    assert found.upper.tolist() == [one.interval.upper for one in alone]


@pytest.mark.parametrize("room", [1, 2_000_000])
def test_regressions(monkeypatch, room):
    """Of different lengths and widths; one among them has no estimate."""
    monkeypatch.setattr(firth, "ROOM", room)
    random = np.random.default_rng(8)
    samples = []
    for cases, groups in ((9, 0), (40, 2), (25, 2), (12, 0), (60, 3), (40, 0)):
        score = random.normal(size=cases)
        columns = [np.ones(cases), score]
        columns += [(np.arange(cases) % (groups + 1) == group) * 1.0 for group in range(groups)]
        events = (random.random(cases) < 1 / (1 + np.exp(-score))) * 1.0
        samples.append((np.column_stack(columns), events))
    samples.insert(2, (samples[0][0], np.ones(9)))

    found = firth.firth_logistics(samples, 1)

    assert [one.status for one in found].count("not_estimable") == 1
    for one, (design, events) in zip(found, samples, strict=True):
        alone = firth.firth_logistic(design, events, 1)
        assert one.status == alone.status
        if one.status == "estimated":
            assert astuple(one)[1:] == pytest.approx(astuple(alone)[1:], rel=1e-11)


def contrasts() -> list[Contrast]:
    """Every kind of contrast and indicator; equal weights, a census, no estimate, no variance.

    Also a census with answers missing, few and many answers, and a margin.
    """
    sides = [
        Side(14, 13.0, 0.0, 14.0, 50.0, True, 9 / 14, None, 0.017, 0.012),
        Side(20, 9.5, 0.0, 18.5, 90.0, False, 0.25, 1.5, 0.009, 0.007),
        Side(32, 20.0, 0.0, 25.0, 80.0, False, 0.3, 1.5, 0.007, 0.004),
        Side(12, 10.0, 0.0, 12.0, 12.0, True, 1.0, 0.4, 0.0, 0.0),
        Side(12, 10.0, 3.0, 12.0, 12.0, True, 1.0, 0.4, 0.0, 0.0),
        Side(9, 0.0, 0.0, 8.0, 30.0, False, 0.4, 0.7, 0.02, 0.01),
        Side(9, 2.0, 0.0, 8.0, 30.0, False, None, None, 0.02, 0.01),
    ]
    found = []
    for of, kind, a, b in product(("groups", "waves"), ("share", "mean"), sides, sides):
        shared = (0.0, 0.0, 0, 0.0, 0.1) if of == "groups" else (0.004, 0.001, 5, 12.0, 0.0)
        found.append(Contrast(of, kind, a, b, *shared))
        found.append(Contrast(of, kind, a, b, *shared[:-1], 0.0))
    return found


def test_contrasts():
    alone = contrasts()

    def column(of, name, side=None):
        values = [getattr(getattr(one, side) if side else one, name) for one in alone]
        array = np.array([np.nan if value is None else value for value in values])
        return of.get(name, array)

    sides = {
        side: Side(**{field.name: column({}, field.name, side) for field in fields(Side)})
        for side in ("a", "b")
    }
    found = examine_all(Contrast(**{f.name: column(sides, f.name) for f in fields(Contrast)}))

    assert set(found) == {field.name for field in fields(Difference)}
    for row, contrast in enumerate(alone):
        for name, expected in zip(found, astuple(examine(contrast)), strict=True):
            value = found[name][row].item()
            if expected is None:
                assert value == "" or np.isnan(value), (name, contrast)
            else:
                assert value == pytest.approx(expected, rel=1e-13), (name, contrast)


def test_variances_between_groups():
    random = np.random.default_rng(3)
    divisions = [[random.normal(k, 1, 9) for k in range(n)] for n in (2, 3, 5)]
    divisions.insert(1, [np.ones(3), np.ones(4)])
    divisions.append([np.zeros(3), np.ones(4)])

    assert variances_between(divisions) == [variance_between(groups) for groups in divisions]


def test_roots_of_functions_of_different_shapes():
    powers, values = np.array([1.0, 2.0, 3.0, 9.0, 1.0]), np.array([0.5, 2.0, 1e-9, 7.0, 0.0])

    found = roots(lambda x, rows: x ** powers[rows] - values[rows], np.zeros(5), np.full(5, 8.0))

    assert found == pytest.approx(values ** (1 / powers), rel=1e-12)


def test_a_function_without_a_value_has_no_root():
    found = roots(
        lambda x, rows: np.where((rows == 1) & (x > 0) & (x < 8), np.nan, x - 2),
        np.zeros(2),
        np.full(2, 8.0),
    )
    assert found[0] == pytest.approx(2.0)
    assert np.isnan(found[1])


def test_columns_come_from_the_warehouse_and_go_back_with_what_is_missing():
    connection = duckdb.connect()
    types = {"name": "varchar", "note": "varchar", "number": "double", "count": "integer"}
    given = [("a", None, 1.5, 3), ("a", "x", None, 4), ("é", None, -2.0, 5)]
    columns = connection.query(
        "select * from (values ('a', null, 1.5::double, 3), ('a', 'x', null, 4),"
        " ('é', null, -2.0, 5)) as given(name, note, number, count)"
    ).fetchnumpy()
    number = np.ma.filled(columns["number"], np.nan)

    found = to_relation(
        connection, types, columns | {"note": texts(columns["note"]), "number": number}
    )

    assert found.fetchall() == given
    assert [kind.lower() for kind in map(str, found.types)] == list(types.values())
    assert list(runs(columns, ["name"])) == [(("a",), slice(0, 2)), (("é",), slice(2, 3))]
    assert [key for key, _ in runs(columns, ["note"])] == [(None,), ("x",), (None,)]
    nothing = to_relation(connection, types, dict.fromkeys(types, ()))
    assert nothing.fetchall() == []
    assert nothing.types == found.types


SHARES = """
import sys, duckdb
from models.estimation.points.est_share_limits import model

class Dbt:
    def ref(self, name):
        if name == "est_variances":
            return session.query(
                "select 1 as domain_id, 'q3' as indicator_id, 0.02::double as total_variance"
            )
        return session.query('''
            select 1 as domain_id, '2021' as wave, 'all' as classification_id,
                'all' as group_id, indicator_id, 'share' as kind, 14 as n_answered, 1 as n_strata,
                n_clusters, 12.0::double as sum_value, 50.2::double as sum_weights,
                1.0::double as weighted_denominator, 14.0::double as n_effective,
                12 / 14 as weighted_estimate, 0.3 as sampling_fraction, is_equally_weighted
            from (values ('q1', true, null), ('q2', false, null), ('q3', true, 5))
                as shares(indicator_id, is_equally_weighted, n_clusters)
        ''')

session = duckdb.connect()
found = model(Dbt(), session)
session.register("found", found)
session.execute("create table kept as select * from found")
print(session.query("select count(*) from kept").fetchone()[0])
print([name for name in ("pandas", "scipy.stats", "scipy.optimize") if name in sys.modules])
"""


def test_a_model_does_not_import_what_takes_longer_than_it():
    found = subprocess.run(
        [sys.executable, "-c", SHARES], cwd=PROJECT_ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.split("\n")[:2] == ["3", "[]"]
