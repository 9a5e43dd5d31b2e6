"""Tables for readers hold the figures of the core facts, row by row and column by column."""

from __future__ import annotations

from pathlib import Path

import pytest
from ibo_deliveries import seed
from ibo_population import all_groups
from mart_comparing import Comparison, rows, tables

pytestmark = pytest.mark.xdist_group("example_refresh")

KEYS = {
    "fct_estimates": ("wave", "classification_id", "group_id", "indicator_id"),
    "fct_response_rates": ("wave", "classification_id", "group_id"),
    "fct_comparisons": ("wave", "comparison_id", "indicator_id"),
    "fct_trends": ("classification_id", "group_id", "indicator_id", "wave_from", "wave"),
}
COPIES = {
    "fct_estimates": ("mart_estimates", "findings"),
    "fct_response_rates": ("mart_response_rates", "response_rates"),
    "fct_comparisons": ("mart_comparisons", "comparisons"),
    "fct_trends": ("mart_trends", "trends"),
}
ESTIMATE = {name: name for name in ("estimate", "estimate_lower", "estimate_upper")}
POSITION = {
    "n_answered_comparator": "n_answered_b",
    "estimate_comparator": "estimate_b",
    "difference_from_comparator": "difference",
    "difference_from_comparator_lower": "difference_lower",
    "difference_from_comparator_upper": "difference_upper",
    "position_p_adjusted": "p_adjusted",
    "position_effect_size": "effect_size",
    "position_verdict": "verdict",
    "position_list_verdict": "list_verdict",
}
CHANGE = {
    "previous_wave": "wave_from",
    "n_answered_previous": "n_answered_from",
    "estimate_previous": "estimate_from",
    "change": "difference",
    "change_lower": "difference_lower",
    "change_upper": "difference_upper",
    "change_p_adjusted": "p_adjusted",
    "change_effect_size": "effect_size",
    "change_verdict": "verdict",
    "change_list_verdict": "list_verdict",
    "comparability": "comparability",
}


def facts(warehouse: Path, fact: str) -> dict[tuple, dict]:
    key = KEYS[fact]
    found = rows(warehouse, f"select * from core.{fact}")
    return {tuple(row[c] for c in key): row for row in found}


def own_groups(schema: str) -> set[tuple[str, str]]:
    """The group a schema is for, and every group of a classification within it."""
    within = seed("classifications").query("within_group_id == @schema").classification_id
    return {(c, g) for c, g in all_groups() if g == schema or c in set(within)}


def test_every_copy_of_a_fact_has_its_figures(example_warehouse: Path) -> None:
    comparison, compared = Comparison(), set()
    for fact, names in COPIES.items():
        source = facts(example_warehouse, fact)
        for schema, table in sorted(tables(example_warehouse)):
            if table not in names or schema not in ("core", "groups"):
                continue
            compared.add((schema, table))
            copied = rows(example_warehouse, f'select * from "{schema}"."{table}"')
            assert copied, f"{schema}.{table} is empty"
            for row in copied:
                key = tuple(row[c] for c in KEYS[fact])
                for column in set(row) & set(source[key]):
                    comparison.check(
                        (schema, table, *key), column, source[key][column], row[column],
                        relative=0.0, absolute=0.0,
                    )  # fmt: skip
            if schema == "core":
                assert len(copied) == len(source)
    assert compared == {
        ("core" if name.startswith("mart_") else "groups", name)
        for names in COPIES.values()
        for name in names
    }
    comparison.must_agree(at_least=450_000)


def test_findings_join_estimate_position_and_change(example_warehouse: Path) -> None:
    estimates = facts(example_warehouse, "fct_estimates")
    listed = seed("comparisons").query("is_headline == 'true'")
    headlines = set(listed.comparison_id)
    rest = {
        (r["wave"], r["classification_id"], r["group_a"], r["indicator_id"]): r
        for r in facts(example_warehouse, "fct_comparisons").values()
        if r["comparison_id"] in headlines
    }
    trends = facts(example_warehouse, "fct_trends").values()
    latest: dict[tuple, dict] = {}
    for trend in trends:
        key = tuple(trend[c] for c in ("wave", "classification_id", "group_id", "indicator_id"))
        if key not in latest or trend["wave_from"] > latest[key]["wave_from"]:
            latest[key] = trend
    comparison, found = Comparison(), 0
    for schema, table in sorted(tables(example_warehouse)):
        if not (table in ("mart_findings", "findings") or schema == "innovation"):
            continue
        for row in rows(example_warehouse, f'select * from "{schema}"."{table}"'):
            found += 1
            key = tuple(row[c] for c in KEYS["fct_estimates"])
            sources = (
                (ESTIMATE, estimates[key]), (POSITION, rest.get(key)), (CHANGE, latest.get(key)),
            )  # fmt: skip
            for names, source in sources:
                for column, name in names.items():
                    figure = source[name] if source else None
                    comparison.check((table, *key), column, figure, row[column],
                                     relative=0.0, absolute=0.0)  # fmt: skip
            for column in set(row) & set(estimates[key]):
                comparison.check((table, *key), column, estimates[key][column], row[column],
                                 relative=0.0, absolute=0.0)  # fmt: skip
    assert found > 30_000
    comparison.must_agree(at_least=450_000)


