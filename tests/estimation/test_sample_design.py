"""Designs that the estimates do not know stop the build, and say which row is wrong."""

from __future__ import annotations

import pytest

from estimation.sample_design import SampleDesignError, half_unit, require_clusters, require_weights


def response(number: int, delivered: float | None, **changes: object) -> dict[str, object]:
    return {
        "wave": "2021",
        "row_number": number,
        "stratum_id": "s",
        "weight_source": "design",
        "delivered_weight": delivered,
        "stratum_weight": 44.21,
        "population_count": 4421,
    } | changes


def refused(rows: list[dict[str, object]]) -> SampleDesignError:
    with pytest.raises(SampleDesignError) as caught:
        require_weights(rows)
    return caught.value


def delivered(*weights: float | None) -> list[dict[str, object]]:
    return [
        response(number, weight, weight_source="delivered", population_count=100)
        for number, weight in enumerate(weights, start=1)
    ]


@pytest.mark.parametrize("weight", [44.21, 44.2099990844727, 44.2, 44.0])
def test_a_weight_of_the_design_may_be_rounded(weight) -> None:
    require_weights([response(1, weight)])


@pytest.mark.parametrize("weight", [44.22, 44.25, 45.0, 43.0, 40.0, 1.0, 44.2101])
def test_another_weight_is_refused_with_its_row_and_both_numbers(weight) -> None:
    error = refused([response(3, 44.21), response(9, weight), response(7, weight)])
    assert "2 response(s) of wave '2021'" in error.what
    assert f"data row 7 has {weight:.12g}, computed is 44.21" in error.what
    assert "column with role weight" in error.where
    assert "weight_sources.csv" in error.remedy
    assert "ignore" in error.remedy


def test_a_small_weight_may_not_be_rounded_to_a_whole_number() -> None:
    error = refused([response(1, 2.0, stratum_weight=2.4)])
    assert "has 2, computed is 2.4" in error.what


@pytest.mark.parametrize("weight", [None, 0.0, -3.0, float("nan"), float("inf")])
@pytest.mark.parametrize("source", ["design", "delivered"])
def test_what_is_no_weight_is_refused(weight, source) -> None:
    rows = [response(2, 44.21, weight_source=source), response(4, weight, weight_source=source)]
    error = refused(rows)
    assert "1 response(s)" in error.what
    assert "data row 4 has" in error.what


def test_weights_that_add_up_to_the_population_are_taken() -> None:
    require_weights(delivered(60.0, 30.5, 15.0, 1.0))


def test_weights_of_one_on_average_are_refused() -> None:
    error = refused(delivered(1.4, 0.6, 1.0))
    assert "data row 2 has 0.6" in error.what
    assert "organisations over responses" in error.expected


def test_weights_of_another_population_are_refused() -> None:
    for weights in ((20.0, 20.0), (150.0, 60.0)):
        error = refused(delivered(*weights))
        assert f"add up to {sum(weights):.1f}" in error.what
        assert "100 organisations" in error.what


def test_half_a_unit_of_the_last_decimal() -> None:
    assert [half_unit(x) for x in (44.21, 44.0, 0.5, 1e-9)] == [0.005, 0.5, 0.05, 0.0]


def organisation(number: int, stratum: str, cluster: str | None) -> dict[str, object]:
    return {"wave": "2021", "row_number": number, "stratum_id": stratum, "cluster_id": cluster}


def test_an_organisation_without_a_cluster_is_refused() -> None:
    rows = [organisation(1, "s", "a"), organisation(8, "s", None), organisation(5, "s", None)]
    with pytest.raises(SampleDesignError) as caught:
        require_clusters(rows, [], {"2021": "frame"})
    assert "2 organisation(s) of wave '2021' have no cluster" in caught.value.what
    assert "data row 5" in caught.value.what
    assert caught.value.where == "frame of wave '2021', column with role cluster"


def test_a_cluster_in_two_strata_is_refused() -> None:
    rows = [organisation(1, "s", "a"), organisation(2, "t", "b"), organisation(3, "t", "a")]
    with pytest.raises(SampleDesignError) as caught:
        require_clusters(rows, [], {"2021": "export"})
    assert "1 cluster(s)" in caught.value.what
    assert "'a' in 's' (data row 1) and 't' (data row 3)" in caught.value.what
    assert "strata_design.csv" in caught.value.remedy


@pytest.mark.parametrize("known", [1, None])
def test_more_clusters_than_there_are_are_refused(known) -> None:
    stratum = {
        "wave": "2021",
        "stratum_id": "s",
        "cluster_count": known,
        "sampled_cluster_count": 2,
    }
    with pytest.raises(SampleDesignError) as caught:
        require_clusters([organisation(1, "s", "a")], [stratum], {"2021": "export"})
    assert f"has responses of 2 clusters, and {known or 0} in all" in caught.value.what
    assert "cluster_counts.csv" in caught.value.where
