{% from "_shared.sql" import each, figures_of_groups, scale_keys %}
-- table: core.mart_scale_scores
-- grain: wave, classification, group and scale
-- keys: wave, classification_id, group_id
-- refers: scale_id -> core.dim_indicators as indicator_id

{% set quartiles = ["lower_quartile", "median", "upper_quartile"] %}
{% set figures = ["n_answered", "estimate", "standard_error", "standard_deviation"] + quartiles %}
{{ figures_of_groups("core.mart_scale_scores", scale_keys, figures, has_scales) }}

-- expect: every score says the same as core.fct_estimates
select
    here.wave,
    here.classification_id,
    here.group_id
from core.mart_scale_scores as here
left join core.fct_estimates as fact
    on
        here.wave = fact.wave and here.classification_id = fact.classification_id
        and here.group_id = fact.group_id and here.scale_id = fact.indicator_id
where
    fact.wave is null
    or here.n_answered is distinct from fact.n_answered
    or here.estimate is distinct from fact.estimate
    or here.suppression_status is distinct from fact.suppression_status;

-- expect: quartiles are in order, and of a base of at least {{ minimum_quartile_base }}
select
    wave,
    classification_id,
    group_id
from core.mart_scale_scores
where
    lower_quartile > median or median > upper_quartile
    or (
        ({{ each(quartiles, "% is not null", " or ") }})
        and coalesce(n_answered, 0) < {{ minimum_quartile_base }}
    );
