"""Expectations on what is said about differences: between groups, between waves, in claims."""

from __future__ import annotations

from expectations.checks import (
    Check,
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)
from registry import Registry

COMPARISON = ("wave", "comparison_id", "indicator_id")
TREND = ("classification_id", "group_id", "indicator_id", "wave_from", "wave")
CLAIM = ("wave", "claim_id")
TEST = ("difference", "difference_lower", "difference_upper", "p_value", "p_adjusted", "n_tests")
SIDES = ("n_answered_a", "n_answered_b", "estimate_a", "estimate_b")
WAVES = ("n_answered_from", "n_answered", "n_both", "estimate_from", "estimate")


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of comparisons, trends and claims."""
    base = int(float(registry.rule("minimum_base")))
    return (
        _suite(
            "fct_comparisons",
            COMPARISON,
            (
                *_facts("fct_comparisons", COMPARISON, (*SIDES, *TEST)),
                _bases("fct_comparisons", COMPARISON, ("n_answered_a", "n_answered_b"), base),
                _follows("fct_comparisons", COMPARISON, "a_higher", "a_lower"),
                *_all_registered("fct_comparisons", "comparisons", "comparison_id"),
            ),
            has_rows=bool(registry.comparisons),
        ),
        _suite(
            "mart_comparisons",
            COMPARISON,
            _same("mart_comparisons", "fct_comparisons", COMPARISON, (*SIDES, *TEST, "verdict")),
            has_rows=bool(registry.comparisons),
        ),
        _suite(
            "fct_trends",
            TREND,
            (
                *_facts("fct_trends", TREND, (*WAVES, *TEST)),
                _bases("fct_trends", TREND, ("n_answered_from", "n_answered"), base),
                _follows("fct_trends", TREND, "increased", "decreased"),
                NoRows(
                    "nothing is tested across a break, and every change is since an earlier wave",
                    f"select {', '.join(TREND)} from core.fct_trends\n"
                    "where wave_from >= wave or (comparability = 'broken') <>"
                    " (verdict = 'not_comparable')\n"
                    "    or (comparability = 'broken' and p_value is not null)",
                ),
            ),
            has_rows=False,
        ),
        _suite(
            "mart_trends",
            TREND,
            _same("mart_trends", "fct_trends", TREND, (*WAVES, *TEST, "verdict")),
            has_rows=False,
        ),
        _suite(
            "mart_claims",
            CLAIM,
            (
                *_facts("mart_claims", CLAIM, (*SIDES, *TEST)),
                *_all_registered("mart_claims", "claims", "claim_id"),
            ),
            has_rows=bool(registry.claims),
        ),
    )


def _suite(
    table: str,
    keys: tuple[str, ...],
    checks: tuple[Check, ...],
    *,
    has_rows: bool,
) -> Suite:
    return Suite(
        layer="marts",
        schema="core",
        table=table,
        grain=", ".join(keys),
        keys=tuple(key for key in keys if key in ("wave", "indicator_id", "group_id")),
        checks=(
            # A survey need not compare anything.
            *((NotEmpty(),) if has_rows else ()),
            *checks,
        ),
    )


def _facts(table: str, keys: tuple[str, ...], figures: tuple[str, ...]) -> tuple[Check, ...]:
    relation, listed = f"core.{table}", ", ".join(keys)
    return (
        refers_to(relation, ("wave",), "core.dim_waves"),
        refers_to(relation, ("indicator_id",), "core.dim_indicators"),
        NoRows(
            "what is suppressed has no figures, and a reason",
            f"select {listed} from {relation}\n"
            "where (suppression_status = 'suppressed') <> (suppression_reason is not null)\n"
            "    or (suppression_status = 'suppressed' and (\n"
            f"        {' is not null or '.join(figures)} is not null\n    ))",
        ),
        NoRows(
            "an adjusted p-value is a probability, and not below the p-value itself",
            f"select {listed} from {relation}\n"
            "where not (p_value between 0 and 1) or not (p_adjusted between 0 and 1)\n"
            "    or p_adjusted < p_value or (p_adjusted is not null and p_value is null)",
        ),
    )


def _bases(table: str, keys: tuple[str, ...], counts: tuple[str, str], base: int) -> NoRows:
    return NoRows(
        f"a published difference has at least {base} answers on both sides",
        f"select {', '.join(keys)} from core.{table}\n"
        "where suppression_status = 'published' and (\n"
        f"    coalesce({counts[0]}, 0) < {base} or coalesce({counts[1]}, 0) < {base}\n)",
    )


def _follows(table: str, keys: tuple[str, ...], higher: str, lower: str) -> NoRows:
    return NoRows(
        "a verdict that says which way follows a significant test, in its direction",
        f"select {', '.join(keys)} from core.{table}\n"
        f"where verdict in ('{higher}', '{lower}') and (\n"
        "    p_adjusted is null or p_adjusted > 1 - confidence_level + 1e-9\n"
        f"    or (verdict = '{higher}') <> (difference > 0)\n)",
    )


def _all_registered(table: str, registry: str, key: str) -> tuple[NoRows, ...]:
    return (
        refers_to(f"core.{table}", (key,), f"registry.{registry}"),
        NoRows(
            f"every row of registry.{registry} is there",
            f"select listed.{key} as expected from registry.{registry} as listed\n"
            f"left join core.{table} as found on listed.{key} = found.{key}\n"
            f"where found.{key} is null",
        ),
    )


def _same(
    table: str, fact: str, keys: tuple[str, ...], figures: tuple[str, ...]
) -> tuple[NoRows, ...]:
    join = " and ".join(f"here.{key} = fact.{key}" for key in keys)
    different = "\n    or ".join(
        f"here.{column} is distinct from fact.{column}"
        for column in (*figures, "suppression_status", "suppression_reason")
    )
    return (
        NoRows(
            f"every row says the same as core.{fact}",
            f"select {', '.join(f'here.{key}' for key in keys)}\nfrom core.{table} as here\n"
            f"left join core.{fact} as fact on {join}\nwhere fact.wave is null\n    or {different}",
        ),
        NoRows(
            f"every row of core.{fact} is there",
            f"select {', '.join(f'fact.{key}' for key in keys)}\nfrom core.{fact} as fact\n"
            f"left join core.{table} as here on {join}\nwhere here.wave is null",
        ),
    )
