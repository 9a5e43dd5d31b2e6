"""What a statistician looks for first: rows of the marts that contradict themselves."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from mart_comparing import rows, tables

pytestmark = pytest.mark.xdist_group("example_refresh")

ROUNDING = 1e-9


def every(
    warehouse: Path, table: str, where: str = "suppression_status = 'published'"
) -> list[dict]:
    found = rows(warehouse, f"select * from core.{table} where {where}")
    assert found, f"{table} has no rows where {where}"
    return found


def test_estimates_lie_within_their_limits_and_shares_within_nought_and_one(
    example_warehouse: Path,
) -> None:
    wrong = []
    for row in every(example_warehouse, "fct_estimates"):
        low, high, middle = row["estimate_lower"], row["estimate_upper"], row["estimate"]
        if low is not None and not low - ROUNDING <= middle <= high + ROUNDING:
            wrong.append(row)
        if low is None:
            assert row["interval_method"].startswith("none_")
        if row["kind"] == "share" and not (0 <= low <= high <= 1 and 0 <= middle <= 1):
            wrong.append(row)
    assert not wrong, wrong[:3]


def test_counts_of_an_estimate_add_up(example_warehouse: Path) -> None:
    for row in every(example_warehouse, "fct_estimates"):
        parts = ("n_answered", "n_dont_know", "n_not_applicable", "n_no_answer")
        assert row["n_asked"] == sum(row[part] for part in parts)
        assert row["n_responses"] == row["n_asked"] + row["n_not_asked"]
        assert 0 <= row["dont_know_share"] <= 1
        assert 0 <= row["not_asked_share"] <= 1


def test_errors_design_effects_and_effective_sizes_are_possible(example_warehouse: Path) -> None:
    for row in every(example_warehouse, "fct_estimates"):
        if row["standard_error"] is None:
            # All answers are the same, and some organisations gave none.
            assert row["interval_method"] != "census"
        else:
            assert row["standard_error"] >= 0
        assert row["design_effect"] is None or row["design_effect"] >= 0
        assert 0 < row["n_effective"] <= row["n_answered"] + ROUNDING


def test_a_share_that_varies_has_an_interval_with_a_width(example_warehouse: Path) -> None:
    for row in every(example_warehouse, "fct_estimates"):
        if row["kind"] == "share" and row["interval_method"] != "census":
            assert row["estimate_upper"] - row["estimate_lower"] > 0.001, row


@pytest.mark.parametrize("table", ["fct_comparisons", "fct_trends"])
def test_verdicts_follow_the_adjusted_p_and_nothing_else(
    example_warehouse: Path, table: str
) -> None:
    names = {
        "fct_comparisons": ("a_higher", "a_lower", "no_difference"),
        "fct_trends": ("increased", "decreased", "no_change"),
    }[table]
    seen = set()
    for row in every(example_warehouse, table):
        if row["verdict"] in ("not_tested", "not_comparable"):
            assert row["p_adjusted"] is None
            continue
        up, down, none = names
        clear = row["p_adjusted"] <= 0.05
        expected = (up if row["difference"] > 0 else down) if clear else none
        assert row["verdict"] == expected, row
        seen.add(expected)
    # Nothing changes between the waves of the example.
    assert len(seen) >= 2 if table == "fct_comparisons" else seen == {none}


@pytest.mark.parametrize("table", ["fct_comparisons", "fct_trends", "mart_claims"])
def test_adjusted_p_values_are_never_smaller_and_never_exceed_one(
    example_warehouse: Path, table: str
) -> None:
    for row in every(example_warehouse, table, "p_value is not null"):
        assert 0 <= row["p_value"] <= row["p_adjusted"] * (1 + ROUNDING)
        assert row["p_adjusted"] <= min(1.0, row["p_value"] * row["n_tests"]) + ROUNDING


@pytest.mark.parametrize("table", ["fct_comparisons", "fct_trends"])
def test_differences_lie_within_their_limits_and_shares_within_one(
    example_warehouse: Path, table: str
) -> None:
    b, a = ("estimate_b", "estimate_a") if table == "fct_comparisons" else (
        "estimate_from", "estimate"
    )  # fmt: skip
    for row in every(example_warehouse, table, "difference is not null"):
        assert math.isclose(row["difference"], row[a] - row[b], abs_tol=1e-12)
        if row["difference_lower"] is not None:
            low, high = row["difference_lower"], row["difference_upper"]
            assert low - ROUNDING <= row["difference"] <= high + ROUNDING
            if row["kind"] == "share":
                assert low >= -1 - ROUNDING
                assert high <= 1 + ROUNDING


@pytest.mark.parametrize("table", ["fct_comparisons", "fct_trends"])
def test_p_value_and_interval_disagree_only_near_the_edge(
    example_warehouse: Path, table: str
) -> None:
    """The interval has the population correction and p has not: p above, interval beside nought.

    The other way round (p well below, interval around nought) the two would contradict each other.
    """
    wrong = [
        row
        for row in every(example_warehouse, table, "p_value is not null")
        if row["difference_lower"] is not None
        and row["p_value"] < 0.01
        and row["difference_lower"] < 0 < row["difference_upper"]
    ]
    assert not wrong, wrong[:3]


@pytest.mark.parametrize("table", ["fct_comparisons", "fct_trends"])
def test_effects_point_the_way_of_the_difference(example_warehouse: Path, table: str) -> None:
    for row in every(example_warehouse, table, "effect_size is not null"):
        assert row["effect_size"] * row["difference"] >= 0
        if row["effect_measure"] == "cohen_h":
            assert abs(row["effect_size"]) <= math.pi


def test_more_answers_cannot_be_in_both_waves_than_in_either(example_warehouse: Path) -> None:
    for row in every(example_warehouse, "fct_trends"):
        assert 0 <= row["n_both"] <= min(row["n_answered"], row["n_answered_from"])
        assert row["correlation"] is None or -1 <= row["correlation"] <= 1


def test_suppressed_rows_print_no_figure_about_answers(example_warehouse: Path) -> None:
    allowed = {"n_tests", "scale_minimum", "scale_maximum", "answer_score", "position", "n_items",
               "position_in_topic", "number_of_types"}  # fmt: skip
    looked = 0
    for schema, table in sorted(tables(example_warehouse)):
        if schema in ("raw", "staging", "cleaned", "estimation", "registry", "main"):
            continue
        found = rows(example_warehouse, f'select * from "{schema}"."{table}"')
        for row in (r for r in found if r.get("suppression_status") == "suppressed"):
            looked += 1
            figures = {
                name: value
                for name, value in row.items()
                if isinstance(value, int | float)
                and not isinstance(value, bool)
                and name not in allowed
                and not name.endswith("_position")
                and not name.startswith(("previous_", "change", "n_answered_previous"))
            }
            if "estimate_previous" in row:
                figures.pop("estimate_previous", None)
            assert not figures, (schema, table, figures, row)
    assert looked > 1_000


def test_reliability_and_variance_shares_are_possible(example_warehouse: Path) -> None:
    for row in every(example_warehouse, "mart_scale_reliability"):
        if row["alpha"] is not None:
            assert row["alpha_lower"] <= row["alpha"] <= row["alpha_upper"] <= 1
    for row in every(example_warehouse, "mart_scale_variance"):
        assert 0 <= row["eta_squared"] <= 1
        assert row["omega_squared"] <= row["eta_squared"]
        assert 0 <= row["share_lower"] <= row["share_upper"] <= 1


def test_bands_of_a_group_add_up_to_everybody_with_a_score(example_warehouse: Path) -> None:
    total: dict[tuple, list] = {}
    for row in every(example_warehouse, "mart_scale_distribution"):
        key = (row["wave"], row["classification_id"], row["group_id"], row["scale_id"])
        total.setdefault(key, []).append(row)
    for found in total.values():
        assert math.isclose(sum(r["estimate"] for r in found), 1.0, abs_tol=1e-9)
        assert sum(r["n_in_band"] for r in found) == found[0]["n_answered"]


def test_odds_ratios_are_not_exploded(example_warehouse: Path) -> None:
    found = every(example_warehouse, "mart_scale_associations", "odds_ratio is not null")
    for row in found:
        assert row["odds_ratio_lower"] < row["odds_ratio"] < row["odds_ratio_upper"]
        assert row["odds_ratio_upper"] < 1_000, row
        clear = not row["odds_ratio_lower"] <= 1 <= row["odds_ratio_upper"]
        assert clear == (row["p_value"] < 0.05), row
