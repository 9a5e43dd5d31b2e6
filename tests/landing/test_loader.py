from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from toy_survey import EXPORT_HEADER, answers, fingerprint, query, run, write_csv

from barometer.settings import Settings
from landing.deliveries import find_deliveries
from landing.findings.errors import LandingError
from landing.loader import LandingReport, land
from registry import Registry


def current_files(settings: Settings) -> list[str]:
    rows = query(
        settings,
        "select file_name from raw.exports where superseded_by is null order by file_name",
    )
    return [str(name) for (name,) in rows]


def test_a_file_lands_verbatim_with_its_provenance(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    path = deliver("toy2023_export.csv", 3)

    (landed,) = run(settings, registry).landed

    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert landed.export_id == f"2023-export-main-{digest[:12]}"
    (row,) = query(
        settings,
        """select survey, wave, kind, part, file_name, content_sha256, file_bytes, tool, format,
        encoding, delimiter, sheet, row_count, column_count, is_synthetic, archive_path,
        superseded_by from raw.exports""",
    )
    assert row == (
        "toy", "2023", "export", "main", path.name, digest, path.stat().st_size, "generic", "csv",
        "utf-8", ",", None, 3, 10, True, f"{digest[:2]}/{digest}", None,
    )  # fmt: skip
    cells = query(
        settings,
        """select row_number, column_name, value from raw.cells
        inner join raw.export_columns using (export_id, column_position)
        order by row_number, column_position""",
    )
    expected = [
        (number, name, value)
        for number, values in enumerate(answers(3), start=1)
        for name, value in zip(EXPORT_HEADER, values, strict=True)
    ]
    assert cells == expected


def test_the_original_bytes_are_archived(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    path = deliver("toy2023_export.csv")

    run(settings, registry)

    ((place,),) = query(settings, "select archive_path from raw.exports")
    assert (settings.archive / str(place)).read_bytes() == path.read_bytes()
    assert [p.name for p in settings.archive.rglob(".incoming-*")] == []


def test_frames_fill_the_frame_table(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2023_export.csv")
    deliver("toy2022.csv", 2)
    write_csv(
        settings.inbox / "toy2023_frame.csv", ["key", "name", "type"], [["007", " A ", "court"]]
    )

    run(settings, registry)

    rows = query(
        settings,
        "select wave, row_number, organisation_key, organisation_name from raw.frame order by all",
    )
    assert rows == [
        ("2022", 1, "0001", " Organisatie 1"),
        ("2022", 2, "0002", " Organisatie 2"),
        ("2023", 1, "007", " A "),
    ]


def test_landing_again_changes_nothing(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2023_export.csv")
    deliver("toy2022.csv")
    first = run(settings, registry)
    before = fingerprint(settings)

    second = run(settings, registry)

    assert second.landed == ()
    assert {f.export_id for f in second.unchanged} == {f.export_id for f in first.landed}
    assert fingerprint(settings) == before


def test_a_corrected_file_supersedes(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    old = deliver("toy2023_export_v1.csv", 3)
    (first,) = run(settings, registry).landed
    old.unlink()
    deliver("toy2023_export_v2.csv", 4)

    (second,) = run(settings, registry).landed

    assert second.superseded == first.export_id
    assert current_files(settings) == ["toy2023_export_v2.csv"]
    ((by, stamped),) = query(
        settings,
        "select superseded_by, superseded_at is not null from raw.exports "
        f"where export_id = '{first.export_id}'",
    )
    assert (by, stamped) == (second.export_id, True)


@pytest.mark.parametrize("order", [["v1"], ["v2"], ["v10"], ["v10", "v2"], ["v2", "v1"]])
def test_one_run_and_several_runs_end_the_same(
    settings: Settings, registry: Registry, deliver: Callable[..., Path], order: list[str]
) -> None:
    sizes = {"v1": 3, "v2": 4, "v10": 5}
    for version in order:
        deliver(f"toy2023_export_{version}.csv", sizes[version])
        run(settings, registry)
    for version, size in sizes.items():
        deliver(f"toy2023_export_{version}.csv", size)

    run(settings, registry)

    assert current_files(settings) == ["toy2023_export_v10.csv"]
    assert query(settings, "select count(*) from raw.exports") == [(3,)]
    assert query(settings, "select count(*) from raw.exports where superseded_by = export_id") == [
        (0,)
    ]


def test_the_problems_of_all_files_are_reported_together_and_nothing_lands(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2022.csv")
    run(settings, registry)
    before = fingerprint(settings)
    deliver("toy2023_export.csv", header=["nr", *EXPORT_HEADER[1:]])
    deliver("toy2024_north.csv", 3)
    (settings.inbox / "toy2024_south.csv").write_bytes(b"")
    deliver("toy2025_export.csv", 21)

    with pytest.raises(LandingError) as caught:
        run(settings, registry)

    message = str(caught.value)
    for part in (
        "The key column 'id' is not in the file.",
        "toy2023_export.csv, header",
        "toy2024_south.csv",
        "The file is empty.",
        "21 responses, more than expected",
        "1 to 20 responses",
    ):
        assert part in message
    assert fingerprint(settings) == before


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("toy2023_export.csv", b"", "The file is empty."),
        ("toy2023_export.csv", b"id,org\n", "no data rows"),
        ("toy2023_export.csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x01\x02\x03", "binary data"),
        ("toy2023_export.csv", b"id,org\n1,2,3\n", "as many cells"),
        ("toy2025_export.csv", b"PK\x05\x06" + b"\x00" * 18, "a ZIP archive"),
    ],
)
def test_bad_input_leaves_the_warehouse_as_it_was(
    settings: Settings,
    registry: Registry,
    deliver: Callable[..., Path],
    name: str,
    content: bytes,
    message: str,
) -> None:
    deliver("toy2022.csv")
    run(settings, registry)
    before = fingerprint(settings)
    (settings.inbox / name).write_bytes(content)

    with pytest.raises(LandingError, match=message):
        run(settings, registry)

    assert fingerprint(settings) == before


def test_bad_input_makes_no_warehouse_where_there_was_none(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    deliver("toy2023_export.csv", header=["nr", *EXPORT_HEADER[1:]])

    with pytest.raises(LandingError):
        run(settings, registry)

    assert not settings.home.exists()


def test_parts_are_counted_together(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    waves = tuple(replace(wave, expected_responses_low=10) for wave in registry.waves)
    strict = replace(registry, waves=waves)
    deliver("toy2024_north.csv", 6)
    run(settings, strict)
    before = fingerprint(settings)

    deliver("toy2024_south.csv", 3)
    with pytest.raises(LandingError, match="together hold 9 responses, fewer") as caught:
        run(settings, strict)
    assert "north (6), south (3)" in str(caught.value)
    assert fingerprint(settings) == before

    deliver("toy2024_south.csv", 15)
    with pytest.raises(LandingError, match="together hold 21 responses, more"):
        run(settings, strict)

    deliver("toy2024_south.csv", 5)
    assert len(run(settings, strict).landed) == 1


def test_a_name_with_a_path_in_it_is_only_a_name(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    path = deliver("toy2023_export.csv")
    (settings.inbox / "below").mkdir()
    crooked = settings.inbox / "below" / ".." / path.name
    files = find_deliveries(settings.inbox, registry).files

    land(settings, registry, [replace(files[0], path=crooked)])

    assert query(settings, "select file_name from raw.exports") == [("toy2023_export.csv",)]


def test_no_files_are_no_work(settings: Settings, registry: Registry) -> None:
    assert land(settings, registry, []) == LandingReport()
    assert not settings.home.exists()


@pytest.mark.shared_data
def test_a_real_survey_lands_with_its_leading_zeros(shared_data: Path, tmp_path: Path) -> None:
    from barometer.settings import load_settings
    from registry import load_registry

    settings = load_settings("pls", inbox=shared_data / "pls", home=tmp_path)
    registry = load_registry(settings.seeds)
    files = find_deliveries(settings.inbox, registry).files

    report = land(settings, registry, [file for file in files if file.delivery.wave == "2018"])

    assert [(file.row_count, file.column_count) for file in report.landed] == [(9261, 47)]
    assert query(settings, "select count(*) from raw.cells") == [(9261 * 47,)]
    ((zeros,),) = query(
        settings,
        """select count(*) from raw.cells inner join raw.export_columns
        using (export_id, column_position) where column_name = 'ZIP' and value like '0%'""",
    )
    assert isinstance(zeros, int)
    assert zeros > 500


def test_every_file_is_told_before_it_is_read(
    settings: Settings, registry: Registry, deliver: Callable[..., Path]
) -> None:
    names = [deliver(name, 3).name for name in ("toy2023_export_a.csv", "toy2023_export_b.csv")]
    files = find_deliveries(settings.inbox, registry).files
    told: list[str] = []

    land(settings, registry, files, told.append)
    last = names[-1]
    assert len(told) in {1, 2}
    assert told[-1] == f"{len(told)} of {len(told)} files: {last} (0.0 MB)"

    told.clear()
    land(settings, registry, files, told.append)
    assert told == []
