"""Late against early: the halves by hand, and their errors summed organisation by organisation."""

from __future__ import annotations

import json
import shutil
import subprocess

import numpy as np
import pytest
from scipy import stats

from estimation.early_late import Answers, Responses, compare_halves, late_half


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def test_a_day_is_not_divided() -> None:
    halved = late_half(days("2021-02-01", "2021-02-03", "2021-02-03", "2021-02-03", "2021-02-09"))
    assert halved is not None
    until, late = halved
    # After the first day 1 and 4, after the second 4 and 1: as unequal, so the earlier.
    assert until == np.datetime64("2021-02-01")
    assert late.tolist() == [False, True, True, True, True]


def test_halves_are_as_equal_as_days_allow() -> None:
    halved = late_half(days(*["2021-02-01"] * 2, *["2021-02-02"] * 3, *["2021-02-05"] * 4))
    assert halved is not None
    assert halved[0] == np.datetime64("2021-02-02")
    assert halved[1].sum() == 4


def test_what_has_no_date_is_late_so_that_the_halves_are_all_responses() -> None:
    halved = late_half(days(*["2021-02-01"] * 10, *["2021-02-02"] * 9, "NaT"))
    assert halved is not None
    assert halved[1].tolist() == [False] * 10 + [True] * 10


@pytest.mark.parametrize(
    "sent_in",
    [
        days(),
        days("NaT", "NaT"),
        days("2021-02-01", "2021-02-01"),
        days(*["2021-02-01"] * 4, *["2021-02-02"] * 4, "NaT"),
    ],
    ids=["nobody", "no dates", "one day", "a ninth has no date"],
)
def test_nothing_is_halved(sent_in: np.ndarray) -> None:
    assert late_half(sent_in) is None


def survey(seed: int) -> tuple[Responses, dict[str, Answers]]:
    """Three strata of 6, 25 and 40 responses of 20, 100 and 300 organisations, and a single one."""
    random = np.random.default_rng(seed)
    stratum = np.repeat([0, 1, 2, 3], [6, 25, 40, 1])
    population = np.array([20.0, 100.0, 300.0, 2.0])[stratum]
    weight = population / np.bincount(stratum)[stratum]
    late = random.random(72) < 0.5
    asked = np.flatnonzero(random.random(72) < 0.8)
    ones = np.ones(len(asked))
    return Responses(late, stratum, np.bincount(stratum)[stratum] / population, weight), {
        "mood": Answers("mean", asked, random.normal(3.5, 1, len(asked)).round(1), ones),
        "yes": Answers("share", asked, (random.random(len(asked)) < 0.4).astype(float), ones),
        "rate": Answers("ratio", asked, random.random(len(asked)), 1 + random.random(len(asked))),
    }


def looped(responses: Responses, answers: Answers) -> dict[str, float]:
    """Both halves and the variances of their difference, one response after the other."""
    ratio, total, z = {}, {}, {}
    for half in (True, False):
        of = [i for i, r in enumerate(answers.response) if responses.is_late[r] == half]
        w = responses.weight[answers.response]
        total[half] = sum(w[i] * answers.denominator[i] for i in of)
        ratio[half] = sum(w[i] * answers.value[i] for i in of) / total[half]
        z[half] = np.zeros(len(responses.weight))
        for i in of:
            error = answers.value[i] - ratio[half] * answers.denominator[i]
            z[half][answers.response[i]] = w[i] * error / total[half]
    variance = {False: 0.0, True: 0.0}
    joint = {False: 0.0, True: 0.0}
    sides = {(half, finite): 0.0 for half in (True, False) for finite in (True, False)}
    for h in range(4):
        of_h = np.flatnonzero(responses.stratum == h)
        n = len(of_h)
        size = n / responses.fraction[of_h[0]]
        for finite in (True, False):
            correction = 1 - n / size if finite else 1.0
            for half in (True, False):
                at = z[half][of_h]
                squares = at[0] ** 2 if n == 1 else n * np.var(at, ddof=1)
                sides[half, finite] += correction * squares
            if n > 1:
                joint[finite] += correction * n * np.cov(z[True][of_h], z[False][of_h])[0, 1]
    for finite in (True, False):
        # A covariance above nought is mostly chance, as between groups.
        variance[finite] = sides[True, finite] + sides[False, finite] - 2 * min(0.0, joint[finite])
    return {
        "late": ratio[True],
        "early": ratio[False],
        "variance": variance[False],
        "variance_finite": variance[True],
        "late_finite": sides[True, True],
    }


