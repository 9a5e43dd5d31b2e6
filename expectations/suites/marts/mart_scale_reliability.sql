{% from "_shared.sql" import enough_answers, figures_of_groups, rounding, scale_keys %}
-- table: core.mart_scale_reliability
-- grain: wave, classification, group and scale
-- keys: wave, classification_id, group_id

{% set figures = ["n_complete", "alpha", "alpha_lower", "alpha_upper"] %}
{{ figures_of_groups("core.mart_scale_reliability", scale_keys, figures, has_scales) }}
{{ enough_answers("core.mart_scale_reliability", "a published alpha", "n_complete", minimum_scale_base) }}

-- expect: alpha is at most one and lies within its interval
select
    wave,
    classification_id,
    group_id
from core.mart_scale_reliability
where
    alpha > 1 + {{ rounding }} or alpha < alpha_lower
    or alpha > alpha_upper or (alpha is null) <> (alpha_lower is null);
