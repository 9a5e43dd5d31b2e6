"""The example by the method `rounded`: what can be read off it, and what a correction changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from barometer.settings import Settings
from publication.editions import edition_of
from publication.public.ledger.format import wave_as_json
from publication.public.method.asked import asked_in
from publication.public.method.counts import WaveResponses
from publication.public.method.protect import ProtectedWave, protect_wave
from publication.public.method.rules import WaveRules, wave_rules
from publication.public.release import read_build
from publication.public.use import use_of
from publication.tables import literal
from registry import Registry, load_registry

pytestmark = pytest.mark.xdist_group("example_refresh")

WAVE = "2021"
FEW = ("innovated", "innovated_product", "innovated_service", "spread", "ai_use")
KEY = b"secret"


@pytest.fixture(scope="module")
def both(example_refresh: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """Both editions of the example, attached."""
    with duckdb.connect() as connection:
        for name, path in zip(("internal", "public_edition"), _files(example_refresh), strict=True):
            connection.execute(f"attach {literal(str(path))} as {name} (read_only)")
        yield connection


def _files(settings: Settings) -> tuple[Path, Path]:
    public = edition_of(settings, "public")
    return settings.current_release / settings.release_file_name, public.current / public.file_name


def test_a_reader_gets_most_figures_and_every_claim(example_refresh: Settings) -> None:
    use = use_of(*_files(example_refresh))
    assert use.public >= 0.85 * use.internal
    assert use.claims_read == use.claims > 0
    assert use.outside == 0
    assert use.fewest_counts == 2


def test_every_rounded_figure_lies_in_its_range_and_the_range_in_its_interval(
    both: duckdb.DuckDBPyConnection,
) -> None:
    shown, wrong, bare = both.execute(
        "select count(*), count(*) filter (where not ("
        " estimate_lower <= range_lower + 1e-9 and range_upper <= estimate_upper + 1e-9"
        " and coalesce(estimate between range_lower and range_upper, true))),"
        " count(*) filter (where smallest_base < 10 or smallest_base is null)"
        " from public_edition.core.mart_estimates where protection = 'rounded'"
    ).fetchone() or (0, 0, 0)
    assert shown > 10_000
    assert (wrong, bare) == (0, 0)


def test_the_share_of_a_band_does_not_stand_for_its_share_with_an_outcome(
    both: duckdb.DuckDBPyConnection,
) -> None:
    ((bands, outcomes),) = both.execute(
        "select count(estimate), (select count(estimate) + count(range_lower)"
        " from public_edition.core.mart_scale_cross)"
        " from public_edition.core.mart_scale_distribution"
    ).fetchall()
    ((within,),) = both.execute(
        "select count(range_lower) from public_edition.uitvoeringsorganisaties.climate_distribution"
        " where outcome_indicator_id is not null"
    ).fetchall()

    assert bands > 0
    assert outcomes == within == 0


def test_nothing_finer_than_its_base_allows(both: duckdb.DuckDBPyConnection) -> None:
    narrow = both.execute(
        "select count(*) from public_edition.core.mart_estimates"
        " where protection = 'rounded' and kind = 'share' and range_upper - range_lower <"
        " case when smallest_base >= 30 then 0.01 when smallest_base >= 20 then 0.05 else 0.1 end"
        " - 1e-9"
    ).fetchone()
    assert narrow == (0,)


def test_supported_claims_are_supported_and_differences_are_those_of_what_is_printed(
    both: duckdb.DuckDBPyConnection,
) -> None:
    claims = both.execute(
        "select count(*), count(*) filter (where p.verdict = i.verdict)"
        " from internal.core.mart_claims as i join public_edition.core.mart_claims as p"
        " using (wave, claim_id) where i.verdict = 'supported'"
    ).fetchone() or (0, 0)
    assert claims[0] == claims[1] > 0
    wrong = both.execute(
        "select count(*) from public_edition.core.mart_comparisons where difference is not null"
        " and abs(difference - (estimate_a - estimate_b)) > 1e-6"
    ).fetchone()
    assert wrong == (0,)


def test_the_release_says_what_risk_is_left(both: duckdb.DuckDBPyConnection) -> None:
    labels = [
        label
        for (label,) in both.execute(
            "select label from public_edition.core.about_release"
        ).fetchall()
    ]
    said = " ".join(labels)
    assert f"Wave {WAVE}: of every count of a group or stratum at least 2 values" in said


@pytest.fixture(scope="module")
def first(example_refresh: Settings) -> tuple[WaveResponses, ProtectedWave, Registry]:
    """A wave of the example with a few of its indicators, as it is first published."""
    registry = load_registry(example_refresh.seeds)
    responses = read_build(example_refresh, registry).responses[WAVE]
    return responses, _protected(responses, registry, None, ()), registry


def _protected(
    responses: WaveResponses,
    registry: Registry,
    rules: WaveRules | None,
    earlier: tuple[ProtectedWave, ...],
) -> ProtectedWave:
    if rules is None:
        rules = wave_rules(registry, WAVE, responses.indicators)
        assert rules.rounded is not None
        rules = replace(rules, rounded=replace(rules.rounded, indicators=FEW))
    return protect_wave(responses, rules, earlier, KEY, asked_in(registry, WAVE, FEW))


def test_a_respondent_who_is_forgotten_changes_no_figure(
    first: tuple[WaveResponses, ProtectedWave, Registry],
) -> None:
    responses, published, registry = first
    fewer = replace(responses, respondents=responses.respondents[1:])
    again = _protected(fewer, registry, published.rules, (published,))
    assert again.rounded == published.rounded
    assert wave_as_json(again)["rounded"] == wave_as_json(published)["rounded"]


def test_one_answer_that_is_corrected_changes_no_figure(
    first: tuple[WaveResponses, ProtectedWave, Registry],
) -> None:
    responses, published, registry = first
    one = responses.respondents[0]
    other = {**one.values, "ai_use": Fraction(1) - (one.values.get("ai_use") or Fraction(0))}
    changed = replace(
        responses, respondents=(replace(one, values=other), *responses.respondents[1:])
    )
    again = _protected(changed, registry, published.rules, (published,))
    assert again.rounded == published.rounded
    assert any(again.changed.values())
