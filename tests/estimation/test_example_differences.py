"""Differences of the example, computed again from cleaned answers, organisation by organisation."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import duckdb
import pytest
from statsmodels.stats.multitest import multipletests

INDICATORS = ("innovated", "climate_score", "breadth", "collaborated")
TRENDS = {
    ("overheidslaag", "overheid"),
    ("overheidslaag", "rechtswezen"),
    ("overheidslaag", "waterschappen"),
    ("overheidslaag", "uitvoeringsorganisaties"),
    ("uo_rechtsvorm", "zbo"),
    ("rw_taak", "rechtspraak"),
}
PAIRS = (
    ("uo_rechtsvorm", "zbo", "agentschap_dienst"),
    ("overheidslaag", "uitvoeringsorganisaties", "rijk_overige"),
    ("or_taak", "beleid", "uitvoering"),
)


@dataclass(frozen=True)
class Cleaned:
    """What cleaning left of the example.

    Attributes:
        values: by wave and indicator, the value of each organisation that answered.
        strata: by wave, the weighting stratum of each organisation that responded.
        frame: by wave, the weighting stratum of each organisation of the frame.
        members: by wave, classification and group, the organisations in it.
    """

    values: dict[tuple[str, str], dict[str, float]]
    strata: dict[str, dict[str, str]]
    frame: dict[str, dict[str, str]]
    members: dict[tuple[str, str, str], set[str]]


@pytest.fixture(scope="module")
def warehouse(example_warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(example_warehouse), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def cleaned(warehouse) -> Cleaned:
    values: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for wave, indicator, organisation, value in warehouse.execute(
        "select v.wave, v.indicator_id, r.organisation_key, v.value"
        " from cleaned.cln_indicator_values v join cleaned.cln_responses r"
        " using (wave, response_key) where v.value is not null"
    ).fetchall():
        values[wave, indicator][organisation] = value
    frame: dict[str, dict[str, str]] = defaultdict(dict)
    for wave, organisation, stratum in warehouse.execute(
        "select o.wave, o.organisation_key, s.weighting_stratum_id"
        " from cleaned.cln_organisation_strata o join cleaned.cln_strata s using (wave, stratum_id)"
    ).fetchall():
        frame[wave][organisation] = stratum
    strata: dict[str, dict[str, str]] = defaultdict(dict)
    for wave, organisation in warehouse.execute(
        "select wave, organisation_key from cleaned.cln_responses"
    ).fetchall():
        strata[wave][organisation] = frame[wave][organisation]
    members: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for wave, classification, group, organisation in warehouse.execute(
        "select wave, classification_id, group_id, organisation_key"
        " from cleaned.cln_organisation_groups"
    ).fetchall():
        members[wave, classification, group].add(organisation)
    return Cleaned(dict(values), dict(strata), dict(frame), dict(members))


@dataclass(frozen=True)
class Estimate:
    """One estimate and what each response of the wave contributes to its error."""

    value: float
    influence: dict[str, float]
    strata: dict[str, str]
    sampled: dict[str, float]

    def centred(self, organisation: str) -> float:
        """Contribution less the mean of the whole stratum, if that has more than one response."""
        stratum = self.strata[organisation]
        peers = [self.influence[o] for o, s in self.strata.items() if s == stratum]
        return self.influence[organisation] - (sum(peers) / len(peers) if len(peers) > 1 else 0.0)

    def size(self, stratum: str) -> int:
        return sum(s == stratum for s in self.strata.values())


def estimate(cleaned: Cleaned, wave: str, classification: str, group: str, indicator: str):
    strata, frame = cleaned.strata[wave], cleaned.frame[wave]
    sizes = defaultdict(int)
    for stratum in frame.values():
        sizes[stratum] += 1
    responses = defaultdict(int)
    for stratum in strata.values():
        responses[stratum] += 1
    base = {
        organisation: value
        for organisation, value in cleaned.values[wave, indicator].items()
        if organisation in cleaned.members[wave, classification, group]
    }
    weight = {o: sizes[strata[o]] / responses[strata[o]] for o in base}
    total = sum(weight.values())
    value = sum(weight[o] * base[o] for o in base) / total
    influence = {o: weight[o] * (base[o] - value) / total if o in base else 0.0 for o in strata}
    return Estimate(value, influence, strata, {s: responses[s] / sizes[s] for s in responses})


def same_wave(a: Estimate, b: Estimate, *, finite: bool) -> float:
    total = 0.0
    for stratum in set(a.strata.values()):
        inside = [o for o, s in a.strata.items() if s == stratum]
        n = len(inside)
        product = sum(a.centred(o) * b.centred(o) for o in inside)
        correction = 1 - a.sampled[stratum] if finite else 1.0
        total += correction * product * (n / (n - 1) if n > 1 else 1.0)
    return total


def between_waves(a: Estimate, b: Estimate, frame_a, frame_b, *, finite: bool) -> float:
    cells = defaultdict(list)
    for organisation in a.strata.keys() & b.strata.keys():
        cells[a.strata[organisation], b.strata[organisation]].append(organisation)
    listed = defaultdict(int)
    for organisation in frame_a.keys() & frame_b.keys():
        listed[frame_a[organisation], frame_b[organisation]] += 1
    total = 0.0
    for (stratum_a, stratum_b), both in cells.items():
        n_a, n_b, m = a.size(stratum_a), b.size(stratum_b), len(both)
        own_a, own_b = float(n_a > 1), float(n_b > 1)
        kappa = 1 - own_a / n_a - own_b / n_b + own_a * own_b * m / (n_a * n_b)
        factor = 1.0
        if finite:
            factor -= listed[stratum_a, stratum_b] * a.sampled[stratum_a] * b.sampled[stratum_b] / m
        total += factor * sum(a.centred(o) * b.centred(o) for o in both) / kappa
    return total


@pytest.mark.parametrize("indicator", INDICATORS)
def test_changes_have_the_covariance_of_their_panel(warehouse, cleaned, indicator):
    rows = warehouse.execute(
        "select classification_id, group_a, wave_a, wave_b, variance_a, variance_b, covariance,"
        " variance_a_finite, variance_b_finite, covariance_finite, n_both"
        " from estimation.est_contrasts join estimation.est_contrast_variances using (contrast_id)"
        " where purpose = 'trend' and indicator_a = ?",
        [indicator],
    ).fetchall()
    checked = 0
    for classification, group, later, earlier, *figures, both in rows:
        if (classification, group) not in TRENDS:
            continue
        a = estimate(cleaned, later, classification, group, indicator)
        b = estimate(cleaned, earlier, classification, group, indicator)
        frames = cleaned.frame[later], cleaned.frame[earlier]
        expected = [
            figure
            for finite in (False, True)
            for figure in (
                same_wave(a, a, finite=finite),
                same_wave(b, b, finite=finite),
                between_waves(a, b, *frames, finite=finite),
            )
        ]
        assert figures == pytest.approx(expected, rel=1e-9, abs=1e-13), (group, later, earlier)
        answered = [
            cleaned.values[wave, indicator].keys() & cleaned.members[wave, classification, group]
            for wave in (later, earlier)
        ]
        assert both == len(answered[0] & answered[1])
        checked += 1
    assert checked >= 2 * len(TRENDS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair[1])
def test_groups_have_the_covariance_of_their_strata(warehouse, cleaned, pair):
    classification, group_a, group_b = pair
    rows = warehouse.execute(
        "select wave_a, indicator_a, difference, covariance, covariance_finite"
        " from estimation.est_contrasts join estimation.est_contrast_variances using (contrast_id)"
        " join estimation.est_contrast_tests using (contrast_id) where purpose = 'comparison'"
        " and classification_id = ? and group_a = ? and group_b = ?"
        " and list_contains(?, indicator_a)",
        [*pair, list(INDICATORS)],
    ).fetchall()
    for wave, indicator, difference, *covariances in rows:
        a = estimate(cleaned, wave, classification, group_a, indicator)
        b = estimate(cleaned, wave, classification, group_b, indicator)
        expected = [same_wave(a, b, finite=finite) for finite in (False, True)]
        assert difference == pytest.approx(a.value - b.value, rel=1e-9)
        assert covariances == pytest.approx(expected, rel=1e-9, abs=1e-15), (wave, indicator)
    assert len(rows) == 3 * len(INDICATORS)


def test_p_values_are_adjusted_in_the_families_of_the_registries(warehouse):
    """The families put together from what is published, adjusted by statsmodels.

    A comparison that a claim is about is tested once, as the claim.
    """
    tested_as_claims = """
        select here.wave, here.comparison_id, here.indicator_id
        from core.mart_comparisons as here
        join core.mart_claims as claims using (wave, classification_id, indicator_id)
        where claims.minimum_difference is null
            and list_sort([here.group_a, here.group_b])
            = list_sort([claims.group_a, claims.group_b])
    """
    compared = (
        "(from core.mart_comparisons where (wave, comparison_id, indicator_id)"
        f" not in ({tested_as_claims}))"
    )
    families: dict[tuple[str | None, ...], list[tuple[float, float, int]]] = defaultdict(list)
    for table, group, topic in (
        (compared, "group_a", "topic"),
        ("core.mart_trends", "group_id", "topic"),
        ("core.mart_claims", "group_a", "'no topics in these families'"),
    ):
        for family, wave, group_id, in_topic, *tested in warehouse.execute(
            "select case error_rate when 'family_wise' then family_id end,"
            " case error_rate when 'family_wise' then wave end,"
            f" case when per_group then {group} end,"
            f" case when per_topic then {topic} end, p_value, p_adjusted, n_tests"
            f" from {table} join registry.test_families using (family_id)"
            " where p_value is not null"
        ).fetchall():
            families[family, wave, group_id, in_topic].append(tuple(tested))
    assert len(families) > 400
    for name, tests in families.items():
        p_values, adjusted, numbers = zip(*tests, strict=True)
        assert set(numbers) == {len(tests)}, name
        gc.freeze()  # statsmodels collects garbage at every call
        is_whole_release = name[0] is None
        expected = multipletests(p_values, method="fdr_bh" if is_whole_release else "holm")[1]
        gc.unfreeze()
        assert adjusted == pytest.approx(expected, rel=1e-12, abs=1e-15), name


def test_verdicts_follow_the_adjusted_p_value_alone(warehouse):
    rows = warehouse.execute(
        "select p_adjusted, difference, verdict, verdict_nl, kind from core.mart_comparisons"
        " where untested_reason is distinct from 'no_variation'"
    ).fetchall()
    words = {
        "a_higher": ("vaker", "hoger"),
        "a_lower": ("minder vaak", "lager"),
        "no_difference": ("geen aantoonbaar verschil",) * 2,
        "not_tested": ("niet getoetst: te weinig antwoorden",) * 2,
    }
    seen = set()
    for p_adjusted, difference, verdict, in_words, kind in rows:
        if p_adjusted is None:
            expected = "not_tested"
        elif p_adjusted > 0.05:
            expected = "no_difference"
        else:
            expected = "a_higher" if difference > 0 else "a_lower"
        assert verdict == expected
        assert in_words == words[verdict][kind != "share"]
        seen.add(in_words)
    assert len(seen) == 6


def test_no_change_is_told_across_a_break_that_has_no_bridge(warehouse):
    rows = warehouse.execute(
        "select indicator_id, wave_from, wave, comparability, difference, p_value, note_en"
        " from core.mart_trends where suppression_status = 'published'"
    ).fetchall()
    found = {row[:3]: row[3:] for row in rows}
    state, difference, p_value, note = found["partner_companies", "2021", "2023"]
    assert (state, difference, p_value) == ("broken", None, None)
    assert note.startswith("Education and research")
    state, difference, _, note = found["partner_education_research", "2021", "2023"]
    assert state == "bridged"
    assert difference is not None
    assert note.startswith("Education and research together")
    assert found["partner_companies", "2023", "2025"][0] == "comparable"
    assert found["success", "2021", "2025"][0] == "broken"
    state, difference, p_value, note = found["trigger_legislation", "2023", "2025"]
    assert (state, difference, p_value) == ("broken", None, None)
    assert note.startswith("From 2025 the coronavirus pandemic is no longer an answer")
    assert all(
        (comparability == "broken") == (difference is None)
        for comparability, difference, *_ in found.values()
        if comparability != "comparable"
    )


def test_differences_are_within_their_intervals_and_of_a_sensible_size(warehouse):
    rows = warehouse.execute(
        "select difference, difference_lower, difference_upper, estimate_a, estimate_b"
        " from core.mart_comparisons where difference is not null"
    ).fetchall()
    assert len(rows) > 4000
    for difference, lower, upper, a, b in rows:
        assert difference == pytest.approx(a - b)
        assert lower is None or lower - 1e-9 <= difference <= upper + 1e-9


def test_a_change_has_the_correlation_that_its_panel_allows(warehouse):
    rows = warehouse.execute(
        "select correlation, n_both, n_answered, n_answered_from from core.fct_trends"
        " where correlation is not null"
    ).fetchall()
    assert len(rows) > 3300
    for correlation, both, later, earlier in rows:
        assert both <= min(later, earlier)
        # Weights differ, so the overlap can pass the plain one a little.
        assert abs(correlation) <= 1.25 * both / sqrt(later * earlier) + 1e-12
