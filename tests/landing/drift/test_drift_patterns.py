from __future__ import annotations

import random

import duckdb
import pytest

from landing.checks.patterns import has_bsn, has_email, has_phone, may_be_personal
from landing.drift.names import Named, code_of, match_names, similarity
from landing.drift.source import _MAY_BE_PERSONAL

EMAILS = ["a@b.nl", "Jan <jan.o'neil+x@mail.gemeente.invalid>", "mail: JAN@GEMEENTE.INVALID."]
PHONES = [
    "0612345678",
    "06-12345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "(020) 123 45 67",
    "0348-123456",
    "+31 6 1234 5678",
    "+31(0)612345678",
    "0031612345678",
    "tel:0612345678",
    "+44 20 7946 0958",
    "+1 (555) 123-4567",
    "bel 0612345678 na vijven",
]
BSNS = ["123456782", "bsn: 123456782", "1234.56.782", "BSN 10000008"]
NONE = [
    "",
    "A1",
    "foo@bar",
    "@handle",
    "2021-02-04 10:40:29",
    "01-02-2021 10:40",
    "04/02/2021",
    "01101",
    "144541871",
    "0.123456789",
    "-0.612345678",
    "12.0612345678",
    "1e0612345678",
    "192.168.001.001",
    "0123456789012",
    "1234567890",
    "000000000",
    "€ 1.234.567,89",
    "R_3fGh0612345678x",
]


@pytest.mark.parametrize("text", EMAILS)
def test_addresses_are_recognised(text):
    assert has_email(text)


@pytest.mark.parametrize("text", PHONES)
def test_telephone_numbers_are_recognised(text):
    assert has_phone(text)


@pytest.mark.parametrize("text", BSNS)
def test_citizen_service_numbers_are_recognised(text):
    assert has_bsn(text)


@pytest.mark.parametrize("text", NONE)
def test_other_texts_are_left_alone(text):
    assert not any(recognised(text) for recognised in (has_email, has_phone, has_bsn))


def test_one_number_in_eleven_passes_the_eleven_test():
    generator = random.Random(11)
    passing = sum(has_bsn(str(generator.randint(10**8, 10**9 - 1))) for _ in range(5000))

    assert 5000 / 13 < passing < 5000 / 9


def test_the_database_lets_through_everything_that_the_patterns_know():
    texts = [*EMAILS, *PHONES, *BSNS, "burgerservicenummer 10000008", "144541871"]
    assert all(may_be_personal(text) for text in texts)
    with duckdb.connect() as connection:
        found = connection.execute(
            "select value from (select unnest(?) as value) "
            f"where regexp_matches(value, '{_MAY_BE_PERSONAL}')",
            [texts],
        ).fetchall()

    assert {text for (text,) in found} == set(texts)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("G02Q02[SQ001]", "g02q02sq001"),
        ("G02Q02[SQ001]. Een product", "g02q02sq001"),
        ("Q5_1. Anders, namelijk", "q51"),
        ("Hoe nieuw is uw innovatie?", None),
        ("organisatie", None),
    ],
)
def test_the_code_of_a_column_is_what_its_name_starts_with(name, code):
    assert code_of(name) == code


def named(*names: str) -> list[Named]:
    return [Named(name, (name,)) for name in names]


def test_equal_codes_come_before_similar_texts():
    pairs = match_names(
        named("Q1. Tevreden over het werk", "Tevreden over de leiding"),
        named("Q1", "Tevreden over het werk"),
        65,
    )

    assert [(pair.new, pair.old, pair.basis) for pair in pairs] == [
        ("Q1. Tevreden over het werk", "Q1", "code"),
        ("Tevreden over de leiding", "Tevreden over het werk", "text"),
    ]


def test_every_name_is_in_one_pair_at_most():
    pairs = match_names(named("opmerking", "opmerkingen"), named("opmerking (vrij)"), 60)

    assert len(pairs) == 1


def test_codes_that_look_alike_are_not_similar():
    assert match_names(named("G01Q01"), named("G01Q02"), 50) == ()
    assert similarity(("G01Q01",), ("G01Q02",)) == 0


def test_a_code_that_several_columns_share_decides_nothing():
    assert match_names(named("Q1"), named("Q1. Alpha", "Q1. Beta"), 90) == ()
