"""Clusters and delivered weights: what they may not be declared with is refused, and said why."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

from registry import RegistryErrors, load_registry
from registry.problems import Problem

CLUSTER = "2023,export,district,cluster,,,,,,"
WEIGHT = "2023,export,w,weight,,,,,,"


def errors(survey) -> list[Problem]:
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    return list(caught.value.errors)


@pytest.fixture
def simple(survey):
    """The minimal survey without what neither clusters nor delivered weights go with."""
    for table in ("weighting_margins", "comparisons", "trend_rules", "claims", "scale_bands"):
        empty(survey, table)
    for table in ("scale_outcomes", "scales", "test_families"):
        empty(survey, table)
    survey.replace("publication_rules", "public_edition,1", "public_edition,0")
    return survey


def empty(survey, table: str) -> None:
    header, _, _ = survey.file(table).read_text(encoding="utf-8").partition("\n")
    survey.file(table).write_text(header + "\n", encoding="utf-8", newline="")


def test_clusters_and_their_number_are_read(simple):
    simple.append("columns", CLUSTER)
    simple.append("cluster_counts", "2023,agencies,5")
    registry = load_registry(simple.path)
    assert registry.columns[-1].role == "cluster"
    (count,) = registry.cluster_counts
    assert (count.wave, count.stratum_id, count.cluster_count) == ("2023", "agencies", 5)


def test_clusters_go_with_nothing_that_takes_responses_for_independent(survey):
    line = survey.append("columns", CLUSTER)
    survey.append("cluster_counts", "2023,agencies,5")
    found = errors(survey)
    assert {(error.file, error.line, error.column) for error in found} == {
        (survey.file("columns"), line, "role")
    }
    assert {error.what for error in found} == {
        "Wave '2023' has clusters, and weights that are made to add up to margins.",
        *(
            f"Wave '2023' has clusters, and the survey declares {declared} ({file})."
            for declared, file in (
                ("comparisons", "comparisons.csv"),
                ("trends", "trend_rules.csv"),
                ("claims", "claims.csv"),
                ("scales", "scales.csv"),
                ("a public edition", "publication_rules.csv"),
            )
        ),
    }
    assert all("ignore" in error.remedy for error in found)


@pytest.mark.parametrize(
    "mistake",
    [
        Mistake(
            "nobody knows how many",
            "columns",
            None,
            CLUSTER,
            ("strata", 2, "stratum_id"),
            "Nobody knows how many clusters 'agencies' has in wave '2023'",
            "Add the number of clusters",
        ),
        Mistake(
            "from the export beside a frame",
            "columns",
            None,
            "2021,export,district,cluster,,,,,,",
            ("columns", 23, "role"),
            "The cluster 'district' is taken from the export",
            "Map the frame's column",
        ),
        Mistake(
            "an export that is its own frame",
            "columns",
            None,
            "2025,export,district,cluster,,,,,,",
            ("columns", 23, "role"),
            "Wave '2025' has clusters, and its export is its own frame.",
        ),
        Mistake(
            "a number of clusters without clusters",
            "cluster_counts",
            None,
            "2023,agencies,5",
            ("cluster_counts", 2, "wave"),
            "Wave '2023' has no column with role cluster.",
        ),
        Mistake(
            "no column of weights",
            "weight_sources",
            "2023,design",
            "2023,delivered",
            ("weight_sources", 2, "weight_source"),
            "The weights of wave '2023' are delivered, and no column of part 'main' has them.",
            "Add the role",
        ),
    ],
    ids=lambda mistake: mistake.name,
)
def test_a_mistake_in_a_design_is_told_once_with_its_place(simple, mistake):
    assert_told_once(simple, mistake)


@pytest.mark.parametrize("count", ["0", "13"])
def test_a_stratum_has_a_cluster_and_no_more_than_organisations(simple, count):
    simple.append("columns", CLUSTER)
    line = simple.append("cluster_counts", f"2023,agencies,{count}")
    (error,) = errors(simple)
    assert (error.file, error.line) == (simple.file("cluster_counts"), line)
    assert f"is said to have {count} clusters, and 12 organisations" in error.what


def test_a_frame_can_have_clusters_that_nobody_counts_by_hand(simple):
    simple.append("columns", "2021,frame,district,cluster,,,,,,")
    assert load_registry(simple.path).columns[-1].kind == "frame"


def test_two_columns_of_clusters_are_a_second_stage_and_refused(simple):
    simple.append("columns", CLUSTER)
    simple.append("cluster_counts", "2023,agencies,5")
    simple.append("columns", "2023,export,town,cluster,,,,,,")
    (error,) = errors(simple)
    assert "Two columns of the export of wave '2023' have role cluster" in error.what


def test_delivered_weights_go_with_neither_margins_nor_a_public_edition(survey):
    survey.append("columns", WEIGHT)
    survey.replace("weight_sources", "2023,design", "2023,delivered")
    found = errors(survey)
    assert {error.what for error in found} == {
        "The weights of wave '2023' are delivered, and they are to be made to add up to margins.",
        "The weights of wave '2023' are delivered, and the survey has a public edition.",
    }
    assert {(error.line, error.column) for error in found} == {(2, "weight_source")}


def test_delivered_weights_have_a_population_to_be_held_against(simple):
    simple.append("columns", "2025,export,w,weight,,,,,,")
    simple.replace("weight_sources", "2023,design", "2025,delivered")
    (error,) = errors(simple)
    assert error.what.endswith("and its export is its own frame.")


def test_delivered_weights_are_read(simple):
    simple.append("columns", WEIGHT)
    simple.replace("weight_sources", "2023,design", "2023,delivered")
    (source,) = load_registry(simple.path).weight_sources
    assert source.weight_source == "delivered"
