"""A person makes an earlier version the one in force, and the inbox does not undo it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import query, run

from barometer.errors import UsageError
from barometer.settings import Settings
from landing.choosing import Chosen, choose, version_name
from landing.storage import choices
from landing.storage.history import landed_versions
from registry import Registry

Deliver = Callable[..., Path]
A, B, C = 3, 4, 5


def in_force(settings: Settings) -> list[object]:
    found = query(
        settings,
        "select row_count from raw.exports where superseded_by is null and wave = '2023'",
    )
    return [count for (count,) in found]


def ids(settings: Settings) -> dict[object, str]:
    return {
        rows: str(export_id)
        for export_id, rows in query(settings, "select export_id, row_count from raw.exports")
    }


def use(settings: Settings, registry: Registry, wanted: str) -> Chosen:
    return choose(settings, registry, wanted, lambda: None)


@pytest.fixture
def two(settings: Settings, registry: Registry, deliver: Deliver) -> dict[object, str]:
    """A in x.csv and B in x_v2.csv, landed, both in the inbox."""
    for name, rows in (("x", A), ("x_v2", B)):
        deliver(f"toy2023_export_{name}.csv", rows)
        run(settings, registry)
    return ids(settings)


def touch(path: Path) -> None:
    later = time.time() + 60
    os.utime(path, (later, later))


def test_the_choice_holds_while_the_other_file_lies_in_the_inbox(
    settings: Settings, registry: Registry, two: dict[object, str]
) -> None:
    chosen = use(settings, registry, two[A])

    assert (chosen.version.export_id, chosen.instead_of.export_id) == (two[A], two[B])
    for _ in range(2):
        report = run(settings, registry)
        assert (report.landed, report.landed_again) == ((), ())
        told = {file.file_name: (file.superseded_by, file.chosen) for file in report.unchanged}
        assert told["toy2023_export_x.csv"] == (None, None)
        by, why = told["toy2023_export_x_v2.csv"]
        assert by == two[A]
        assert why is not None
        assert " UTC by " in why
        assert in_force(settings) == [A]
    assert query(
        settings, "select export_id, superseded_by, reinstated_by <> '' from raw.reinstatements"
    ) == [(two[A], two[B], True)]


def test_the_choice_holds_over_another_inbox_with_the_same_files(
    settings: Settings, registry: Registry, two: dict[object, str], tmp_path: Path
) -> None:
    elsewhere = replace(settings, inbox=tmp_path / "not_there")
    use(elsewhere, registry, two[A])

    run(settings, registry)

    assert in_force(settings) == [A]


def new_bytes(inbox: Path, deliver: Deliver) -> None:
    # Its name sorts before that of the file that is set aside.
    deliver("toy2023_export_w.csv", C)


def new_name(inbox: Path, deliver: Deliver) -> None:
    (inbox / "toy2023_export_x_v2.csv").rename(inbox / "toy2023_export_x_v3.csv")


def written_anew(inbox: Path, deliver: Deliver) -> None:
    touch(inbox / "toy2023_export_x_v2.csv")


@pytest.mark.parametrize(("change", "wins"), [(new_bytes, C), (new_name, B), (written_anew, B)])
def test_a_new_delivery_wins_over_the_choice(
    settings: Settings,
    registry: Registry,
    deliver: Deliver,
    two: dict[object, str],
    change: Callable[[Path, Deliver], None],
    wins: int,
) -> None:
    use(settings, registry, two[A])
    run(settings, registry)

    change(settings.inbox, deliver)

    for _ in range(2):
        run(settings, registry)
        assert in_force(settings) == [wins]


def test_a_file_that_was_not_landed_before_the_choice_is_a_new_delivery(
    settings: Settings, registry: Registry, deliver: Deliver, two: dict[object, str]
) -> None:
    deliver("toy2023_export_x_v3.csv", C)
    use(settings, registry, two[A])

    run(settings, registry)

    assert in_force(settings) == [C]


def test_one_choice_takes_the_place_of_another(
    settings: Settings, registry: Registry, two: dict[object, str]
) -> None:
    for rows in (A, B, A):
        use(settings, registry, two[rows])
        run(settings, registry)
        assert in_force(settings) == [rows]

    assert query(settings, "select count(*) from raw.choices") == [(3,)]
    first, second = landed_versions(settings.warehouse, "toy")
    assert (first.is_chosen, second.is_chosen) == (True, False)
    assert second.superseded_by == two[A]


def test_a_version_is_named_by_its_id_or_the_beginning_of_its_hash(
    settings: Settings, registry: Registry, two: dict[object, str]
) -> None:
    (sha,) = query(settings, f"select content_sha256 from raw.exports where row_count = {A}")
    assert use(settings, registry, str(sha[0])[:6].upper()).version.export_id == two[A]
    tail = version_name(landed_versions(settings.warehouse, "toy")[1].export)
    assert use(settings, registry, tail).version.export_id == two[B]
    assert use(settings, registry, str(sha[0])).version.export_id == two[A]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("fffffffffffff", "No landed version has the id or hash 'fffffffffffff'"),
        ("", "No landed version has"),
        ("2023-export", "'2023-export' fits 2 landed versions"),
    ],
)
def test_what_names_no_version_or_several_is_an_error(
    settings: Settings, registry: Registry, two: dict[object, str], wanted: str, told: str
) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        choose(settings, registry, wanted, lambda: pytest.fail("something was to be written"))

    assert two[A] in caught.value.expected
    assert in_force(settings) == [B]


def test_a_version_in_force_is_an_error(
    settings: Settings, registry: Registry, two: dict[object, str]
) -> None:
    with pytest.raises(UsageError, match="is in force already"):
        use(settings, registry, two[B])


def test_before_the_first_landing_there_is_nothing_to_choose(
    settings: Settings, registry: Registry
) -> None:
    with pytest.raises(UsageError, match="Nothing of survey 'toy' was landed yet"):
        use(settings, registry, "abc")


def test_a_choice_is_made_whole_or_not_at_all(
    settings: Settings,
    registry: Registry,
    two: dict[object, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("landing.choosing.insert_choice", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        use(settings, registry, two[A])
    monkeypatch.undo()

    assert in_force(settings) == [B]
    assert query(settings, "select count(*) from raw.reinstatements") == [(0,)]
    assert choices.standing_choices(settings.warehouse, "toy") == {}
