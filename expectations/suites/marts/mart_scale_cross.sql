{% from "_shared.sql" import enough_answers, figures_of_groups, scale_keys, share_within_interval %}
-- table: core.mart_scale_cross
-- grain: wave, group, scale, band and outcome
-- keys: wave, classification_id, group_id

{% set figures = ["n_answered", "n_with_outcome", "estimate", "estimate_lower", "estimate_upper"] %}
{% set keys = scale_keys + ["band_id", "outcome_indicator_id"] %}
{% set has_rows = has_scale_bands and has_scale_outcomes %}
{{ figures_of_groups("core.mart_scale_cross", keys, figures, has_rows) }}
{{ enough_answers("core.mart_scale_cross", "a published share", "n_answered", minimum_base) }}
{{ share_within_interval("core.mart_scale_cross") }}
