"""What `diff` says about two releases."""

from __future__ import annotations

import pytest

from publication.editions import edition_of
from publication.internal.release import publish
from publication.store.difference import compare
from publication.store.releases import find_release, kept_releases


@pytest.fixture
def keyed(warehouse):
    """A warehouse whose manifest says which columns tell the rows apart."""
    warehouse.write_manifest(warehouse.tables(), key=["wave", "group_id", "indicator_id"])
    return warehouse


def difference(warehouse, *statements: str):
    first = publish(warehouse.settings)
    for statement in statements:
        warehouse.execute(statement)
    second = publish(warehouse.settings)
    edition = edition_of(warehouse.settings)
    return compare(
        find_release(edition, first.release_id), find_release(edition, second.release_id)
    )


def of_core(found):
    return next(table for table in found.tables if table.table == "core.estimates")


def test_a_changed_figure_is_told_with_its_row_and_its_size(keyed):
    found = difference(
        keyed,
        "update core.estimates set estimate = 0.6857 where group_id = 'rechtswezen'",
    )

    (change,) = found.changes
    assert change.table == "core.estimates"
    assert dict(change.key) == {
        "wave": "2021",
        "group_id": "rechtswezen",
        "indicator_id": "innovated",
    }
    assert change.column == "estimate"
    assert (change.old, change.new) == ("0.7857", "0.6857")
    assert change.difference == pytest.approx(-0.1)
    assert of_core(found).rows_changed == 1
    assert [table.table for table in found.tables if not table.is_empty] == ["core.estimates"]


def test_rows_that_came_and_went_are_counted(keyed):
    found = difference(
        keyed,
        "delete from core.estimates where group_id = 'waterschappen'",
        "insert into core.estimates select '2023', group_id, indicator_id, n_answered,"
        " estimate, suppression_status, suppression_reason from core.estimates",
    )

    assert (of_core(found).rows_gone, of_core(found).rows_new) == (1, 2)
    assert of_core(found).rows_changed == 0
    assert found.changes == ()


def test_a_figure_that_was_suppressed_is_a_change(keyed):
    found = difference(
        keyed,
        "update core.estimates set estimate = null, n_answered = null,"
        " suppression_status = 'suppressed' where group_id = 'rechtswezen'",
    )

    changed = {change.column: (change.old, change.new) for change in found.changes}
    assert changed == {
        "estimate": ("0.7857", None),
        "n_answered": ("14", None),
        "suppression_status": ("published", "suppressed"),
    }


def test_columns_and_tables_that_came_and_went_are_named(keyed):
    publish(keyed.settings)
    keyed.execute("create table core.trends as select '2021' as wave, 1 as n_answered")
    keyed.write_manifest([*keyed.tables(), ("core", "trends")], key=["wave"])
    found = difference(keyed, "alter table core.estimates add column note varchar")
    assert of_core(found).columns_new == ("note",)

    edition = edition_of(keyed.settings)
    oldest = kept_releases(edition)[0]
    assert compare(oldest, find_release(edition, "current")).tables_new == ("core.trends",)


def test_without_a_key_whole_rows_are_compared(warehouse):
    found = difference(
        warehouse,
        "update core.estimates set estimate = 0.5 where group_id = 'rechtswezen'",
    )

    assert of_core(found).without_key
    assert (of_core(found).rows_gone, of_core(found).rows_new) == (1, 1)


def test_noise_in_the_last_digits_is_no_difference(keyed):
    publish(keyed.settings)
    found = difference(
        keyed,
        "update core.estimates set estimate = estimate::double + 1e-14",
        "update core.estimates set suppression_reason = 'other' where group_id = 'waterschappen'",
    )

    assert {change.column for change in found.changes} == {"suppression_reason"}


def test_a_release_does_not_differ_from_itself(warehouse):
    publish(warehouse.settings)
    one = find_release(edition_of(warehouse.settings), "current")

    assert compare(one, one).is_empty
