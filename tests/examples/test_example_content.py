"""What is planted: counts, truth, claims, routing, and every problem cleaning must find."""

from __future__ import annotations

import csv
import json
import statistics
from collections import Counter

import pytest

from examples.generate import ANSWER_KEY, Example
from examples.registries import SEEDS, Registries
from examples.survey import build_population, draw_respondents
from examples.truth import IndicatorRules

WAVES = ("2021", "2023", "2025")
MAIN = "overheidslaag"
RULES = ("test_response", "no_organisation_key", "organisation_not_in_frame", "incomplete")


@pytest.fixture(scope="module")
def expected() -> dict[str, dict]:
    return json.loads((ANSWER_KEY / "expected.json").read_text(encoding="utf-8"))["waves"]


def truth_by_group(example: Example, wave: str) -> dict[tuple[str, str, str], float | None]:
    return {
        (row.classification_id, row.group_id, row.indicator_id): row.true_value
        for row in example.population[wave].truth
    }


def test_the_2021_wave_has_the_published_numbers(expected: dict):
    wave = expected["2021"]
    central = ("uitvoeringsorganisaties", "rechtswezen", "overig_rijk")
    assert wave["kept"] == 366
    assert [wave["kept_by_group"][group] for group in central] == [63, 14, 49]
    assert wave["organisations_in_frame"] == 1360
    assert wave["innovated"]["yes"] / wave["innovated"]["base"] == pytest.approx(0.86, abs=0.01)
    assert expected["2025"]["kept"] == 347


@pytest.mark.parametrize("wave", WAVES)
def test_rows_add_up_and_stay_within_the_expected_range(wave: str, expected: dict):
    found, row = expected[wave], Registries(SEEDS).waves[wave]
    excluded = sum(part["count"] for part in found["excluded"].values())
    assert found["kept"] + excluded == found["rows_in_export"]
    low, high = int(row["expected_responses_low"]), int(row["expected_responses_high"])
    assert low <= found["rows_in_export"] <= high
    assert sum(part["responses"] for part in found["strata"]) == found["kept"]


@pytest.mark.parametrize("wave", WAVES)
def test_every_kind_of_problem_is_planted(wave: str, expected: dict):
    found = expected[wave]
    assert set(found["excluded"]) == {*RULES, "duplicate"}
    reasons = {"unknown_code", "out_of_range", "not_asked", "exclusive_conflict"}
    assert set(found["rejected_by_reason"]) - {"not_a_number"} == reasons
    assert found["answered_under_old_key"]


@pytest.mark.parametrize("wave", WAVES)
def test_the_exclusion_rules_applied_by_hand_agree(wave: str, example: Example):
    """The rules of cleaning, written once more: first match wins, then one per organisation."""
    registries, part = example.registries, example.population[wave]
    rules = IndicatorRules(registries, wave)
    heirs = {row["organisation_key"]: row["successor_key"] for row in registries.succession}
    page = registries.waves[wave]["complete_from_page"]
    excluded, candidates = {}, {}
    for row in example.submissions[wave].rows:
        key = row.key if row.key in part.organisations else heirs.get(row.key, row.key)
        valid = {q for q, a in row.answers.items() if q not in row.raw and q not in row.ticks}
        answered = sum(rules.is_valid(q, row.answers[q]) for q in valid)
        if row.is_test:
            excluded[row.response_id] = "test_response"
        elif not row.key:
            excluded[row.response_id] = "no_organisation_key"
        elif key not in part.organisations:
            excluded[row.response_id] = "organisation_not_in_frame"
        elif (page and row.last_page < int(page)) or answered < 4:
            excluded[row.response_id] = "incomplete"
        else:
            rank = (
                not row.is_submitted,
                -answered,
                -row.submitted_at.timestamp(),
                row.response_id,
            )
            candidates.setdefault(key, []).append((rank, row.response_id))
    for found in candidates.values():
        excluded.update(dict.fromkeys((number for _, number in sorted(found)[1:]), "duplicate"))
    planted = {r.response_id: r.excluded for r in example.submissions[wave].rows if r.excluded}
    assert excluded == planted


@pytest.mark.parametrize("wave", WAVES)
def test_kept_responses_carry_the_organisation_s_own_answers(wave: str, example: Example):
    part = example.population[wave]
    kept = [row for row in example.submissions[wave].rows if row.is_kept]
    assert len({row.organisation_key for row in kept}) == len(kept)
    for row in kept:
        potential = part.answers[row.organisation_key]
        assert all(potential[question] == answer for question, answer in row.answers.items())
        assert set(potential) - set(row.answers) <= {"open_example"}


@pytest.mark.parametrize("wave", WAVES)
def test_only_kept_responses_have_rejected_answers(wave: str, example: Example):
    rows = example.submissions[wave].rows
    assert not [row for row in rows if row.rejected and not row.is_kept]


@pytest.mark.parametrize("wave", WAVES)
def test_routing_is_respected_by_every_potential_answer(wave: str, example: Example):
    for answers in example.population[wave].answers.values():
        innovated = any(a == "yes" for q, a in answers.items() if q.startswith("inn_"))
        for question_id in answers:
            routed = example.registries.routing.get(question_id)
            if routed:
                assert (routed[0]["rule"] == "any_of") == innovated
        assert len(answers.get("triggers", ())) <= 3
        if "none" in answers.get("partners", ()):
            assert answers["partners"] == ("none",)


