"""What a reader of the public edition gets, measured on two releases."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from barometer.settings import Settings
from publication.editions import edition_of
from publication.public.use import Use, use_of

KEYS = "wave text, classification_id text, group_id text, indicator_id text"


@pytest.fixture
def releases(tmp_path: Path) -> tuple[Path, Path]:
    """Five internal figures, of which four are on ten answers and three have a range."""
    internal, public = tmp_path / "internal.duckdb", tmp_path / "public.duckdb"
    with duckdb.connect(str(internal)) as connection:
        connection.execute(
            "create schema core; create table core.mart_estimates"
            f" ({KEYS}, kind text, n_answered int, estimate double,"
            " suppression_status text);"
            "create table core.mart_claims (wave text, claim_id text, verdict text);"
            "insert into core.mart_estimates values"
            " ('1', 'c', 'a', 'i', 'share', 12, 0.52, 'published'),"
            " ('1', 'c', 'b', 'i', 'share', 40, 0.61, 'published'),"
            " ('1', 'c', 'd', 'i', 'share', 45, 0.30, 'published'),"
            " ('1', 'c', 'e', 'i', 'mean', 45, 3.10, 'published'),"
            " ('1', 'c', 'f', 'i', 'share', 9, 0.44, 'published'),"
            " ('1', 'c', 'g', 'i', 'share', 45, null, 'suppressed');"
            "insert into core.mart_claims values ('1', 'x', 'supported'),"
            " ('1', 'y', 'contradicted'), ('1', 'z', 'no_difference')"
        )
    with duckdb.connect(str(public)) as connection:
        connection.execute(
            "create schema core; create table core.mart_estimates"
            f" ({KEYS}, range_lower double, range_upper double, possible_counts int,"
            " protection_base text);"
            "create table core.mart_claims (wave text, claim_id text, verdict text);"
            "insert into core.mart_estimates values"
            " ('1', 'c', 'a', 'i', 0.50, 0.75, 3, 'own_question'),"
            " ('1', 'c', 'b', 'i', 0.60, 0.70, 4, 'own_question'),"
            " ('1', 'c', 'd', 'i', 0.40, 0.45, 4, 'whole_set'),"
            " ('1', 'c', 'e', 'i', null, null, null, null),"
            " ('1', 'c', 'f', 'i', 0.25, 0.50, 3, 'own_question');"
            "insert into core.mart_claims values ('1', 'x', 'supported'), ('1', 'y', 'withheld')"
        )
    return internal, public


def test_use_is_counted_over_the_internal_figures_on_ten_answers(
    releases: tuple[Path, Path],
) -> None:
    assert use_of(*releases) == Use(
        internal=4,
        public=3,
        widths=((10, pytest.approx(25)), (30, pytest.approx(7.5)), (100, None)),
        claims=2,
        claims_read=1,
        outside=1,
        outside_own_base=0,
        fewest_counts=3,
    )


def test_it_is_said_in_words(releases: tuple[Path, Path]) -> None:
    assert list(use_of(*releases).lines()) == [
        "3 of 4 internal figures on 10 answers or more (75%), 1 of 2 verdicts on claims",
        "median width of a share in points: 25 from 10 answers, 7.5 from 30 answers",
        "fewest counts that a range leaves: 3; ranges that do not hold the internal figure: 1,"
        " on the same base 0",
    ]


@pytest.mark.xdist_group("example_refresh")
def test_no_band_of_the_example_misses_a_figure_on_the_same_base(
    banded_example: Settings,
) -> None:
    public = edition_of(banded_example, "public")
    release = banded_example.current_release / banded_example.release_file_name
    use = use_of(release, public.current / public.file_name)
    assert use.public > 1_000
    assert use.outside_own_base == 0
    assert use.fewest_counts is not None
    assert use.fewest_counts >= 3
