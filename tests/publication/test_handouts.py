"""What one organisation group is given as a file of its own."""

from __future__ import annotations

import stat

import duckdb
import pytest
from typer.testing import CliRunner

from barometer.errors import UsageError
from orchestration.cli import app
from publication.internal.release import publish
from publication.outlets.handouts import write_handout


@pytest.fixture
def release(warehouse):
    warehouse.execute(
        "alter table groups.estimates rename to response_rates;"
        "comment on column groups.response_rates.wave is 'The round of the survey'"
    )
    warehouse.write_manifest(
        [("core", "estimates"), ("innovation", "estimates"), ("groups", "response_rates")]
    )
    return publish(warehouse.settings).path


def test_a_group_is_handed_its_own_tables_and_what_release_they_are_from(release, tmp_path):
    target = tmp_path / "rechtswezen.duckdb"

    assert write_handout(release, "rechtswezen", target) == ("about_release", "response_rates")

    with duckdb.connect(str(target), read_only=True) as handed:
        tables = handed.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        rows = handed.execute("select count(*) from response_rates").fetchone()
        comments = handed.execute(
            "select comment from duckdb_columns() where column_name = 'wave'"
        ).fetchall()
    assert sorted(tables) == [("main", "about_release"), ("main", "response_rates")]
    assert rows == (3,)
    assert comments == [("The round of the survey",)]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*rechtswezen*")] == [target.name]


def test_a_group_without_a_schema_of_its_own_has_no_hand_out(release, tmp_path):
    with pytest.raises(UsageError, match="no tables for the group 'core'"):
        write_handout(release, "core", tmp_path / "core.duckdb")
    assert not list(tmp_path.glob("*core*"))


@pytest.mark.parametrize("name", ["rechtswezen.csv", "nowhere/rechtswezen.duckdb"])
def test_a_hand_out_that_cannot_be_written_so_is_refused(release, tmp_path, name):
    with pytest.raises(UsageError, match="Nothing can be written to"):
        write_handout(release, "rechtswezen", tmp_path / name)


def test_the_command_says_what_it_wrote(release, warehouse, tmp_path):
    target = tmp_path / "courts.duckdb"
    home = str(warehouse.settings.home.parent)

    printed = CliRunner().invoke(app, ["handout", "rechtswezen", str(target), "--home", home])

    assert "response_rates of rechtswezen" in printed.output
    assert target.exists()
