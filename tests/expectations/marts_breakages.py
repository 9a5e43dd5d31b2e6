"""What breaks each expectation on the rows of the marts layer, in the small warehouse."""

from __future__ import annotations

MARTS: dict[str, dict[str, str]] = {
    "marts.core.dim_classifications": {
        "every classification_id exists in staging.stg_classifications": """
            update core.dim_classifications set classification_id = 'x'
            where classification_id = 'form'
        """,
        "every row of staging.stg_classifications is there": """
            delete from core.dim_classifications where classification_id = 'form'
        """,
    },
    "marts.core.dim_organisation_groups": {
        "every classification_id, group_id exists in staging.stg_organisation_groups": """
            update core.dim_organisation_groups set group_id = 'x' where group_id = 'zbo'
        """,
        "every row of staging.stg_organisation_groups is there": """
            delete from core.dim_organisation_groups where group_id = 'zbo'
        """,
    },
    "marts.core.dim_indicators": {
        "every indicator_id exists in registry.indicators": """
            update core.dim_indicators set indicator_id = 'x' where indicator_id = 'mood'
        """,
        "every row of registry.indicators is there": """
            delete from core.dim_indicators where indicator_id = 'mood'
        """,
    },
    "marts.core.dim_topics": {
        "every topic exists in registry.topics": "update core.dim_topics set topic = 'x'",
        "every row of registry.topics is there": "update core.dim_topics set topic = 'x'",
    },
    "marts.core.dim_questions": {
        "every question_id exists in registry.questions": """
            update core.dim_questions set question_id = 'x' where question_id = 'staff'
        """,
        "no personal question is listed": """
            update core.dim_questions set question_id = 'address' where question_id = 'staff'
        """,
    },
    "marts.core.dim_waves": {
        "every wave exists in registry.waves": "update core.dim_waves set wave = '2023'",
        "every wave with a landed export is there": "update core.dim_waves set wave = '2023'",
    },
    "marts.core.fct_response_rates": {
        "every wave exists in core.dim_waves": "update core.fct_response_rates set wave = '1999'",
        "every classification_id, group_id exists in core.dim_organisation_groups": """
            update core.fct_response_rates set group_id = 'x' where group_id = 'zbo'
        """,
        "what is suppressed has no figures": """
            update core.fct_response_rates
            set suppression_status = 'suppressed', suppression_reason = 'base_below_minimum'
            where group_id = 'zbo'
        """,
        "what is suppressed has a reason, and nothing else has": """
            update core.fct_response_rates set suppression_reason = 'whim' where group_id = 'zbo'
        """,
        "a published rate has at least 2 organisations behind it": """
            update core.fct_response_rates set n_population = 1, n_responses = 1, response_rate = 1
            where group_id = 'courts'
        """,
        "a published rate is the responses divided by the population": """
            update core.fct_response_rates set response_rate = 0.6 where group_id = 'courts'
        """,
        "every group with organisations in the frame of a wave is there, and no other": """
            delete from core.fct_response_rates where group_id = 'zbo'
        """,
        "every wave has a topmost group of every exhaustive classification": """
            delete from core.fct_response_rates where group_id = 'all'
        """,
        "the groups below a group add up to it": """
            update core.fct_response_rates set n_responses = 3 where group_id = 'agencies'
        """,
        "the topmost groups of an exhaustive classification add up to all responses": """
            update core.fct_response_rates set n_responses = 4 where group_id = 'all'
        """,
    },
    "marts.core.mart_weighting": {
        "every wave exists in core.dim_waves": "update core.mart_weighting set wave = '1999'",
        "a stratum is weighted by itself, or joined another one, or nobody stands for it": """
            update core.mart_weighting set n_collapsed_strata = 1
        """,
        "a wave has calibrated weights exactly when it has margins": """
            update core.mart_weighting set largest_adjustment = 1.1
        """,
        "weights are positive, and spread no wider than their effective number says": """
            update core.mart_weighting set n_effective = 6
        """,
    },
    "marts.core.mart_representativeness": {
        "every wave exists in core.dim_waves": """
            update core.mart_representativeness set wave = '1999'
        """,
        "every classification_id exists in core.dim_classifications": """
            update core.mart_representativeness set classification_id = 'x'
            where level = 'variable'
        """,
        "what is suppressed has no figures": """
            update core.mart_representativeness set suppression_status = 'suppressed'
        """,
        "an R-indicator lies between 0 and 1, and within its limits": """
            update core.mart_representativeness set r_lower = 0.8 where level = 'wave'
        """,
        "no variable says more of who responded than all of them together": """
            update core.mart_representativeness set unconditional_partial = 0.16
            where level = 'variable'
        """,
        "a category has as many organisations and responses as among the response rates": """
            update core.mart_representativeness set n_responses = n_responses - 1
            where level = 'category'
        """,
    },
    "marts.core.fct_estimates": {
        "every wave exists in core.dim_waves": "update core.fct_estimates set wave = '1999'",
        "every classification_id, group_id exists in core.dim_organisation_groups": """
            update core.fct_estimates set group_id = 'x' where group_id = 'zbo'
        """,
        "every indicator_id exists in core.dim_indicators": """
            update core.fct_estimates set indicator_id = 'x' where indicator_id = 'mood'
        """,
        "what is suppressed has no figures": """
            update core.fct_estimates set design_effect = 1
            where suppression_status = 'suppressed'
        """,
        "what is suppressed has a reason, and nothing else has": """
            update core.fct_estimates set suppression_reason = null
        """,
        "a published estimate has at least 2 answers behind it": """
            update core.fct_estimates set n_answered = 1 where n_answered = 2
        """,
        "a published estimate has its counts, and a value by a named method or none": """
            update core.fct_estimates set interval_method = null
        """,
        "answers are part of those asked, who are part of the responses": """
            update core.fct_estimates set n_not_asked = n_not_asked + 1
        """,
        "who did not know is a share of those asked, who was not asked of the responses": """
            update core.fct_estimates set dont_know_share = 0.5
        """,
        "an estimate lies within its interval": """
            update core.fct_estimates set estimate_lower = estimate + 0.001
        """,
        "whatever was not observed, the bounds hold the unweighted estimate": """
            update core.fct_estimates set bound_upper = unweighted_estimate - 0.001
        """,
        "a share, and its interval, lie between 0 and 1": """
            update core.fct_estimates set unweighted_upper = 1.01 where kind = 'share'
        """,
        "a published share has an interval, but where one cluster answered": """
            update core.fct_estimates set estimate_lower = null, estimate_upper = null
        """,
        "no precision is negative or infinite, nor more than the answers can give": """
            update core.fct_estimates set n_effective = n_answered + 1
        """,
        "Wilson's interval rests on no more than its error allows, others on nothing": """
            update core.fct_estimates set interval_size = 1000
        """,
        "every group of a wave has every indicator that the wave can give": """
            delete from core.fct_estimates where group_id = 'zbo' and indicator_id = 'mood'
        """,
        "a group has as many responses here as among the response rates": """
            update core.fct_estimates set n_responses = 6 where group_id = 'all'
        """,
    },
}

COPIES = {
    "marts.core.mart_response_rates": "core.fct_response_rates",
    "marts.core.mart_estimates": "core.fct_estimates",
}

for _suite, _fact in COPIES.items():
    _table = _suite.removeprefix("marts.")
    MARTS[_suite] = {
        f"every row says the same as {_fact}": f"update {_table} set n_responses = 77",
        f"every row of {_fact} is there": f"update {_table} set wave = '2023'",
    }
