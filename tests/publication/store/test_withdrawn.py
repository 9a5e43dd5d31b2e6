"""What was rolled back stays withdrawn, whatever the clock said when it was made."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from publication.editions import edition_of
from publication.errors import WithdrawnError
from publication.internal.release import publish
from publication.store import swap
from publication.store.files import known_releases
from publication.store.releases import find_release, kept_releases, prunable, prune, roll_back


@pytest.fixture
def days(monkeypatch) -> list[int]:
    """By how many days the clock is off, as the last of these says."""
    off = [0]

    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) + timedelta(days=off[-1])

    monkeypatch.setattr(swap, "datetime", Clock)
    return off


def publish_value(warehouse, value: float) -> str:
    warehouse.execute(
        f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
    )
    return publish(warehouse.settings).release_id


def without_numbers(edition) -> None:
    """Make the releases as they were made before they had numbers."""
    for manifest in known_releases(edition):
        path: Path = edition.releases / manifest["release_id"] / "manifest.json"
        path.chmod(0o600)
        path.write_text(json.dumps({k: v for k, v in manifest.items() if k != "number"}))


@pytest.mark.parametrize("numbered", [True, False])
def test_a_release_made_with_the_clock_behind_stays_withdrawn(warehouse, days, numbered) -> None:
    edition = edition_of(warehouse.settings)
    first = publish_value(warehouse, 0.1)
    days.append(-1)
    second = publish_value(warehouse, 0.2)
    if not numbered:
        without_numbers(edition)

    roll_back(edition, first)

    with pytest.raises(WithdrawnError, match=f"release {second}, which was rolled back"):
        publish(warehouse.settings)
    days.append(0)
    with pytest.raises(WithdrawnError, match=f"release {second}, which was rolled back"):
        publish(warehouse.settings)
    assert find_release(edition, "current").release_id == first


def test_everything_made_after_the_release_chosen_is_withdrawn(warehouse, days) -> None:
    edition = edition_of(warehouse.settings)
    made = []
    for value, off in ((0.1, 0), (0.2, 0), (0.3, -2), (0.4, -1)):
        days.append(off)
        made.append(publish_value(warehouse, value))

    roll_back(edition, made[1])

    found = kept_releases(edition)
    assert [one.release_id for one in found] == made
    assert [one.withdrawn_at is not None for one in found] == [False, False, True, True]
    with pytest.raises(WithdrawnError):
        publish_value(warehouse, 0.3)
    assert [one.release_id for one in prunable(edition, keep=2)] == made[:1]


def test_a_withdrawn_release_is_reinstated_without_withdrawing_the_one_before_it(
    warehouse, days
) -> None:
    edition = edition_of(warehouse.settings)
    first = publish_value(warehouse, 0.1)
    days.append(-1)
    second = publish_value(warehouse, 0.2)
    roll_back(edition, first)

    roll_back(edition, second)

    assert publish(warehouse.settings).unchanged
    assert not any(one.withdrawn_at for one in kept_releases(edition))


def test_a_release_says_when_it_was_made_by_the_clock_it_had(warehouse, days) -> None:
    days.append(-1)
    release_id = publish_value(warehouse, 0.1)

    (manifest,) = known_releases(edition_of(warehouse.settings))

    yesterday = datetime.now(UTC) - timedelta(days=1)
    assert manifest["release_id"] == release_id
    assert abs(datetime.fromisoformat(manifest["created_at"]) - yesterday) < timedelta(hours=1)


def test_a_withdrawn_release_that_was_pruned_stays_withdrawn(warehouse, days) -> None:
    edition = edition_of(warehouse.settings)
    first = publish_value(warehouse, 0.1)
    days.append(-1)
    second = publish_value(warehouse, 0.2)
    roll_back(edition, first)
    prune(edition, prunable(edition, keep=0))
    assert [one.release_id for one in kept_releases(edition)] == [first]

    days.append(0)
    with pytest.raises(WithdrawnError, match=f"release {second}, which was rolled back"):
        publish(warehouse.settings)

    assert publish_value(warehouse, 0.3) == find_release(edition, "current").release_id


def test_figures_that_come_back_within_a_second_are_a_release_of_their_own(
    warehouse, monkeypatch
) -> None:
    class Stopped(datetime):
        @classmethod
        def now(cls, tz=None):
            return datetime(2026, 1, 1, tzinfo=tz)

    monkeypatch.setattr(swap, "datetime", Stopped)

    made = [publish_value(warehouse, value) for value in (0.1, 0.2, 0.1)]

    assert len(set(made)) == 3
    assert [one.release_id for one in kept_releases(edition_of(warehouse.settings))] == made
