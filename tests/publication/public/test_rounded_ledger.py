"""What the ledger keeps of a rounded wave: all that is public of it, and it comes back the same."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from public_survey import TYPES, YES, survey

from barometer.settings import PROJECT_ROOT
from publication.public.ledger.format import wave_as_json, wave_from_json
from publication.public.method.asked import Asked, asked_in
from publication.public.method.counts import InternalFigure, Respondent, WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rounding import KNOWN
from publication.public.method.rules import wave_rules
from registry import load_registry

KEY = b"secret"
WAVE = "2025"
NAMES = (*TYPES, "innovated", "breadth", "climate_vision")
EXAMPLE = load_registry(Path(PROJECT_ROOT) / "seeds")
RULES = wave_rules(EXAMPLE, WAVE, frozenset(NAMES))
ASKED: Asked = asked_in(EXAMPLE, WAVE, NAMES)
OPTIONS = {score: option for option, score in ASKED.questions["climate_vision"].scores.items()}


def with_choices(one: Respondent) -> Respondent:
    """Return a response with the options that give its values."""
    values = {name: one.values[name] for name in NAMES}
    chosen = {
        name.replace("innovated", "inn"): frozenset({"yes" if values[name] == YES else "no"})
        for name in TYPES
        if values[name] is not None
    }
    score = values["climate_vision"]
    if score is not None:
        chosen["climate_vision"] = frozenset({OPTIONS[float(score)]})
    return replace(one, values=values, chosen=chosen)


def with_figures(responses: WaveResponses) -> WaveResponses:
    """Return a wave with the figures that an internal edition would show of it."""
    people = responses.respondents
    found = []
    for group in sorted(frozenset().union(*(one.groups for one in people))):
        for name in NAMES:
            own = [
                (one.weight, value)
                for one in people
                if group in one.groups and (value := one.values[name]) is not None
            ]
            weight = sum(weight for weight, _ in own)
            estimate = float(sum(weight * value for weight, value in own) / weight)
            limits = (estimate - 0.1, estimate + 0.1)
            found.append(InternalFigure(group, name, len(own), estimate, *limits))
    return replace(responses, figures=tuple(found))


def rounded_survey(seed: int) -> WaveResponses:
    drawn = survey(seed, WAVE)
    people = tuple(with_choices(one) for one in drawn.respondents)
    return with_figures(WaveResponses(WAVE, frozenset(NAMES), people))


def protected(responses: WaveResponses, *earlier: ProtectedWave) -> ProtectedWave:
    return protect_wave(responses, RULES, earlier, KEY, ASKED)


def read_back(wave: ProtectedWave) -> ProtectedWave:
    return wave_from_json(json.loads(json.dumps(wave_as_json(wave))), {})


@pytest.mark.parametrize("seed", [5, 7])
def test_a_rounded_wave_comes_back_the_same(seed: int) -> None:
    wave = protected(rounded_survey(seed))
    assert wave.rounded is not None
    cells = wave.rounded.cells
    assert {(cell.group_id, cell.indicator_id) for cell in cells} == {
        (figure.group_id, figure.indicator_id) for figure in rounded_survey(seed).figures
    }
    # Every kind of cell: rounded, at an end of its scale, withheld.
    assert any(cell.estimate is not None for cell in cells)
    assert any(cell.lower is not None and cell.estimate is None for cell in cells)
    assert any(cell.reason == KNOWN and cell.lower is None for cell in cells)

    back = read_back(wave)

    assert back == wave
    assert back.rounded == wave.rounded
    assert back.rules.rounded == RULES.rounded


def test_the_ledger_holds_no_figure_finer_than_it_is_printed() -> None:
    responses = rounded_survey(5)
    exact = {(each.group_id, each.indicator_id): each.estimate for each in responses.figures}

    cells = wave_as_json(protected(responses))["rounded"]["cells"]

    shown = [cell for cell in cells if "lower" in cell]
    assert {tuple(sorted(cell)) for cell in cells if "lower" not in cell} == {
        ("group_id", "indicator_id", "reason")
    }
    for cell in shown:
        place = cell["group_id"], cell["indicator_id"]
        lower, upper = Fraction(cell["lower"]), Fraction(cell["upper"])
        assert lower <= exact[place] <= upper
        assert "estimate" not in cell or 2 * Fraction(cell["estimate"]) == lower + upper
        # Edges lie on half steps of a percentage point, of a tenth of a score, of a tenth.
        for text in (cell["lower"], cell["upper"], *cell["interval"]):
            assert (200 * Fraction(text)).denominator == 1


def test_a_wave_without_rounded_figures_comes_back_without() -> None:
    wave = replace(protected(rounded_survey(5)), rounded=None)
    bands = replace(wave, rules=replace(wave.rules, rounded=None))

    assert "rounded" not in wave_as_json(bands)
    assert read_back(bands) == bands


def test_what_comes_back_holds_its_figures_when_one_answer_is_corrected() -> None:
    responses = rounded_survey(5)
    back = read_back(protected(responses))
    people = responses.respondents
    other = with_choices(
        replace(people[0], values={**people[0].values, "climate_vision": Fraction(5)})
    )
    one = with_figures(replace(responses, respondents=(other, *people[1:])))
    again = rounded_survey(7)
    many = with_figures(
        replace(
            responses,
            respondents=tuple(
                replace(old, values=new.values, chosen=new.chosen)
                for old, new in zip(people, again.respondents, strict=True)
            ),
        )
    )

    assert people[0].values != other.values
    assert protected(one, back).rounded == back.rounded
    assert protected(many, back).rounded == protected(many).rounded != back.rounded
