{% from "_shared.sql" import repeats, trend_figures, trend_keys %}
-- table: core.mart_trends
-- grain: classification_id, group_id, indicator_id, wave_from, wave
-- keys: group_id, indicator_id, wave

{% set figures = trend_figures + ["verdict"] %}
{{ repeats("core.mart_trends", "core.fct_trends", trend_keys, figures) }}
