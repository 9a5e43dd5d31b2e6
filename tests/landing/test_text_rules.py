"""Labels and numbers: the rules, and that the models follow the same ones."""

from __future__ import annotations

import datetime as dt

import duckdb
import pyarrow as pa
import pytest
from rendered_macros import render

from barometer.labels import normalise_label
from barometer.numerals import plain_number
from landing.checks.rows import numbers, timestamps

LABELS = [
    ("  Ja,\u00a0 zeker\t", "ja, zeker"),
    ("\ufeffÉén", "één"),
    ("E\u0301e\u0301n coo\u0308rdinatie", "één coördinatie"),
    ("Foto\u2019s \u2013 \u201cmooi\u201d", 'foto\'s - "mooi"'),
    ("co\u00adwork\u200bing", "coworking"),
    ("10\u202f000\u2009mensen", "10 000 mensen"),
    ("`s ochtends", "'s ochtends"),
    ("", ""),
]
WITH_DECIMAL_SIGN = [
    (",", "1.513", 1513.0),
    (",", "-1.513.200,5", -1513200.5),
    (",", "1,513", 1.513),
    (",", "0,5", 0.5),
    (",", "12", 12.0),
    (",", "3.5", None),
    (",", "1,513.5", None),
    (".", "1,513", 1513.0),
    (".", "1,513,200.25", 1513200.25),
    (".", "1.513", 1.513),
    (".", "3,5", None),
    (".", "12", 12.0),
    (".", "many", None),
]
NUMBERS = [
    ("12", 12.0),
    (" -12.5 ", -12.5),
    ("12,5", 12.5),
    ("-0,125", -0.125),
    ("1.234,56", 1234.56),
    ("1.234.567,8", 1234567.8),
    ("1,234.5", 1234.5),
    ("1234,567", 1234.567),
    ("1e3", 1000.0),
    ("1,234", None),
    ("12,345", None),
    ("1.234", None),
    (" 12.345 ", None),
    ("-1.513", None),
    ("0.125", 0.125),
    ("0012.345", 12.345),
    ("1.5130", 1.513),
    ("1234.567", 1234.567),
    ("1.234.567", None),
    ("1,234,567", None),
    ("1.2,3", None),
    ("12,", None),
    ("twaalf", None),
    ("", None),
]
MOMENTS = [
    ("45352", dt.datetime(2024, 3, 1)),
    ("45352.5", dt.datetime(2024, 3, 1, 12)),
    ("45352,75", dt.datetime(2024, 3, 1, 18)),
    ("45352.397569444445", dt.datetime(2024, 3, 1, 9, 32, 30)),
    ("12345", None),
    ("453520", None),
    ("2024-03-01", dt.datetime(2024, 3, 1)),
]


@pytest.mark.parametrize(("text", "expected"), MOMENTS)
def test_days_as_a_spreadsheet_counts_them_are_dates(
    text: str, expected: dt.datetime | None
) -> None:
    assert timestamps([text])[text] == expected


@pytest.mark.parametrize(("text", "expected"), LABELS)
def test_labels_that_look_alike_are_one(text: str, expected: str) -> None:
    assert normalise_label(text) == expected


@pytest.mark.parametrize(("text", "expected"), NUMBERS)
def test_numbers_are_read_where_they_can_be_only_one(text: str, expected: float | None) -> None:
    assert numbers([text])[text] == expected
    assert plain_number(plain_number(text)) == plain_number(text)


@pytest.mark.parametrize(("sign", "text", "expected"), WITH_DECIMAL_SIGN)
def test_a_stated_decimal_sign_settles_what_a_number_is(
    sign: str, text: str, expected: float | None
) -> None:
    query = render("select {{ to_number('text', 'sign') }} from (select ? as text, ? as sign)")

    assert numbers([text], sign)[text] == expected
    assert duckdb.execute(query, [text, sign]).fetchall() == [(expected,)]


@pytest.mark.parametrize(
    ("macro", "rule"),
    [
        ("normalise_label('text')", LABELS),
        ("to_number('text')", NUMBERS),
        ("to_moment('text', 'null')", MOMENTS),
    ],
)
def test_the_models_follow_the_same_rules(macro: str, rule: list[tuple[str, object]]) -> None:
    table = pa.table({"place": range(len(rule)), "text": [text for text, _ in rule]})
    with duckdb.connect() as connection:
        connection.register("cells", table)
        query = render(f"select {{{{ {macro} }}}} from cells order by place")
        found = [row[0] for row in connection.execute(query).fetchall()]
    assert found == [expected for _, expected in rule]
