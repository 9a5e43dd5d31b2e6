"""Several options in one cell: the rule, and that the models follow the same one."""

from __future__ import annotations

import random

import duckdb
import pyarrow as pa
import pytest
from rendered_macros import render

from barometer.labels import normalise_label
from barometer.multi_select import split_values
from barometer.timestamps import plain_moment

SPLIT = """
select
    place,
    {{ plain_mark('part', 'separator') }} as mark
from (
    select
        place,
        separator,
        {{ split_values('cell', 'separator', 'labels') }} as part
    from cells
) as parts
"""
MOMENT = "select place, {{ to_moment('cell', 'date_order') }} as moment from cells"


@pytest.mark.parametrize(
    ("cell", "separator", "labels", "marks"),
    [
        ("Yes, definitely, No", ", ", {"yes, definitely", "no"}, ["yes, definitely", "no"]),
        ("No, Yes,  Definitely", ", ", {"yes, definitely", "no"}, ["no", "yes, definitely"]),
        ("a, b, c", ", ", {"a, b", "a, b, c"}, ["a, b, c"]),
        ("a, b, a, b", ", ", {"a, b"}, ["a, b", "a, b"]),
        ("a,b, c", ",", {"b, c", "a"}, ["a", "b, c"]),
        ("Colleagues;Others;", ";", {"colleagues"}, ["colleagues", "others"]),
        ("one\ntwo", "\n", {"one"}, ["one", "two"]),
        ("b, definitely", ", ", {"yes, definitely"}, ["b", "definitely"]),
        (" ; ;", ";", set(), []),
        ("A en B EN C", " EN ", {"a en b"}, ["a en b", "c"]),
        ("50% (a|b), .*", ", ", {"50% (a|b), .*"}, ["50% (a|b), .*"]),
    ],
)
def test_labels_of_the_registry_stay_whole(
    cell: str, separator: str, labels: set[str], marks: list[str]
) -> None:
    assert split_values(cell, separator, labels) == marks


def _longest_first(labels: set[str], separator: str) -> list[str] | None:
    fitting = sorted((x for x in labels if separator in x), key=lambda x: (-len(x), x))
    return fitting or None


def test_the_models_split_cells_by_the_same_rule() -> None:
    """Random cells over a small alphabet, so that labels overlap, repeat and contain each other."""
    chance = random.Random(20250301)
    cells = []
    for place in range(3000):
        separator = chance.choice([", ", ",", ";", " - "])
        labels = {
            normalise_label(separator.join(chance.choices("abcd", k=chance.randint(1, 3))))
            for _ in range(chance.randint(0, 4))
        }
        pieces = [chance.choice([*labels, "a", "B", "", " c\u00a0"]) for _ in range(4)]
        cells.append((place, separator.join(pieces), separator, labels))

    with duckdb.connect(":memory:") as connection:
        connection.register(
            "cells",
            pa.table(
                {
                    "place": [place for place, *_ in cells],
                    "cell": [cell for _, cell, *_ in cells],
                    "separator": [separator for *_, separator, _ in cells],
                    "labels": pa.array(
                        [_longest_first(labels, separator) for *_, separator, labels in cells],
                        pa.list_(pa.string()),
                    ),
                }
            ),
        )
        found: dict[int, list[str]] = {place: [] for place, *_ in cells}
        for place, mark in connection.execute(render(SPLIT)).fetchall():
            if mark:
                found[place].append(mark)

    for place, cell, separator, labels in cells:
        assert sorted(found[place]) == sorted(split_values(cell, separator, labels)), cell


def test_the_models_read_moments_by_the_same_rule() -> None:
    texts = [
        "2019-12-13 9:50:30",
        "2019-12-13T09:50:29.878",
        " 12/13/2019 9:50:30 PM",
        "13-12-2019 12:50 am",
        "3.4.2020",
        "3/4/2020 12:05:00 p.m.",
        "2019/12/13 9:50:30 AM GMT+1",
        "2019/12/13 9:50:30 PM CEST",
        "noon",
        "",
        "13/13/2019",
        "43812",
        "12 pm",
    ]
    cells = [(text, order) for text in texts for order in (None, "day_first", "month_first")]
    with duckdb.connect(":memory:") as connection:
        connection.execute("create table cells (place integer, cell text, date_order text)")
        connection.executemany(
            "insert into cells values (?, ?, ?)", [(i, *cell) for i, cell in enumerate(cells)]
        )
        found = dict(connection.execute(render(MOMENT)).fetchall())
        for place, (text, order) in enumerate(cells):
            (expected,) = connection.execute(
                "select date_trunc('second', try_cast(? as timestamp) + interval 500 millisecond)",
                [plain_moment(text, order)],
            ).fetchall()[0]
            assert found[place] == expected, (text, order)
    assert len({moment for moment in found.values() if moment}) == 8
