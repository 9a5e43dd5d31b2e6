{% from "_shared.sql" import enough_answers, figures_of_groups, rounding, scale_keys, share_within_interval %}
-- table: core.mart_scale_distribution
-- grain: wave, classification, group, scale and band
-- keys: wave, classification_id, group_id

{% set figures = ["n_answered", "n_in_band", "estimate", "estimate_lower", "estimate_upper"] %}
{{ figures_of_groups("core.mart_scale_distribution", scale_keys + ["band_id"], figures, has_scale_bands) }}
{{ enough_answers("core.mart_scale_distribution", "a published share", "n_answered", minimum_base) }}
{{ share_within_interval("core.mart_scale_distribution") }}

-- expect: the bands of a group add up to it
select
    wave,
    classification_id,
    group_id
from core.mart_scale_distribution
where suppression_status = 'published'
group by wave, classification_id, group_id, scale_id
having
    sum(n_in_band) <> max(n_answered)
    or abs(sum(estimate) - 1) > {{ rounding }};
