{% from "_shared.sql" import scale_keys, told_to_readers %}
{% set bands = scale_keys + ["band_id"] %}
{% set keys = bands + ["outcome_indicator_id"] %}
-- table: groups.climate_distribution
-- grain: reader group, {{ keys | join(", ") }}
-- keys: wave, classification_id, group_id

{# A row is about a band of a scale, or about what goes with being in it. #}
{% set source %}
(
    select {{ bands | join(", ") }}, null as outcome_indicator_id from core.mart_scale_distribution
    union all
    select {{ keys | join(", ") }} from core.mart_scale_cross
)
{% endset %}
{{ told_to_readers("groups.climate_distribution", keys, source) }}
