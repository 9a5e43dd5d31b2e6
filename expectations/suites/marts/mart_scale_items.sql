{% from "_shared.sql" import enough_answers, figures_of_groups, rounding, scale_keys %}
-- table: core.mart_scale_items
-- grain: wave, classification, group, scale and item
-- keys: wave, classification_id, group_id, question_id
-- refers: question_id -> core.dim_questions

{% set figures = [
    "n_complete",
    "item_mean",
    "item_standard_deviation",
    "item_rest_correlation",
    "alpha_if_deleted",
] %}
{{ figures_of_groups("core.mart_scale_items", scale_keys + ["question_id"], figures, has_scales) }}
{{ enough_answers("core.mart_scale_items", "a published item", "n_complete", minimum_scale_base) }}

-- expect: a correlation lies between -1 and 1
select
    wave,
    classification_id,
    group_id
from core.mart_scale_items
where abs(item_rest_correlation) > 1 + {{ rounding }};
