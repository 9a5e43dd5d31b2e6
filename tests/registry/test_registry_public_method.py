"""By which method the public edition publishes, and how few counts it may leave possible."""

from __future__ import annotations

import pytest
from registry_mistake import Mistake, assert_told_once

from registry import RegistryErrors, load_registry
from registry.rules.disclosure import PublicRules, public_rules
from registry.tables.thresholds import METHODS

METHOD = "public_method,bands,Strict."


def rounded(survey, *rules: str) -> None:
    """Let the minimal survey round, with further rules."""
    survey.replace("publication_rules", METHOD, "\n".join(["public_method,rounded,Known.", *rules]))


def told(survey) -> str:
    """Return the one mistake of the survey: what is wrong, what was expected, what to do."""
    with pytest.raises(RegistryErrors) as caught:
        load_registry(survey.path)
    (error,) = caught.value.errors
    return f"{error.what} Expected {error.expected}. {error.remedy}"


MISTAKES = [
    Mistake(
        "a public edition by no method",
        "publication_rules",
        f"{METHOD}\n",
        "",
        ("publication_rules", None, "rule_id"),
        "The rule 'public_method' is missing.",
        "Copy its row from seeds/publication_rules.csv.",
    ),
    Mistake(
        "a method with a slip of the pen",
        "publication_rules",
        METHOD,
        "public_method,round,Known.",
        ("publication_rules", 8, "value"),
        "The method 'round' of the public edition has no audit.",
        "Did you mean 'rounded'?",
    ),
    Mistake(
        "rounded where the survey is stricter",
        "disclosure_rules",
        ",climate,false,,,,,,,,,,",
        ",climate,false,,,,,,,,,rounded,",
        ("disclosure_rules", 3, "method"),
        "'rounded' is not a value of 'method'.",
        "Use one of the listed values.",
    ),
]


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.name)
def test_a_mistake_in_the_method_is_told_once_with_its_place(survey, mistake):
    assert_told_once(survey, mistake)


def test_a_method_without_an_audit_is_refused_and_those_that_have_one_are_named(survey):
    survey.replace("publication_rules", METHOD, "public_method,noise,Added to every count.")

    assert told(survey) == (
        "The method 'noise' of the public edition has no audit."
        " Expected one of those that have an audit: rounded, bands."
        " Choose one of these; a figure that no audit has attacked is not published."
    )


@pytest.mark.parametrize("few", ["0", "1"])
def test_fewer_candidates_than_two_are_refused_because_the_count_is_known(survey, few):
    rounded(survey, f"public_candidates,{few},Few.")

    assert told(survey) == (
        f"The rule 'public_candidates' is '{few}'."
        " Expected a whole number of 2 or more: with one candidate left the count is known."
        " Correct the value, or copy the row from seeds/publication_rules.csv."
    )


@pytest.mark.parametrize(
    ("rule", "value", "expected"),
    [
        ("public_minimum_base", "9", "a whole number of 10 or more"),
        ("public_minimum_base", "10.0", "a whole number of 10 or more"),
        ("public_candidates", "2.5", "a whole number of 2 or more"),
        ("public_candidates_respondent", "0", "a whole number, 1 or more"),
        ("public_candidates_respondent", "1.0", "a whole number, 1 or more"),
        ("minimum_contributors", "3.0", "a whole number of 3 or more"),
    ],
)
def test_a_value_that_is_no_such_number_is_refused(survey, rule, value, expected):
    rounded(survey, f"{rule},{value},Wrong.")

    message = told(survey)

    assert f"The rule '{rule}' is '{value}'." in message
    assert f"Expected {expected}" in message


@pytest.mark.parametrize("rules", [[], ["public_minimum_base,14,Known."]])
def test_no_rounded_figure_rests_on_fewer_answers_than_one_of_the_internal_edition(survey, rules):
    survey.replace("publication_rules", "minimum_base,10,", "minimum_base,15,")
    rounded(survey, *rules)

    base = "14" if rules else "10"
    assert told(survey) == (
        f"A rounded figure would need a base of {base}, one of the internal edition 15."
        " Expected a 'public_minimum_base' of at least the 'minimum_base'."
        " Set 'public_minimum_base' to 15 or more."
    )


def test_bands_have_a_smallest_base_of_their_own(survey):
    survey.replace("publication_rules", "minimum_base,10,", "minimum_base,15,")

    assert public_rules(load_registry(survey.path)).method == "bands"


@pytest.mark.parametrize("method", METHODS)
def test_the_rules_of_a_method_have_defaults(survey, method):
    survey.replace("publication_rules", METHOD, f"public_method,{method},Chosen.")

    assert public_rules(load_registry(survey.path)) == PublicRules(
        method, minimum_base=10, candidates=2, candidates_respondent=1
    )


def test_the_rules_of_a_method_are_those_of_the_survey(survey):
    rounded(
        survey,
        "public_minimum_base,12,Known.",
        "public_candidates,4,Many.",
        "public_candidates_respondent,3,Many.",
    )

    assert public_rules(load_registry(survey.path)) == PublicRules("rounded", 12, 4, 3)


def test_without_a_public_edition_no_method_is_asked_for(survey):
    survey.replace("publication_rules", f"public_edition,1,Made.\n{METHOD}\n", "")

    load_registry(survey.path)


def test_an_indicator_or_a_topic_may_be_held_to_bands(survey):
    rounded(survey)
    survey.replace("disclosure_rules", "fine,agencies,,,,", "fine,agencies,,,bands,")
    survey.append("disclosure_rules", ",size,true,,,,,,,,,bands,")

    methods = [row.method for row in load_registry(survey.path).disclosure_rules]

    assert methods == ["bands", None, "bands"]


def test_a_set_has_one_method(survey):
    survey.append(
        "indicators",
        "tried,innovation,9,share,Probeerde,Tried,,,1,higher_is_better,%,,,,,false",
    )
    survey.append("indicator_items", "tried,numerator,introduced,no")
    survey.replace(
        "disclosure_rules", "kind,size,fine,agencies,,,,", "kind,size,,,one,option,bands,"
    )
    survey.append("disclosure_rules", "tried,,true,,,kind,size,,,one,option,,")

    assert "'tried' and 'innovated' are in the set 'one' and have different rules." in told(survey)


def test_an_amount_has_a_method_of_its_own(survey):
    survey.append("disclosure_rules", "staff_total,,true,,,,,,,,,bands,")

    assert "'staff_total' is an amount and has rules for bands." in told(survey)
