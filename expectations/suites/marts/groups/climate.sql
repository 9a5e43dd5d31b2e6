{% from "_shared.sql" import scale_keys, told_to_readers %}
{% set keys = scale_keys + ["outcome_indicator_id"] %}
-- table: groups.climate
-- grain: reader group, {{ keys | join(", ") }}
-- keys: wave, classification_id, group_id

{# A row is about a scale, or about what goes with it. #}
{% set source %}
(
    select {{ scale_keys | join(", ") }}, null as outcome_indicator_id from core.mart_scale_scores
    union all
    select {{ keys | join(", ") }} from core.mart_scale_associations
)
{% endset %}
{{ told_to_readers("groups.climate", keys, source) }}
