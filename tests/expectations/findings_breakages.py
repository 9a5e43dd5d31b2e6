"""What breaks each expectation on differences, scales, findings and topics."""

from __future__ import annotations

COMPARISON = "wave, comparison_id, indicator_id"
TREND = "classification_id, group_id, indicator_id, wave_from, wave"
ESTIMATE = "wave, classification_id, group_id, indicator_id"
SCALE = "wave, classification_id, group_id, scale_id"
SUPPRESSED = "what is suppressed has no figures"
REASON = "what is suppressed has a reason, and nothing else has"
PUBLISHED_AS_SUPPRESSED = "suppression_status = 'suppressed', suppression_reason = 'whim'"


def repeated(table: str) -> str:
    return f"insert into {table} select * from {table}"


def tested(table: str) -> dict[str, str]:
    """Break what holds for every table of tests."""
    return {
        "every wave exists in core.dim_waves": f"update {table} set wave = '1999'",
        "every indicator_id exists in core.dim_indicators": (
            f"update {table} set indicator_id = 'x'"
        ),
        "what is suppressed has no figures, and a reason": (
            f"update {table} set {PUBLISHED_AS_SUPPRESSED}"
        ),
        "an adjusted p-value is a probability, and not below the p-value itself": (
            f"update {table} set p_value = 0.5"
        ),
    }


def registered(table: str, registry: str, key: str) -> dict[str, str]:
    return {
        f"every {key} exists in registry.{registry}": f"update {table} set {key} = 'x'",
        f"every row of registry.{registry} is there": f"delete from {table}",
    }


def directed(table: str) -> dict[str, str]:
    return {
        "a published difference has at least 2 answers on both sides": (
            f"update {table} set n_answered = 1"
            if table.endswith("trends")
            else f"update {table} set n_answered_b = null"
        ),
        "a verdict that says which way follows a significant test, in its direction": (
            f"update {table} set difference = -difference"
        ),
    }


def repeats(table: str, fact: str) -> dict[str, str]:
    return {
        f"every row says the same as {fact}": f"update {table} set verdict = 'not_tested'",
        f"every row of {fact} is there": f"delete from {table} where indicator_id = 'innovating'",
    }


def scaled(table: str) -> dict[str, str]:
    """Break what holds for every table of figures about groups."""
    return {
        "every wave exists in core.dim_waves": f"update {table} set wave = '1999'",
        "every classification_id, group_id exists in core.dim_organisation_groups": (
            f"update {table} set group_id = 'x' where group_id = 'courts'"
        ),
        SUPPRESSED: f"update {table} set {PUBLISHED_AS_SUPPRESSED}",
        REASON: f"update {table} set suppression_reason = 'whim'",
    }


SHARES = {
    "a published share has at least 2 answers behind it": "n_answered = 1",
    "a share lies between 0 and 1 and within its interval": "estimate_upper = 1.2",
}

