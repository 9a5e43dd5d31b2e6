{% from "_shared.sql" import comparison_figures, comparison_keys, repeats %}
-- table: core.mart_comparisons
-- grain: wave, comparison_id, indicator_id
-- keys: wave, indicator_id
{{ "-- not empty" if has_comparisons }}

{% set figures = comparison_figures + ["verdict"] %}
{{ repeats("core.mart_comparisons", "core.fct_comparisons", comparison_keys, figures) }}