@pytest.mark.parametrize("seed", range(5))
def test_means_and_ratios_have_the_error_of_two_domains_of_one_sample(seed: int) -> None:
    responses, indicators = survey(seed)
    found = compare_halves(responses, indicators)
    for at, (name, answers) in enumerate(indicators.items()):
        expected = looped(responses, answers)
        assert found["estimate_late"][at] == pytest.approx(expected["late"], abs=1e-12)
        assert found["estimate_early"][at] == pytest.approx(expected["early"], abs=1e-12)
        difference = expected["late"] - expected["early"]
        assert found["difference"][at] == pytest.approx(difference, abs=1e-12)
        if name == "yes":
            continue
        degrees = found["degrees_of_freedom"][at]
        p_value = 2 * stats.t.sf(abs(difference) / np.sqrt(expected["variance"]), degrees)
        assert found["p_value"][at] == pytest.approx(p_value, rel=1e-9)
        margin = stats.t.ppf(0.975, degrees) * np.sqrt(expected["variance_finite"])
        assert found["difference_upper"][at] == pytest.approx(difference + margin, abs=1e-9)


def test_equally_weighted_shares_have_an_exact_test() -> None:
    """One stratum, 9 of 12 late against 3 of 12 early."""
    late = np.arange(24) < 12
    responses = Responses(late, np.zeros(24, np.int64), np.full(24, 0.5), np.full(24, 2.0))
    value = np.r_[np.arange(12) < 9, np.arange(12) < 3].astype(float)
    answers = Answers("share", np.arange(24), value, np.ones(24))
    found = compare_halves(responses, {"yes": answers})
    exact = stats.boschloo_exact([[9, 3], [3, 9]], alternative="two-sided", n=64)
    assert found["test_method"][0] == "boschloo"
    assert found["p_value"][0] == pytest.approx(exact.pvalue, rel=0.02)


def test_a_half_without_answers_has_no_figures() -> None:
    responses = Responses(
        np.array([True, True, False]), np.zeros(3, np.int64), np.full(3, 1 / 3), np.full(3, 3.0)
    )
    answers = Answers("mean", np.array([0, 1]), np.array([2.0, 4.0]), np.ones(2))
    found = compare_halves(responses, {"mood": answers})
    assert found["n_answered_early"][0] == 0
    assert found["estimate_late"][0] == 3.0
    assert np.isnan(found["difference"][0])
    assert np.isnan(found["p_value"][0])


R_PROGRAM = """
suppressMessages(library(survey))
rows <- read.csv(file("stdin"))
design <- svydesign(ids = ~1, strata = ~stratum, fpc = ~population, weights = ~weight, data = rows)
asked <- subset(design, answered == 1)
halves <- svyby(~value, ~late, asked, svyratio, denominator = ~denominator, covmat = TRUE)
found <- sprintf("%.15g", c(coef(halves), as.vector(vcov(halves))))
cat(sprintf("[%s]", paste(found, collapse = ",")))
"""


@pytest.mark.thorough
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="Rscript is not installed")
@pytest.mark.parametrize("seed", range(4))
def test_halves_and_their_covariance_are_those_of_the_survey_package(seed: int) -> None:
    responses, indicators = survey(seed)
    # R centres a stratum with a single response elsewhere: another response beside it.
    stratum = np.where(responses.stratum == 3, 2, responses.stratum)
    population = np.array([20.0, 100.0, 300.0])[stratum]
    weight = population / np.bincount(stratum)[stratum]
    fraction = np.bincount(stratum)[stratum] / population
    responses = Responses(responses.is_late, stratum, fraction, weight)
    found = compare_halves(responses, indicators)
    for at, (name, answers) in enumerate(indicators.items()):
        value, denominator, answered = (np.zeros(len(stratum)) for _ in range(3))
        value[answers.response] = answers.value
        denominator[answers.response] = answers.denominator
        answered[answers.response] = 1
        late = responses.is_late.astype(int)
        columns = np.column_stack([stratum, population, weight, late, value, denominator, answered])
        text = "stratum,population,weight,late,value,denominator,answered\n" + "\n".join(
            ",".join(repr(float(cell)) for cell in row) for row in columns
        )
        ran = subprocess.run(
            ["Rscript", "-e", R_PROGRAM], input=text, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        early, later, v_early, both, _, v_late = json.loads(ran.stdout)
        assert found["estimate_early"][at] == pytest.approx(early, rel=1e-10)
        assert found["estimate_late"][at] == pytest.approx(later, rel=1e-10)
        if name == "yes":
            continue
        error = np.sqrt(v_early + v_late - 2 * min(0.0, both))
        degrees = found["degrees_of_freedom"][at]
        width = found["difference_upper"][at] - found["difference_lower"][at]
        assert width == pytest.approx(2 * stats.t.ppf(0.975, degrees) * error, rel=1e-8)
