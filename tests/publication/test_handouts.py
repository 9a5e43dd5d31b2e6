"""What one organisation group is given as a file of its own."""

from __future__ import annotations

import stat

import duckdb
import pytest
from typer.testing import CliRunner

from barometer.errors import UsageError
from orchestration.cli import app
from publication.errors import PublicationError
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


def resize(warehouse, group: str, *sizes: tuple[str, int | None]) -> None:
    """Give a group so many organisations per wave."""
    rows = ", ".join(f"('{wave}', '{group}', {number or 'null'})" for wave, number in sizes)
    warehouse.execute(
        f"delete from estimation.est_group_sizes where group_id = '{group}';"
        f"insert into estimation.est_group_sizes values {rows}"
    )


def test_a_group_of_few_organisations_gets_nothing_of_its_own(warehouse):
    resize(warehouse, "provincies", ("2021", 12), ("2023", 3))
    resize(warehouse, "rechtswezen", ("2021", 4))

    with pytest.raises(PublicationError) as caught:
        publish(warehouse.settings)

    assert str(caught.value).splitlines() == [
        "A schema of its own would be about single organisations: provincies has 3 in wave 2023,"
        " rechtswezen has 4 in wave 2021.",
        "  where:    organisation_groups.csv, column own_schema",
        "  expected: at least 5 organisations in the frame of every wave, the minimum_base of"
        " publication_rules.csv",
        "  to do:    Join the group with another one, or set its own_schema to false: core has its"
        " rows either way. Then run the whole refresh.",
    ]
    assert not list(warehouse.settings.home.glob("releases/*"))
    assert not warehouse.settings.current_release.exists()


def test_a_group_that_became_small_leaves_readers_with_what_they_had(warehouse, release, tmp_path):
    resize(warehouse, "rechtswezen", ("2021", 20), ("2023", 1))

    with pytest.raises(PublicationError, match="rechtswezen has 1 in wave 2023"):
        publish(warehouse.settings)

    assert warehouse.settings.current_release.resolve() == release.parent
    assert write_handout(release, "rechtswezen", tmp_path / "before.duckdb")


@pytest.mark.parametrize(
    "sizes",
    [[("2021", 5)], [("2021", None)], [("2023", 20)]],
    ids=["as many as the smallest base", "without a frame", "not there in the first wave"],
)
def test_a_group_that_is_not_known_to_be_small_has_a_schema(warehouse, sizes):
    resize(warehouse, "rechtswezen", *sizes)

    assert "rechtswezen.estimates" in dict(publish(warehouse.settings).tables)


def test_a_small_group_without_a_schema_of_its_own_stops_nothing(warehouse):
    warehouse.execute("insert into estimation.est_group_sizes values ('2021', 'zbo', 2)")

    publish(warehouse.settings)


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
