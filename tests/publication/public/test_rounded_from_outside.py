"""The public edition of the example, attacked by integer programs of another make."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from rounded_attack import Attack, Cell, Form, Found, Printed
from rounded_outsider import Outsider

from barometer.settings import Settings
from publication.editions import edition_of

pytestmark = pytest.mark.xdist_group("example_refresh")

WAVE = "2021"
FILTER = "innovated"
SECONDS = 20
"""After which one program is left unfinished."""
SMALLER = 8
"""Indicators of the largest block that is attacked in full; larger ones take hours."""
SHARE = "evaluated"
QUICK = (SHARE, "technology_important", "novelty_copied", "under_way")
"""Indicators of blocks that take a second or two."""
ALL = ("overheidslaag.waterschappen", "overheidslaag.overheid")
PASSED = ("novelty_own_development", "novelty_inspired", "novelty_copied", SHARE, "spread")
"""Shares of those who passed the filter."""


@pytest.fixture(scope="module")
def build(example_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def public(example_refresh: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    edition = edition_of(example_refresh, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def outsider(build: duckdb.DuckDBPyConnection, public: duckdb.DuckDBPyConnection) -> Outsider:
    return Outsider(build, public, WAVE)


def attacked(outsider: Outsider, indicator: str, seconds: float = SECONDS) -> Found:
    """Attack everything that rests on the same answers as an indicator."""
    block = next(names for names in outsider.blocks() if indicator in names)
    attack = outsider.attack(block, seconds)
    if FILTER in block:
        outsider.tell_passed(attack, FILTER)
    return attack.run([name for name in block if outsider.printed[name]], attack.places)


@pytest.mark.parametrize("indicator", QUICK)
def test_no_count_of_a_group_or_stratum_is_known(outsider: Outsider, indicator: str) -> None:
    found = attacked(outsider, indicator)
    assert found.counts >= len(outsider.printed[indicator])
    assert (found.known, found.unfinished) == ({}, [])


@pytest.mark.thorough
@pytest.mark.parametrize("wave", ["2021", "2025"])
def test_no_count_of_a_smaller_block_is_known(
    build: duckdb.DuckDBPyConnection, public: duckdb.DuckDBPyConnection, wave: str
) -> None:
    outsider = Outsider(build, public, wave)
    found = Found()
    for block in outsider.blocks():
        if len(block) <= SMALLER:
            found += attacked(outsider, block[0])
    assert found.counts > 2000
    assert (found.known, found.unfinished) == ({}, [])


def test_bases_behind_a_filter_leave_open_how_many_passed_it(outsider: Outsider) -> None:
    attack = outsider.attack([FILTER], SECONDS)
    alone = sum(ends_apart(attack, place) for place in ALL)
    outsider.tell_passed(attack, FILTER)
    assert sum(ends_apart(attack, place) for place in ALL) == alone
    found = attack.run([FILTER], attack.places)
    assert found.counts >= len(outsider.printed[FILTER])
    assert (found.known, found.unfinished) == ({}, [])


def ends_apart(attack: Attack, place: str) -> float:
    """Return how far the least and the largest number of those who passed the filter are apart."""
    least, most, is_proven = attack.ends(attack.terms((place, FILTER)))
    assert is_proven
    return most - least


@pytest.mark.thorough
def test_what_those_say_who_passed_a_filter_leaves_their_number_open(outsider: Outsider) -> None:
    attack = outsider.attack_on_filter(FILTER, PASSED, SECONDS)
    outsider.tell_passed(attack, FILTER)
    found = attack.run([FILTER], attack.places)
    assert found.counts >= len(outsider.printed[FILTER])
    assert (found.known, found.unfinished) == ({}, [])


def test_whole_percentages_of_every_group_give_counts_away_and_they_are_the_true_ones(
    build: duckdb.DuckDBPyConnection, public: duckdb.DuckDBPyConnection
) -> None:
    outsider = Outsider(build, public, WAVE)
    outsider.printed.clear()
    for name, group, estimate in build.execute(
        "select indicator_id, classification_id || '.' || group_id, estimate"
        f" from core.mart_estimates where wave = '{WAVE}' and indicator_id = '{SHARE}'"
        " and estimate is not null"
    ).fetchall():
        percentage = int(100 * estimate + 0.5)
        outsider.print(
            name, group, max(0.0, percentage - 0.5) / 100, min(100, percentage + 0.5) / 100
        )
    found = attacked(outsider, SHARE)
    true = {
        (place, name): float(count)
        for name, place, count in build.execute(
            "select v.indicator_id, p.place, sum(v.value) from cleaned.cln_indicator_values as v"
            " inner join cleaned.cln_weights as w on w.wave = v.wave and w.response_key ="
            " v.response_key inner join (select wave, organisation_key, classification_id || '.'"
            " || group_id as place from cleaned.cln_organisation_groups union all select wave,"
            " organisation_key, 'stratum ' || stratum_id from cleaned.cln_weights) as p on"
            " p.wave = w.wave and p.organisation_key = w.organisation_key"
            f" where v.wave = '{WAVE}' and v.status = 'answered' group by all"
        ).fetchall()
    }
    known = {count: value for count, value in found.known.items() if count in true}
    assert len(found.known) > found.counts / 2
    assert known == {count: true[count] for count in known}
    assert any(place.startswith("stratum") for place, _ in known)


YES_OR_NO = Form(({"yes": 1.0}, {"yes": 0.0}), (({0: 1.0, 1: 1.0}, 1, 1, None),))


def cell(number: int, *groups: str, weight: float = 1.0, filtered: bool = False) -> Cell:
    if not filtered:
        return Cell(number, weight, frozenset(groups), YES_OR_NO, frozenset(["yes"]))
    form = Form(({"yes": 1.0}, {"yes": 0.0}, {}), (({0: 1.0, 1: 1.0}, 1, 1, "yes"),), {"yes": 2})
    bases = frozenset(["yes", "passed"])
    return Cell(number, weight, frozenset(groups), form, bases, "passed", {"yes": 1})


def test_the_upper_edge_of_a_range_is_not_in_it() -> None:
    half = [Printed("courts", "yes", 0.25, 0.5)]
    assert Attack([cell(4, "courts")], half).run(["yes"], ["courts"]).known == {
        ("courts", "yes"): 1.0
    }
    to_the_end = [Printed("courts", "yes", 0.75, None)]
    assert not Attack([cell(4, "courts")], to_the_end).run(["yes"], ["courts"]).known


def test_what_is_left_of_a_group_is_known_beside_the_group() -> None:
    cells = [cell(10, "all", "large"), cell(2, "all", "stratum small", weight=3.0)]
    printed = [Printed("all", "yes", 0.55, 0.57), Printed("large", "yes", 0.55, 0.65)]
    found = Attack(cells, printed).run(["yes"], ["all", "large", "stratum small"])
    assert found.known == {
        ("all", "yes"): 7.0,
        ("large", "yes"): 6.0,
        ("stratum small", "yes"): 1.0,
    }


def test_a_share_of_those_who_passed_a_filter_can_tell_how_many_did() -> None:
    # Three sevenths of those who answered, and one of those who passed did not.
    cells = [cell(12, "courts", filtered=True)]
    share = Printed("courts", "yes", 0.425, 0.435)
    found = Attack(cells, [share]).run(["passed"], ["courts"])
    assert found.known == {("courts", "passed"): 8.0}
    wide = Printed("courts", "yes", 0.4, 0.5)
    assert not Attack(cells, [wide]).run(["passed"], ["courts"]).known


def test_figures_that_no_answers_give_are_refused() -> None:
    with pytest.raises(AssertionError, match="No answers"):
        Attack([cell(3, "courts")], [Printed("courts", "yes", 0.4, 0.6)]).run(["yes"], ["courts"])
