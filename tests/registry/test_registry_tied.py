"""Sets of tied shares that are tied otherwise than the rules say are refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from banded_survey import banded_registry

from registry import TABLES
from registry.rules.queries import check_queries
from registry.tables.publication import DisclosureRule


def member(name: str, set_id: str, role: str) -> DisclosureRule:
    nothing = dict.fromkeys(TABLES["disclosure_rules"].header)
    given = {"indicator_id": name, "is_published": True, "set_id": set_id, "set_role": role}
    return DisclosureRule(**{**nothing, **given, "row": 99})  # type: ignore[arg-type]


def problems(*more: DisclosureRule, without: str = "") -> list[str]:
    kept = tuple(row for row in banded_registry().disclosure_rules if row.indicator_id != without)
    found = list(check_queries(replace(banded_registry(), disclosure_rules=(*kept, *more))))
    assert {(each.table, each.column) for each in found} <= {("disclosure_rules", "set_id")}
    # That the rules of the members are alike is another rule.
    return [each.what for each in found if "have different rules" not in each.what]


def test_the_sets_of_the_example_survey_by_bands_are_tied_as_they_say() -> None:
    assert problems() == []


@pytest.mark.parametrize(
    ("added", "says"),
    [
        (member("innovated_broadly", "types", "part"), "'innovated_broadly' counts how many"),
        (
            member("partner_outside_government", "partners", "part"),
            "'partner_outside_government' and 'partner_",
        ),
        (member("trigger_citizens", "partners", "part"), "answers that the union of 'partners'"),
    ],
    ids=["breadth_beside_types", "several_partners_beside_one", "an_answer_outside_the_union"],
)
def test_a_member_that_is_tied_in_another_way_is_refused(added: DisclosureRule, says: str) -> None:
    (said,) = problems(added)

    assert says in said


def test_a_question_in_two_sets_is_refused() -> None:
    said = problems(
        member("partner_outside_government", "outside", "union"),
        member("partner_companies", "outside", "part"),
        without="partner_companies",
    )

    assert len(said) == 2
    assert all("The question 'partners' is in the sets 'partners' and 'outside'" in s for s in said)
