"""A file that had been replaced is delivered again: it is in force again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, fingerprint, query, run, write_csv

from barometer.settings import Settings
from landing import loader
from landing.findings.errors import LandingError
from registry import Registry

Deliver = Callable[..., Path]
# Rows tell the files apart: A has 3, B has 4, C has 5.
A, B, C = 3, 4, 5


@pytest.fixture(params=["emptied", "kept"])
def keeps_files(request: pytest.FixtureRequest) -> bool:
    """Whether earlier files stay in the inbox."""
    return bool(request.param == "kept")


def current(settings: Settings) -> list[tuple[object, ...]]:
    return query(
        settings,
        "select kind, part, row_count from raw.exports where superseded_by is null order by all",
    )


def successors(settings: Settings) -> dict[object, object]:
    """Rows of a landed file -> rows of the one that replaced it."""
    rows = query(
        settings,
        """
        select old.row_count, new.row_count from raw.exports as old
        left join raw.exports as new on old.superseded_by = new.export_id
        """,
    )
    return dict(rows)  # type: ignore[arg-type]


def empty(inbox: Path) -> None:
    for path in inbox.iterdir():
        path.unlink()


@pytest.mark.parametrize("name", ["_v3.csv", "_v10.csv", "_zoals eerst.csv"])
def test_an_earlier_file_delivered_again_under_a_later_name_is_in_force(
    settings: Settings, registry: Registry, deliver: Deliver, name: str, keeps_files: bool
) -> None:
    for version, rows in (("_v1.csv", A), ("_v2.csv", B)):
        deliver(f"toy2023_export{version}", rows)
        run(settings, registry)
    if not keeps_files:
        empty(settings.inbox)
    deliver(f"toy2023_export{name}", A)

    report = run(settings, registry)

    assert [file.file_name for file in report.landed_again] == [f"toy2023_export{name}"]
    assert report.landed == ()
    assert successors(settings) == {A: None, B: A}
    assert query(settings, "select count(*) from raw.cells") == [((A + B) * len(EXPORT_HEADER),)]
    ((name_now,),) = query(
        settings, "select file_name from raw.exports where superseded_by is null"
    )
    assert name_now == f"toy2023_export{name}"


@pytest.mark.parametrize("name", ["toy2023_export.csv", "TOY2023_EXPORT_v1.csv", "toy2023_export_"])
def test_alone_in_the_inbox_an_earlier_file_is_in_force_under_any_name(
    settings: Settings, registry: Registry, deliver: Deliver, name: str
) -> None:
    for version, rows in (("_v1.csv", A), ("_v2.csv", B)):
        deliver(f"toy2023_export{version}", rows)
        run(settings, registry)
    empty(settings.inbox)
    deliver(name, A)

    assert len(run(settings, registry).landed_again) == 1
    assert successors(settings) == {A: None, B: A}


def test_files_that_follow_each_other_under_one_name_all_win(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    for rows in (A, B, A, C, B, A):
        deliver("toy2023_export.csv", rows)
        run(settings, registry)
        assert current(settings) == [("export", "main", rows)]

    assert successors(settings) == {A: None, B: A, C: B}
    history = query(
        settings,
        """
        select old.row_count, new.row_count,
            history.superseded_at <= history.reinstated_at, history.reinstated_by <> ''
        from raw.reinstatements as history
        inner join raw.exports as old using (export_id)
        inner join raw.exports as new on history.superseded_by = new.export_id
        order by history.reinstated_at
        """,
    )
    assert history == [(A, B, True, True), (B, A, True, True), (A, C, True, True)]


def test_landing_an_unchanged_inbox_changes_nothing_afterwards(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    for version, rows in (("v1", A), ("v2", B), ("v3", A)):
        deliver(f"toy2023_export_{version}.csv", rows)
        run(settings, registry)
        before = fingerprint(settings)

        report = run(settings, registry)

        assert (report.landed, report.landed_again) == ((), ())
        assert [file.superseded_by for file in report.unchanged if file.superseded_by] == []
        assert fingerprint(settings) == before


def test_within_one_run_the_last_file_is_in_force_though_its_content_came_before(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    for version, rows in (("v1", A), ("v2", B), ("v3", A)):
        deliver(f"toy2023_export_{version}.csv", rows)

    report = run(settings, registry)

    assert [(file.file_name, file.row_count) for file in report.landed] == [
        ("toy2023_export_v2.csv", B),
        ("toy2023_export_v3.csv", A),
    ]
    assert successors(settings) == {A: None, B: A}
    assert query(settings, "select count(*) from raw.reinstatements") == [(0,)]


def test_a_new_file_and_an_earlier_one_after_it_are_landed_in_their_order(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    for version, rows in (("v1", A), ("v2", B)):
        deliver(f"toy2023_export_{version}.csv", rows)
        run(settings, registry)
    empty(settings.inbox)
    deliver("toy2023_export_v3.csv", C)
    deliver("toy2023_export_v4.csv", A)

    report = run(settings, registry)

    assert [file.row_count for file in report.landed] == [C]
    assert [file.superseded for file in report.landed_again] == [report.landed[0].export_id]
    assert successors(settings) == {A: None, B: C, C: A}


def test_an_earlier_file_whose_name_sorts_before_the_one_in_force_is_told_of(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    deliver("toy2023_export_v1.csv", A)
    run(settings, registry)
    deliver("toy2023_export_v2.csv", B)
    (second,) = run(settings, registry).landed
    deliver("toy2023_export_hersteld.csv", A)
    (settings.inbox / "toy2023_export_v1.csv").unlink()

    report = run(settings, registry)

    assert report.landed_again == ()
    told = {file.file_name: file.superseded_by for file in report.unchanged}
    assert told == {"toy2023_export_hersteld.csv": second.export_id, "toy2023_export_v2.csv": None}
    assert successors(settings) == {A: B, B: None}


def test_frames_and_parts_come_back_alike_and_leave_the_others_alone(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    def frame(*keys: str) -> None:
        rows = [[key, "Hof", "court"] for key in keys]
        write_csv(settings.inbox / "toy2023_frame.csv", ["key", "name", "type"], rows)

    deliver("toy2023_export.csv", A)
    for rows, keys in ((A, ("1",)), (B, ("1", "2")), (A, ("1",))):
        frame(*keys)
        deliver("toy2024_north.csv", rows)
        deliver("toy2024_south.csv", 2)
        report = run(settings, registry)

    assert [(file.kind, file.part) for file in report.landed_again] == [
        ("frame", "main"),
        ("export", "north"),
    ]
    assert current(settings) == [
        ("export", "main", A),
        ("export", "north", A),
        ("export", "south", 2),
        ("frame", "main", 1),
    ]
    assert query(settings, "select count(*) from raw.frame") == [(3,)]


def test_parts_are_counted_together_when_one_comes_back(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    strict = replace(
        registry, waves=tuple(replace(wave, expected_responses_low=7) for wave in registry.waves)
    )
    deliver("toy2024_south.csv", 2)
    deliver("toy2024_north.csv", A)
    run(settings, registry)
    deliver("toy2024_north.csv", C)
    run(settings, registry)
    before = fingerprint(settings)
    deliver("toy2024_north.csv", A)

    with pytest.raises(LandingError, match="together hold 5 responses, fewer"):
        run(settings, strict)

    assert fingerprint(settings) == before


def test_what_comes_back_is_checked_as_the_registries_are_now(
    settings: Settings, registry: Registry, deliver: Deliver
) -> None:
    for rows in (A, B):
        deliver("toy2023_export.csv", rows)
        run(settings, registry)
    stricter = replace(
        registry, waves=tuple(replace(wave, expected_responses_low=B) for wave in registry.waves)
    )
    before = fingerprint(settings)
    deliver("toy2023_export.csv", A)

    with pytest.raises(LandingError, match="fewer than expected"):
        run(settings, stricter)

    assert fingerprint(settings) == before


def test_an_error_while_an_earlier_file_comes_back_leaves_everything_as_it_was(
    settings: Settings, registry: Registry, deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    for rows in (A, B):
        deliver("toy2023_export.csv", rows)
        run(settings, registry)
    before = query(settings, "select * from raw.exports order by export_id")
    deliver("toy2023_export.csv", A)

    def fail(*_: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(loader, "supersede", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        run(settings, registry)
    monkeypatch.undo()

    assert query(settings, "select * from raw.exports order by export_id") == before
    assert query(settings, "select count(*) from raw.reinstatements") == [(0,)]
    assert len(run(settings, registry).landed_again) == 1
