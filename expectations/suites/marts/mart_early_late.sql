{% from "_shared.sql" import rounding, test_figures, tested_differences, two_sided_differences %}
{% set keys = ["wave", "indicator_id"] %}
{% set halves = ["n_answered_early", "n_answered_late"] %}
{% set figures = halves + ["estimate_early", "estimate_late"] + test_figures %}
-- table: core.mart_early_late
-- grain: wave and indicator
-- keys: wave, indicator_id

{{ tested_differences("core.mart_early_late", keys, figures) }}
{{ two_sided_differences(
    "core.mart_early_late", keys, halves, minimum_base, significance_level, "late_higher", "late_lower"
) }}

-- expect: a difference is late minus early
select {{ keys | join(", ") }}
from core.mart_early_late
where abs(difference - (estimate_late - estimate_early)) > {{ rounding }} * greatest(1, abs(estimate_late));

-- expect: beside both halves no group has a few answers more, which subtraction would show
select
    halved.wave,
    halved.indicator_id
from core.mart_early_late as halved
inner join core.fct_estimates as estimates
    on
        halved.wave = estimates.wave
        and halved.indicator_id = estimates.indicator_id
where
    estimates.n_answered > halved.n_answered_early + halved.n_answered_late
    and estimates.n_answered < halved.n_answered_early + halved.n_answered_late + {{ minimum_base }};
