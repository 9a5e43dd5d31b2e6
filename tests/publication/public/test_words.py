"""Figures in words: the macros of the marts, as the public edition calls them."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from publication.public.tables.words import in_words

ROW: dict[str, Any] = {
    "kind": "share",
    "scale_minimum": 0.0,
    "scale_maximum": 1.0,
    "estimate": None,
    "estimate_lower": None,
    "estimate_upper": None,
    "n_answered": None,
    "range_lower": None,
    "range_upper": None,
    "smallest_base": None,
    "suppression_status": "published",
    "suppression_reason": None,
}
TYPES = {"kind": "varchar", "suppression_status": "varchar", "suppression_reason": "varchar"}
TYPES |= {"n_answered": "bigint", "smallest_base": "bigint"}


def said(column: str, left_out: tuple[str, ...] = (), **changes: object) -> str | None:
    row = {name: value for name, value in (ROW | changes).items() if name not in left_out}
    cells = ", ".join(f"cast(? as {TYPES.get(name, 'double')}) as {name}" for name in row)
    with duckdb.connect() as connection:
        found = connection.execute(
            f"select {in_words(column, row)} from (select {cells})", list(row.values())
        ).fetchone()
    assert found
    return found[0]


INTERVAL = {"estimate": 0.928, "estimate_lower": 0.8446, "estimate_upper": 0.9684, "n_answered": 59}
SCORE = {"kind": "mean", "scale_minimum": -2.0, "scale_maximum": 2.0}
AMOUNT = {"kind": "total", "scale_minimum": None, "scale_maximum": None}


@pytest.mark.parametrize(
    ("changes", "nl", "en"),
    [
        (INTERVAL, "93 % (84–97), n = 59", "93 % (84–97), n = 59"),
        ({"estimate": 0.5, "n_answered": 7}, "50 %, n = 7", "50 %, n = 7"),
        (
            SCORE | {"estimate": -0.25, "estimate_lower": -0.5, "estimate_upper": 0.04},
            "−0,3 (−0,5 tot 0,0)",
            "−0.3 (−0.5 to 0.0)",
        ),
        ({"range_lower": 0.0, "range_upper": 0.375, "n_answered": 15},
         "hoogstens 38 %, n = 15", "at most 38 %, n = 15"),
        ({"range_lower": 0.825, "range_upper": 1.0, "smallest_base": 30},
         "minstens 82 %, n ≥ 30", "at least 82 %, n ≥ 30"),
        ({"range_lower": 0.8, "range_upper": 0.9}, "80 tot 90 %", "80 to 90 %"),
        (AMOUNT | {"estimate": 12_345_678.0}, "12,3 miljoen", "12.3 million"),
        (AMOUNT | {"estimate": 2_000_000_000.0}, "2,0 miljard", "2.0 billion"),
        (AMOUNT | {"estimate": 4321.4}, "4321", "4321"),
        (AMOUNT | {"kind": "ratio", "estimate": 0.0123}, "0,0123", "0.0123"),
        (AMOUNT | {"estimate": 0.0}, "0", "0"),
        ({"suppression_status": "suppressed", "suppression_reason": "not_public"},
         "niet openbaar", "not public"),
        ({"suppression_status": "suppressed", "suppression_reason": "base_below_minimum"},
         "niet getoond: te weinig antwoorden, of die waren te herleiden",
         "not shown: too few answers, or they could be worked out"),
        ({}, "geen schatting", "no estimate"),
    ],
)  # fmt: skip
def test_a_figure_is_said_with_interval_and_base_or_why_it_is_not_there(changes, nl, en):
    assert said("display_nl", **changes) == nl
    assert said("display_en", **changes) == en


def test_a_range_is_said_outward():
    score = {"kind": "mean", "scale_minimum": 1.0, "scale_maximum": 5.0}

    assert said("display_en", range_lower=0.819, range_upper=0.831) == "81 to 84 %"
    assert said("display_en", **score, range_lower=3.75, range_upper=5.0) == "at least 3.7"
    assert said("display_en", **score, range_lower=1.0, range_upper=2.25) == "at most 2.3"


def test_a_table_of_shares_need_not_say_so_in_every_row():
    left_out = ("kind", "scale_minimum", "scale_maximum", "range_lower", "range_upper")

    assert said("display_en", left_out, **INTERVAL) == "93 % (84–97), n = 59"


def test_what_is_published_has_no_reason():
    assert said("suppression_label_nl") is None
    assert (
        said("suppression_label_en", suppression_reason="no_frame") == "size of the group unknown"
    )


def test_the_order_of_a_sum_does_not_show_in_what_is_half_way():
    score = {"kind": "mean", "scale_minimum": 1.0, "scale_maximum": 5.0}

    assert said("display_en", **score, estimate=3.75 - 2e-16 * 4) == "3.8"
    assert said("display_en", **score, estimate=3.75 + 2e-16 * 4) == "3.8"
    assert said("display_en", estimate=0.125 - 1e-17) == said("display_en", estimate=0.125 + 1e-17)
