{% from "_shared.sql" import enough_answers, figures_of_groups, rounding, scale_keys, share_within_interval %}
-- table: core.mart_item_answers
-- grain: wave, classification, group, scale, statement and answer
-- keys: wave, classification_id, group_id

{% set figures = ["n_answered", "n_with", "estimate", "estimate_lower", "estimate_upper"] %}
{% set keys = scale_keys + ["question_id", "answer_id"] %}
{{ figures_of_groups("core.mart_item_answers", keys, figures, has_rows=false) }}
{{ enough_answers("core.mart_item_answers", "a published share", "n_answered", minimum_base) }}
{{ share_within_interval("core.mart_item_answers") }}

-- expect: the answers to a statement add up to those who answered it
select
    wave,
    classification_id,
    group_id
from core.mart_item_answers
where suppression_status = 'published'
group by wave, classification_id, group_id, scale_id, question_id
having
    sum(n_with) <> max(n_answered)
    or abs(sum(estimate) - 1) > {{ rounding }};
