{% from "_shared.sql" import estimate_figures, estimate_keys, repeats %}
-- table: core.mart_estimates
-- grain: wave, classification, group and indicator
-- keys: wave, classification_id, group_id, indicator_id
-- not empty

{{ repeats("core.mart_estimates", "core.fct_estimates", estimate_keys, ["kind"] + estimate_figures) }}
