"""Candidates for names that are not in the frame: sensible ones, best first, never a decision."""

from __future__ import annotations

import random
import string

import pytest
from real_register import RealRegister, folded

from landing.frames.names import NameIndex, Organisation, fold_name

REFERENCE_END = "2024-12-31"


def index(*names: str) -> NameIndex:
    return NameIndex([Organisation(str(n), name) for n, name in enumerate(names, start=1)])


def test_accents_case_and_punctuation_do_not_matter() -> None:
    assert fold_name("  Provincie Fryslân – C&A (proef) ") == "provincie fryslan c en a proef"


def test_a_misspelt_name_is_found_and_stands_out() -> None:
    suggestion = index("Gemeente Amersfoort", "Gemeente Amsterdam", "Raad voor Cultuur").suggest(
        "gemeente Amersvoort"
    )
    assert suggestion.best is not None
    assert (suggestion.best.key, suggestion.verdict) == ("1", "clear")
    assert suggestion.best.score > 90
    assert suggestion.second_score is not None
    assert suggestion.second_score < 85


def test_two_organisations_of_one_name_are_never_clear() -> None:
    suggestion = index("Directie Communicatie", "Directie Communicatie").suggest(
        "Directie Comunicatie"
    )
    assert suggestion.verdict == "unsure"
    assert len(suggestion.candidates) == 2


@pytest.mark.parametrize("name", ["Utrecht", "Stichting Utrecht"])
def test_a_name_without_its_kind_is_never_clear(name: str) -> None:
    suggestion = index("Gemeente Utrecht", "Raad voor Cultuur").suggest(name)
    assert suggestion.best is not None
    assert (suggestion.best.key, suggestion.verdict) == ("1", "unsure")


def test_another_number_is_another_organisation() -> None:
    suggestion = index("Veiligheidsregio Oost 12", "Raad voor Cultuur").suggest(
        "Veiligheidsregio Oost 13"
    )
    assert suggestion.verdict == "unsure"


@pytest.mark.parametrize("name", ["", "  ", "?!", "Bakkerij de Korenbloem"])
def test_nothing_alike_gives_no_candidate(name: str) -> None:
    suggestion = index("Gemeente Utrecht", "Raad voor Cultuur").suggest(name)
    assert (suggestion.candidates, suggestion.verdict) == ((), "none")


def misspelt(name: str, chance: random.Random) -> str:
    """One or two slips of the keyboard, sometimes capitals, sometimes without the kind."""
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(1, len(name) - 1)
        slip = chance.choice(("swap", "drop", "double", "replace"))
        if slip == "swap":
            name = name[:at] + name[at + 1] + name[at] + name[at + 2 :]
        elif slip == "drop":
            name = name[:at] + name[at + 1 :]
        elif slip == "double":
            name = name[:at] + name[at] + name[at:]
        else:
            name = name[:at] + chance.choice(string.ascii_lowercase) + name[at + 1 :]
    if chance.random() < 0.3:
        name = name.upper()
    for kind in ("Gemeente ", "Ministerie van ", "Stichting "):
        if name.startswith(kind) and chance.random() < 0.2:
            name = name.removeprefix(kind)
    return name


@pytest.mark.shared_data
def test_misspelt_names_of_the_register_are_found(register: RealRegister) -> None:
    """200 misspellings among all current organisations; prints what it measured."""
    kept = register.kept(REFERENCE_END)
    names = register.names(REFERENCE_END)
    unique = [row for row in kept if names[folded(row["name"])] == 1 and len(row["name"]) >= 6]
    chance = random.Random(20270101)
    frame = NameIndex([Organisation(row["record_id"], row["name"]) for row in kept])
    first = among = clear = clear_right = 0
    for row in chance.sample(unique, 200):
        suggestion = frame.suggest(misspelt(row["name"], chance))
        right = suggestion.best is not None and suggestion.best.key == row["record_id"]
        first += right
        among += any(c.key == row["record_id"] for c in suggestion.candidates)
        clear += suggestion.verdict == "clear"
        clear_right += right and suggestion.verdict == "clear"
    print(f"first {first}, among three {among}, clear {clear}, clear and right {clear_right}")
    assert first >= 192
    assert among >= 195
    assert clear >= 170
    assert clear_right == clear


@pytest.mark.shared_data
def test_organisations_that_are_not_there_are_rarely_clear(register: RealRegister) -> None:
    kept = register.kept(REFERENCE_END)
    names = register.names(REFERENCE_END)
    unique = [row for row in kept if names[folded(row["name"])] == 1]
    gone = {row["record_id"] for row in random.Random(20270102).sample(unique, 200)}
    frame = NameIndex(
        [Organisation(r["record_id"], r["name"]) for r in kept if r["record_id"] not in gone]
    )
    verdicts = [frame.suggest(r["name"]).verdict for r in kept if r["record_id"] in gone]
    print({verdict: verdicts.count(verdict) for verdict in ("clear", "unsure", "none")})
    # The register has the same body twice, with and without its abbreviation: those are clear.
    assert verdicts.count("clear") <= 30