FINDINGS: dict[str, dict[str, str]] = {
    "marts.core.fct_comparisons": {
        **tested("core.fct_comparisons"),
        **directed("core.fct_comparisons"),
        **registered("core.fct_comparisons", "comparisons", "comparison_id"),
    },
    "marts.core.mart_comparisons": {
        **repeats("core.mart_comparisons", "core.fct_comparisons"),
    },
    "marts.core.fct_trends": {
        **tested("core.fct_trends"),
        **directed("core.fct_trends"),
        "nothing is tested across a break, and every change is since an earlier wave": """
            update core.fct_trends set comparability = 'broken'
        """,
    },
    "marts.core.mart_trends": {
        **repeats("core.mart_trends", "core.fct_trends"),
    },
    "marts.core.mart_claims": {
        **tested("core.mart_claims"),
        **registered("core.mart_claims", "claims", "claim_id"),
    },
    "marts.core.mart_scale_scores": {
        **scaled("core.mart_scale_scores"),
        "every scale_id exists in core.dim_indicators": """
            update core.mart_scale_scores set scale_id = 'x'
        """,
        "every score says the same as core.fct_estimates": """
            update core.mart_scale_scores set estimate = 7
        """,
        "quartiles are in order, and of a base of at least 3": """
            update core.mart_scale_scores set upper_quartile = 1
        """,
    },
    "marts.core.mart_scale_reliability": {
        **scaled("core.mart_scale_reliability"),
        "a published alpha has at least 2 answers behind it": """
            update core.mart_scale_reliability set n_complete = 1
        """,
        "alpha is at most one and lies within its interval": """
            update core.mart_scale_reliability set alpha = 0.95
        """,
    },
    "marts.core.mart_scale_items": {
        **scaled("core.mart_scale_items"),
        "every question_id exists in core.dim_questions": """
            update core.mart_scale_items set question_id = 'x'
        """,
        "a published item has at least 2 answers behind it": """
            update core.mart_scale_items set n_complete = 1
        """,
        "a correlation lies between -1 and 1": """
            update core.mart_scale_items set item_rest_correlation = 1.1
        """,
    },
    "marts.core.mart_scale_distribution": {
        **scaled("core.mart_scale_distribution"),
        **{
            rule: f"update core.mart_scale_distribution set {change}"
            for rule, change in SHARES.items()
        },
        "the bands of a group add up to it": """
            delete from core.mart_scale_distribution where band_id = 'high'
        """,
    },
    "marts.core.mart_item_answers": {
        **scaled("core.mart_item_answers"),
        **{rule: f"update core.mart_item_answers set {change}" for rule, change in SHARES.items()},
        "the answers to a statement add up to those who answered it": """
            delete from core.mart_item_answers where answer_id = 'high'
        """,
    },
    "marts.core.mart_scale_cross": {
        **scaled("core.mart_scale_cross"),
        **{rule: f"update core.mart_scale_cross set {change}" for rule, change in SHARES.items()},
    },
    "marts.core.mart_early_late": {
        **tested("core.mart_early_late"),
        "a published difference has at least 2 answers on both sides": """
            update core.mart_early_late set n_answered_early = 1
        """,
        "a verdict that says which way follows a significant test, in its direction": """
            update core.mart_early_late set verdict = 'late_lower'
        """,
        "a difference is late minus early": """
            update core.mart_early_late set difference = 0.2
        """,
        "beside both halves no group has a few answers more, which subtraction would show": """
            update core.mart_early_late set n_answered_late = n_answered_late - 1
            where n_answered_late > 2
        """,
    },
    "marts.core.mart_scale_variance": {
        "every classification_id, group_id exists in core.dim_organisation_groups": """
            update core.mart_scale_variance set group_id = 'x'
        """,
        SUPPRESSED: f"update core.mart_scale_variance set {PUBLISHED_AS_SUPPRESSED}",
        "a published share of variance has at least 2 answers behind it": """
            update core.mart_scale_variance set n_answered = 1
        """,
        "a share of variance lies between 0 and 1, as do its limits, in order": """
            update core.mart_scale_variance set share_lower = 0.9
        """,
    },
    "marts.core.mart_scale_associations": {
        **scaled("core.mart_scale_associations"),
        "a published association has at least 2 answers behind it": """
            update core.mart_scale_associations set n_answered = 1
        """,
        "there is an odds ratio where it is estimated, and nowhere else": """
            update core.mart_scale_associations set association_status = 'not_estimable'
        """,
        "an odds ratio is above 0 and lies within its interval": """
            update core.mart_scale_associations set odds_ratio = 5
        """,
    },
    "marts.core.mart_verdicts": {
        "no more is declared than without adjustment, nor than is tested": """
            update core.mart_verdicts set n_unadjusted = 0
        """,
        "the changes declared are those of core.fct_trends": """
            update core.mart_verdicts set n_verdicts = n_verdicts - 1
        """,
    },
    "marts.core.mart_findings": {
        **scaled("core.mart_findings"),
        "every finding says the same as core.fct_estimates": """
            update core.mart_findings set estimate = 77
        """,
        "every row of core.fct_estimates is there": """
            delete from core.mart_findings where group_id = 'courts'
        """,
        "a position is the headline comparison of the group": """
            update core.mart_findings set difference_from_comparator = 0.2
        """,
        "a change is a trend since an earlier wave": """
            update core.mart_findings set change_verdict = 'increased'
        """,
    },
    "marts.topics.findings": {
        "every row says the same as core.mart_findings, about an indicator of the topic": """
            update topics.findings set estimate = 77
        """,
        "every finding about an indicator of the topic is there": """
            delete from topics.findings where group_id = 'agencies'
        """,
    },
    "marts.study.frequency": {
        "every row says the same as topics.findings": """
            update study.frequency set estimate = 78
        """,
        "every row of topics.findings about it is there": """
            delete from study.frequency where group_id <> 'agencies'
        """,
    },
}

FINDINGS["marts.groups.readers"] = {
    "agencies is told of the groups within it, and of nothing else": """
        insert into groups.readers values ('agencies', 'layer', 'courts')
    """,
    "nobody reads but the groups with a schema of their own": """
        insert into groups.readers values ('courts', 'layer', 'courts')
    """,
}
CUTS = ("findings", "response_rates", "comparisons", "trends", "climate", "climate_distribution")
for _table in CUTS:
    FINDINGS[f"marts.groups.{_table}"] = {
        "every row is one of the core marts, about a group of its reader": (
            repeated(f"groups.{_table}")
        ),
        "every row of the core marts about a group of a reader is there": (
            f"delete from groups.{_table}"
        ),
    }