@pytest.mark.parametrize("wave", WAVES)
def test_the_truth_is_the_average_over_the_frame(wave: str, example: Example):
    part, truth = example.population[wave], truth_by_group(example, wave)
    agencies = [k for k, g in part.groups.items() if (MAIN, "uitvoeringsorganisaties") in g]
    answers = [part.answers[key] for key in agencies]
    novelty = [a["novelty"] for a in answers if a.get("novelty", "dont_know") != "dont_know"]
    share = novelty.count("first_developed") / len(novelty)
    key = (MAIN, "uitvoeringsorganisaties", "novelty_own_development")
    assert truth[key] == pytest.approx(share)
    learning = {"strongly_disagree": 1, "disagree": 2, "neutral": 3, "agree": 4}
    learning["strongly_agree"] = 5
    given = [a.get("climate_learning", "dont_know") for a in answers]
    mean = statistics.mean(learning[a] for a in given if a != "dont_know")
    assert truth[(MAIN, "uitvoeringsorganisaties", "climate_learning")] == pytest.approx(mean)


def test_the_truth_file_holds_what_is_planted(example: Example):
    with (ANSWER_KEY / "truth.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(example.truth)
    for row, planted in zip(rows, example.truth, strict=True):
        assert row["group_id"] == planted.group_id
        if planted.true_value is None:
            assert row["true_value"] == ""
        else:
            assert float(row["true_value"]) == pytest.approx(planted.true_value, abs=1e-6)


def test_an_option_that_was_not_offered_has_no_truth(example: Example):
    assert (MAIN, "overheid", "partner_education") not in truth_by_group(example, "2021")
    assert (MAIN, "overheid", "partner_education") in truth_by_group(example, "2023")
    assert (MAIN, "overheid", "trigger_covid") not in truth_by_group(example, "2025")
    assert (MAIN, "overheid", "partner_education_research") in truth_by_group(example, "2021")


@pytest.mark.parametrize("wave", WAVES)
def test_every_claim_holds_in_the_truth(wave: str, example: Example):
    truth, part = truth_by_group(example, wave), example.population[wave]
    for claim in example.registries.claims:
        where, first, second = claim["classification_id"], claim["group_a"], claim["group_b"]
        indicator, other = claim["indicator_id"], claim["indicator_b"]
        if second:
            a, b = truth[where, first, indicator], truth[where, second, indicator]
            assert a is not None
            assert b is not None
            assert (a > b) == (claim["expected_direction"] == "a_higher"), claim["claim_id"]
        else:
            pairs = [
                (v[indicator], v[other])
                for v in part.values.values()
                if indicator in v and other in v
            ]
            assert statistics.correlation(*zip(*pairs, strict=True)) > 0.1, claim["claim_id"]


def test_waves_overlap_and_answers_persist(example: Example):
    first, second = example.population["2021"], example.population["2023"]
    both = set(first.values) & set(second.values)
    pairs = [
        (first.values[k]["climate_score"], second.values[k]["climate_score"])
        for k in sorted(both)
        if "climate_score" in first.values[k] and "climate_score" in second.values[k]
    ]
    assert statistics.correlation(*zip(*pairs, strict=True)) > 0.25
    sampled = draw_respondents(example.population, example.seed)
    assert len(set(sampled["2021"]) & set(sampled["2023"])) > 100


def test_weighted_shares_are_unbiased_over_many_samples(example: Example):
    part = build_population(example.registries)["2021"]
    population = Counter(part.strata.values())
    estimates = []
    for seed in range(40):
        sample = draw_respondents({"2021": part}, seed)["2021"]
        responses = Counter(part.strata[key] for key in sample)
        assert set(responses) == set(population)
        total = weight_sum = 0.0
        for key in sample:
            if "innovated" in part.values[key]:
                weight = population[part.strata[key]] / responses[part.strata[key]]
                total += weight * part.values[key]["innovated"]
                weight_sum += weight
        estimates.append(total / weight_sum)
    truth = truth_by_group(example, "2021")[(MAIN, "overheid", "innovated")]
    standard_error = statistics.stdev(estimates) / len(estimates) ** 0.5
    assert abs(statistics.mean(estimates) - truth) < 3 * standard_error


def test_a_merger_changes_the_frames(example: Example):
    frames = {wave: set(part.organisations) for wave, part in example.population.items()}
    for row in example.registries.succession:
        assert row["organisation_key"] not in frames["2025"]
        assert row["successor_key"] in frames["2025"]
    assert "01030" in frames["2021"] - frames["2023"]
    assert "01353" in frames["2023"] - frames["2021"]


def test_a_curated_membership_follows_its_dates(example: Example):
    uo = (MAIN, "uitvoeringsorganisaties")
    became = [uo in part.groups["00600"] for part in example.population.values()]
    stopped = [uo in part.groups["00340"] for part in example.population.values()]
    assert became == [False, True, True]
    assert stopped == [True, True, False]
    for part in example.population.values():
        bodies = [groups for groups in part.groups.values() if uo in groups]
        for root in (("uo_rechtsvorm", "uo_alle"), ("uo_dienstverlening", "uo_bediend")):
            assert sum(root in groups for groups in part.groups.values()) == len(bodies)
            assert all(root in groups for groups in bodies)


@pytest.mark.parametrize(
    ("divided", "root"),
    [("rechtswezen", ("rw_taak", "rw_alle")), ("overig_rijk", ("or_taak", "or_alle"))],
)
def test_a_classification_within_a_group_divides_all_of_it_and_nothing_else(
    divided: str, root: tuple[str, str], example: Example
):
    for part in example.population.values():
        inside = [(MAIN, divided) in groups for groups in part.groups.values()]
        assert [root in groups for groups in part.groups.values()] == inside
        assert any(inside)


def test_one_stratum_has_too_few_responses_on_purpose(expected: dict):
    few = {
        (wave, part["overheidslaag"], part["organisatiegrootte"])
        for wave in WAVES
        for part in expected[wave]["strata"]
        if part["responses"] < 2
    }
    assert few == {("2023", "waterschappen", "middel")}
