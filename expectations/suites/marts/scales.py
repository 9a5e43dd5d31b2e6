"""Expectations on what is published about scales, such as the innovation climate."""

from __future__ import annotations

from expectations.checks import (
    Check,
    NoRows,
    NotEmpty,
    Suite,
    refers_to,
)
from expectations.suites.marts.facts import GROUP, ROUNDING, common_checks
from registry import Registry

SCALE = (*GROUP, "scale_id")
SHARE = ("weighted_share", "share_lower", "share_upper")
QUARTILES = ("lower_quartile", "median", "upper_quartile")
SCORE = ("n_answered", "mean_score", "standard_error", "standard_deviation", *QUARTILES)
ALPHA = ("n_complete", "alpha", "alpha_lower", "alpha_upper")
ITEM = ("item_mean", "item_standard_deviation", "item_rest_correlation", "alpha_if_deleted")
VARIANCE = ("n_answered", "n_groups", "eta_squared", "omega_squared", "share_lower", "share_upper")
ODDS = ("odds_ratio", "odds_ratio_lower", "odds_ratio_upper", "p_value")


def suites(registry: Registry) -> tuple[Suite, ...]:
    """Return the suites of the tables about scales; they are empty in a survey without scales."""
    rules = {rule.rule_id: int(float(rule.value)) for rule in registry.publication_rules}
    base = rules["minimum_base"]
    scale_base = max(base, rules.get("minimum_scale_responses", 0))
    quartile_base = rules.get("minimum_quartile_responses", 0)
    has_rows = bool(registry.scales)
    return (
        _scores(quartile_base, has_rows),
        _reliability(scale_base, has_rows),
        _items(scale_base, has_rows),
        _distribution(base, has_rows and bool(registry.scale_bands)),
        _cross(base, has_rows and bool(registry.scale_bands and registry.scale_outcomes)),
        _variance(scale_base),
        _associations(scale_base, has_rows and bool(registry.scale_outcomes)),
    )


def _suite(
    table: str, grain: str, keys: tuple[str, ...], checks: tuple[Check, ...], has_rows: bool
) -> Suite:
    return Suite(
        layer="marts",
        schema="core",
        table=table,
        grain=grain,
        keys=tuple(key for key in keys if key in (*GROUP, "question_id")),
        # A survey without scales has the tables all the same.
        checks=checks if has_rows else tuple(c for c in checks if not isinstance(c, NotEmpty)),
    )


def _published(table: str) -> str:
    return f"select wave, classification_id, group_id from core.{table}\nwhere "


def _scores(quartile_base: int, has_rows: bool) -> Suite:
    table = "mart_scale_scores"
    quartiles = " or ".join(f"{column} is not null" for column in QUARTILES)
    return _suite(
        table,
        "wave, classification, group and scale",
        SCALE,
        (
            *common_checks("core", table, SCALE, SCORE),
            refers_to(f"core.{table}", ("scale_id",), "core.dim_indicators", ("indicator_id",)),
            NoRows(
                "every score says the same as core.fct_estimates",
                "select here.wave, here.classification_id, here.group_id\n"
                f"from core.{table} as here\nleft join core.fct_estimates as fact\n"
                "    on here.wave = fact.wave and here.classification_id = fact.classification_id\n"
                "    and here.group_id = fact.group_id and here.scale_id = fact.indicator_id\n"
                "where fact.wave is null\n"
                "    or here.n_answered is distinct from fact.n_answered\n"
                "    or here.mean_score is distinct from fact.weighted_estimate\n"
                "    or here.suppression_status is distinct from fact.suppression_status",
            ),
            NoRows(
                f"quartiles are in order, and of a base of at least {quartile_base}",
                _published(table) + f"lower_quartile > median or median > upper_quartile\n"
                f"    or (({quartiles}) and coalesce(n_answered, 0) < {quartile_base})",
            ),
        ),
        has_rows,
    )


def _reliability(scale_base: int, has_rows: bool) -> Suite:
    table = "mart_scale_reliability"
    return _suite(
        table,
        "wave, classification, group and scale",
        SCALE,
        (
            *common_checks("core", table, SCALE, ALPHA),
            _enough(table, "n_complete", scale_base, "a published alpha"),
            NoRows(
                "alpha is at most one and lies within its interval",
                _published(table) + f"alpha > 1 + {ROUNDING} or alpha < alpha_lower\n"
                "    or alpha > alpha_upper or (alpha is null) <> (alpha_lower is null)",
            ),
        ),
        has_rows,
    )


