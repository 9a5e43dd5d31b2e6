"""Ids that no registry lists, and keys that occur twice."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

REFERENCES = [
    Mistake(
        "unknown wave",
        "comparability_breaks",
        "introduced,2023",
        "introduced,2024",
        ("comparability_breaks", 2, "wave"),
        "There is no wave '2024' in waves.csv.",
        "Did you mean '202",
    ),
    Mistake(
        "unknown question",
        "codes",
        "safe,2021,5,agree",
        "saffe,2021,5,agree",
        ("codes", 7, "question_id"),
        "There is no question_id 'saffe' in questions.csv.",
        "Did you mean 'safe'?",
    ),
    Mistake(
        "unknown option of a code",
        "codes",
        "safe,2021,5,agree",
        "safe,2021,5,agre",
        ("codes", 7, "option_id"),
        "There is no option_id 'agre' of question_id 'safe' in options.csv.",
        "Did you mean 'agree'?",
    ),
    Mistake(
        "unknown option of a code for every question",
        "codes",
        ",2025,oui,yes",
        ",2025,oui,yess",
        ("codes", 9, "option_id"),
        "No question has an option 'yess'.",
        "Did you mean 'yes'?",
    ),
    Mistake(
        "unknown option of a column",
        "columns",
        "q2[1],answer,partners,citizens",
        "q2[1],answer,partners,citizen",
        ("columns", 6, "option_id"),
        "There is no option_id 'citizen' of question_id 'partners' in options.csv.",
        "Did you mean 'citizens'?",
    ),
    Mistake(
        "unknown option of an indicator",
        "indicator_items",
        "introduced,yes",
        "introduced,jes",
        ("indicator_items", 2, "option_id"),
        "There is no option_id 'jes' of question_id 'introduced' in options.csv.",
        "Did you mean 'yes'?",
    ),
    Mistake(
        "unknown condition",
        "routing",
        "none_of,partners,nobody",
        "none_of,partners,nobdy",
        ("routing", 3, "condition_option_id"),
        "There is no option_id 'nobdy' of condition_question_id 'partners' in options.csv.",
        "Did you mean 'nobody'?",
    ),
    Mistake(
        "unknown parent group",
        "organisation_groups",
        "small_agencies,agencies",
        "small_agencies,agences",
        ("organisation_groups", 4, "parent_group_id"),
        "There is no group_id 'agences' of classification_id 'kind' in organisation_groups.csv.",
        "Did you mean 'agencies'?",
    ),
    Mistake(
        "parent in another classification",
        "organisation_groups",
        "small_agencies,agencies",
        "small_agencies,large",
        ("organisation_groups", 4, "parent_group_id"),
        "There is no group_id 'large' of classification_id 'kind'",
    ),
    Mistake(
        "group of another classification in a claim",
        "claims",
        "agencies,courts",
        "agencies,large",
        ("claims", 2, "group_b"),
        "There is no group_id 'large' of classification_id 'kind'",
    ),
    Mistake(
        "unknown group in a claim",
        "claims",
        "agencies,courts",
        "agencies,court",
        ("claims", 2, "group_b"),
        "There is no group_id 'court' in organisation_groups.csv.",
        "Did you mean 'courts'?",
    ),
    Mistake(
        "unknown indicator in a claim",
        "claims",
        "climate,innovated,positive",
        "climat,innovated,positive",
        ("claims", 3, "indicator_id"),
        "There is no indicator_id 'climat' in indicators.csv.",
        "Did you mean 'climate'?",
    ),
    Mistake(
        "unknown attribute",
        "organisation_membership",
        "organisation_type,court",
        "organisation_typ,court",
        ("organisation_membership", 4, "attribute_id"),
        "No column holds the attribute 'organisation_typ'.",
        "Did you mean 'organisation_type'?",
    ),
]

KEYS = [
    Mistake(
        "duplicate question",
        "questions",
        None,
        "staff,size,9,number,Staf?,Staff?,2021,,,,,false,false,,,",
        ("questions", 10, "question_id"),
        "This row repeats line 5: question_id 'staff'.",
    ),
    Mistake(
        "duplicate option",
        "options",
        None,
        "introduced,yes,4,jawel,indeed,,false,,false,,",
        ("options", 14, "question_id, option_id"),
        "This row repeats line 2: question_id 'introduced', option_id 'yes'.",
    ),
    Mistake(
        "duplicate code for every question",
        "codes",
        None,
        ",,-9,,not_applicable",
        ("codes", 10, "question_id, wave, raw_value"),
        "This row repeats line 8: raw_value '-9'.",
    ),
    Mistake(
        "group id in two classifications",
        "organisation_groups",
        None,
        "size,courts,,Rechtspraak,Courts,3,false",
        ("organisation_groups", 7, "group_id"),
        "This row repeats line 3: group_id 'courts'.",
    ),
    Mistake(
        "classification twice in a design",
        "strata_design",
        "2021,2,size",
        "2021,2,kind",
        ("strata_design", 3, "wave, classification_id"),
        "This row repeats line 2: wave '2021', classification_id 'kind'.",
    ),
]


@pytest.mark.parametrize("mistake", [*REFERENCES, *KEYS], ids=lambda m: m.name)
def test_an_unknown_or_repeated_id_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)
