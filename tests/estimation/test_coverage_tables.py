"""The tables of the methodology page are what the code gives, and lie within their bounds."""

from __future__ import annotations

from math import sqrt

import pytest

from barometer.settings import PROJECT_ROOT
from simulations import __main__ as command
from simulations.coverage import simple_random, stratified_blaker, stratified_weighted
from simulations.designs import EQUAL, ODDS_RATIOS, UNEQUAL, finite_kish
from simulations.false_alarms import FAMILIES, boschloo_errors, share_errors
from simulations.page import PageError, read_table, replace_table
from simulations.tables import (
    BOSCHLOO_SIZES,
    ENUMERATED,
    FAMILY_REPLICATIONS,
    REPLICATIONS,
    SHARE_PAIRS,
    SIMULATED,
    TREND_SIZES,
)

PAGE = PROJECT_ROOT / "docs" / "methodology.md"


def monte_carlo_error(rate: float) -> float:
    """Return how far a simulated rate may lie from the true one: three standard errors."""
    return 3 * sqrt(rate * (1 - rate) / REPLICATIONS)


def name_of(design) -> str:
    return design.label


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*ENUMERATED, *SIMULATED])
def test_the_page_shows_what_the_code_gives(page, name):
    assert read_table(page, name) == (ENUMERATED | SIMULATED)[name]()


@pytest.mark.parametrize("design", UNEQUAL, ids=name_of)
def test_exact_intervals_never_hold_less_often_than_they_say(design):
    assert simple_random(design.sample, design.population).minimum >= 0.95


@pytest.mark.parametrize("ratio", ODDS_RATIOS)
@pytest.mark.parametrize("design", EQUAL, ids=name_of)
def test_exact_intervals_hold_in_strata_that_answer_equally_well(design, ratio):
    assert stratified_blaker(design, ratio).minimum >= 0.95


@pytest.mark.parametrize("ratio", ODDS_RATIOS)
@pytest.mark.parametrize("design", [one for one in UNEQUAL if one.sample >= 30], ids=name_of)
def test_wilson_intervals_of_weighted_shares_hold_as_promised(design, ratio):
    found = stratified_weighted(design, ratio)
    assert 0.94 <= found.mean <= 0.97
    assert found.minimum >= 0.92
    assert found.width >= stratified_weighted(design, ratio, finite_kish).width


@pytest.mark.parametrize("ratio", ODDS_RATIOS)
@pytest.mark.parametrize("design", [one for one in UNEQUAL if one.sample < 30], ids=name_of)
def test_beta_intervals_of_small_weighted_bases_hold_as_promised(design, ratio):
    assert stratified_weighted(design, ratio).minimum >= 0.94


@pytest.mark.parametrize(("size_a", "size_b"), BOSCHLOO_SIZES)
def test_boschloo_never_errs_more_often_than_its_level(size_a, size_b):
    assert boschloo_errors(size_a, size_b).rate <= 0.05


@pytest.mark.parametrize("ratio", ODDS_RATIOS)
@pytest.mark.parametrize(
    "pair", SHARE_PAIRS[:2], ids=lambda pair: f"{pair[0].label}, {pair[1].label}"
)
def test_small_groups_err_no_more_often_than_their_level_in_any_family(pair, ratio):
    assert max(family.rate for family in share_errors(*pair, ratio)) <= 0.05


def figures(page: str, name: str) -> list[list[str]]:
    """The cells of a table of the page, headings left out."""
    lines = read_table(page, name).splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_weighted_intervals_hold_when_the_number_of_answers_is_chance(page):
    rows = figures(page, "coverage-chance")
    assert len(rows) == len(UNEQUAL) * len(ODDS_RATIOS)
    for answers, _, mean, minimum in rows:
        small = answers.startswith("about 14 ")
        bound = 0.94 if small else 0.92
        assert float(minimum) / 100 >= bound - monte_carlo_error(bound)
        assert small or 94 <= float(mean) <= 97


def test_test_between_waves_errs_little_more_often_than_its_level_whatever_the_overlap(page):
    rows = figures(page, "errors-panel")
    for _, *cells in rows:
        for cell in cells:
            mean, worst = (float(part.strip("()")) / 100 for part in cell.split())
            assert mean <= 0.055
            assert worst <= 0.055 + monte_carlo_error(0.055)


def test_no_family_of_tests_of_shares_errs_more_often_than_its_level(page):
    rows = figures(page, "errors-shares")
    assert len(rows) == len(SHARE_PAIRS) * len(ODDS_RATIOS)
    for _, _, *cells in rows:
        for cell in cells:
            mean, worst = (float(part.strip("()")) for part in cell.split())
            assert mean <= worst <= 5.0


def test_no_family_of_tests_of_means_errs_more_often_than_its_level(page):
    for _, _, *cells in figures(page, "errors-means"):
        for tests, cell in zip(FAMILIES, cells, strict=True):
            # Three standard errors of what was counted, and rounding.
            error = 3 * tests * sqrt(0.05 / tests / FAMILY_REPLICATIONS)
            assert float(cell) / 100 <= 0.05 + error + 0.0005


def test_of_the_changes_declared_no_more_are_false_than_promised(page):
    rows = figures(page, "discoveries-trends")
    assert len(rows) == len(TREND_SIZES)
    for _, none, *some in rows:
        shares = [float(none), *(float(cell.split()[0]) for cell in some)]
        assert max(shares) <= 5.0


def test_a_table_is_replaced_and_the_rest_of_the_page_stays():
    page = "Before.\n<!-- table: one -->\nold\n<!-- end: one -->\nAfter.\n"
    changed = replace_table(page, "one", "| new |")
    assert changed == "Before.\n<!-- table: one -->\n| new |\n<!-- end: one -->\nAfter.\n"
    assert read_table(changed, "one") == "| new |"
    assert replace_table(changed, "one", "| new |") == changed


@pytest.mark.parametrize("page", ["nothing", "<!-- table: one -->\n<!-- end: one -->\n" * 2])
def test_a_table_without_exactly_one_place_is_refused(page):
    with pytest.raises(PageError, match="table one"):
        replace_table(page, "one", "")


def test_a_page_without_places_is_left_alone(tmp_path, monkeypatch, capsys):
    page = tmp_path / "page.md"
    page.write_text("No place here.\n", encoding="utf-8")
    monkeypatch.setattr(command, "ENUMERATED", {"one": lambda: "| 1 |"})
    monkeypatch.setattr(command, "SIMULATED", {})
    monkeypatch.setattr(command, "SLOW", {})
    assert command.main(["--page", str(page)]) == 1
    assert "table one" in capsys.readouterr().err
    assert page.read_text(encoding="utf-8") == "No place here.\n"
