"""Bounds, item non-response and precision of the example, from answers and the frame themselves."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import product

import duckdb
import pytest

from barometer.settings import PROJECT_ROOT, Settings

pytestmark = pytest.mark.xdist_group("example_refresh")


def ends_of_means(wave: str) -> dict[str, tuple[float, float]]:
    """The lowest and highest score of every mean, of the options that the wave had."""
    scores = defaultdict(list)
    with (PROJECT_ROOT / "seeds" / "options.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            of_wave = row["first_wave"] <= wave and wave <= (row["last_wave"] or wave)
            if row["score"] and of_wave:
                scores[row["question_id"]].append(float(row["score"]))
    found = defaultdict(list)
    with (PROJECT_ROOT / "seeds" / "indicator_items.csv").open(
        encoding="utf-8", newline=""
    ) as stream:
        for row in csv.DictReader(stream):
            found[row["indicator_id"]] += scores[row["question_id"]]
    return {name: (min(values), max(values)) for name, values in found.items() if values}


def test_bounds_are_what_the_unobserved_could_have_been(example_refresh: Settings) -> None:
    with duckdb.connect(str(example_refresh.warehouse), read_only=True) as connection:
        members = connection.execute(
            "select wave, classification_id, group_id, organisation_key"
            " from cleaned.cln_organisation_groups"
        ).fetchall()
        responses = {
            (wave, organisation): response
            for wave, organisation, response in connection.execute(
                "select wave, organisation_key, response_key from cleaned.cln_responses"
            ).fetchall()
        }
        answers: dict[tuple[str, str], dict[str, tuple[str, float | None]]] = defaultdict(dict)
        for response, indicator, status, value in connection.execute(
            "select response_key, indicator_id, status, value from cleaned.cln_indicator_values"
        ).fetchall():
            answers[response][indicator] = (status, value)
        estimates = connection.execute(
            "select wave, classification_id, group_id, indicator_id, kind, bound_lower,"
            " bound_upper, item_nonresponse_rate from core.fct_estimates"
            " where suppression_status = 'published' and kind in ('share', 'mean')"
        ).fetchall()
    groups = defaultdict(list)
    for wave, classification, group, organisation in members:
        groups[wave, classification, group].append(organisation)
    ends = {wave: ends_of_means(wave) for wave in ("2021", "2023", "2025")}
    # A third of the groups: each looks at every answer of its organisations.
    chosen = {key for at, key in enumerate(sorted(groups)) if at % 3 == 0}
    checked = 0
    for wave, classification, group, indicator, kind, lower, upper, rate in estimates:
        if (wave, classification, group) not in chosen:
            continue
        statuses: Counter[str] = Counter()
        total = 0.0
        for organisation in groups[wave, classification, group]:
            response = responses.get((wave, organisation))
            status, value = ("silent", None) if response is None else answers[response][indicator]
            statuses[status] += 1
            total += value or 0.0
        lowest, highest = (0.0, 1.0) if kind == "share" else ends[wave][indicator]
        unknown = statuses["silent"] + statuses["dont_know"] + statuses["no_answer"]
        base = statuses["answered"] + unknown
        assert lower == pytest.approx((total + unknown * lowest) / base, abs=1e-9)
        assert upper == pytest.approx((total + unknown * highest) / base, abs=1e-9)
        missing = statuses["dont_know"] + statuses["no_answer"]
        assert rate == pytest.approx(missing / (statuses["answered"] + missing), abs=1e-12)
        checked += 1
    assert checked > 3000


def test_bounds_are_sharp_where_nobody_knows_who_is_in_the_base() -> None:
    """Every way in which 3 non-respondents, and one who did not know, may stand to a filter."""
    answered, yes = 4, 3
    shares = []
    for unknown in product((None, 0, 1), repeat=3):
        for left_open in (0, 1):
            told = [value for value in unknown if value is not None]
            shares.append((yes + left_open + sum(told)) / (answered + 1 + len(told)))
    assert min(shares) == yes / (answered + 1 + 3)
    assert max(shares) == (yes + 1 + 3) / (answered + 1 + 3)


def test_bounds_follow_from_what_is_printed_beside_them(example_refresh: Settings) -> None:
    """So that they give nothing away: no row is suppressed that has any, and none needs more."""
    release = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(release), read_only=True) as connection:
        hidden = connection.execute(
            "select count(*) from core.fct_estimates where suppression_status = 'suppressed'"
            " and (bound_lower is not null or bound_upper is not null"
            " or item_nonresponse_rate is not null or precision_status is not null)"
        ).fetchone()
        off = connection.execute(
            "select count(*), count(*) filter (where abs(bound_lower - e.n_answered"
            " * unweighted_estimate / (n_population - n_not_asked - n_not_applicable)) > 1e-9)"
            " from core.fct_estimates as e join core.fct_response_rates as r"
            " using (wave, classification_id, group_id) where kind = 'share' and bound_lower"
            " is not null"
        ).fetchone()
    assert hidden == (0,)
    assert off is not None
    assert off[0] > 5000
    assert off[1] == 0


def test_precision_is_marked_by_both_rules(example_refresh: Settings) -> None:
    release = example_refresh.current_release / example_refresh.release_file_name
    with duckdb.connect(str(release), read_only=True) as connection:
        rows = connection.execute(
            "select wave, indicator_id, kind, n_answered, estimate_lower, estimate_upper,"
            " interval_method, precision_status from core.fct_estimates"
            " where suppression_status = 'published' and kind in ('share', 'mean')"
        ).fetchall()
    ends = {wave: ends_of_means(wave) for wave in ("2021", "2023", "2025")}
    for wave, indicator, kind, n, lower, upper, method, status in rows:
        lowest, highest = (0.0, 1.0) if kind == "share" else ends[wave][indicator]
        few_or_wide = n < 30 or (upper is not None and upper - lower > 0.3 * (highest - lowest))
        assert status == ("low" if few_or_wide and method != "census" else "sufficient")
    assert {row[-1] for row in rows} == {"low", "sufficient"}
