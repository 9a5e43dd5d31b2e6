"""Damaged files of releases and of what is known about them are named, with what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from barometer.errors import BarometerError, UsageError
from barometer.json_files import DamagedFileError
from orchestration.cli import app
from orchestration.commands.query import query_release
from orchestration.state import checked_layers as marks
from publication.editions import Edition, edition_of
from publication.errors import PostgresError, PublicationError
from publication.internal.release import publish
from publication.outlets.downloads import download
from publication.postgres.load import publish_to_postgres
from publication.public.ledger.ledger import read_ledger
from publication.sources import check_results
from publication.store.difference import compare
from publication.store.notes import ledger_beside
from publication.store.releases import current_manifest, find_release, kept_releases, roll_back
from publication.store.withdrawn import withdrawn

Damage = Callable[[dict[str, Any]], object]


def overwrite(path: Path, content: bytes) -> Path:
    path.chmod(0o644)
    path.write_bytes(content)
    return path


@pytest.fixture
def edition(warehouse) -> Edition:
    publish(warehouse.settings)
    return edition_of(warehouse.settings)


def without(name: str) -> Damage:
    return lambda manifest: {key: value for key, value in manifest.items() if key != name}


def replaced(name: str, value: object) -> Damage:
    return lambda manifest: {**manifest, name: value}


@pytest.mark.parametrize(
    "damage",
    [
        lambda manifest: [manifest],
        lambda _: None,
        lambda _: {},
        without("tables"),
        replaced("release_id", 7),
        replaced("file", "../build.duckdb"),
        replaced("tables", {"core.estimates": 3}),
        replaced("tables", [{"name": "core.estimates", "rows": "3", "sha256": "a"}]),
        replaced("sources", [["2021", "export"]]),
        replaced("created_at", "yesterday"),
        replaced("checks", "held"),
    ],
)
def test_a_manifest_that_holds_something_else_is_named(edition: Edition, damage: Damage):
    path = edition.current.resolve() / "manifest.json"
    manifest = json.loads(path.read_text())
    overwrite(path, json.dumps(damage(manifest)).encode())

    with pytest.raises(DamagedFileError, match=r"manifest\.json is damaged") as told:
        current_manifest(edition)

    assert Path(told.value.where).resolve() == path
    assert "backup" in told.value.remedy


@pytest.mark.parametrize("content", [b"", b'{"release_id": "2026', b"\xff\xfe"])
def test_a_manifest_that_was_cut_off_stops_every_use_of_the_shelf_with_a_word(
    warehouse, edition: Edition, content: bytes
):
    overwrite(edition.current.resolve() / "manifest.json", content)

    for use in (
        lambda: kept_releases(edition),
        lambda: find_release(edition, "current"),
        lambda: roll_back(edition, "2026"),
        lambda: publish(warehouse.settings),
    ):
        with pytest.raises(DamagedFileError, match=r"manifest\.json is damaged"):
            use()
    home = str(warehouse.settings.home.parent)
    for command in (["status"], ["releases", "list"], ["releases", "show"]):
        result = CliRunner().invoke(app, [*command, "--home", home])
        assert isinstance(result.exception, DamagedFileError)


def test_a_release_whose_manifest_is_damaged_can_be_moved_away(warehouse, edition: Edition, read):
    folder = edition.current.resolve()
    overwrite(folder / "manifest.json", b"")
    folder.rename(warehouse.settings.home / "damaged")

    report = publish(warehouse.settings)

    assert not report.unchanged
    assert read(warehouse.settings, "select count(*) from core.estimates") == [(3,)]


@pytest.mark.parametrize("length", [12_288, 0])
def test_a_damaged_release_file_is_named_by_whatever_opens_it(
    warehouse, edition: Edition, tmp_path: Path, length: int
):
    release = find_release(edition, "current")
    content = release.database.read_bytes()
    overwrite(release.database, content[:length])
    warehouse.execute("update core.estimates set n_answered = 15 where group_id = 'rechtswezen'")

    def ask() -> None:
        with query_release(warehouse.settings, "select 1"):
            pass

    uses: dict[type[BarometerError], list[Callable[[], object]]] = {
        UsageError: [ask, lambda: download(release.database, "core.a", tmp_path / "a.csv")],
        PublicationError: [
            lambda: compare(release, release),
            # The figures of the earlier release are compared with the new ones.
            lambda: publish(warehouse.settings),
        ],
        PostgresError: [lambda: publish_to_postgres(release, "postgresql://nobody@/nowhere")],
    }
    for error, some in uses.items():
        for use in some:
            with pytest.raises(error, match="The file of the release is damaged") as told:
                use()
            assert release.database.name in told.value.where


def test_a_damaged_build_file_is_not_published(warehouse):
    content = warehouse.settings.warehouse.read_bytes()
    warehouse.settings.warehouse.write_bytes(content[: len(content) // 2])

    with pytest.raises(PublicationError, match="The file of the warehouse is damaged"):
        publish(warehouse.settings)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"20260101T000000Z-a": 1}', b'{"2026'])
def test_a_damaged_record_of_what_was_rolled_back_is_no_empty_one(
    warehouse, edition: Edition, content: bytes
):
    (edition.folder / "withdrawn.json").write_bytes(content)

    for use in (lambda: withdrawn(edition), lambda: publish(warehouse.settings)):
        with pytest.raises(DamagedFileError, match=r"withdrawn\.json is damaged"):
            use()


@pytest.mark.parametrize("content", [b"", b"{}", b'{"release_id": "0001-a", "created_'])
def test_a_damaged_ledger_of_public_releases_is_named(warehouse, content: bytes):
    edition = edition_of(warehouse.settings, "public")
    path = ledger_beside(edition) / "0001-a.json"
    path.parent.mkdir()
    path.write_bytes(content)

    for use in (lambda: read_ledger(warehouse.settings), lambda: kept_releases(edition)):
        with pytest.raises(DamagedFileError, match=r"0001-a\.json is damaged") as told:
            use()
        assert "backup" in told.value.remedy


@pytest.mark.parametrize("content", [b"", b"[]", b'{"raw": null}'])
def test_a_damaged_record_of_checks_is_named(warehouse, content: bytes):
    (warehouse.settings.home / "checked.json").write_bytes(content)

    for use in (marks.require_checked, check_results):
        with pytest.raises(DamagedFileError, match=r"checked\.json is damaged"):
            use(warehouse.settings)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"nodes": {"model.a": {}}}'])
def test_a_damaged_manifest_of_dbt_is_named(warehouse, content: str):
    path = warehouse.settings.dbt_target / "manifest.json"
    path.write_text(content)

    with pytest.raises(DamagedFileError, match=r"manifest\.json is damaged") as told:
        publish(warehouse.settings)

    assert told.value.where == str(path)
