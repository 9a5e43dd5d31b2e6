"""The audit of the internal edition refuses bases from which a small one can be computed."""

from __future__ import annotations

import pytest

from publication.errors import AuditError
from publication.internal.release import publish
from publication.internal.subtraction import Groups
from registry import load_registry

BODY = "overheidslaag"
CROSSED = "overheidslaag_x_organisatiegrootte"


@pytest.fixture(scope="module")
def groups(template) -> Groups:
    return Groups(load_registry(template.settings.seeds))


def put(warehouse, *bases: tuple[str, str, int | None]) -> None:
    """Make the estimates of one indicator and wave those of groups with these bases."""
    rows = ", ".join(
        f"('2021', '{classification}', '{group}', 'innovated', {base or 'null'}::bigint,"
        f" {'0.5::double' if base else 'null::double'}, '{'published' if base else 'suppressed'}')"
        for classification, group, base in bases
    )
    warehouse.execute(
        f"create or replace table core.estimates as select * from (values {rows})"
        " as t (wave, classification_id, group_id, indicator_id, n_answered,"
        " estimate, suppression_status)"
    )


def test_a_crossing_that_leaves_few_of_its_group_stops_the_release(warehouse):
    water = (BODY, "waterschappen", 13)
    put(warehouse, water, (CROSSED, "waterschappen_x_groot", 8))
    publish(warehouse.settings)
    put(warehouse, water, (CROSSED, "waterschappen_x_groot", 13))
    publish(warehouse.settings)
    put(warehouse, water, (CROSSED, "waterschappen_x_groot", 10))

    with pytest.raises(AuditError, match=r"core\.estimates shows 2 groups .* by subtraction"):
        publish(warehouse.settings)


def test_a_blank_crossing_gives_nobody_away(warehouse):
    put(
        warehouse,
        (BODY, "waterschappen", 13),
        (CROSSED, "waterschappen_x_groot", None),
    )

    assert not publish(warehouse.settings).unchanged


def test_children_that_leave_one_small_stop_the_release_together(warehouse):
    put(
        warehouse,
        (BODY, "decentraal", 60),
        (BODY, "gemeenten", 30),
        (BODY, "gemeenschappelijke_regelingen", 27),
        (BODY, "waterschappen", None),
    )

    with pytest.raises(AuditError, match="shows 1 groups"):
        publish(warehouse.settings)


def test_a_count_beside_a_blank_base_stops_the_release(warehouse):
    warehouse.execute(
        "alter table core.estimates add column n_responses bigint;"
        " update core.estimates set n_responses = 12"
    )

    with pytest.raises(AuditError, match=r"core\.estimates\.n_responses shows 1 suppressed"):
        publish(warehouse.settings)


@pytest.mark.parametrize(
    ("inner", "around"),
    [
        (("overheidslaag", "rechtswezen"), ("overheidslaag", "rijk")),
        (("rw_taak", "rechtspraak"), ("overheidslaag", "rijk_overige")),
        (("organisatiegrootte", "groot"), ("overheidslaag", "overheid")),
        ((CROSSED, "waterschappen_x_groot"), ("organisatiegrootte", "groot")),
        ((CROSSED, "waterschappen_x_groot"), ("overheidslaag", "decentraal")),
        ((CROSSED, "waterschappen_x_groot"), (CROSSED, "decentraal_x_groot")),
    ],
)
def test_what_lies_within_what_follows_from_the_registries(groups, inner, around):
    assert groups.is_within(inner, around)
    assert not groups.is_within(around, inner)


def test_groups_that_merely_overlap_do_not_contain_each_other(groups):
    assert not groups.is_within((BODY, "waterschappen"), ("organisatiegrootte", "groot"))
    assert not groups.is_within((CROSSED, "waterschappen_x_groot"), (CROSSED, "rijk_x_groot"))


def test_the_parts_of_a_division_do_not_lie_within_each_other(groups):
    for group, _, parts in groups.divisions():
        for part in parts:
            assert groups.is_within(part, group)
            assert not any(groups.is_within(part, other) for other in parts if other != part)
