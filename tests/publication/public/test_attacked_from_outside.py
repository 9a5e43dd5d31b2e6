"""The public edition of the example by bands, attacked by integer programs of another make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from outside_attack import Attack, Cell, Printed, too_few

from barometer.settings import Settings
from publication.editions import edition_of

pytestmark = pytest.mark.xdist_group("example_refresh")

CANDIDATES = 3
WAVE = "2021"
FILTER = "innovated"
TYPES = (
    FILTER,
    *("innovated_product", "innovated_service", "innovated_process", "innovated_interaction"),
)
NOVELTY = ("novelty_own_development", "novelty_inspired", "novelty_copied")
ALONE = [
    "trigger_management",
    *(
        pytest.param(share, marks=pytest.mark.thorough)
        for share in ("evaluated", "spread", "partner_companies", "successful")
    ),
]


@pytest.fixture(scope="module")
def responses(example_warehouse: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def printed(banded_example: Settings) -> dict[str, list[Printed]]:
    edition = edition_of(banded_example, "public")
    with duckdb.connect(str(edition.current / edition.file_name), read_only=True) as connection:
        found = connection.execute(
            "select indicator_id, classification_id || '.' || group_id, range_lower, range_upper,"
            " coalesce(smallest_base, 0) from core.mart_estimates"
            f" where wave = '{WAVE}' and kind = 'share' and range_lower is not null"
        ).fetchall()
    ranges = defaultdict(list)
    for share, group, low, high, base in found:
        ranges[share].append(Printed(group, share, low, high, base))
    return dict(ranges)


def cells(
    responses: duckdb.DuckDBPyConnection, shares: tuple[str, ...], *, is_known: bool
) -> list[Cell]:
    """Return who responded, and how many of each cell answered all that the shares rest on."""
    named = ", ".join(f"'{share}'" for share in shares)
    found: Counter[tuple[float, frozenset[str], bool]] = Counter()
    for weight, stratum, groups, answered in responses.execute(
        "select w.weight, w.stratum_id, (select list(classification_id || '.' || group_id) from"
        " cleaned.cln_organisation_groups as g where g.wave = w.wave and g.organisation_key ="
        " w.organisation_key), (select count(*) from cleaned.cln_indicator_values as v where"
        f" v.wave = w.wave and v.response_key = w.response_key and v.indicator_id in ({named})"
        f" and v.status = 'answered') = {len(shares)} from cleaned.cln_weights as w"
        f" where w.wave = '{WAVE}'"
    ).fetchall():
        found[weight, frozenset([*groups, f"stratum {stratum}"]), answered] += 1
    numbers: Counter[tuple[float, frozenset[str]]] = Counter()
    for (weight, groups, _), number in found.items():
        numbers[weight, groups] += number
    return [
        Cell(number, weight, groups, found[weight, groups, True] if is_known else None)
        for (weight, groups), number in numbers.items()
    ]


def places(attack: Attack) -> list[str]:
    """Return the groups with a range, and all strata of their responses."""
    ranged = {each.group for each in attack.printed}
    strata = {
        name
        for cell in attack.cells
        if cell.groups & ranged
        for name in cell.groups
        if name.startswith("stratum")
    }
    return sorted(ranged | strata)


@pytest.mark.parametrize("share", ALONE)
def test_a_share_alone_leaves_three_counts_of_every_group_and_stratum(
    responses: duckdb.DuckDBPyConnection, printed: dict[str, list[Printed]], share: str
) -> None:
    attack = Attack(cells(responses, (share,), is_known=False), [share], printed[share])
    assert attack.printed
    assert not too_few(attack, places(attack), CANDIDATES)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("shares", "is_known", "tie"),
    [(TYPES, True, {"union": FILTER}), (NOVELTY, False, {"exactly_one": True})],
    ids=["a union and its parts", "options that exclude each other"],
)
def test_tied_shares_leave_three_counts_together(
    responses: duckdb.DuckDBPyConnection,
    printed: dict[str, list[Printed]],
    shares: tuple[str, ...],
    is_known: bool,
    tie: dict[str, Any],
) -> None:
    ranges = [each for share in shares for each in printed[share]]
    attack = Attack(cells(responses, shares, is_known=is_known), shares, ranges, **tie)
    assert attack.printed
    assert not too_few(attack, places(attack), CANDIDATES)


@pytest.mark.parametrize(("low", "high", "counts"), [(0.785, 0.795, [11]), (0.75, 1, [11, 12, 13])])
def test_a_whole_percentage_of_fourteen_is_one_count_and_a_band_at_least_three(
    low: float, high: float, counts: list[int]
) -> None:
    courts = [Cell(14, 1.0, frozenset(["courts"]), 14)]
    attack = Attack(courts, ["yes"], [Printed("courts", "yes", low, high)])
    assert attack.possible("courts", "yes", CANDIDATES) == counts
    assert bool(too_few(attack, ["courts"], CANDIDATES)) == (len(counts) < CANDIDATES)


def test_what_is_left_of_a_group_is_found_beside_the_group() -> None:
    who = [
        Cell(10, 1.0, frozenset(["all", "large"]), 10),
        Cell(1, 1.0, frozenset(["all", "stratum small"]), 1),
    ]
    ranges = [Printed("all", "yes", 0.63, 0.64), Printed("large", "yes", 0.6, 0.61)]
    assert too_few(Attack(who, ["yes"], ranges), ["stratum small"], 2)
