"""Likeness of names and labels."""

from __future__ import annotations

import pytest

from drafting.similarity import code_score, label_score, plain_code, shared_stem, slug


def test_case_blanks_punctuation_and_look_alikes_do_not_matter() -> None:
    assert label_score("Hoe  NIEUW\u00a0is het?", "hoe nieuw is het") == 100
    assert label_score("ﬁjn", "fijn") == 100
    assert plain_code("Q1[SQ002]") == plain_code("q1_SQ002")
    assert code_score("v06_tech", "V06.Tech") == 100


def test_sentences_are_told_apart_by_their_words() -> None:
    same = label_score(
        "Is uw laatste innovatie geëvalueerd?", "Is uw laatste innovatie getoetst of geëvalueerd?"
    )
    other = label_score(
        "Had uw organisatie een eigen budget voor innovatie?",
        "Neemt uw organisatie deel aan een regionaal netwerk voor innovatie?",
    )
    assert other < 70 < same < 100


def test_items_of_a_grid_share_a_stem() -> None:
    stem = "Belemmerde of bevorderde dit uw laatste innovatie"
    items = [f"{stem}: de steun van de leiding?", f"{stem}: wet- en regelgeving?"]
    assert shared_stem(items[0], items[1:]) == stem.lower()
    assert shared_stem("Hoe nieuw is het?", ["Hoe oud is het?"]) == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Geïnspireerd door anderen", "geinspireerd_door_anderen"),
        ("v17_Netwerk", "v17_netwerk"),
        ("2 keer", "x_2_keer"),
        ("…", "x"),
    ],
)
def test_an_id_is_made_of_any_text(text, expected) -> None:
    assert slug(text) == expected
