"""Conditions of LimeSurvey: read where routing can say the same, refused where it cannot."""

from __future__ import annotations

import pytest

from drafting.expressions import Given, TooComplex, read_condition

YES, NO, BOX = Given("q1", "A1"), Given("q1", "A2"), Given("q2_SQ001", "Y")


@pytest.mark.parametrize(
    ("text", "any_of", "none_of"),
    [
        ("", set(), set()),
        ("1", set(), set()),
        ('q1 == "A1"', {YES}, set()),
        ("{q1.NAOK eq 'A1'}", {YES}, set()),
        ('((q1.NAOK == "A1"))', {YES}, set()),
        ('q1 == "A1" or q1 == "A2" || q2_SQ001 == "Y"', {YES, NO, BOX}, set()),
        ('q1 != "A1"', set(), {YES}),
        ('!(q1 == "A1" or q2_SQ001.NAOK == "Y")', set(), {YES, BOX}),
        ('(q1 == "A1" or q1 == "A2") and q2_SQ001 != "Y"', {YES, NO}, {BOX}),
        ("!is_empty(q2_SQ001)", {BOX}, set()),
        ("is_empty(q2_SQ001.NAOK)", set(), {BOX}),
        ('q2_SQ001 == ""', set(), {BOX}),
        ("q1 == 3", {Given("q1", "3")}, set()),
    ],
)
def test_a_simple_condition_is_routing(text, any_of, none_of) -> None:
    condition = read_condition(text)
    assert condition.any_of == any_of
    assert condition.none_of == none_of


@pytest.mark.parametrize(
    "text",
    [
        'q1 == "A1" and q3 == "A1"',
        '(q1 == "A1" and q2_SQ001 == "Y") or q3 == "A1"',
        '!(q1 == "A1" and q2_SQ001 == "Y")',
        'q1 == "A1" or q3 != "A1"',
        "age.NAOK >= 18",
        "count(q1, q2) > 1",
        "q1 == q2",
        'q1 == "A1" q2',
        'q1 == "A1',
        "(" * 500 + 'q1 == "A1"' + ")" * 500,
        "!" * 5000,
        ";",
    ],
)
def test_what_routing_cannot_say_is_left_to_a_person(text) -> None:
    with pytest.raises(TooComplex):
        read_condition(text)
