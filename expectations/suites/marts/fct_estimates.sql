{% from "_shared.sql" import each, figures_of_groups, rounding %}
{% from "_shared.sql" import estimate_counts, estimate_figures, estimate_keys, estimate_numbers %}
{% set keys = estimate_keys | join(", ") %}
-- table: core.fct_estimates
-- grain: wave, classification, group and indicator
-- keys: {{ keys }}
-- at least: n_responses 0
-- refers: indicator_id -> core.dim_indicators

{{ figures_of_groups("core.fct_estimates", estimate_keys, estimate_figures) }}

-- expect: a published estimate has at least {{ minimum_base }} answers behind it
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (n_answered is null or n_answered < {{ minimum_base }});

-- expect: a published estimate has its counts, and a value by a named method or none
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (
    {{ each(estimate_counts, "% is null", " or ") }}
    or (estimate is null) <> (interval_method is null)
    or (estimate is null) <> (unweighted_estimate is null)
    or (kind in ('share', 'mean', 'count') and estimate is null)
);

-- expect: answers are part of those asked, who are part of the responses
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (
    n_answered + n_dont_know > n_asked
    or n_asked + n_not_asked <> n_responses
    or {{ each(estimate_counts, "% < 0", " or ") }}
);

-- expect: who did not know is a share of those asked, who was not asked of the responses
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (
    abs(coalesce(dont_know_share, 0) * n_asked - n_dont_know) > {{ rounding }}
    or abs(coalesce(not_asked_share, 0) * n_responses - n_not_asked) > {{ rounding }}
);

-- expect: an estimate lies within its interval
select {{ keys }}
from core.fct_estimates
where
    estimate_lower > estimate + {{ rounding }} * abs(estimate)
    or estimate_upper < estimate - {{ rounding }} * abs(estimate)
    or unweighted_lower > unweighted_estimate + {{ rounding }} * abs(unweighted_estimate)
    or unweighted_upper < unweighted_estimate - {{ rounding }} * abs(unweighted_estimate)
    or (estimate_lower is null) <> (estimate_upper is null)
    or (unweighted_lower is null) <> (unweighted_upper is null);

-- expect: whatever was not observed, the bounds hold the unweighted estimate
select {{ keys }}
from core.fct_estimates
where
    bound_lower > unweighted_estimate + {{ rounding }}
    or bound_upper < unweighted_estimate - {{ rounding }}
    or (bound_lower is null) <> (bound_upper is null)
    or (kind in ('total', 'ratio') and bound_lower is not null);

-- expect: a share, and its interval, lie between 0 and 1
select {{ keys }}
from core.fct_estimates
where kind = 'share' and (
    least(unweighted_estimate, unweighted_lower, estimate, estimate_lower) < -{{ rounding }}
    or greatest(unweighted_estimate, unweighted_upper, estimate, estimate_upper) > 1 + {{ rounding }}
);

-- expect: a published share has an interval, but where one cluster answered
select {{ keys }}
from core.fct_estimates
where
    suppression_status = 'published' and kind = 'share' and interval_method <> 'none'
    and (estimate_lower is null or unweighted_lower is null);

-- expect: no precision is negative or infinite, nor more than the answers can give
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (
    standard_error < 0 or design_effect < 0 or n_effective <= 0
    or n_effective > n_answered * (1 + {{ rounding }})
    or {{ each(estimate_numbers, "not isfinite(%)", " or ") }}
);

-- expect: Wilson's interval rests on no more than its error allows, others on nothing
select {{ keys }}
from core.fct_estimates
where suppression_status = 'published' and (
    (interval_size is null) <> (interval_method <> 'wilson_kish')
    or interval_size <= 0
    or kind = 'share' and estimate > 0 and estimate < 1
    and (interval_size - 1) * standard_error * standard_error
    > estimate * (1 - estimate) * (1 + {{ rounding }})
);

-- expect: every group of a wave has every indicator that the wave can give
with indicators as (
    select distinct
        wave,
        indicator_id
    from cleaned.cln_indicator_values
)

select
    groups.wave,
    groups.classification_id,
    groups.group_id,
    indicators.indicator_id
from core.fct_response_rates as groups
inner join indicators on groups.wave = indicators.wave
left join core.fct_estimates as found
    on
        groups.wave = found.wave
        and groups.classification_id = found.classification_id
        and groups.group_id = found.group_id
        and indicators.indicator_id = found.indicator_id
where found.indicator_id is null;

-- expect: a group has as many responses here as among the response rates
select distinct
    found.wave,
    found.classification_id,
    found.group_id
from core.fct_estimates as found
left join core.fct_response_rates as rates
    on
        found.wave = rates.wave
        and found.classification_id = rates.classification_id
        and found.group_id = rates.group_id
where
    rates.wave is null
    or (rates.n_responses is not null and found.n_responses <> rates.n_responses);
