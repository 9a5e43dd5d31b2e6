{% from "_shared.sql" import group_keys, rate_figures, repeats %}
-- table: core.mart_response_rates
-- grain: wave, classification and group
-- keys: wave, classification_id, group_id
-- not empty

{{ repeats("core.mart_response_rates", "core.fct_response_rates", group_keys, rate_figures) }}
