{% from "_shared.sql" import blank_where_suppressed, enough_answers, group_keys %}
-- table: core.mart_scale_variance
-- grain: wave, scale, classification and divided group
-- keys: wave, classification_id, group_id
-- refers: classification_id, group_id -> core.dim_organisation_groups

{% set figures = ["n_answered", "n_groups", "eta_squared", "omega_squared", "share_lower", "share_upper"] %}
{{ blank_where_suppressed("core.mart_scale_variance", group_keys, figures) }}
{{ enough_answers(
    "core.mart_scale_variance", "a published share of variance", "n_answered", minimum_scale_base
) }}

-- expect: a share of variance lies between 0 and 1, as do its limits, in order
select
    wave,
    classification_id,
    group_id
from core.mart_scale_variance
where
    not (eta_squared between 0 and 1)
    or share_lower > share_upper or share_lower < 0 or share_upper > 1;
