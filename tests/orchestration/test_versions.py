"""A version that was chosen reaches the figures, and the command line tells of versions."""

from __future__ import annotations

import shutil

import duckdb
import pytest
from built_survey import build_survey
from rich.console import Console
from typer.testing import CliRunner

from barometer.settings import PROJECT_ROOT, load_settings
from landing.storage.history import landed_versions
from orchestration.cli import app
from orchestration.commands import console as console_module
from orchestration.flow import difference
from orchestration.flow.steps import land_inbox, read_registry
from orchestration.state import last_refresh
from publication.store.difference import Difference, TableDifference


@pytest.fixture
def corrected(tmp_path):
    """The example, landed: of 2021 a first version and its correction, both in the inbox."""
    inbox = shutil.copytree(PROJECT_ROOT / "examples" / "ibo", tmp_path / "inbox")
    settings = load_settings("ibo", home=tmp_path / "home", inbox=inbox)
    land_inbox(settings, read_registry(settings))
    return settings


def versions_of_2021(settings):
    return [
        version
        for version in landed_versions(settings.warehouse, "ibo")
        if version.export.slot == ("2021", "export", "main")
    ]


def invoke(settings, *arguments):
    given = ["--home", str(settings.home.parent)]
    if arguments[0] == "use":
        given += ["--inbox", str(settings.inbox)]
    return CliRunner().invoke(app, [*arguments, *given])


def responses(settings):
    with duckdb.connect(str(settings.warehouse), read_only=True) as connection:
        return connection.execute(
            "select count(*), sum(hash(responses)::hugeint) from cleaned.cln_responses as responses"
        ).fetchall()


def test_figures_follow_the_version_that_is_chosen_and_back(corrected):
    first, second = versions_of_2021(corrected)
    assert (first.export.is_current, second.export.is_current) == (False, True)
    build_survey(corrected, "cln_responses")
    before = responses(corrected)

    last_refresh.remember(corrected, last_refresh.inputs(corrected), ())
    done = invoke(corrected, "use", first.export.export_id)
    assert done.exit_code == 0, done.output
    assert "`barometer refresh`" in done.output
    assert last_refresh.recall(corrected) is None
    build_survey(corrected, "cln_responses")
    chosen = responses(corrected)
    assert invoke(corrected, "use", second.export.content_sha256[:10]).exit_code == 0
    build_survey(corrected, "cln_responses")

    assert chosen != before
    assert responses(corrected) == before


def test_every_version_is_listed_in_eighty_columns(corrected, monkeypatch):
    monkeypatch.setattr(console_module, "new_console", lambda: Console(width=80))
    first, second = versions_of_2021(corrected)
    invoke(corrected, "use", first.export.export_id)

    done = invoke(corrected, "deliveries", "--wave", "2021")

    assert done.exit_code == 0, done.output
    assert all(len(line) <= 80 for line in done.output.splitlines())
    assert "wave 2021, export, main" in done.output
    assert "wave 2023" not in done.output
    assert f"* {first.export.export_id.rpartition('-')[2]}" in done.output
    assert "in force: chosen 2" in done.output
    assert f"by {first.export.export_id.rpartition('-')[2]}" in done.output
    assert second.export.file_name in done.output


def test_an_unknown_wave_and_an_empty_warehouse_are_told(corrected, tmp_path):
    assert "2021" in str(invoke(corrected, "deliveries", "--wave", "1999").exception)
    empty = CliRunner().invoke(app, ["deliveries", "--home", str(tmp_path / "none")])
    assert "Nothing landed yet" in empty.output


def test_what_is_not_chosen_leaves_everything_as_it_was(corrected):
    last_refresh.remember(corrected, last_refresh.inputs(corrected), ())

    failed = invoke(corrected, "use", "fffffff")

    assert "No landed version" in str(failed.exception)
    assert last_refresh.recall(corrected) is not None


def test_the_summary_of_changed_figures_is_one_line():
    table = TableDifference("core.a", 0, 2, 3, 1200, (), (), False)
    same = TableDifference("core.b", 0, 0, 0, 0, (), (), False)

    found = difference._counts(Difference((table, same), (), (), ()))

    assert found == "1,200 figures changed, 2 rows new in 1 table"