def _items(scale_base: int, has_rows: bool) -> Suite:
    table = "mart_scale_items"
    keys = (*SCALE, "question_id")
    return _suite(
        table,
        "wave, classification, group, scale and item",
        keys,
        (
            *common_checks("core", table, keys, ("n_complete", *ITEM)),
            refers_to(f"core.{table}", ("question_id",), "core.dim_questions"),
            _enough(table, "n_complete", scale_base, "a published item"),
            NoRows(
                "a correlation lies between -1 and 1",
                _published(table) + f"abs(item_rest_correlation) > 1 + {ROUNDING}",
            ),
        ),
        has_rows,
    )


def _distribution(base: int, has_rows: bool) -> Suite:
    table = "mart_scale_distribution"
    keys = (*SCALE, "band_id")
    figures = ("n_answered", "n_in_band", *SHARE)
    return _suite(
        table,
        "wave, classification, group, scale and band",
        keys,
        (
            *common_checks("core", table, keys, figures),
            _enough(table, "n_answered", base, "a published share"),
            _within_limits(table),
            NoRows(
                "the bands of a group add up to it",
                f"select wave, classification_id, group_id from core.{table}\n"
                "where suppression_status = 'published'\n"
                "group by wave, classification_id, group_id, scale_id\n"
                "having sum(n_in_band) <> max(n_answered)\n"
                f"    or abs(sum(weighted_share) - 1) > {ROUNDING}",
            ),
        ),
        has_rows,
    )


def _cross(base: int, has_rows: bool) -> Suite:
    table = "mart_scale_cross"
    keys = (*SCALE, "band_id", "outcome_indicator_id")
    figures = ("n_answered", "n_with_outcome", *SHARE)
    return _suite(
        table,
        "wave, group, scale, band and outcome",
        keys,
        (
            *common_checks("core", table, keys, figures),
            _enough(table, "n_answered", base, "a published share"),
            _within_limits(table),
        ),
        has_rows,
    )


def _variance(scale_base: int) -> Suite:
    table = "mart_scale_variance"
    relation = f"core.{table}"
    keys = ("wave", "scale_id", "classification_id", "group_id")
    return _suite(
        table,
        "wave, scale, classification and divided group",
        keys,
        (
            refers_to(relation, ("classification_id", "group_id"), "core.dim_organisation_groups"),
            _blank(table, VARIANCE),
            _enough(table, "n_answered", scale_base, "a published share of variance"),
            NoRows(
                "a share of variance lies between 0 and 1, as do its limits, in order",
                _published(table) + "not (eta_squared between 0 and 1)\n"
                "    or share_lower > share_upper or share_lower < 0 or share_upper > 1",
            ),
        ),
        has_rows=False,
    )


def _associations(scale_base: int, has_rows: bool) -> Suite:
    table = "mart_scale_associations"
    keys = (*SCALE, "outcome_indicator_id")
    figures = ("n_answered", "n_events", *ODDS)
    absent = " or ".join(f"{column} is null" for column in ODDS)
    present = " or ".join(f"{column} is not null" for column in ODDS)
    return _suite(
        table,
        "wave, group, scale and outcome",
        keys,
        (
            *common_checks("core", table, keys, figures),
            _enough(table, "n_answered", scale_base, "a published association"),
            NoRows(
                "there is an odds ratio where it is estimated, and nowhere else",
                _published(table) + f"(association_status = 'estimated' and ({absent}))\n"
                f"    or (association_status <> 'estimated' and ({present}))",
            ),
            NoRows(
                "an odds ratio is above 0 and lies within its interval",
                _published(table) + "odds_ratio_lower <= 0 or odds_ratio < odds_ratio_lower\n"
                "    or odds_ratio > odds_ratio_upper or not isfinite(odds_ratio_upper)",
            ),
        ),
        has_rows,
    )


def _enough(table: str, count: str, base: int, what: str) -> NoRows:
    return NoRows(
        f"{what} has at least {base} answers behind it",
        _published(table)
        + f"suppression_status = 'published' and ({count} is null or {count} < {base})",
    )


def _within_limits(table: str) -> NoRows:
    return NoRows(
        "a share lies between 0 and 1 and within its interval",
        _published(table) + f"share_lower < -{ROUNDING} or share_upper > 1 + {ROUNDING}\n"
        f"    or share_lower > weighted_share + {ROUNDING}\n"
        f"    or share_upper < weighted_share - {ROUNDING}\n"
        "    or (suppression_status = 'published' and share_lower is null)",
    )


def _blank(table: str, figures: tuple[str, ...]) -> NoRows:
    return NoRows(
        "what is suppressed has no figures",
        _published(table) + "suppression_status = 'suppressed' and (\n"
        f"    {' is not null or '.join(figures)} is not null\n)",
    )
