"""Which base a range of the edition by bands has, against the figures of the build database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from public_survey import INDICATORS, registry, survey

from barometer.settings import Settings
from protection.edition.edition import PublicShare
from protection.ranges.rules import OWN_QUESTION, WHOLE_SET
from publication.public.ledger.format import wave_as_json, wave_from_json
from publication.public.ledger.ledger import read_ledger
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import REST, wave_rules

ROUNDING = 1e-9
EXAMPLE = pytest.mark.xdist_group("example_refresh")


@dataclass(frozen=True)
class Figure:
    """A share as the build has it, no small base blanked."""

    points: float
    answered: int


@pytest.fixture(scope="module")
def figures(example_warehouse: Path) -> dict[tuple[str, str, str], Figure]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        found = connection.execute(
            "select wave, classification_id || '.' || group_id, indicator_id,"
            " 100 * weighted_estimate, n_answered from estimation.est_estimates"
            " where weighted_estimate is not null"
        ).fetchall()
    return {(wave, group, name): Figure(*rest) for wave, group, name, *rest in found}


@pytest.fixture(scope="module")
def waves(banded_example: Settings) -> tuple[ProtectedWave, ...]:
    (entry,) = read_ledger(banded_example)
    return entry.waves


def shown(
    waves: tuple[ProtectedWave, ...], base: str
) -> Iterator[tuple[ProtectedWave, PublicShare]]:
    for wave in waves:
        for row in wave.edition.rows:
            is_internal = not row.indicator_id.startswith(REST)
            if row.share_lower is not None and row.base == base and is_internal:
                yield wave, row


def answered(wave: ProtectedWave, row: PublicShare) -> int:
    question = wave.rules.plan.indicator(row.indicator_id).question_id
    members = wave.edition.constants.members(row.wave, row.group_id)
    return sum(wave.bases.get((row.wave, atom.atom_id, question), 0) for atom in members)


@EXAMPLE
def test_every_range_on_the_base_of_its_own_question_holds_the_internal_figure(
    waves: tuple[ProtectedWave, ...], figures: dict[tuple[str, str, str], Figure]
) -> None:
    checked: Counter[str] = Counter()
    for wave, row in shown(waves, OWN_QUESTION):
        own = figures[row.wave, row.group_id, row.indicator_id]
        assert own.answered == answered(wave, row), row
        assert row.share_lower <= own.points + ROUNDING, (row, own)
        assert own.points - ROUNDING <= row.share_upper, (row, own)
        checked[row.protection] += 1

    assert min(checked["band"], checked["implied"]) > 400


@EXAMPLE
def test_only_shares_tied_over_several_questions_have_another_base(
    waves: tuple[ProtectedWave, ...], figures: dict[tuple[str, str, str], Figure]
) -> None:
    fewer = 0
    for wave, row in shown(waves, WHOLE_SET):
        linked = wave.rules.plan.set_of(row.indicator_id)
        assert linked is not None
        assert linked.set_id == "types"
        own = figures[row.wave, row.group_id, row.indicator_id]
        assert answered(wave, row) <= own.answered
        fewer += answered(wave, row) < own.answered

    assert fewer > 50


def test_the_base_of_a_set_is_kept_in_the_ledger_and_not_taken_for_granted() -> None:
    rules = wave_rules(registry(), "2025", INDICATORS)
    wave = protect_wave(survey(2), rules, [], b"secret")
    content = wave_as_json(wave)

    assert wave_from_json(content, {}).rules.plan == rules.plan
    for linked in content["sets"]:
        del linked["base"]
    assert {each.base for each in wave_from_json(content, {}).rules.plan.sets} == {WHOLE_SET}
