"""The releases on the shelf: found, rolled back, pruned; figures that were wrong stay away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from barometer.errors import UsageError
from publication.editions import edition_of
from publication.errors import WithdrawnError
from publication.internal.release import publish
from publication.store import files
from publication.store import releases as shelf
from publication.store.releases import find_release, kept_releases, prunable, prune, roll_back


def change(warehouse, value: float) -> None:
    warehouse.execute(
        f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
    )


def publish_values(warehouse, *values: float) -> list[str]:
    ids = []
    for value in values:
        change(warehouse, value)
        ids.append(publish(warehouse.settings).release_id)
    return ids


def test_the_shelf_lists_every_release_oldest_first_and_knows_the_current_one(warehouse):
    ids = publish_values(warehouse, 0.1, 0.2, 0.3)

    found = kept_releases(edition_of(warehouse.settings))

    assert [one.release_id for one in found] == ids
    assert [one.is_current for one in found] == [False, False, True]
    assert all(one.size > 0 and one.database.is_file() for one in found)


def test_a_release_is_found_by_its_id_the_beginning_of_it_or_current(warehouse):
    first, second = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)

    assert find_release(edition, first).release_id == first
    assert find_release(edition, first[:-2]).release_id == first
    assert find_release(edition, "current").release_id == second
    with pytest.raises(UsageError, match="beginning of 2 releases"):
        find_release(edition, "20")
    with pytest.raises(UsageError, match="no internal release 'x'"):
        find_release(edition, "x")


def test_a_rollback_makes_the_earlier_release_current_and_withdraws_the_newer(warehouse, read):
    first, second, third = publish_values(warehouse, 0.1, 0.2, 0.3)
    edition = edition_of(warehouse.settings)

    now = roll_back(edition, first)

    assert now.is_current
    assert now.release_id == first
    withdrawn = {one.release_id for one in kept_releases(edition) if one.withdrawn_at}
    assert withdrawn == {second, third}
    sql = "select estimate from core.estimates where group_id = 'rechtswezen'"
    assert read(warehouse.settings, sql) == [(0.1,)]


def test_withdrawn_figures_do_not_come_back_and_corrected_ones_do(warehouse):
    first, second = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)
    roll_back(edition, first)

    with pytest.raises(WithdrawnError, match=f"release {second}, which was rolled back"):
        publish(warehouse.settings)
    assert find_release(edition, "current").release_id == first

    (third,) = publish_values(warehouse, 0.25)
    assert find_release(edition, "current").release_id == third


def test_a_withdrawn_release_can_be_reinstated(warehouse):
    first, second = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)
    roll_back(edition, first)

    roll_back(edition, second)

    assert find_release(edition, "current").release_id == second
    assert publish(warehouse.settings).unchanged
    assert all(one.withdrawn_at is None for one in kept_releases(edition))


def test_a_rollback_to_the_current_release_is_refused(warehouse):
    (first,) = publish_values(warehouse, 0.1)
    with pytest.raises(UsageError, match="is the current one already"):
        roll_back(edition_of(warehouse.settings), first)


def test_a_rollback_killed_before_the_swap_keeps_the_release_and_can_be_repeated(
    warehouse, monkeypatch
):
    first, second = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)

    def die(*_arguments: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(files, "swap_current", die)
        with pytest.raises(OSError, match="killed"):
            roll_back(edition, first)
    assert find_release(edition, "current").release_id == second

    assert roll_back(edition, first).is_current


def test_pruning_keeps_the_newest_and_always_the_current(warehouse):
    ids = publish_values(warehouse, 0.1, 0.2, 0.3, 0.4)
    edition = edition_of(warehouse.settings)
    roll_back(edition, ids[0])

    going = prunable(edition, keep=1)

    assert [one.release_id for one in going] == ids[1:3]
    prune(edition, going)
    assert [one.release_id for one in kept_releases(edition)] == [ids[0], ids[3]]


def test_pruning_by_age_spares_what_is_young(warehouse):
    ids = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)

    assert prunable(edition, keep=0, older_than_days=1) == ()
    later = datetime.now(UTC) + timedelta(days=2)
    going = prunable(edition, keep=0, older_than_days=1, now=later)
    assert [one.release_id for one in going] == ids[:1]


def test_a_pruning_that_was_killed_is_finished_by_the_next_publication(warehouse, monkeypatch):
    ids = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)

    def die(*_arguments: object) -> None:
        raise OSError("killed")

    with monkeypatch.context() as broken:
        broken.setattr(files.shutil, "rmtree", die)
        with pytest.raises(OSError, match="killed"):
            prune(edition, prunable(edition, keep=1))
    assert [one.release_id for one in kept_releases(edition)] == ids[1:]
    assert list(edition.releases.glob(".removed-*"))

    publish_values(warehouse, 0.3)

    assert not list(edition.releases.glob(".removed-*"))


def test_public_releases_are_not_pruned(warehouse):
    with pytest.raises(UsageError, match="Public releases are not pruned"):
        prunable(edition_of(warehouse.settings, "public"), keep=1)


def test_a_damaged_release_is_not_offered(warehouse):
    ids = publish_values(warehouse, 0.1, 0.2)
    edition = edition_of(warehouse.settings)
    (edition.releases / ids[0] / edition.file_name).unlink()

    assert [one.release_id for one in shelf.kept_releases(edition)] == ids[1:]
