"""`barometer releases` and `barometer download`, as a person types them."""

from __future__ import annotations

import stat

import pytest
from typer.testing import CliRunner

from orchestration.cli import app
from publication.internal.release import publish


@pytest.fixture
def run(warehouse):
    def command(*arguments: str):
        home = str(warehouse.settings.home.parent)
        return CliRunner().invoke(app, [*arguments, "--home", home])

    return command


@pytest.fixture
def ids(warehouse) -> list[str]:
    found = []
    for value in (0.1, 0.2):
        warehouse.execute(
            f"update core.estimates set estimate = {value} where group_id = 'rechtswezen'"
        )
        found.append(publish(warehouse.settings).release_id)
    return found


def test_without_a_release_the_list_says_what_to_do(run):
    assert "No internal release yet: run `barometer refresh`" in run("releases", "list").output


def test_the_list_tells_which_one_is_current(run, ids):
    lines = run("releases", "list").output.splitlines()

    assert next(line for line in lines if ids[0] in line).count("earlier") == 1
    assert next(line for line in lines if ids[1] in line).count("current") == 1


def test_show_tells_what_a_release_was_made_from(run, ids):
    output = run("releases", "show", ids[0]).output

    assert ids[0] in output
    assert "a.csv" in output
    assert "core.estimates" in output
    assert "Registries" in output


def test_diff_tells_each_figure_that_moved_and_by_how_much(warehouse, run, ids):
    warehouse.write_manifest(warehouse.tables(), key=["wave", "group_id", "indicator_id"])
    warehouse.execute("update core.estimates set estimate = 0.25 where group_id = 'rechtswezen'")
    publish(warehouse.settings)

    shown = run("releases", "diff", ids[1]).output
    listed = run("releases", "diff", ids[1], "--format", "csv").output

    assert "2021, rechtswezen, innovated" in shown
    assert "+0.05" in shown
    cells, difference = listed.splitlines()[1].rsplit(",", 1)
    assert cells == 'core.estimates,"2021, rechtswezen, innovated",estimate,0.2,0.25'
    assert float(difference) == pytest.approx(0.05)


def test_diff_of_equal_releases_says_so(run, ids):
    assert "The same figures." in run("releases", "diff", "current", ids[1]).output


def test_rollback_tells_what_is_current_and_what_a_refresh_will_do(run, ids):
    result = run("releases", "rollback", ids[0])

    assert f"Current: {ids[0]}" in result.output
    assert f"{ids[1]}" in run("releases", "list").output
    assert "withdrawn" in run("releases", "list").output


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "parquet"])
def test_a_downloaded_table_of_the_internal_edition_is_its_owners_alone(run, ids, tmp_path, suffix):
    target = tmp_path / f"table.{suffix}"

    assert run("download", "core.estimates", str(target)).exit_code == 0

    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_prune_asks_before_it_removes(warehouse, run, ids):
    home = str(warehouse.settings.home.parent)
    refused = CliRunner().invoke(
        app, ["releases", "prune", "--keep", "0", "--home", home], input="n\n"
    )
    assert refused.exit_code == 1
    assert ids[0] in run("releases", "list").output

    assert "Removed: 1." in run("releases", "prune", "--keep", "0", "--yes").output
    assert ids[0] not in run("releases", "list").output


def test_a_download_says_how_many_rows_of_which_release(run, ids, tmp_path):
    target = tmp_path / "estimates.csv"

    output = run("download", "core.estimates", str(target)).output

    assert f"3 rows of core.estimates from {ids[1]}" in output.replace("\n", " ")
    assert target.exists()
