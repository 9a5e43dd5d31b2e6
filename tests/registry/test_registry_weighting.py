"""Mistakes in strata, margins of weights, crossings, and how many options count."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

from registry import RegistryErrors, load_registry

MARGINS = [
    Mistake(
        "no frame to count",
        "weighting_margins",
        "2023,kind,agencies,12",
        "2023,kind,agencies,",
        ("weighting_margins", 4, "population_count"),
        "Nobody knows how many organisations 'agencies' has: the wave has no frame.",
        "Fill population_count.",
    ),
    Mistake(
        "nobody to stand for",
        "weighting_margins",
        "2023,kind,agencies,12",
        "2023,kind,agencies,0",
        ("weighting_margins", 4, "population_count"),
        "The weights of 'agencies' are to add up to 0.",
    ),
    Mistake(
        "margin within a margin",
        "weighting_margins",
        None,
        "2021,kind,small_agencies,",
        ("weighting_margins", 5, "group_id"),
        "The group 'small_agencies' lies within 'agencies', which is a margin too.",
        "Keep one of the two levels.",
    ),
    Mistake(
        "margins of different totals",
        "weighting_margins",
        None,
        "2023,size,small,11",
        ("weighting_margins", 5, "population_count"),
        "The margins of 'size' add up to 11 in wave '2023', those of 'kind' to 12.",
    ),
    Mistake(
        "fewer organisations than none",
        "strata",
        "2023,agencies,12",
        "2023,agencies,-1",
        ("strata", 2, "population_count"),
        "'population_count' is -1.",
    ),
]
CROSSINGS = [
    Mistake(
        "crossed with itself",
        "crossings",
        "kind,size",
        "kind,kind",
        ("crossings", 2, "crossed_classification_id"),
        "The classification 'kind' is crossed with itself.",
    ),
    Mistake(
        "two groups of one name",
        "organisation_groups",
        None,
        "kind,agencies_x_small,,A,A,4,false\nsize,small_x_small,,S,S,3,false",
        ("crossings", 2, "crossed_classification_id"),
        "Two pairs of groups would both be called 'agencies_x_small_x_small'.",
    ),
]
COUNTS = [
    Mistake(
        "options counted twice",
        "indicators",
        "breadth,innovation,2,count,Breedte,Breadth,,,1,neutral,,,,,,false",
        "breadth,innovation,2,count,Breedte,Breadth,,,1,neutral,,1,,,,false",
        ("indicators", 3, "minimum_count"),
        "The indicator 'breadth' (count) counts options.",
    ),
    Mistake(
        "more options than there are",
        "indicators",
        "1,higher_is_better,%,,,,,false",
        "1,higher_is_better,%,,2,,,false",
        ("indicators", 2, "maximum_count"),
        "The indicator 'innovated' (share) wants 2 of 1 options.",
    ),
    Mistake(
        "more than at most",
        "indicators",
        "1,higher_is_better,%,,,,,false",
        "1,higher_is_better,%,1,0,,,false",
        ("indicators", 2, "minimum_count, maximum_count"),
        "'minimum_count' is 1 and 'maximum_count' is 0.",
    ),
]


@pytest.mark.parametrize("mistake", [*MARGINS, *CROSSINGS, *COUNTS], ids=lambda m: m.name)
def test_a_mistake_in_weighting_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)


def test_a_crossing_cannot_take_the_name_of_a_classification(survey):
    survey.append("classifications", "kind_x_size,Soort en omvang,Kind and size,3,false,")
    survey.append("organisation_groups", "kind_x_size,whole,,Geheel,Whole,1,false")
    with pytest.raises(Exception, match="The crossing would be called 'kind_x_size'"):
        load_registry(survey.path)


def test_a_share_can_ask_for_none_of_its_options(survey):
    survey.replace(
        "indicators", "1,higher_is_better,%,,,,,false", "1,higher_is_better,%,0,0,,,false"
    )
    registry = load_registry(survey.path)
    assert (registry.indicators[0].minimum_count, registry.indicators[0].maximum_count) == (0, 0)


def test_margins_and_crossings_are_read(survey):
    registry = load_registry(survey.path)
    margins = [(row.wave, row.group_id, row.population_count) for row in registry.weighting_margins]
    assert margins == [
        ("2021", "agencies", None),
        ("2021", "courts", None),
        ("2023", "agencies", 12),
    ]
    assert [
        (row.classification_id, row.crossed_classification_id) for row in registry.crossings
    ] == [("kind", "size")]


def test_strata_cross_three_classifications_at_most(survey):
    for place, name in enumerate(("age", "law"), start=3):
        survey.append("classifications", f"{name},{name},{name},{place},false,")
        survey.append("organisation_groups", f"{name},{name}_any,,Alle,Any,1,false")
        survey.append("strata_design", f"2021,{place},{name}")

    with pytest.raises(
        RegistryErrors, match="'2021' crosses more than 3 classifications"
    ) as caught:
        load_registry(survey.path)

    assert [(error.line, error.column) for error in caught.value.errors] == [(7, "position")]
