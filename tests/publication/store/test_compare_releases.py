"""What `bench.compare_releases` says about the figures of two releases."""

from __future__ import annotations

import pytest

from bench.compare_releases import main
from publication.editions import edition_of
from publication.internal.release import publish
from publication.store.releases import find_release

HIDDEN = (
    "update core.estimates set estimate = null, n_answered = null,"
    " suppression_status = 'suppressed' where group_id = 'rechtswezen'"
)


@pytest.fixture
def releases(warehouse):
    """Return the folder of a release before and of one after a statement."""
    warehouse.write_manifest(warehouse.tables(), key=["wave", "group_id", "indicator_id"])

    def run(statement: str):
        first = publish(warehouse.settings)
        warehouse.execute(statement)
        second = publish(warehouse.settings)
        edition = edition_of(warehouse.settings)
        return [find_release(edition, one.release_id) for one in (first, second)]

    return run


def test_what_differs_is_told_per_table_and_column_and_fails(releases, capsys):
    old, new = releases(HIDDEN)

    assert main([str(old.folder), str(new.folder), "--examples", "1"]) == 1
    printed = capsys.readouterr().out
    assert "core.estimates: 0 rows gone, 0 new, 1 changed (3 cells)" in printed
    assert "  estimate: 1 blank now" in printed
    assert "  suppression_status: 1 other value" in printed
    assert (
        "    wave 2021, group_id rechtswezen, indicator_id innovated: published -> suppressed"
        in printed
    )
    assert printed.splitlines()[-1].endswith("1 differ")


def test_a_row_that_came_differs_too(releases, capsys):
    old, new = releases(
        "insert into core.estimates select '2023', * exclude (wave) from core.estimates"
    )

    assert main([str(old.folder), str(new.folder)]) == 1
    assert "core.estimates: 0 rows gone, 3 new, 0 changed" in capsys.readouterr().out


def test_numbers_that_are_equal_to_a_billionth_are_equal(releases, capsys):
    old, new = releases("update core.estimates set estimate = estimate::double * (1 + 1e-12)")

    assert main([str(old.database), str(new.database)]) == 0
    assert capsys.readouterr().out.endswith("no figure differs\n")


def test_a_folder_without_a_release_is_refused(tmp_path, capsys):
    assert main([str(tmp_path), str(tmp_path)]) == 2
    assert "There is no release at" in capsys.readouterr().err
