{% from "_shared.sql" import each, enough_answers, figures_of_groups, scale_keys %}
-- table: core.mart_scale_associations
-- grain: wave, group, scale and outcome
-- keys: wave, classification_id, group_id

{% set odds = ["odds_ratio", "odds_ratio_lower", "odds_ratio_upper", "p_value"] %}
{% set figures = ["n_answered", "n_events"] + odds %}
{% set keys = scale_keys + ["outcome_indicator_id"] %}
{{ figures_of_groups("core.mart_scale_associations", keys, figures, has_scale_outcomes) }}
{{ enough_answers(
    "core.mart_scale_associations", "a published association", "n_answered", minimum_scale_base
) }}

-- expect: there is an odds ratio where it is estimated, and nowhere else
select
    wave,
    classification_id,
    group_id
from core.mart_scale_associations
where
    (association_status = 'estimated' and ({{ each(odds, "% is null", " or ") }}))
    or (association_status <> 'estimated' and ({{ each(odds, "% is not null", " or ") }}));

-- expect: an odds ratio is above 0 and lies within its interval
select
    wave,
    classification_id,
    group_id
from core.mart_scale_associations
where
    odds_ratio_lower <= 0 or odds_ratio < odds_ratio_lower
    or odds_ratio > odds_ratio_upper or not isfinite(odds_ratio_upper);