def test_topic_marts_hold_exactly_the_registered_indicators(example_warehouse: Path) -> None:
    estimates = facts(example_warehouse, "fct_estimates")
    registered = seed("topic_mart_indicators")
    for mart in seed("topic_marts").itertuples():
        wanted = set(registered[registered.mart_id == mart.mart_id].indicator_id)
        query = f"select * from topics.findings where mart_id = '{mart.mart_id}'"
        if mart.has_own_columns == "true":
            query = f'select * from "{mart.schema_name}"."{mart.mart_id}"'
        got = [tuple(r[c] for c in KEYS["fct_estimates"]) for r in rows(example_warehouse, query)]
        assert len(got) == len(set(got))
        assert set(got) == {key for key in estimates if key[3] in wanted}
        assert len(got) > 300


def test_readers_are_given_their_own_groups_only(example_warehouse: Path) -> None:
    own = seed("organisation_groups").query("own_schema == 'true'").group_id
    assert len(own) >= 7
    for reader in own:
        groups = own_groups(reader)
        for table in ("findings", "trends", "response_rates", "climate", "climate_distribution"):
            found = rows(
                example_warehouse,
                "select distinct classification_id, group_id from groups." + table
                + f" where reader_group_id = '{reader}'",
            )  # fmt: skip
            assert found, f"{table} is empty for {reader}"
            assert {(r["classification_id"], r["group_id"]) for r in found} <= groups | {
                (c, g) for c, g in all_groups() if g.split("_x_")[0] == reader
            }


def test_the_climate_of_a_reader_has_the_figures_of_the_scale_marts(
    example_warehouse: Path,
) -> None:
    comparison = Comparison()
    sources = {
        ("climate", True): ("mart_scale_scores", {}),
        ("climate", False): ("mart_scale_associations", {}),
        ("climate_distribution", True): ("mart_scale_distribution", {"n_with": "n_in_band"}),
        ("climate_distribution", False): ("mart_scale_cross", {"n_with": "n_with_outcome"}),
    }
    for (table, is_whole), (mart, names) in sources.items():
        keys = ["wave", "classification_id", "group_id", "scale_id"]
        keys += ["band_id"] if table == "climate_distribution" else []
        keys += [] if is_whole else ["outcome_indicator_id"]
        source = {
            tuple(r[c] for c in keys): r
            for r in rows(example_warehouse, f"select * from core.{mart}")
        }
        for row in rows(
            example_warehouse,
            f"select * from groups.{table} where (outcome_indicator_id is null) = {is_whole}",
        ):
            key = tuple(row[c] for c in keys)
            for column in row:
                name = names.get(column, column)
                if name in source[key]:
                    comparison.check((table, *key), column, source[key][name], row[column],
                                     relative=0.0, absolute=0.0)  # fmt: skip
    comparison.must_agree(at_least=10_000)


def test_words_of_verdicts_follow_the_verdict_and_the_kind(example_warehouse: Path) -> None:
    words = {
        ("up", True): ("vaker", "more often"),
        ("down", True): ("minder vaak", "less often"),
        ("up", False): ("hoger", "higher"),
        ("down", False): ("lager", "lower"),
    }
    way = {"a_higher": "up", "increased": "up", "a_lower": "down", "decreased": "down"}
    seen = set()
    for table in ("mart_comparisons", "mart_trends"):
        for row in rows(example_warehouse, f"select * from core.{table}"):
            if row["verdict"] in way:
                key = (way[row["verdict"]], row["kind"] == "share")
                seen.add(key)
                assert (row["verdict_nl"], row["verdict_en"]) == words[key], row
            else:
                assert row["verdict_nl"] not in {nl for nl, _ in words.values()}
    assert len(seen) == 4
