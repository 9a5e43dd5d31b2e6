"""The published rule of the Public Libraries Survey gives the blanks of its files."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from protection.small_units import SmallUnitRule, Unit, suppressed_units

PAY = {
    "1996": ("PUPLDF96.csv", "TOTPEMP", ("SALARIES", "BENEFIT", "TOTEXP", "OTHOPEXP")),
    "1997": ("PUPLDF97.csv", "TOTPEMP", ("SALARIES", "BENEFIT", "TOTEXP", "OTHOPEXP")),
    "1998": ("PUPLDF98.csv", "TOTSTAFF", ("SALARIES", "BENEFIT", "STAFFEXP", "OTHOPEXP")),
}


@pytest.mark.parametrize(
    ("year", "blank_rows", "complementary"),
    [("1996", 3865, 8), ("1997", 3775, 10), ("1998", 3724, 13)],
)
def test_the_blanks_of_the_files_are_reproduced(
    shared_data: Path, year: str, blank_rows: int, complementary: int
) -> None:
    name, staff, pay = PAY[year]
    with (shared_data / "pls" / name).open(encoding="latin-1") as file:
        rows = list(csv.DictReader(file))
    blank = {row["FSCSKEY"] for row in rows if all(not row[column].strip() for column in pay)}
    units = {
        row["FSCSKEY"]: Unit(row["FSCSKEY"], row["STABR"], Decimal(row[staff])) for row in rows
    }
    reasons = suppressed_units(units.values(), SmallUnitRule())
    joined = [key for key, reason in reasons.items() if reason == "complementary"]
    assert len(units) == len(rows)
    assert (len(blank), len(reasons), len(joined)) == (blank_rows, blank_rows, complementary)
    small = {key for key, reason in reasons.items() if reason == "small_unit"}
    assert small <= blank

    # Which of several libraries with the same staff joined is the only thing left open.
    def places(keys: set[str]) -> Counter[tuple[str, Decimal]]:
        return Counter((units[key].group, units[key].size) for key in keys)

    assert places(set(reasons)) == places(blank)
    assert len(set(reasons) - blank) <= 1
    per_state = Counter(units[key].group for key in reasons)
    assert min(per_state.values()) == 3


def test_a_group_without_small_units_keeps_all_its_figures() -> None:
    units = [Unit(key, "A", Decimal(9)) for key in "xyz"]
    assert suppressed_units(units, SmallUnitRule()) == {}


def test_the_next_smallest_join_until_there_are_three() -> None:
    sizes = {"a": "2", "b": "2.01", "c": "7", "d": "3", "e": "40"}
    units = [Unit(key, "A", Decimal(size)) for key, size in sizes.items()]
    assert suppressed_units(units, SmallUnitRule()) == {
        "a": "small_unit",
        "b": "complementary",
        "d": "complementary",
    }
